// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "net/Connection.h"

#include "net/Poller.h"
#include "net/TlsContext.h"
#include "net/TlsSession.h"

#include <cerrno>
#include <cstring>

#include <sys/ioctl.h>
#include <sys/socket.h>

#ifdef __linux__
#include <linux/sockios.h>
#endif

namespace godwit::net
{

namespace
{

/// Encrypted in one go: large enough for few sends, small enough not to hold a long output twice.
constexpr std::size_t encryptBytesMax = 65536;
/// A gap of sent bytes at the front of the output that is worth closing.
constexpr std::size_t sentGapBytes = 65536;

base::Error brokenBy(int number)
{
    const auto code = number == ECONNRESET || number == EPIPE ? base::ErrorCode::Unavailable : base::ErrorCode::Io;
    return base::Error(code, std::string("connection lost: ") + std::strerror(number));
}

base::Error closedByPeer()
{
    return base::Error(base::ErrorCode::Unavailable, "closed by the peer");
}

void dropSent(std::string &bytes, std::size_t &sent)
{
    if (sent == bytes.size()) {
        bytes.clear();
        sent = 0;
    } else if (sent >= sentGapBytes && sent >= bytes.size() / 2) {
        bytes.erase(0, sent);
        sent = 0;
    }
}

} // namespace

/// Notices that the connection was destroyed, moved or closed while its handler was called. Guards nest, because a
/// handler can destroy one connection while it serves another call of the same.
class Connection::CallGuard
{
public:
    explicit CallGuard(Connection &connection)
        : m_connection(&connection)
        , m_outer(std::exchange(connection.m_guard, this))
    {
    }
    CallGuard(const CallGuard &) = delete;
    CallGuard &operator=(const CallGuard &) = delete;
    ~CallGuard()
    {
        if (m_connection) {
            m_connection->m_guard = m_outer;
        }
    }

