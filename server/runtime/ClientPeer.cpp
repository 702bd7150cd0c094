// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "runtime/ClientPeer.h"

#include "compact/Limits.h"
#include "net/Poller.h"
#include "runtime/ShardThread.h"
#include "wire/CompactWire.h"
#include "wire/WebSocketWire.h"

namespace godwit::runtime
{

namespace
{

/// The files of the page are large, and some networks slow.
constexpr std::size_t slowestBytesPerSecond = 8'192;

stream::TlsInfo describe(const net::TlsInfo &info)
{
    stream::TlsInfo tls;
    tls.version = info.version;
    tls.alpn = info.alpn;
    if (!info.exporter.empty()) {
        tls.bindings.push_back({"tls-exporter", info.exporter});
    }
    if (!info.serverEndPoint.empty()) {
        tls.bindings.push_back({"tls-server-end-point", info.serverEndPoint});
    }
    return tls;
}

} // namespace

ClientPeer::ClientPeer(ShardThread &thread, net::Descriptor socket, const net::SocketAddress &address)
    : m_thread(&thread)
    , m_connection(std::move(socket), address, *this)
{
}

ClientPeer::~ClientPeer() = default;

bool ClientPeer::start(Opening opening)
{
    if (!m_connection.attach(m_thread->poller()).ok()) {
        return false;
    }
    limitHandshake();
    m_opening = opening;
    if (opening == Opening::DirectTls || opening == Opening::Https) {
        const std::shared_ptr<const net::TlsContext> &tls = m_thread->tls();
        return tls && m_connection.startTls(*tls).ok();
    }
    if (opening == Opening::Http) {
        beginHttp(std::nullopt);
    } else {
        m_stream = std::make_unique<shard::ClientStream>(m_thread->shard(), *this, std::nullopt);
    }
    return true;
}

void ClientPeer::beginHttp(std::optional<stream::TlsInfo> tls)
{
    m_http = std::make_unique<HttpFront>(*this, m_thread->http(), m_thread->poller().clock(), std::move(tls));
    watchPatience();
}

/// Each wait of an HTTP connection has its own time, counted from its beginning.
void ClientPeer::watchPatience()
{
    const http::ServerConnection::Patience patience = m_http->connection().patience();
    if (m_handshakeTimer != net::TimerId{} && patience == m_http->watched) {
        return;
    }
    m_http->watched = patience;
    m_thread->poller().timers().cancel(std::exchange(m_handshakeTimer, {}));
    if (patience.what != http::ServerConnection::Waits::No) {
        m_handshakeTimer = m_thread->poller().timers().start(m_http->connection().timeFor(patience.what) + drainTime(),
                                                             [this] { onHandshakeTimeout(); });
    }
}

/// What is granted to a slow peer to take its answers.
base::Duration ClientPeer::drainTime() const
{
    return std::chrono::seconds(m_connection.pendingOutput() / slowestBytesPerSecond);
}

void ClientPeer::afterHttp()
{
    std::optional<HttpFront::Upgrade> upgrade = m_http->takeUpgrade();
    if (!upgrade) {
        watchPatience();
        return;
    }
    m_http.reset();
    m_thread->poller().timers().cancel(m_handshakeTimer);
    limitHandshake();
    shard::Shard &shard = m_thread->shard();
    std::unique_ptr<wire::Wire> wire;
    if (upgrade->subprotocol == compact::subprotocol) {
        wire = std::make_unique<wire::CompactWire>();
    } else {
        wire = std::make_unique<wire::WebSocketWire>(shard.parsers(), upgrade->compression);
    }
    m_stream = std::make_unique<shard::ClientStream>(shard, *this, std::move(wire), std::move(upgrade->tls));
    if (!upgrade->unread.empty()) {
        m_stream->onBytes(upgrade->unread);
    }
}

void ClientPeer::endHttp()
{
    if (m_http) {
        m_http->connection().finish();
    }
}

void ClientPeer::holdReading(std::string_view unread)
{
    m_connection.pushBack(unread);
    m_connection.pauseReading();
    m_connection.tellDrained();
}

void ClientPeer::limitHandshake()
{
    m_handshakeTimer =
        m_thread->poller().timers().start(m_thread->options().handshakeTime, [this] { onHandshakeTimeout(); });
}

void ClientPeer::onHandshakeTimeout()
{
    m_handshakeTimer = {};
    if (m_http) {
        m_http->connection().onTimeout();
        return;
    }
    if (m_stream) {
        m_stream->abort(
            stream::StreamError{stream::StreamCondition::ConnectionTimeout, "Logging in took too long", {}, {}});
    }
    m_connection.closeAfterFlush(m_thread->options().closeTime);
}

void ClientPeer::leave()
{
    m_thread->poller().timers().cancel(m_handshakeTimer);
    m_handshakeTimer = {};
    m_connection.detach();
}

bool ClientPeer::join(ShardThread &thread)
{
    m_thread = &thread;
    if (!m_connection.attach(thread.poller()).ok()) {
        m_stream->onClosed();
        return false;
    }
    limitHandshake();
    m_stream->arrive(thread.shard());
    return true;
}

void ClientPeer::send(std::string_view bytes)
{
    m_connection.append(bytes);
}

void ClientPeer::startTls()
{
    const std::shared_ptr<const net::TlsContext> &tls = m_thread->tls();
    if (!tls || !m_connection.startTls(*tls).ok()) {
        m_connection.closeAfterFlush(m_thread->options().closeTime);
    }
}

void ClientPeer::close()
{
    m_connection.closeAfterFlush(m_thread->options().closeTime + (m_http ? drainTime() : base::Duration::zero()));
}

void ClientPeer::pauseReading()
{
    m_connection.pauseReading();
}

void ClientPeer::resumeReading()
{
    if (!m_stopped) {
        m_connection.resumeReading();
    }
}

void ClientPeer::stopReading()
{
    m_stopped = true;
    if (!m_connection.isReadingPaused()) {
        m_connection.pauseReading();
    }
}

void ClientPeer::moveTo(ledger::ShardIndex shard)
{
    m_thread->moveAtTurnEnd(*this, shard);
}

void ClientPeer::onBound()
{
    m_thread->poller().timers().cancel(m_handshakeTimer);
    m_handshakeTimer = {};
    m_progress = AddressGate::Progress::Passed;
    m_thread->gate().pass(address());
}

void ClientPeer::onBytes(std::string_view bytes)
{
    if (m_stream) {
        m_stream->onBytes(bytes);
    } else if (m_http) {
        m_http->receive(bytes);
        afterHttp();
    }
}

void ClientPeer::onTlsReady(const net::TlsInfo &info)
{
    if (m_stream) {
        m_stream->onTlsReady(describe(info));
    } else if (info.alpn == "http/1.1" || (info.alpn.empty() && m_opening == Opening::Https)) {
        beginHttp(describe(info));
    } else {
        m_stream = std::make_unique<shard::ClientStream>(m_thread->shard(), *this, describe(info));
    }
}

void ClientPeer::onOutputDrained()
{
    if (m_stream) {
        m_stream->onOutputDrained();
    } else if (m_http) {
        m_http->connection().onDrained();
    }
}

void ClientPeer::onClosed(base::Error)
{
    m_thread->poller().timers().cancel(m_handshakeTimer);
    if (m_stream) {
        m_stream->onClosed();
    }
    m_thread->remove(*this);
}

} // namespace godwit::runtime
