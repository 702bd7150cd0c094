// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "runtime/HttpFront.h"

#include "compact/Limits.h"
#include "runtime/BoshHost.h"
#include "runtime/ClientPeer.h"
#include "runtime/ShardThread.h"
#include "stream/NegotiationOptions.h"
#include "wire/WebSocketWire.h"

#include <algorithm>
#include <array>
#include <utility>

namespace godwit::runtime
{

namespace
{

/// A client that speaks both means the shorter one.
constexpr std::array subprotocols = {
    websocket::Subprotocol{compact::subprotocol, false},
    websocket::Subprotocol{wire::xmppSubprotocol},
};

http::Status statusOf(bosh::Reply::Status status)
{
    switch (status) {
    case bosh::Reply::Status::Ok:
        break;
    case bosh::Reply::Status::BadRequest:
        return http::Status::BadRequest;
    case bosh::Reply::Status::Forbidden:
        return http::Status::Forbidden;
    case bosh::Reply::Status::NotFound:
        return http::Status::NotFound;
    }
    return http::Status::Ok;
}

/// A page elsewhere can make a browser show an answer, of a type and with elements of its choice: what is in it must
/// not act in the name of the page that is served from here.
constexpr std::string_view answerPolicy = "sandbox";

} // namespace

HttpFront::HttpFront(ClientPeer &peer, std::shared_ptr<const HttpOptions> options, const base::Clock &clock,
                     std::optional<stream::TlsInfo> tls)
    : m_peer(peer)
    , m_options(std::move(options))
    , m_http(m_options->limits, *this, *this, clock)
    , m_tls(std::move(tls))
{
}

HttpFront::~HttpFront()
{
    if (m_number != 0) {
        m_peer.thread().bosh().leave(m_number);
    }
}

std::optional<HttpFront::Upgrade> HttpFront::takeUpgrade()
{
    return std::exchange(m_upgrade, std::nullopt);
}

void HttpFront::send(std::string_view bytes)
{
    m_peer.send(bytes);
}

void HttpFront::close()
{
    m_peer.close();
}

std::size_t HttpFront::waitingBytes() const
{
    return m_peer.waitingBytes();
}

void HttpFront::holdReading(std::string_view unread)
{
    m_peer.holdReading(unread);
}

void HttpFront::resumeReading()
{
    m_peer.resumeReading();
}

void HttpFront::upgraded(std::string_view unread)
{
    m_upgrade->unread = unread;
}

/// A file never stands in front of a wire.
std::optional<web::Route> HttpFront::routeOf(std::string_view path) const
{
    const std::optional<web::Route> route = web::findRoute(path);
    return !route && m_options->files && m_options->files->has(path) ? web::fileRoute : route;
}

std::optional<http::Response> HttpFront::refuse(const http::Request &head)
{
    const std::optional<web::Route> route = routeOf(head.path);
    if (!route) {
        return http::plainResponse(http::Status::NotFound);
    }
    if (!web::hasMethod(*route, head.method)) {
        return web::methodNotAllowed(*route);
    }
    if (!m_options->origins.allows(head)) {
        return http::plainResponse(http::Status::Forbidden, "This server does not serve pages of that origin");
    }
    return std::nullopt;
}

void HttpFront::serve(http::ServerConnection &connection, http::ExchangeId exchange, http::Request &&request)
{
    const web::Route route = *routeOf(request.path);
    if (request.method == http::Method::Options) {
        connection.respond(exchange, m_options->origins.preflight(request, route.methods));
        return;
    }
    http::Response response;
    switch (route.resource) {
    case web::Resource::WebSocket:
        serveWebSocket(exchange, request);
        return;
    case web::Resource::HostMeta:
        response = web::hostMeta(m_options->addresses);
        break;
    case web::Resource::HostMetaJson:
        response = web::hostMetaJson(m_options->addresses);
        break;
    case web::Resource::WebClient:
        response = web::webClient(m_options->domain);
        break;
    case web::Resource::File:
        serveFile(exchange, request);
        return;
    case web::Resource::Bosh:
        serveBosh(exchange, request);
        return;
    case web::Resource::Server:
        break;
    }
    m_options->origins.open(request, response);
    connection.respond(exchange, std::move(response));
}

/// As the streams on this thread have it at the moment. Those without TLS are then for clients on this machine only (a
/// proxy that ends TLS, for one).
bool HttpFront::requiresTls() const
{
    return m_peer.thread().shard().negotiation()->tls == stream::TlsPolicy::Required;
}

bool HttpFront::secure() const
{
    return m_tls || !requiresTls() || m_peer.address().isLoopback();
}

std::optional<stream::TlsInfo> HttpFront::streamTls() const
{
    if (!m_tls && requiresTls()) {
        // Whoever speaks for the client on this machine has the TLS of the client.
        return stream::TlsInfo{};
    }
    return m_tls;
}

void HttpFront::serveFile(http::ExchangeId exchange, const http::Request &request)
{
    if (secure() || m_options->secureOrigin.empty()) {
        m_http.respond(exchange, m_options->files->serve(request, m_options->contentPolicy));
        return;
    }
    // None of the wires would let in a page that came this way.
    m_http.respond(exchange, web::redirect(m_options->secureOrigin, request));
}

void HttpFront::serveBosh(http::ExchangeId exchange, const http::Request &request)
{
    if (!secure()) {
        m_http.respond(exchange, http::plainResponse(http::Status::Forbidden, "TLS is required here: use https:"));
        return;
    }
    BoshHost &host = m_peer.thread().bosh();
    if (m_number == 0) {
        m_number = host.enter(*this);
    }
    BoshExchange open{exchange, {}};
    open.response.fields = {{"Cache-Control", "no-store"}, {"Content-Security-Policy", std::string(answerPolicy)}};
    m_options->origins.open(request, open.response);
    m_boshExchanges.push_back(std::move(open));
    BoshHost::Origin origin{m_peer.address(), streamTls()};
    if (origin.tls) {
        // The requests of a session come over several connections, so it is bound to none of them.
        origin.tls->bindings.clear();
    }
    host.serve(request.body, {m_number, exchange.value, m_peer.thread().self(), origin.tls.has_value()}, origin);
}

void HttpFront::answerBosh(http::ExchangeId exchange, bosh::Reply &&reply)
{
    const auto open = std::ranges::find(m_boshExchanges, exchange, &BoshExchange::id);
    if (open == m_boshExchanges.end()) {
        return;
    }
    http::Response response = std::move(open->response);
    m_boshExchanges.erase(open);
    response.status = statusOf(reply.status);
    response.close = reply.closes;
    response.fields.push_back(
        {"Content-Type", reply.content.empty() ? "text/xml; charset=utf-8" : std::move(reply.content)});
    response.body = std::move(reply.text);
    m_http.respond(exchange, std::move(response));
    m_peer.afterAnswer();
}

void HttpFront::serveWebSocket(http::ExchangeId exchange, const http::Request &request)
{
    if (!secure()) {
        m_http.respond(exchange, http::plainResponse(http::Status::Forbidden, "TLS is required here: use wss:"));
        return;
    }
    websocket::Handshake handshake =
        websocket::answerHandshake(request, {subprotocols, m_options->compression, m_options->takeover});
    if (handshake.accepted() && m_http.mayUpgrade(exchange)) {
        m_upgrade.emplace(Upgrade{handshake.subprotocol, handshake.compression, streamTls(), {}});
        m_http.upgrade(exchange, std::move(handshake.response));
    } else if (handshake.accepted()) {
        m_http.respond(exchange, http::plainResponse(http::Status::BadRequest, "Too early for a handshake"));
    } else {
        m_http.respond(exchange, std::move(handshake.response));
    }
}

} // namespace godwit::runtime
