// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Session.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/random.h>
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

std::string randomToken(std::size_t length)
{
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz012345";
    std::string token(length, '\0');
    if (getrandom(token.data(), length, 0) < 0) {
        token.assign(length, static_cast<char>(now()));
    }
    for (char &c : token) {
        c = letters[static_cast<unsigned char>(c) % letters.size()];
    }
    return token;
}

Session::Session(Loop &loop, const Endpoint &endpoint, Login login, SessionUser *user)
    : m_loop(loop)
    , m_endpoint(endpoint)
    , m_login(std::move(login))
    , m_user(user)
{
}

Session::~Session()
{
    close(false);
}

void Session::connect()
{
    m_wantResume = false;
    start();
}

void Session::connectResuming()
{
    m_wantResume = !m_resumeId.empty();
    start();
}

void Session::start()
{
    close(false);
    m_failure.clear();
    m_resumed = false;
    m_managed = false;
    m_offersManagement = false;
    m_reading = true;
    m_scanner.reset();
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(m_endpoint.port);
    if (inet_pton(AF_INET, m_endpoint.host.c_str(), &to.sin_addr) != 1) {
        fail("'" + m_endpoint.host + "' is not an IPv4 address");
        return;
    }
    m_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (m_fd < 0) {
        fail(systemError("socket"));
        return;
    }
    const int one = 1;
    setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (m_endpoint.sendBuffer > 0) {
        setsockopt(m_fd, SOL_SOCKET, SO_SNDBUF, &m_endpoint.sendBuffer, sizeof m_endpoint.sendBuffer);
    }
    if (ntohl(to.sin_addr.s_addr) >> 24 == 127) {
        sockaddr_in from{};
        from.sin_family = AF_INET;
        from.sin_addr.s_addr = htonl(0x7f000002U + m_login.number % 8);
        setsockopt(m_fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
        if (bind(m_fd, reinterpret_cast<const sockaddr *>(&from), sizeof from) < 0) {
            fail(systemError("bind"));
            return;
        }
    }
    if (::connect(m_fd, reinterpret_cast<const sockaddr *>(&to), sizeof to) < 0 && errno != EINPROGRESS) {
        fail(systemError("connect to " + m_endpoint.host + ":" + std::to_string(m_endpoint.port)));
        return;
    }
    m_state = State::Connecting;
    m_armed = true;
    m_loop.add(m_fd, EPOLLIN | EPOLLOUT, this);
}

void Session::cut()
{
    close(true);
}

void Session::leave()
{
    if (m_fd >= 0 && m_state != State::Connecting) {
        write("</stream:stream>");
        onFlush();
    }
    // Closing for good is no reason to resume.
    m_resumeId.clear();
    close(false);
}

void Session::close(bool reset)
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
    m_state = State::Closed;
    m_out.clear();
    m_out.shrink_to_fit();
    m_outAt = 0;
}

void Session::fail(std::string why)
{
    m_failure = std::move(why);
    close(false);
    m_state = State::Closed;
    m_user->onClosed(*this);
}

void Session::setReading(bool reading)
{
    if (m_fd >= 0 && m_reading != reading) {
        m_reading = reading;
        m_loop.modify(m_fd, (reading ? EPOLLIN : 0U) | (m_armed ? EPOLLOUT : 0U), this);
    }
}

void Session::write(std::string_view bytes)
{
    m_out.append(bytes);
    if (!m_dirty) {
        m_dirty = true;
        m_loop.flushLater(this);
    }
}

void Session::send(std::string_view stanza, Tag tag)
{
    write(stanza);
    if (m_managed) {
        m_unacked.push_back(tag);
    }
}

void Session::requestAck()
{
    if (m_managed) {
        write("<r xmlns='urn:xmpp:sm:3'/>");
    }
}

std::vector<Tag> Session::takeUnacked()
{
    return std::exchange(m_left, {});
}

void Session::leaveUnacked()
{
    for (const Tag tag : m_unacked) {
        if (tag != untagged) {
            m_left.push_back(tag);
        }
    }
    m_unacked.clear();
}

void Session::onEvents(std::uint32_t events)
{
    if (m_fd < 0) {
        return;
    }
    if (m_state == State::Connecting) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(m_fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) {
            errno = error;
            fail(systemError("connect to " + m_endpoint.host + ":" + std::to_string(m_endpoint.port)));
            return;
        }
        openStream();
    }
    if ((events & EPOLLOUT) != 0) {
        onFlush();
    }
    if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) {
        readSome();
    }
}

void Session::onFlush()
{
    m_dirty = false;
    if (m_fd < 0 || m_state == State::Connecting) {
        return;
    }
    while (m_outAt < m_out.size()) {
        const ssize_t sent = ::send(m_fd, m_out.data() + m_outAt, m_out.size() - m_outAt, MSG_NOSIGNAL);
        if (sent < 0) {
            // A broken connection shows itself to the next read, which may still find the server's reason.
            break;
        }
        m_outAt += static_cast<std::size_t>(sent);
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

void Session::readSome()
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
        fail(m_state == State::Ready ? "the server closed the connection"
                                     : "the server closed the connection during the login");
        return;
    }
    const std::string_view chunk(buffer.data(), static_cast<std::size_t>(got));
    if (!m_scanner.feed(chunk, [this](Piece piece, std::string_view text) { return onPiece(piece, text); })) {
        fail("the server sent what is no XML stream: " + std::string(chunk.substr(0, 80)));
    }
}

} // namespace godwit::load
