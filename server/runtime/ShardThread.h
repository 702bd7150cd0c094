// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A shard on a thread: the loop, the listeners, the sockets of its streams, and the mail to and from other shards.
#pragma once

#include "crypto/HashingPool.h"
#include "net/Listener.h"
#include "net/Poller.h"
#include "net/TlsContext.h"
#include "runtime/AddressGate.h"
#include "runtime/BoshHost.h"
#include "runtime/ClientPeer.h"
#include "runtime/MemoryBudget.h"
#include "shard/Shard.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

class QThread;

namespace godwit::runtime
{

/// What all shards of a process have in common.
struct ShardOptions {
    base::Duration handshakeTime = std::chrono::seconds(30);
    base::Duration closeTime = std::chrono::seconds(5); ///< for a peer to read what we said before we closed
    net::SocketOptions sockets;
    bosh::BindingLimits bosh;
};

class ShardThread final : public router::ShardLink, public shard::PasswordHasher
{
public:
    /// `all` holds every shard of the process at its index once all are made; it outlives them.
    ShardThread(ledger::ShardIndex index, const std::vector<std::unique_ptr<ShardThread>> &all,
                const ShardOptions &options, const base::Clock &clock, crypto::HashingPool &hashing, AddressGate &gate,
                MemoryBudget &budget);
    ~ShardThread() override;

    /// Begins the thread with its loop; returns when it runs. Unavailable when the process has no descriptors left.
    base::Result<base::Ok> start();
    /// Ends the loop and joins the thread. Nothing of the shard is left afterwards but this object.
    void stop();
    bool running() const noexcept { return m_thread != nullptr; }
    /// Runs `task` on the shard's thread. Any thread.
    void post(net::Task task);
    /// Runs `task` on the shard's thread and waits for it. Not from a shard's thread.
    void run(const std::function<void()> &task);

    // The rest on the shard's own thread only.
    void build(std::unique_ptr<shard::Shard> shard);
    void destroy();
    base::Result<net::SocketAddress> listen(const net::SocketAddress &address, ClientPeer::Opening opening);
    void stopListening();
    /// Nothing more comes in (shutdown).
    void pauseReading();
    void setTls(std::shared_ptr<const net::TlsContext> tls) { m_tls = std::move(tls); }
    const std::shared_ptr<const net::TlsContext> &tls() const noexcept { return m_tls; }
    /// Of connections that begin from now on. Before build().
    void setHttp(std::shared_ptr<const HttpOptions> http) { m_http = std::move(http); }
    const std::shared_ptr<const HttpOptions> &http() const noexcept { return m_http; }
    net::Poller &poller() noexcept { return *m_poller; }
    shard::Shard &shard() noexcept { return *m_shard; }
    bool built() const noexcept { return m_shard != nullptr; }
    const ShardOptions &options() const noexcept { return m_options; }
    AddressGate &gate() noexcept { return m_gate; }
    BoshHost &bosh() noexcept { return m_bosh; }
    ShardThread &sibling(ledger::ShardIndex shard) noexcept { return *m_all[shard]; }
    std::size_t siblings() const noexcept { return m_all.size(); }
    std::size_t peerCount() const noexcept { return m_peers.size(); }
    /// Streams that are not bound yet are told that the server stops.
    void abortNegotiations();
    /// HTTP connections end, each behind the answers that it waits for.
    void endHttp();

    void moveAtTurnEnd(ClientPeer &peer, ledger::ShardIndex shard);
    void remove(ClientPeer &peer);

    // router::ShardLink
    ledger::ShardIndex self() const override { return m_index; }
    ledger::ShardIndex homeOf(std::string_view bareJid) const override;
    void post(ledger::ShardIndex shard, router::Envelope &&envelope) override;

    // shard::PasswordHasher
    void derive(stream::HashingRequest request, std::function<void(base::Result<accounts::ScramKeys>)> done) override;

private:
    class Acceptor; // NOLINT(cppcoreguidelines-virtual-class-destructor): owned as itself, and final
    struct Move {
        ClientPeer *peer;
        ledger::ShardIndex to;
    };

    void loop(std::function<void(base::Result<base::Ok>)> started);
    void accept(net::Descriptor socket, const net::SocketAddress &address, ClientPeer::Opening opening);
    void keep(std::unique_ptr<ClientPeer> peer);
    std::unique_ptr<ClientPeer> take(ClientPeer &peer);
    void endTurn();
    void sendMail();
    void moveStreams();
    void armWake();
    void measure();

    ledger::ShardIndex m_index;
    const std::vector<std::unique_ptr<ShardThread>> &m_all;
    const ShardOptions &m_options;
    const base::Clock &m_clock;
    crypto::HashingPool &m_hashing;
    AddressGate &m_gate;
    MemoryBudget &m_budget;
    std::atomic<bool> m_ended{false};  ///< the thread touches nothing any more
    std::unique_ptr<QThread> m_thread; ///< Qt's, because its event loop runs in no other
    std::unique_ptr<net::Poller> m_poller;
    std::unique_ptr<shard::Shard> m_shard;
    std::shared_ptr<const net::TlsContext> m_tls;
    std::shared_ptr<const HttpOptions> m_http;
    std::vector<std::unique_ptr<Acceptor>> m_acceptors;
    BoshHost m_bosh{*this}; ///< outlives the sockets, which leave it
    std::vector<std::unique_ptr<ClientPeer>> m_peers;
    std::vector<std::unique_ptr<ClientPeer>> m_removed; ///< closed in this turn
    std::vector<Move> m_moves;
    std::vector<std::vector<router::Envelope>> m_mail; ///< for each shard, sent at the end of the turn
    net::Poller::HookId m_hook;
    net::TimerId m_wake;
    base::Instant m_wakeAt{};
    net::TimerId m_measuring;
    base::Instant m_measureAt{};
};

} // namespace godwit::runtime
