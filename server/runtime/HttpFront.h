// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A socket that speaks HTTP: joins the connection's state machine to what the paths lead to. It is gone once the socket
// became a WebSocket.
#pragma once

#include "bosh/Reply.h"
#include "http/ServerConnection.h"
#include "net/Timers.h"
#include "stream/NegotiationHost.h"
#include "web/Discovery.h"
#include "web/OriginPolicy.h"
#include "web/Routes.h"
#include "web/StaticFiles.h"
#include "websocket/Handshake.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace godwit::runtime
{

class ClientPeer;

/// What all HTTP ports have in common.
struct HttpOptions {
    http::ConnectionLimits limits;
    web::OriginPolicy origins{{"*"}};
    std::string domain;
    web::WireAddresses addresses;
    bool compression = false;
    websocket::Takeover takeover = websocket::Takeover::No;
    std::shared_ptr<const web::StaticFiles> files; ///< none: no pages
    std::string contentPolicy;                     ///< of the pages
    std::string secureOrigin; ///< "https://example.org:5443", where pages are when TLS is required; empty: nowhere
};

class HttpFront final : private http::ConnectionOutput, private http::Site
{
public:
    HttpFront(ClientPeer &peer, std::shared_ptr<const HttpOptions> options, const base::Clock &clock,
              std::optional<stream::TlsInfo> tls);
    ~HttpFront() override;

    void receive(std::string_view bytes) { m_http.receive(bytes); }
    http::ServerConnection &connection() noexcept { return m_http; }
    void answerBosh(http::ExchangeId exchange, bosh::Reply &&reply);

    /// The socket became a WebSocket.
    struct Upgrade {
        std::string subprotocol;
        std::optional<websocket::CompressionTerms> compression;
        std::optional<stream::TlsInfo> tls;
        std::string unread;
    };
    std::optional<Upgrade> takeUpgrade();

    http::ServerConnection::Patience watched; ///< what the timer of the peer runs for

private:
    // http::ConnectionOutput
    void send(std::string_view bytes) override;
    void close() override;
    std::size_t waitingBytes() const override;
    void holdReading(std::string_view unread) override;
    void resumeReading() override;
    void upgraded(std::string_view unread) override;
    // http::Site
    std::optional<http::Response> refuse(const http::Request &head) override;
    void serve(http::ServerConnection &connection, http::ExchangeId exchange, http::Request &&request) override;

    std::optional<web::Route> routeOf(std::string_view path) const;
    void serveWebSocket(http::ExchangeId exchange, const http::Request &request);
    void serveFile(http::ExchangeId exchange, const http::Request &request);
    void serveBosh(http::ExchangeId exchange, const http::Request &request);
    std::optional<stream::TlsInfo> streamTls() const;
    bool requiresTls() const;
    bool secure() const;

    /// A request that waits for BOSH, with the answer but for its body.
    struct BoshExchange {
        http::ExchangeId id;
        http::Response response;
    };

    ClientPeer &m_peer;
    std::shared_ptr<const HttpOptions> m_options; ///< as they were when the connection began
    http::ServerConnection m_http;
    std::optional<stream::TlsInfo> m_tls;
    std::optional<Upgrade> m_upgrade;
    std::vector<BoshExchange> m_boshExchanges;
    std::uint64_t m_number = 0; ///< of this connection among those that wait for BOSH; 0: none
};

} // namespace godwit::runtime
