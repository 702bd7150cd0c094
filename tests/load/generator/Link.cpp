// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Link.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace godwit::load
{

namespace
{

std::string systemError(std::string_view what)
{
    return std::string(what) + ": " + std::strerror(errno);
}

} // namespace

Link::Link(Loop &loop, const Endpoint &endpoint, LinkUser &user)
    : m_loop(loop)
    , m_endpoint(endpoint)
    , m_user(user)
{
}

Link::~Link()
{
    close(false);
}

std::string Link::address() const
{
    return m_endpoint.host + ":" + std::to_string(m_endpoint.port);
}

void Link::open(unsigned number)
{
    close(false);
    m_reading = true;
    if (std::string why = dial(number); !why.empty()) {
        fail(std::move(why));
        return;
    }
    m_connecting = true;
    m_armed = true;
    m_loop.add(m_fd, EPOLLIN | EPOLLOUT, this);
}

/// The reason why not; empty when the connection is under way.
std::string Link::dial(unsigned number)
{
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(m_endpoint.port);
    if (inet_pton(AF_INET, m_endpoint.host.c_str(), &to.sin_addr) != 1) {
        return "'" + m_endpoint.host + "' is not an IPv4 address";
    }
    m_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (m_fd < 0) {
        return systemError("socket");
    }
    const int one = 1;
    setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (m_endpoint.sendBuffer > 0) {
        setsockopt(m_fd, SOL_SOCKET, SO_SNDBUF, &m_endpoint.sendBuffer, sizeof m_endpoint.sendBuffer);
    }
    if (ntohl(to.sin_addr.s_addr) >> 24 == 127) {
        sockaddr_in from{};
        from.sin_family = AF_INET;
        from.sin_addr.s_addr = htonl(0x7f000002U + number % 8);
        setsockopt(m_fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
        if (bind(m_fd, reinterpret_cast<const sockaddr *>(&from), sizeof from) < 0) {
            return systemError("bind");
        }
    }
    if (::connect(m_fd, reinterpret_cast<const sockaddr *>(&to), sizeof to) < 0 && errno != EINPROGRESS) {
        return systemError("connect to " + address());
    }
    return {};
}

void Link::close(bool reset)
{
    if (m_fd < 0) {
        return;
    }
    if (reset) {
        const linger now{1, 0};
        setsockopt(m_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    m_loop.remove(m_fd);
    ::close(m_fd);
    m_fd = -1;
    m_connecting = false;
    m_armed = false;
    m_out.clear();
    m_out.shrink_to_fit();
    m_outAt = 0;
}

void Link::fail(std::string why)
{
    close(false);
    m_user.onLinkDown(*this, std::move(why));
}

void Link::setReading(bool reading)
{
    if (m_fd >= 0 && m_reading != reading) {
        m_reading = reading;
        m_loop.modify(m_fd, (reading ? EPOLLIN : 0U) | (m_armed ? EPOLLOUT : 0U), this);
    }
}

void Link::write(std::string_view bytes)
{
    m_out.append(bytes);
    wantFlush();
}

void Link::wantFlush()
{
    if (!m_dirty) {
        m_dirty = true;
        m_loop.flushLater(this);
    }
}

void Link::onEvents(std::uint32_t events)
{
    if (m_fd < 0) {
        return;
    }
    if (m_connecting) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(m_fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) {
            errno = error;
            fail(systemError("connect to " + address()));
            return;
        }
        m_connecting = false;
        m_user.onLinkUp(*this);
    }
    if ((events & EPOLLOUT) != 0) {
        send();
    }
    if (m_fd >= 0 && (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) {
        readSome();
    }
}

void Link::onFlush()
{
    m_dirty = false;
    m_user.onLinkFlush(*this);
    send();
}

void Link::send()
{
    if (!isUp()) {
        return;
    }
    while (m_outAt < m_out.size()) {
        const ssize_t sent = ::send(m_fd, m_out.data() + m_outAt, m_out.size() - m_outAt, MSG_NOSIGNAL);
        if (sent < 0) {
            // A broken connection shows itself to the next read, which may still find the server's reason.
            break;
        }
        m_outAt += static_cast<std::size_t>(sent);
        if (m_endpoint.traffic != nullptr) {
            m_endpoint.traffic->sent += static_cast<std::uint64_t>(sent);
        }
    }
    if (m_outAt == m_out.size()) {
        m_out.clear();
        m_outAt = 0;
    }
    const bool arm = m_outAt < m_out.size();
    if (arm != m_armed) {
        m_armed = arm;
        m_loop.modify(m_fd, (m_reading ? EPOLLIN : 0U) | (arm ? EPOLLOUT : 0U), this);
    }
}

void Link::readSome()
{
    static std::array<char, 256 * 1024> buffer;
    const ssize_t got = recv(m_fd, buffer.data(), buffer.size(), 0);
    if (got < 0) {
        if (errno != EAGAIN && errno != EINTR) {
            fail(systemError("connection lost"));
        }
        return;
    }
    if (got == 0) {
        fail({});
        return;
    }
    if (m_endpoint.traffic != nullptr) {
        m_endpoint.traffic->received += static_cast<std::uint64_t>(got);
    }
    m_user.onLinkBytes(*this, std::string_view(buffer.data(), static_cast<std::size_t>(got)));
}

} // namespace godwit::load
