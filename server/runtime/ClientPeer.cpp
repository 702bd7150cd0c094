// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "runtime/ClientPeer.h"

#include "net/Poller.h"
#include "runtime/ShardThread.h"

namespace godwit::runtime
{

namespace
{

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
    if (opening == Opening::DirectTls) {
        const std::shared_ptr<const net::TlsContext> &tls = m_thread->tls();
        return tls && m_connection.startTls(*tls).ok();
    }
    m_stream = std::make_unique<shard::ClientStream>(m_thread->shard(), *this, std::nullopt);
    return true;
}

void ClientPeer::limitHandshake()
{
    m_handshakeTimer =
        m_thread->poller().timers().start(m_thread->options().handshakeTime, [this] { onHandshakeTimeout(); });
}

void ClientPeer::onHandshakeTimeout()
{
    m_handshakeTimer = {};
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
    m_connection.closeAfterFlush(m_thread->options().closeTime);
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
    }
}

void ClientPeer::onTlsReady(const net::TlsInfo &info)
{
    if (m_stream) {
        m_stream->onTlsReady(describe(info));
    } else {
        m_stream = std::make_unique<shard::ClientStream>(m_thread->shard(), *this, describe(info));
    }
}

void ClientPeer::onOutputDrained()
{
    if (m_stream) {
        m_stream->onOutputDrained();
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