    /// The connection may not be touched any more.
    void detach() noexcept
    {
        for (CallGuard *guard = this; guard; guard = guard->m_outer) {
            guard->m_connection = nullptr;
        }
    }
    bool usable() const noexcept { return m_connection && m_connection->isOpen(); }

private:
    Connection *m_connection;
    CallGuard *m_outer;
};

Connection::Connection(Descriptor socket, const SocketAddress &peer, ConnectionHandler &handler)
    : m_handler(&handler)
    , m_peer(peer)
    , m_socket(std::move(socket))
{
}

Connection::~Connection()
{
    release();
    if (m_guard) {
        m_guard->detach();
    }
}

base::Result<base::Ok> Connection::attach(Poller &poller)
{
    GW_ASSERT(m_poller == nullptr);
    if (!isOpen()) {
        return base::Error(base::ErrorCode::Unavailable, "the connection is closed");
    }
    m_interest = m_state.paused ? Interest::None : Interest::Read;
    auto added = poller.add(m_socket.number(), *this, m_interest);
    if (!added) {
        m_socket.close();
        return added;
    }
    m_poller = &poller;
    m_state.blocked = false;
    if (m_output || m_unread) {
        markDirty();
    }
    return base::Ok{};
}

void Connection::detach()
{
    if (!m_poller) {
        return;
    }
    keepCipher();
    m_poller->timers().cancel(std::exchange(m_closeTimer, {}));
    m_poller->forgetTurnEnd(*this);
    if (isOpen()) {
        m_poller->remove(m_socket.number(), *this);
    }
    m_poller = nullptr;
    if (m_guard) {
        std::exchange(m_guard, nullptr)->detach();
    }
}

void Connection::markDirty()
{
    if (m_poller) {
        m_poller->callAtTurnEnd(*this);
    }
}

OutputBuffer &Connection::output()
{
    if (!m_output) {
        m_output = m_poller ? m_poller->buffers().takeOutput() : std::make_unique<OutputBuffer>();
    }
    return *m_output;
}

void Connection::dropOutput()
{
    if (m_output && m_poller) {
        m_poller->buffers().giveBack(std::move(m_output));
    }
    m_output.reset();
}

void Connection::append(std::string_view bytes)
{
    append(std::span(&bytes, 1));
}

void Connection::append(std::span<const std::string_view> pieces)
{
    if (!isOpen() || m_state.closing || m_state.outputDead) {
        return;
    }
    OutputBuffer &out = output();
    std::string &target = m_tls ? out.plain : out.wire;
    for (const std::string_view piece : pieces) {
        target += piece;
    }
    if (!m_state.blocked) {
        markDirty();
    }
}

std::string *Connection::unsent(std::size_t bytes) noexcept
{
    if (!m_output || m_state.closing || m_state.outputDead) {
        return nullptr;
    }
    std::string &target = m_tls ? m_output->plain : m_output->wire;
    const std::size_t gone = m_tls ? m_output->plainCoded : m_output->wireSent;
    return bytes <= target.size() - gone ? &target : nullptr;
}

std::size_t Connection::pendingOutput() const noexcept
{
    return m_output ? m_output->waiting() : 0;
}

void Connection::tellDrained()
{
    m_state.drainAsked = true;
    if (!m_state.blocked) {
        markDirty();
    }
}

std::size_t Connection::unacknowledgedBytes() const noexcept
{
#ifdef SIOCOUTQ
    int bytes = 0;
    if (isOpen() && ioctl(m_socket.number(), SIOCOUTQ, &bytes) == 0 && bytes > 0) {
        return static_cast<std::size_t>(bytes);
    }
#endif
    return 0;
}

void Connection::pushBack(std::string_view bytes)
{
    if (!isOpen() || m_state.closing || bytes.empty()) {
        return;
    }
    if (!m_unread) {
        m_unread = std::make_unique<Unread>();
    }
    m_unread->plain.insert(0, bytes);
    markDirty();
}

void Connection::pauseReading()
{
    m_state.paused = true;
    updateInterest();
}

void Connection::resumeReading()
{
    m_state.paused = false;
    updateInterest();
    if (m_unread) {
        markDirty();
    }
}

void Connection::updateInterest()
{
    if (!m_poller || !isOpen()) {
        return;
    }
    const bool reads = !m_state.paused || m_state.closing;
    const auto bits = (reads ? static_cast<unsigned>(Interest::Read) : 0U) |
                      (m_state.blocked ? static_cast<unsigned>(Interest::Write) : 0U);
    const auto interest = static_cast<Interest>(bits);
    if (interest != m_interest) {
        m_interest = interest;
        m_poller->modify(m_socket.number(), *this, interest);
    }
}

base::Result<base::Ok> Connection::startTls(const TlsContext &context)
{
    GW_ASSERT(!m_tls);
    auto session = TlsSession::create(context);
    if (!session) {
        return std::move(session).error();
    }
    m_tls = *std::move(session);
    m_state.handshaking = true;
    return base::Ok{};
}

TlsInfo Connection::tlsInfo() const
{
    GW_ASSERT(isEncrypted());
    return m_tls->info();
}

void Connection::closeAfterFlush(base::Duration timeout)
{
    if (!isOpen() || m_state.closing) {
        return;
    }
    GW_ASSERT(m_poller != nullptr);
    m_state.closing = true;
    m_unread.reset();
    if (m_tls) {
        m_tls->takeInput();
    }
    m_closeTimer = m_poller->timers().start(timeout, [this] {
        finish(base::Error(base::ErrorCode::LimitExceeded, "the peer did not take its output or close in time"));
    });
    updateInterest();
    markDirty();
}

void Connection::abort()
{
    release();
}

void Connection::release()
{
    if (m_poller) {
        m_poller->timers().cancel(std::exchange(m_closeTimer, {}));
        m_poller->forgetTurnEnd(*this);
        if (isOpen()) {
            m_poller->remove(m_socket.number(), *this);
        }
    }
    dropOutput();
    m_unread.reset();
    if (m_tls) {
        m_tls->takeInput();
    }
    m_socket.close();
}

void Connection::finish(base::Error reason)
{
    if (isOpen()) {
        release();
        m_handler->onClosed(std::move(reason));
    }
}

void Connection::onReady(Readiness readiness)
{
    if (readiness.readable) {
        CallGuard guard(*this);
        if (m_state.closing) {
            discardInput();
        } else {
            read();
        }
        if (!guard.usable()) {
            return;
        }
    } else if (readiness.failed) {
        int number = 0;
        socklen_t size = sizeof number;
        getsockopt(m_socket.number(), SOL_SOCKET, SO_ERROR, &number, &size);
        finish(number != 0 ? brokenBy(number) : closedByPeer());
        return;
    }
    if (readiness.writable) {
        m_state.blocked = false;
        flush();
    }
}

void Connection::onTurnEnd()
{
    if (!isOpen()) {
        return;
    }
    if (m_unread && !m_state.paused && !deliverUnread()) {
        return;
    }
    if (!m_state.blocked) {
        flush();
    }
}

void Connection::read()
{
    if (m_state.paused) {
        return;
    }
    if (m_unread) {
        markDirty();
        return;
    }
    BufferPool &buffers = m_poller->buffers();
    const std::span<char> buffer = m_tls ? buffers.cipher() : buffers.input();
    const std::span<char> room = buffer.first(std::min(buffer.size(), m_poller->readBytesMax()));
    const ssize_t count = recv(m_socket.number(), room.data(), room.size(), 0);
    PollerStatistics &statistics = m_poller->statistics();
    ++statistics.receives;
    if (count > 0) {
        statistics.bytesReceived += static_cast<std::size_t>(count);
        const std::string_view bytes(room.data(), static_cast<std::size_t>(count));
        if (m_tls) {
            decrypt(bytes);
        } else {
            deliver(bytes);
        }
    } else if (count == 0) {
        finish(closedByPeer());
    } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
        finish(brokenBy(errno));
    }
}

