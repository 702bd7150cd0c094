// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "net/bench/BenchClient.h"

#include "net/Descriptor.h"
#include "net/OpenSsl.h"
#include "net/SocketAddress.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace godwit::net::bench
{

namespace
{

using ContextPtr = std::unique_ptr<SSL_CTX, OpenSslFree<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, OpenSslFree<SSL_free>>;

struct Peer {
    Descriptor socket;
    SslPtr tls;
};

[[noreturn]] void fail(const char *what)
{
    std::perror(what);
    std::_Exit(1);
}

Peer open(std::uint16_t port, SSL_CTX *context)
{
    Peer peer;
    peer.socket = Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const SocketAddress::Native native = SocketAddress::parse("127.0.0.1", port)->native();
    if (!peer.socket.isOpen() || connect(peer.socket.number(), native.get(), native.size) != 0) {
        fail("connect");
    }
    if (context) {
        peer.tls.reset(SSL_new(context));
        SSL_set_fd(peer.tls.get(), peer.socket.number());
        if (SSL_connect(peer.tls.get()) != 1) {
            fail("TLS handshake");
        }
    }
    return peer;
}

/// About the size of a short chat message.
constexpr std::size_t messageBytes = 250;

void sendMessage(const Peer &peer)
{
    static const char message[messageBytes] = {};
    if (send(peer.socket.number(), message, sizeof message, MSG_NOSIGNAL) != static_cast<ssize_t>(sizeof message)) {
        fail("send");
    }
}

void echo(const std::vector<Peer> &peers, const Order &order)
{
    const Descriptor epoll(epoll_create1(EPOLL_CLOEXEC));
    struct Lane {
        const Peer *peer;
        std::uint32_t left;
        std::size_t got;
    };
    std::vector<Lane> lanes;
    lanes.reserve(order.width);
    for (std::size_t i = 0; i < order.width; ++i) {
        lanes.push_back({&peers[peers.size() - 1 - i], order.count, 0});
    }
    for (Lane &lane : lanes) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = &lane;
        epoll_ctl(epoll.number(), EPOLL_CTL_ADD, lane.peer->socket.number(), &event);
        sendMessage(*lane.peer);
    }
    std::size_t open = lanes.size();
    epoll_event events[256];
    char room[4096];
    while (open > 0) {
        const int count = epoll_wait(epoll.number(), events, 256, -1);
        for (int i = 0; i < count; ++i) {
            Lane &lane = *static_cast<Lane *>(events[i].data.ptr);
            const ssize_t got = recv(lane.peer->socket.number(), room, sizeof room, 0);
            if (got <= 0) {
                fail("recv");
            }
            lane.got += static_cast<std::size_t>(got);
            if (lane.got < messageBytes) {
                continue;
            }
            lane.got = 0;
            if (--lane.left > 0) {
                sendMessage(*lane.peer);
            } else {
                --open;
            }
        }
    }
}

} // namespace

void runClient(int orders, int answers)
{
    const ContextPtr context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
    std::vector<Peer> peers;
    Order order;
    while (read(orders, &order, sizeof order) == static_cast<ssize_t>(sizeof order)) {
        switch (order.kind) {
        case Order::Kind::OpenPlain:
        case Order::Kind::OpenTls:
            for (std::uint32_t i = 0; i < order.count; ++i) {
                peers.push_back(open(order.port, order.kind == Order::Kind::OpenTls ? context.get() : nullptr));
            }
            break;
        case Order::Kind::CloseAll:
            peers.clear();
            break;
        case Order::Kind::Echo:
            echo(peers, order);
            break;
        case Order::Kind::Quit:
            return;
        }
        const char done = 1;
        if (write(answers, &done, 1) != 1) {
            return;
        }
    }
}

} // namespace godwit::net::bench
