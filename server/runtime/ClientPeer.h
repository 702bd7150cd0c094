// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A client's socket with the stream on it. Owned by the shard thread it is on, and handed to another when the stream
// moves to its account's home.
#pragma once

#include "net/Connection.h"
#include "net/TlsContext.h"
#include "runtime/AddressGate.h"
#include "runtime/HttpFront.h"
#include "shard/ClientStream.h"
#include "shard/Transport.h"

#include <memory>

namespace godwit::runtime
{

class ShardThread;

class ClientPeer final : public shard::Transport, public net::ConnectionHandler
{
public:
    ClientPeer(ShardThread &thread, net::Descriptor socket, const net::SocketAddress &address);
    ~ClientPeer() override;

    /// What a listener takes: XMPP, XMPP behind a TLS handshake (XEP-0368), HTTP, HTTP behind a TLS handshake. With TLS
    /// a client that says by ALPN what it speaks gets that on either port.
    enum class Opening : std::uint8_t { Plain, DirectTls, Http, Https };
    /// Starts reading. False when the connection broke at once.
    bool start(Opening opening);
    /// Leaves its thread; join() follows on the other one.
    void leave();
    bool join(ShardThread &thread);

    /// For good: the server stops.
    void stopReading();
    /// Ends a socket that speaks HTTP; others have a stream, which ends by itself.
    void endHttp();
    /// Reads no more until resumeReading(), and these bytes again then.
    void holdReading(std::string_view unread);
    /// An answer was given outside of onBytes().
    void afterAnswer() { watchPatience(); }
    ShardThread &thread() noexcept { return *m_thread; }

    shard::ClientStream *stream() noexcept { return m_stream.get(); }
    const net::SocketAddress &address() const noexcept { return m_connection.peer(); }
    AddressGate::Progress progress() const noexcept { return m_progress; }
    std::size_t place = 0; ///< in the list of its thread

    // shard::Transport
    void send(std::string_view bytes) override;
    std::string *unsent(std::size_t bytes) override { return m_connection.unsent(bytes); }
    void startTls() override;
    void close() override;
    void pauseReading() override;
    void resumeReading() override;
    std::size_t unacknowledgedBytes() const override { return m_connection.unacknowledgedBytes(); }
    std::size_t waitingBytes() const override { return m_connection.pendingOutput(); }
    void moveTo(ledger::ShardIndex shard) override;
    void onBound() override;

    // net::ConnectionHandler
    void onBytes(std::string_view bytes) override;
    void onOutputDrained() override;
    void onClosed(base::Error reason) override;
    void onTlsReady(const net::TlsInfo &info) override;

private:
    void limitHandshake();
    void onHandshakeTimeout();
    void beginHttp(std::optional<stream::TlsInfo> tls);
    void afterHttp();
    void watchPatience();
    base::Duration drainTime() const;

    ShardThread *m_thread;
    net::Connection m_connection;
    std::unique_ptr<shard::ClientStream> m_stream; ///< made when it is known what the socket speaks
    std::unique_ptr<HttpFront> m_http;             ///< while it speaks HTTP
    net::TimerId m_handshakeTimer;
    AddressGate::Progress m_progress = AddressGate::Progress::Handshake;
    Opening m_opening = Opening::Plain;
    bool m_stopped = false;
};

} // namespace godwit::runtime