void Connection::discardInput()
{
    const std::span<char> room = m_poller->buffers().input();
    const ssize_t count = recv(m_socket.number(), room.data(), room.size(), 0);
    ++m_poller->statistics().receives;
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
        finish(m_state.shutdownSent ? base::Error(base::ErrorCode::Cancelled, "closed") : closedByPeer());
    }
}

bool Connection::deliver(std::string_view bytes)
{
    CallGuard guard(*this);
    m_handler->onBytes(bytes);
    return guard.usable();
}

bool Connection::deliverUnread()
{
    const std::unique_ptr<Unread> unread = std::move(m_unread);
    CallGuard guard(*this);
    if (!unread->plain.empty()) {
        // Set first, so that a handler which detaches or pauses takes it along.
        if (m_tls) {
            m_tls->setInput(unread->cipher);
        }
        if (!deliver(unread->plain)) {
            return false;
        }
        if (m_tls) {
            m_tls->takeInput();
        }
    }
    if (unread->cipher.empty() || m_state.closing) {
        return true;
    }
    if (m_state.paused || m_unread) {
        if (!m_unread) {
            m_unread = std::make_unique<Unread>();
        }
        m_unread->cipher = std::move(unread->cipher);
        return true;
    }
    decrypt(unread->cipher);
    return guard.usable();
}

void Connection::keepCipher()
{
    if (!m_tls || m_tls->inputLeft().empty()) {
        return;
    }
    if (!m_unread) {
        m_unread = std::make_unique<Unread>();
    }
    m_unread->cipher.assign(m_tls->takeInput());
    markDirty();
}

bool Connection::finishHandshake()
{
    const TlsSession::Status status = m_tls->handshake(output().wire);
    markDirty();
    if (status == TlsSession::Status::Wants) {
        return false;
    }
    if (status != TlsSession::Status::Done) {
        failTls();
        return false;
    }
    m_state.handshaking = false;
    CallGuard guard(*this);
    m_handler->onTlsReady(m_tls->info());
    return guard.usable();
}

void Connection::decrypt(std::string_view cipher)
{
    m_tls->setInput(cipher);
    if (m_state.handshaking && !finishHandshake()) {
        return;
    }
    const std::span<char> room = m_poller->buffers().input();
    for (;;) {
        if (m_state.closing) {
            return;
        }
        if (m_state.paused || m_unread) {
            keepCipher();
            return;
        }
        std::size_t filled = 0;
        TlsSession::Status status = TlsSession::Status::Done;
        std::string answer;
        while (status == TlsSession::Status::Done && room.size() - filled >= TlsSession::recordBytesMax) {
            std::size_t count = 0;
            status = m_tls->read(room.subspan(filled), count, answer);
            filled += count;
        }
        if (!answer.empty()) {
            output().wire += answer;
            markDirty();
        }
        if (filled > 0 && !deliver({room.data(), filled})) {
            return;
        }
        if (status == TlsSession::Status::Ended) {
            finish(closedByPeer());
            return;
        }
        if (status == TlsSession::Status::Failed) {
            failTls();
            return;
        }
        if (status == TlsSession::Status::Wants) {
            return;
        }
    }
}

