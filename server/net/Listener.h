// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "net/Descriptor.h"
#include "net/EventHandler.h"
#include "net/SocketAddress.h"
#include "net/Timers.h"

#include <chrono>
#include <cstdint>
#include <memory>

namespace godwit::net
{

class Poller;

/// Decides on and gets the connections of a listener, on its poller's thread.
class ListenerHandler
{
public:
    /// False closes the connection at once: limits per address, a server that stops.
    virtual bool admit(const SocketAddress &peer) = 0;
    virtual void onAccepted(Descriptor socket, const SocketAddress &peer) = 0;

protected:
    ~ListenerHandler() = default;
};

/// Options of accepted sockets; set on the listening socket, from which the system inherits them.
struct SocketOptions {
    bool noDelay = true;
    /// The system probes a peer that was silent for so long, and gives it up after three more silent intervals. 0:
    /// never.
    std::chrono::seconds keepAliveIdle{300};
    std::chrono::seconds keepAliveInterval{30};
    /// Output that is not acknowledged for so long breaks the connection (TCP_USER_TIMEOUT). 0: the system's default.
    std::chrono::milliseconds userTimeout{0};
    /// What the system takes from a peer that is not read (SO_RCVBUF). 0: as much as the system likes, megabytes.
    int receiveBytes = 0;
    int backlog = 4096;
};

/// A listening TCP socket. Several may listen on the same address, one on each thread: the system spreads connections
/// over them (SO_REUSEPORT).
class Listener final : private EventHandler
{
public:
    /// Whether somebody listens there already, be it a socket that lets others of its user share the address: listen()
    /// would join it and get some of its connections.
    static bool isTaken(const SocketAddress &address);
    /// Listens on `address`; port 0 takes a free one, see address(). "::" takes IPv4 too, and falls back to IPv4 alone
    /// on a machine without IPv6. Fails with Conflict when the address is in use, else Unavailable.
    static base::Result<std::unique_ptr<Listener>> listen(Poller &poller, const SocketAddress &address,
                                                          const SocketOptions &options, ListenerHandler &handler);
    ~Listener();

    /// Where it really listens.
    const SocketAddress &address() const noexcept { return m_address; }
    /// Connections that were closed because the process had no descriptor left for them.
    std::uint64_t refusedForDescriptors() const noexcept { return m_refused; }

private:
    Listener(Poller &poller, ListenerHandler &handler);
    void onReady(Readiness readiness) override;
    bool acceptOne();
    void onNoDescriptor();
    void pause();

    Poller &m_poller;
    ListenerHandler &m_handler;
    SocketAddress m_address;
    Descriptor m_socket;
    Descriptor m_reserve; ///< given up for a moment to take and close a connection when there are no others
    TimerId m_pause;
    base::Instant m_lastWarning;
    bool m_warned = false;
    std::uint64_t m_refused = 0;
};

} // namespace godwit::net
