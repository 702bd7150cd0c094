// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "net/BufferPool.h"
#include "net/Descriptor.h"
#include "net/EventHandler.h"
#include "net/SocketAddress.h"
#include "net/Timers.h"
#include "net/TlsInfo.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace godwit::net
{

class Poller;
class TlsContext;
class TlsSession;

/// Gets what happens on a connection, on its poller's thread. Every function may append, pause, detach or destroy the
/// connection.
class ConnectionHandler
{
public:
    /// Input, decrypted; valid during the call only. What is not wanted yet is given to Connection::pushBack().
    virtual void onBytes(std::string_view bytes) = 0;
    /// The connection is closed, and was not by abort(). The last call, and never from inside a call to the connection.
    /// Codes: Unavailable the peer closed it; Io it broke; InvalidInput the peer does not speak TLS as it should;
    /// Cancelled closeAfterFlush() is done; LimitExceeded closeAfterFlush() ran out of time.
    virtual void onClosed(base::Error reason) = 0;
    /// The TLS handshake is done.
    virtual void onTlsReady(const TlsInfo &) {}
    /// Output that had to wait for the peer, or that Connection::tellDrained() asked about, has all been given to the
    /// system.
    virtual void onOutputDrained() {}
    /// More than outputBytesMax wait for a slow peer. Told once, and again only after the output was drained; nothing
    /// is dropped, the owner decides.
    virtual void onOutputFull(std::size_t pendingBytes) { static_cast<void>(pendingBytes); }

protected:
    ~ConnectionHandler() = default;
};

/// One TCP connection, with or without TLS. An idle one has no buffers: input is read to a buffer of the thread, once
/// for each time that the system says there is some; output is collected and sent once at the end of the turn.
///
/// Lives on one thread at a time. A move to another thread is detach(), a post to the other mailbox, attach() there;
/// TLS state, input that was read but not delivered and output that was not sent go with it.
///
/// The end of the peer's stream counts as the end of the connection, after all input before it has been delivered.
class Connection final : private EventHandler
{
public:
    Connection(Descriptor socket, const SocketAddress &peer, ConnectionHandler &handler);
    ~Connection();

    /// Starts to read and send on `poller`. Fails with Io or ResourceFull; the connection is closed then, without
    /// onClosed().
    base::Result<base::Ok> attach(Poller &poller);
    /// Stops, without closing. Inside onBytes() what was not used goes to pushBack() first. After it nothing here
    /// touches the object until attach().
    void detach();
    Poller *poller() const noexcept { return m_poller; }

    void setHandler(ConnectionHandler &handler) noexcept { m_handler = &handler; }
    /// The bound of onOutputFull(). 0: none.
    void setOutputBytesMax(std::uint32_t bytes) noexcept { m_outputBytesMax = bytes; }

    /// Sends `bytes` at the end of the turn. Ignored after closing.
    void append(std::string_view bytes);
    void append(std::span<const std::string_view> pieces);
    /// What append() took and neither TLS nor the system has yet, when its last `bytes` bytes are all in that, else
    /// nullptr. Those may be changed until the next call here, and nothing in front of them.
    std::string *unsent(std::size_t bytes) noexcept;
    /// Bytes that the system has not taken yet.
    std::size_t pendingOutput() const noexcept;
    /// onOutputDrained() follows once nothing waits, even if nothing has to wait for the peer.
    void tellDrained();
    /// Bytes that the peer's system has not acknowledged, beside pendingOutput() (SIOCOUTQ); 0 where the system does
    /// not tell.
    std::size_t unacknowledgedBytes() const noexcept;

    /// Gives input back: it is delivered again, before anything new, after resumeReading() or attach(), else in a later
    /// turn.
    void pushBack(std::string_view bytes);
    /// The system stops to take the peer's bytes once its buffer is full.
    void pauseReading();
    void resumeReading();
    bool isReadingPaused() const noexcept { return m_state.paused; }

    /// Does the server side of a TLS handshake from the next input byte on; bytes that were appended before go out in
    /// plain text. The owner limits the time. Fails with ResourceFull.
    base::Result<base::Ok> startTls(const TlsContext &context);
    /// The handshake is done.
    bool isEncrypted() const noexcept { return m_tls && !m_state.handshaking; }
    /// What was agreed on; only when isEncrypted().
    TlsInfo tlsInfo() const;

    /// Sends what waits, tells the peer that no more comes, waits until it closes too, then onClosed(Cancelled). Input
    /// is thrown away from now on. After `timeout` it is closed as it is, with onClosed(LimitExceeded).
    void closeAfterFlush(base::Duration timeout);
    /// Closes at once; the handler is not called.
    void abort();
    bool isOpen() const noexcept { return m_socket.isOpen(); }
    bool isClosing() const noexcept { return m_state.closing; }

    const SocketAddress &peer() const noexcept { return m_peer; }

private:
    /// Input that was read but not delivered.
    struct Unread {
        std::string plain;  ///< pushed back
        std::string cipher; ///< not decrypted, after `plain`
    };
    struct State {
        bool paused : 1 = false;
        bool handshaking : 1 = false;
        bool blocked : 1 = false;      ///< waits until the system takes output
        bool fullTold : 1 = false;     ///< onOutputFull() was called
        bool drainAsked : 1 = false;   ///< tellDrained() was called
        bool outputDead : 1 = false;   ///< the peer takes nothing any more
        bool closing : 1 = false;      ///< closeAfterFlush() was called
        bool shutdownSent : 1 = false; ///< the peer was told that no more comes
    };
    class CallGuard;

    void onReady(Readiness readiness) override;
    void onTurnEnd() override;
    void read();
    void discardInput();
    void decrypt(std::string_view cipher);
    bool finishHandshake();
    bool deliver(std::string_view bytes);
    bool deliverUnread();
    void keepCipher();
    void flush();
    bool encryptWaiting();
    bool send();
    void outputDone();
    void sendShutdown();
    void updateInterest();
    OutputBuffer &output();
    void dropOutput();
    void failTls();
    void release();
    void finish(base::Error reason);
    void markDirty();

    Poller *m_poller = nullptr;
    ConnectionHandler *m_handler;
    std::unique_ptr<TlsSession> m_tls;
    std::unique_ptr<OutputBuffer> m_output;
    std::unique_ptr<Unread> m_unread;
    CallGuard *m_guard = nullptr; ///< of the call to the handler that runs
    TimerId m_closeTimer;
    SocketAddress m_peer;
    Descriptor m_socket;
    std::uint32_t m_outputBytesMax = 0;
    Interest m_interest = Interest::None;
    State m_state;
};

} // namespace godwit::net