void Connection::failTls()
{
    // The alert that says why; nobody waits for it.
    if (m_output && !m_state.outputDead) {
        const std::string_view alert = std::string_view(m_output->wire).substr(m_output->wireSent);
        static_cast<void>(::send(m_socket.number(), alert.data(), alert.size(), MSG_NOSIGNAL));
    }
    finish(base::Error(base::ErrorCode::InvalidInput, "TLS failed: " + m_tls->failure()));
}

void Connection::flush()
{
    while (m_output) {
        if (m_output->wireSent == m_output->wire.size() && !encryptWaiting()) {
            break;
        }
        if (!send()) {
            return;
        }
    }
    outputDone();
}

bool Connection::encryptWaiting()
{
    OutputBuffer &out = *m_output;
    dropSent(out.wire, out.wireSent);
    const std::string_view waiting = std::string_view(out.plain).substr(out.plainCoded);
    if (!m_tls || m_state.handshaking || waiting.empty()) {
        return false;
    }
    const std::string_view part = waiting.substr(0, encryptBytesMax);
    // Fails only when OpenSSL has no memory or its state is broken; the peer gets no more then.
    if (m_tls->write(part, out.wire) != TlsSession::Status::Done) {
        m_state.outputDead = true;
        shutdown(m_socket.number(), SHUT_RDWR);
        dropOutput();
        return false;
    }
    out.plainCoded += part.size();
    dropSent(out.plain, out.plainCoded);
    return true;
}

/// Gives the system what it takes. False when flushing has to stop.
bool Connection::send()
{
    OutputBuffer &out = *m_output;
    const std::size_t wanted = out.wire.size() - out.wireSent;
    const ssize_t count = ::send(m_socket.number(), out.wire.data() + out.wireSent, wanted, MSG_NOSIGNAL);
    PollerStatistics &statistics = m_poller->statistics();
    ++statistics.sends;
    if (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
        // The peer is gone. What it sent before may still be waiting to be read: reading ends the connection.
        m_state.outputDead = true;
        shutdown(m_socket.number(), SHUT_WR);
        dropOutput();
        if (m_state.paused) {
            finish(brokenBy(EPIPE));
        }
        return false;
    }
    if (count > 0) {
        out.wireSent += static_cast<std::size_t>(count);
        statistics.bytesSent += static_cast<std::size_t>(count);
        if (static_cast<std::size_t>(count) == wanted) {
            return true;
        }
        dropSent(out.wire, out.wireSent);
    }
    m_state.blocked = true;
    updateInterest();
    if (m_outputBytesMax > 0 && pendingOutput() > m_outputBytesMax && !m_state.fullTold && !m_state.closing) {
        m_state.fullTold = true;
        m_handler->onOutputFull(pendingOutput());
    }
    return false;
}

void Connection::outputDone()
{
    if (m_output && m_output->waiting() == 0) {
        dropOutput();
    }
    const bool hadWaited = m_state.drainAsked || m_interest == Interest::Write || m_interest == Interest::ReadWrite;
    updateInterest();
    if (m_state.closing) {
        sendShutdown();
        return;
    }
    if (hadWaited && !m_output) {
        m_state.fullTold = false;
        m_state.drainAsked = false;
        m_handler->onOutputDrained();
    }
}

void Connection::sendShutdown()
{
    if (m_state.shutdownSent) {
        return;
    }
    m_state.shutdownSent = true;
    if (isEncrypted() && !m_state.outputDead) {
        std::string farewell;
        m_tls->shutdown(farewell);
        static_cast<void>(::send(m_socket.number(), farewell.data(), farewell.size(), MSG_NOSIGNAL));
    }
    shutdown(m_socket.number(), SHUT_WR);
}

} // namespace godwit::net
