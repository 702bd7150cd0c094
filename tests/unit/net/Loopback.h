// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What the tests of net share: a poller in the test's own event loop, a plain client socket, and a handler that writes
// down what it is told.
#pragma once

#include "base/Clock.h"
#include "net/Connection.h"
#include "net/Listener.h"
#include "net/Poller.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace godwit::net::test
{

/// A poller that runs in the event loop of the test.
class HerePoller
{
public:
    HerePoller();
    ~HerePoller();
    Poller *operator->() const { return m_poller.get(); }
    Poller &operator*() const { return *m_poller; }

private:
    base::SystemClock m_clock;
    std::unique_ptr<Poller> m_poller;
};

/// A non-blocking client socket to a listener on 127.0.0.1.
class Client
{
public:
    explicit Client(std::uint16_t port, int receiveBufferBytes = 0);
    /// Sends all it can; returns how much.
    std::size_t send(std::string_view bytes);
    /// Takes what has arrived; sets ended() at the end of the stream or when it broke.
    const std::string &received();
    bool ended() const { return m_ended; }
    bool wasReset() const { return m_reset; }
    void clear() { m_received.clear(); }
    void shutdownWriting();
    void close() { m_socket.close(); }
    /// Closes so that the peer gets a reset.
    void reset();
    /// Bytes that the server's system has not acknowledged.
    int unacknowledged() const;
    int descriptor() const { return m_socket.number(); }

private:
    Descriptor m_socket;
    std::string m_received;
    bool m_ended = false;
    bool m_reset = false;
};

/// Writes down what a connection tells; hooks let a test act inside the calls.
class Recorder final : public ConnectionHandler
{
public:
    void onBytes(std::string_view bytes) override;
    void onClosed(base::Error reason) override;
    void onTlsReady(const TlsInfo &info) override;
    void onOutputDrained() override;
    void onOutputFull(std::size_t pendingBytes) override;

    std::string bytes;
    int calls = 0;
    std::optional<base::Error> closed;
    int closedCalls = 0;
    std::optional<TlsInfo> tls;
    int drained = 0;
    int full = 0;
    std::size_t fullBytes = 0;
    std::function<void(std::string_view)> inBytes;
    std::function<void()> inClosed;
    std::function<void()> inTlsReady;
    std::function<void()> inFull;
};

/// A listener on a free loopback port whose connections wait in `sockets`.
class Acceptor final : public ListenerHandler
{
public:
    explicit Acceptor(Poller &poller, SocketOptions options = {});
    bool admit(const SocketAddress &peer) override;
    void onAccepted(Descriptor socket, const SocketAddress &peer) override;
    std::uint16_t port() const { return m_listener->address().port(); }
    Listener &listener() { return *m_listener; }

    struct Accepted {
        Descriptor socket;
        SocketAddress peer;
    };
    std::vector<Accepted> sockets;
    bool admits = true;
    int refused = 0;

private:
    std::unique_ptr<Listener> m_listener;
};

/// A connected pair: a client, and the server's connection with a recorder, attached to the poller.
struct Pair {
    explicit Pair(Poller &poller, int clientReceiveBufferBytes = 0);

    Recorder recorder;
    std::unique_ptr<Client> client;
    std::unique_ptr<Connection> server;
};

} // namespace godwit::net::test
