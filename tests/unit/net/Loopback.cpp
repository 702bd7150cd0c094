// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Loopback.h"

#include <QTest>

#include <cerrno>

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace godwit::net::test
{

HerePoller::HerePoller()
{
    auto made = Poller::create(m_clock);
    GW_ASSERT(made.ok());
    m_poller = *std::move(made);
    m_poller->enter();
}

HerePoller::~HerePoller()
{
    m_poller->leave();
}

Client::Client(std::uint16_t port, int receiveBufferBytes)
    : m_socket(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    if (receiveBufferBytes > 0) {
        setsockopt(m_socket.number(), SOL_SOCKET, SO_RCVBUF, &receiveBufferBytes, sizeof receiveBufferBytes);
    }
    const SocketAddress::Native native = SocketAddress::parse("127.0.0.1", port)->native();
    const int status = connect(m_socket.number(), native.get(), native.size);
    GW_ASSERT(status == 0);
    fcntl(m_socket.number(), F_SETFL, O_NONBLOCK);
}

std::size_t Client::send(std::string_view bytes)
{
    const ssize_t count = ::send(m_socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
}

const std::string &Client::received()
{
    static thread_local char room[262144];
    for (;;) {
        const ssize_t count = recv(m_socket.number(), room, sizeof room, 0);
        if (count > 0) {
            m_received.append(room, static_cast<std::size_t>(count));
            continue;
        }
        m_ended = m_ended || count == 0 || (errno != EAGAIN && errno != EINTR);
        m_reset = m_reset || (count < 0 && errno == ECONNRESET);
        return m_received;
    }
}

int Client::unacknowledged() const
{
    int bytes = -1;
    ioctl(m_socket.number(), SIOCOUTQ, &bytes);
    return bytes;
}

void Client::shutdownWriting()
{
    shutdown(m_socket.number(), SHUT_WR);
}

void Client::reset()
{
    const linger now{1, 0};
    setsockopt(m_socket.number(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    m_socket.close();
}

void Recorder::onBytes(std::string_view fresh)
{
    ++calls;
    bytes += fresh;
    if (inBytes) {
        inBytes(fresh);
    }
}

void Recorder::onClosed(base::Error reason)
{
    ++closedCalls;
    closed = std::move(reason);
    if (inClosed) {
        inClosed();
    }
}

void Recorder::onTlsReady(const TlsInfo &info)
{
    tls = info;
    if (inTlsReady) {
        inTlsReady();
    }
}

void Recorder::onOutputDrained()
{
    ++drained;
}

void Recorder::onOutputFull(std::size_t pendingBytes)
{
    ++full;
    fullBytes = pendingBytes;
    if (inFull) {
        inFull();
    }
}

Acceptor::Acceptor(Poller &poller, SocketOptions options)
{
    auto made = Listener::listen(poller, *SocketAddress::parse("127.0.0.1", 0), options, *this);
    GW_ASSERT(made.ok());
    m_listener = *std::move(made);
}

bool Acceptor::admit(const SocketAddress &)
{
    refused += admits ? 0 : 1;
    return admits;
}

void Acceptor::onAccepted(Descriptor socket, const SocketAddress &peer)
{
    sockets.push_back({std::move(socket), peer});
}

Pair::Pair(Poller &poller, int clientReceiveBufferBytes)
{
    Acceptor acceptor(poller);
    client = std::make_unique<Client>(acceptor.port(), clientReceiveBufferBytes);
    const bool accepted = QTest::qWaitFor([&acceptor] { return !acceptor.sockets.empty(); });
    GW_ASSERT(accepted);
    Acceptor::Accepted &made = acceptor.sockets.front();
    // Large enough for tests that let input pile up in the system.
    const int bufferBytes = 1 << 20;
    setsockopt(made.socket.number(), SOL_SOCKET, SO_RCVBUF, &bufferBytes, sizeof bufferBytes);
    server = std::make_unique<Connection>(std::move(made.socket), made.peer, recorder);
    const auto attached = server->attach(poller);
    GW_ASSERT(attached.ok());
}

} // namespace godwit::net::test
