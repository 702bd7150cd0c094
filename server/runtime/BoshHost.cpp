// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "runtime/BoshHost.h"

#include "base/Log.h"
#include "base/Number.h"
#include "runtime/HttpFront.h"
#include "runtime/ShardThread.h"

#include <algorithm>
#include <utility>

namespace godwit::runtime
{

namespace
{

constexpr std::size_t sidBytes = 18;

} // namespace

BoshHost::BoshHost(ShardThread &thread)
    : m_thread(thread)
{
}

BoshHost::~BoshHost() = default;

const bosh::BindingLimits &BoshHost::limits() const noexcept
{
    return m_thread.options().bosh;
}

std::uint64_t BoshHost::enter(HttpFront &front)
{
    m_fronts.emplace(++m_lastFront, &front);
    return m_lastFront;
}

void BoshHost::leave(std::uint64_t connection)
{
    m_fronts.erase(connection);
}

void BoshHost::answer(const bosh::Ticket &ticket, bosh::Reply &&reply)
{
    if (ticket.shard != m_thread.self()) {
        ShardThread &to = m_thread.sibling(static_cast<ledger::ShardIndex>(ticket.shard));
        to.post([&to, ticket, words = std::move(reply)]() mutable { to.bosh().answer(ticket, std::move(words)); });
        return;
    }
    // Its connection may be gone: the client asks again with the same rid.
    if (const auto found = m_fronts.find(ticket.connection); found != m_fronts.end()) {
        found->second->answerBosh(http::ExchangeId(ticket.exchange), std::move(reply));
    }
}

void BoshHost::serve(std::string_view text, const bosh::Ticket &ticket, const Origin &origin)
{
    shard::Shard &shard = m_thread.shard();
    base::Result<bosh::Body> body = bosh::parseBody(text, shard.parsers(), *shard.limits());
    if (!body) {
        answer(ticket, {bosh::terminateBody("bad-request"), {}});
    } else if (body->sid.empty()) {
        create(std::move(*body), ticket, origin);
    } else {
        route(std::move(*body), ticket);
    }
}

void BoshHost::create(bosh::Body &&body, const bosh::Ticket &ticket, const Origin &origin)
{
    // A session counts like a connection: one connection could begin any number of them.
    if (!m_thread.gate().enter(origin.address)) {
        answer(ticket, {bosh::terminateBody("policy-violation"), {}});
        return;
    }
    std::string sid = std::to_string(m_thread.self()) + '-' + m_thread.shard().random().token(sidBytes);
    auto peer = std::make_unique<BoshPeer>(*this, sid, origin.address, origin.tls);
    BoshPeer &begun = *peer;
    m_peers.emplace(std::move(sid), std::move(peer));
    begun.begin(std::move(body), ticket);
}

std::optional<ledger::ShardIndex> BoshHost::originOf(std::string_view sid) const
{
    const auto shard = base::readNumber<std::uint32_t>(sid.substr(0, sid.find('-')));
    if (!shard || *shard >= m_thread.siblings()) {
        return std::nullopt;
    }
    return static_cast<ledger::ShardIndex>(*shard);
}

void BoshHost::handOver(ledger::ShardIndex shard, bosh::Body &&body, const bosh::Ticket &ticket)
{
    ShardThread &to = m_thread.sibling(shard);
    to.post([&to, request = std::move(body), ticket]() mutable {
        if (to.built()) {
            to.bosh().route(std::move(request), ticket);
        }
    });
}

void BoshHost::route(bosh::Body &&body, const bosh::Ticket &ticket)
{
    if (const auto here = m_peers.find(body.sid); here != m_peers.end()) {
        here->second->request(std::move(body), ticket);
        return;
    }
    const std::optional<ledger::ShardIndex> origin = originOf(body.sid);
    const auto elsewhere = m_elsewhere.find(body.sid);
    if (elsewhere != m_elsewhere.end()) {
        handOver(elsewhere->second, std::move(body), ticket);
    } else if (origin && *origin != m_thread.self() && ticket.shard == m_thread.self()) {
        handOver(*origin, std::move(body), ticket);
    } else {
        answer(ticket, {bosh::terminateBody("item-not-found"), {}});
    }
}

void BoshHost::wantAdvance(BoshPeer &peer)
{
    if (!peer.queued) {
        peer.queued = true;
        m_queue.push_back(peer.sid());
        m_thread.poller().requestTurn();
    }
}

void BoshHost::moveAtTurnEnd(BoshPeer &peer, ledger::ShardIndex shard)
{
    m_moves.push_back(Move{&peer, shard});
    m_thread.poller().requestTurn();
}

void BoshHost::endTurn()
{
    movePeers();
    // What is asked for meanwhile, by streams that write, is done at the end of the next turn.
    const std::vector<std::string> queue = std::exchange(m_queue, {});
    for (const std::string &sid : queue) {
        const auto found = m_peers.find(sid);
        if (found == m_peers.end()) {
            continue;
        }
        found->second->queued = false;
        if (!found->second->advance()) {
            remove(*found->second);
        }
    }
}

void BoshHost::movePeers()
{
    const std::vector<Move> moves = std::exchange(m_moves, {});
    for (const Move &move : moves) {
        const auto found = m_peers.find(move.peer->sid());
        std::unique_ptr<BoshPeer> peer = std::move(found->second);
        m_elsewhere.emplace(found->first, move.to);
        m_peers.erase(found);
        peer->leave();
        peer->queued = false;
        ShardThread &to = m_thread.sibling(move.to);
        to.post([&to, moved = std::move(peer)]() mutable {
            if (to.built()) {
                to.bosh().take(std::move(moved));
            }
        });
    }
}

void BoshHost::take(std::unique_ptr<BoshPeer> peer)
{
    BoshPeer &arrived = *peer;
    m_peers.emplace(arrived.sid(), std::move(peer));
    arrived.join(*this);
}

void BoshHost::remove(BoshPeer &peer)
{
    m_thread.gate().leave(peer.address(), peer.progress());
    peer.leave();
    const std::string sid = peer.sid();
    const std::optional<ledger::ShardIndex> origin = originOf(sid);
    if (origin && *origin != m_thread.self()) {
        ShardThread &to = m_thread.sibling(*origin);
        to.post([&to, sid] { to.bosh().m_elsewhere.erase(sid); });
    }
    std::erase_if(m_moves, [&](const Move &move) { return move.peer == &peer; });
    m_peers.erase(sid);
}

void BoshHost::stopReading()
{
    for (const auto &[sid, peer] : m_peers) {
        peer->stopReading();
    }
}

void BoshHost::abortNegotiations()
{
    for (const auto &[sid, peer] : m_peers) {
        peer->abortNegotiation();
    }
}

void BoshHost::clear()
{
    m_moves.clear();
    m_queue.clear();
    for (const auto &[sid, peer] : m_peers) {
        m_thread.gate().leave(peer->address(), peer->progress());
        peer->leave();
    }
    m_peers.clear();
}

} // namespace godwit::runtime
