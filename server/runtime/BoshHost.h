// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The BOSH sessions of a shard. A request may come in on any connection, on any shard: its sid names the shard where
// the session began, which knows where it is now. Answers go back to the shard that has the connection.
#pragma once

#include "bosh/Binding.h"
#include "ledger/LogStore.h"
#include "net/SocketAddress.h"
#include "runtime/BoshPeer.h"
#include "stream/NegotiationHost.h"

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace godwit::runtime
{

class HttpFront;
class ShardThread;

class BoshHost
{
public:
    explicit BoshHost(ShardThread &thread);
    ~BoshHost();

    /// A request that came in on a connection of this shard.
    struct Origin {
        net::SocketAddress address;
        std::optional<stream::TlsInfo> tls;
    };
    void serve(std::string_view text, const bosh::Ticket &ticket, const Origin &origin);
    /// Connections that wait for answers, by a number that is never used again.
    std::uint64_t enter(HttpFront &front);
    void leave(std::uint64_t connection);
    void answer(const bosh::Ticket &ticket, bosh::Reply &&reply);

    void wantAdvance(BoshPeer &peer);
    void moveAtTurnEnd(BoshPeer &peer, ledger::ShardIndex shard);
    void endTurn();
    void stopReading();
    void abortNegotiations();
    /// Ends all sessions without a word; the shard goes.
    void clear();

    ShardThread &thread() noexcept { return m_thread; }
    const bosh::BindingLimits &limits() const noexcept;

private:
    struct Move {
        BoshPeer *peer;
        ledger::ShardIndex to;
    };
    void create(bosh::Body &&body, const bosh::Ticket &ticket, const Origin &origin);
    void route(bosh::Body &&body, const bosh::Ticket &ticket);
    void handOver(ledger::ShardIndex shard, bosh::Body &&body, const bosh::Ticket &ticket);
    void take(std::unique_ptr<BoshPeer> peer);
    void movePeers();
    void remove(BoshPeer &peer);
    std::optional<ledger::ShardIndex> originOf(std::string_view sid) const;

    ShardThread &m_thread;
    std::unordered_map<std::string, std::unique_ptr<BoshPeer>> m_peers;
    std::unordered_map<std::string, ledger::ShardIndex> m_elsewhere; ///< sessions that began here
    std::unordered_map<std::uint64_t, HttpFront *> m_fronts;
    std::uint64_t m_lastFront = 0;
    std::vector<std::string> m_queue; ///< sids of peers to be advanced
    std::vector<Move> m_moves;
};

} // namespace godwit::runtime
