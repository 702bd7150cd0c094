// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "net/Listener.h"

#include "base/Log.h"
#include "net/Poller.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace godwit::net
{

namespace
{

/// Connections taken in one turn, so that a burst of them does not hold up those that are there.
constexpr int acceptBatch = 64;
constexpr std::chrono::seconds pauseTime{1};
constexpr std::chrono::seconds warningInterval{60};

void setNumber(int descriptor, int level, int option, int value)
{
    setsockopt(descriptor, level, option, &value, sizeof value);
}

void applyOptions(int descriptor, const SocketOptions &options)
{
    if (options.noDelay) {
        setNumber(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
    }
    if (options.keepAliveIdle.count() > 0) {
        setNumber(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
#ifdef TCP_KEEPIDLE
        setNumber(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, static_cast<int>(options.keepAliveIdle.count()));
        setNumber(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, static_cast<int>(options.keepAliveInterval.count()));
        setNumber(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 3);
#endif
    }
    if (options.receiveBytes > 0) {
        setNumber(descriptor, SOL_SOCKET, SO_RCVBUF, options.receiveBytes);
    }
#ifdef TCP_USER_TIMEOUT
    if (options.userTimeout.count() > 0) {
        setNumber(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(options.userTimeout.count()));
    }
#endif
}

/// A non-blocking socket that is closed on exec. SOCK_NONBLOCK and accept4 save two calls each on Linux.
Descriptor openSocket(int family)
{
#ifdef __linux__
    return Descriptor(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
#else
    Descriptor made(socket(family, SOCK_STREAM, 0));
    fcntl(made.number(), F_SETFL, O_NONBLOCK);
    fcntl(made.number(), F_SETFD, FD_CLOEXEC);
    return made;
#endif
}

Descriptor acceptSocket(int listening, sockaddr *peer, socklen_t *size)
{
#ifdef __linux__
    return Descriptor(accept4(listening, peer, size, SOCK_NONBLOCK | SOCK_CLOEXEC));
#else
    Descriptor made(accept(listening, peer, size));
    if (made.isOpen()) {
        fcntl(made.number(), F_SETFL, O_NONBLOCK);
        fcntl(made.number(), F_SETFD, FD_CLOEXEC);
    }
    return made;
#endif
}

Descriptor openReserve()
{
    return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC));
}

enum class Sharing : bool { No, Yes };

base::Error cannotListen(const SocketAddress &address)
{
    const auto code = errno == EADDRINUSE ? base::ErrorCode::Conflict : base::ErrorCode::Unavailable;
    return base::Error(code, "cannot listen on " + address.text() + ": " + std::strerror(errno));
}

base::Result<Descriptor> openBound(const SocketAddress &address, Sharing sharing)
{
    const SocketAddress::Native native = address.native();
    Descriptor made = openSocket(address.isIPv4() ? AF_INET : AF_INET6);
    if (made.isOpen()) {
        setNumber(made.number(), SOL_SOCKET, SO_REUSEADDR, 1);
        setNumber(made.number(), SOL_SOCKET, SO_REUSEPORT, sharing == Sharing::Yes ? 1 : 0);
        if (!address.isIPv4()) {
            setNumber(made.number(), IPPROTO_IPV6, IPV6_V6ONLY, address.isAny() ? 0 : 1);
        }
        if (bind(made.number(), native.get(), native.size) == 0) {
            return made;
        }
    }
    return cannotListen(address);
}

base::Result<Descriptor> openListening(const SocketAddress &address, const SocketOptions &options)
{
    auto made = openBound(address, Sharing::Yes);
    if (made) {
        applyOptions(made->number(), options);
        if (::listen(made->number(), options.backlog) != 0) {
            return cannotListen(address);
        }
    }
    return made;
}

SocketAddress boundAddress(int descriptor)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    getsockname(descriptor, reinterpret_cast<sockaddr *>(&storage), &size);
    return SocketAddress::fromNative(reinterpret_cast<const sockaddr *>(&storage));
}

} // namespace

Listener::Listener(Poller &poller, ListenerHandler &handler)
    : m_poller(poller)
    , m_handler(handler)
    , m_reserve(openReserve())
{
}

bool Listener::isTaken(const SocketAddress &address)
{
    const auto alone = openBound(address, Sharing::No);
    return !alone && alone.error().code() == base::ErrorCode::Conflict;
}

base::Result<std::unique_ptr<Listener>> Listener::listen(Poller &poller, const SocketAddress &address,
                                                         const SocketOptions &options, ListenerHandler &handler)
{
    auto socket = openListening(address, options);
    if (!socket && address.isAny() && !address.isIPv4() && errno == EAFNOSUPPORT) {
        base::log(base::LogLevel::Warning, "net", "no IPv6 here, listening on IPv4 alone",
                  {{"port", unsigned{address.port()}}});
        const auto four = SocketAddress::parse("0.0.0.0", address.port());
        socket = openListening(*four, options);
    }
    if (!socket) {
        return std::move(socket).error();
    }
    std::unique_ptr<Listener> listener(new Listener(poller, handler));
    listener->m_socket = *std::move(socket);
    listener->m_address = boundAddress(listener->m_socket.number());
    auto added = poller.add(listener->m_socket.number(), *listener, Interest::Read);
    if (!added) {
        listener->m_socket.close();
        return std::move(added).error();
    }
    return listener;
}

Listener::~Listener()
{
    m_poller.timers().cancel(m_pause);
    if (m_socket.isOpen()) {
        m_poller.remove(m_socket.number(), *this);
    }
}

void Listener::onReady(Readiness)
{
    for (int i = 0; i < acceptBatch; ++i) {
        if (!acceptOne()) {
            return;
        }
    }
}

bool Listener::acceptOne()
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto *native = reinterpret_cast<sockaddr *>(&storage);
    Descriptor socket = acceptSocket(m_socket.number(), native, &size);
    if (socket.isOpen()) {
        const SocketAddress peer = SocketAddress::fromNative(native);
        if (m_handler.admit(peer)) {
            m_handler.onAccepted(std::move(socket), peer);
        }
        return true;
    }
    switch (errno) {
    case ECONNABORTED:
    case EINTR:
        return true;
    case EMFILE:
        onNoDescriptor();
        return true;
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        pause();
        return false;
    default:
        // EAGAIN, and errors of a connection that was already lost (accept(2)).
        return false;
    }
}

void Listener::onNoDescriptor()
{
    // Closed with a descriptor kept for it: left in the queue, the connection would wake this thread for ever.
    const base::Instant now = m_poller.clock().now();
    if (!m_warned || now - m_lastWarning >= warningInterval) {
        m_warned = true;
        m_lastWarning = now;
        base::log(base::LogLevel::Warning, "net", "no descriptors left, connections are refused",
                  {{"listener", m_address.text()}, {"refused", m_refused}});
    }
    if (!m_reserve.isOpen()) {
        pause();
        return;
    }
    m_reserve.close();
    if (acceptSocket(m_socket.number(), nullptr, nullptr).isOpen()) {
        ++m_refused;
    }
    m_reserve = openReserve();
}

void Listener::pause()
{
    if (m_pause != TimerId()) {
        return;
    }
    m_poller.modify(m_socket.number(), *this, Interest::None);
    m_pause = m_poller.timers().start(pauseTime, [this] {
        m_pause = TimerId();
        if (!m_reserve.isOpen()) {
            m_reserve = openReserve();
        }
        m_poller.modify(m_socket.number(), *this, Interest::Read);
    });
}

} // namespace godwit::net
