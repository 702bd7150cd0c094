// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "runtime/ShardThread.h"

#include "base/Log.h"
#include "ring/SlotHash.h"

#include <QThread>

#include <future>

namespace godwit::runtime
{

namespace
{

constexpr base::Duration measureInterval = std::chrono::milliseconds(500);

std::string_view pressureWords(router::Router::Pressure pressure)
{
    switch (pressure) {
    case router::Router::Pressure::None:
        return "the memory budget suffices again";
    case router::Router::Pressure::NoLogins:
        return "above the memory budget: new sessions are refused";
    case router::Router::Pressure::NoReading:
        return "far above the memory budget: nothing more is read";
    }
    return {};
}

} // namespace

class ShardThread::Acceptor final : public net::ListenerHandler
{
public:
    Acceptor(ShardThread &thread, ClientPeer::Opening opening)
        : m_thread(thread)
        , m_opening(opening)
    {
    }

    base::Result<net::SocketAddress> listen(const net::SocketAddress &address)
    {
        auto listener = net::Listener::listen(m_thread.poller(), address, m_thread.m_options.sockets, *this);
        if (!listener) {
            return listener.error();
        }
        m_listener = std::move(*listener);
        return m_listener->address();
    }

    bool admit(const net::SocketAddress &peer) override { return m_thread.m_gate.enter(peer); }
    void onAccepted(net::Descriptor socket, const net::SocketAddress &peer) override
    {
        m_thread.accept(std::move(socket), peer, m_opening);
    }

private:
    ShardThread &m_thread;
    ClientPeer::Opening m_opening;
    std::unique_ptr<net::Listener> m_listener;
};

ShardThread::ShardThread(ledger::ShardIndex index, const std::vector<std::unique_ptr<ShardThread>> &all,
                         const ShardOptions &options, const base::Clock &clock, crypto::HashingPool &hashing,
                         AddressGate &gate, MemoryBudget &budget)
    : m_index(index)
    , m_all(all)
    , m_options(options)
    , m_clock(clock)
    , m_hashing(hashing)
    , m_gate(gate)
    , m_budget(budget)
{
}

ShardThread::~ShardThread()
{
    GW_ASSERT(!m_thread);
}

base::Result<base::Ok> ShardThread::start()
{
    std::promise<base::Result<base::Ok>> started;
    std::future<base::Result<base::Ok>> result = started.get_future();
    m_thread.reset(
        QThread::create([this, &started] { loop([&](base::Result<base::Ok> how) { started.set_value(how); }); }));
    m_thread->start();
    base::Result<base::Ok> how = result.get();
    if (!how) {
        m_thread->wait();
        m_thread.reset();
    }
    return how;
}

void ShardThread::loop(std::function<void(base::Result<base::Ok>)> started)
{
    base::Result<std::unique_ptr<net::Poller>> poller = net::Poller::create(m_clock);
    if (!poller) {
        started(poller.error());
        return;
    }
    m_poller = std::move(*poller);
    m_hook = m_poller->addTurnEndHook([this] { endTurn(); });
    started(base::Ok{});
    m_poller->run();
    destroy();
    m_poller->removeTurnEndHook(m_hook);
    m_poller.reset();
    m_ended.store(true, std::memory_order_release);
}

void ShardThread::stop()
{
    if (m_thread) {
        m_poller->stop();
        m_thread->wait();
        // ThreadSanitizer does not see what Qt waits with.
        GW_ASSERT(m_ended.load(std::memory_order_acquire));
        m_thread.reset();
    }
}

void ShardThread::post(net::Task task)
{
    m_poller->mailbox().post(std::move(task));
}

void ShardThread::run(const std::function<void()> &task)
{
    std::promise<void> done;
    post([&] {
        task();
        done.set_value();
    });
    done.get_future().wait();
}

void ShardThread::build(std::unique_ptr<shard::Shard> shard)
{
    m_shard = std::move(shard);
    m_mail.resize(m_all.size());
}

void ShardThread::destroy()
{
    stopListening();
    m_moves.clear();
    // Streams first: they refer to the shard.
    for (const std::unique_ptr<ClientPeer> &peer : m_peers) {
        m_gate.leave(peer->address(), peer->progress());
    }
    m_peers.clear();
    m_removed.clear();
    m_bosh.clear();
    m_shard.reset();
}

base::Result<net::SocketAddress> ShardThread::listen(const net::SocketAddress &address, ClientPeer::Opening opening)
{
    auto acceptor = std::make_unique<Acceptor>(*this, opening);
    base::Result<net::SocketAddress> bound = acceptor->listen(address);
    if (bound.ok()) {
        m_acceptors.push_back(std::move(acceptor));
    }
    return bound;
}

void ShardThread::stopListening()
{
    m_acceptors.clear();
}

void ShardThread::pauseReading()
{
    for (const std::unique_ptr<ClientPeer> &peer : m_peers) {
        peer->stopReading();
    }
    m_bosh.stopReading();
}

void ShardThread::accept(net::Descriptor socket, const net::SocketAddress &address, ClientPeer::Opening opening)
{
    auto peer = std::make_unique<ClientPeer>(*this, std::move(socket), address);
    ClientPeer &accepted = *peer;
    keep(std::move(peer));
    if (!accepted.start(opening)) {
        remove(accepted);
    }
}

void ShardThread::keep(std::unique_ptr<ClientPeer> peer)
{
    peer->place = m_peers.size();
    m_peers.push_back(std::move(peer));
}

std::unique_ptr<ClientPeer> ShardThread::take(ClientPeer &peer)
{
    const std::size_t place = peer.place;
    GW_ASSERT(place < m_peers.size() && m_peers[place].get() == &peer);
    std::unique_ptr<ClientPeer> taken = std::move(m_peers[place]);
    if (place + 1 != m_peers.size()) {
        m_peers[place] = std::move(m_peers.back());
        m_peers[place]->place = place;
    }
    m_peers.pop_back();
    return taken;
}

void ShardThread::remove(ClientPeer &peer)
{
    m_gate.leave(peer.address(), peer.progress());
    std::erase_if(m_moves, [&](const Move &move) { return move.peer == &peer; });
    m_removed.push_back(take(peer));
    m_poller->requestTurn();
}

void ShardThread::abortNegotiations()
{
    for (const std::unique_ptr<ClientPeer> &peer : m_peers) {
        if (peer->stream() && !peer->stream()->bound()) {
            peer->stream()->abort(stream::StreamError{stream::StreamCondition::SystemShutdown, {}, {}, {}});
        }
    }
    m_bosh.abortNegotiations();
}

void ShardThread::endHttp()
{
    for (const std::unique_ptr<ClientPeer> &peer : m_peers) {
        peer->endHttp();
    }
}

void ShardThread::moveAtTurnEnd(ClientPeer &peer, ledger::ShardIndex shard)
{
    m_moves.push_back(Move{&peer, shard});
    m_poller->requestTurn();
}

ledger::ShardIndex ShardThread::homeOf(std::string_view bareJid) const
{
    return static_cast<ledger::ShardIndex>(
        ring::shardOf(ring::slotOf(bareJid), static_cast<std::uint32_t>(m_all.size())));
}

void ShardThread::post(ledger::ShardIndex shard, router::Envelope &&envelope)
{
    GW_ASSERT(shard < m_mail.size() && shard != m_index);
    m_mail[shard].push_back(std::move(envelope));
    m_poller->requestTurn();
}

void ShardThread::derive(stream::HashingRequest request, std::function<void(base::Result<accounts::ScramKeys>)> done)
{
    std::vector<crypto::ScramRecipe> recipes;
    recipes.push_back(std::move(request.recipe));
    m_hashing.derive(
        std::move(request.password), std::move(recipes),
        [this](std::function<void()> task) { post(net::Task(std::move(task))); },
        [done = std::move(done)](base::Result<crypto::HashingPool::Keys> keys) {
            if (!keys) {
                done(keys.error());
            } else {
                done(std::move(keys->front()));
            }
        });
}

void ShardThread::endTurn()
{
    if (!m_shard) {
        return;
    }
    // Reads what BOSH has; what the router then writes to it goes out at the end of the next turn.
    m_bosh.endTurn();
    m_shard->router().endTurn();
    moveStreams();
    sendMail();
    measure();
    armWake();
    m_removed.clear();
}

void ShardThread::sendMail()
{
    for (std::size_t shard = 0; shard < m_mail.size(); ++shard) {
        if (m_mail[shard].empty()) {
            continue;
        }
        ShardThread &to = *m_all[shard];
        to.post([&to, mail = std::move(m_mail[shard])]() mutable {
            for (router::Envelope &envelope : mail) {
                if (to.built()) {
                    to.shard().router().onEnvelope(std::move(envelope));
                }
            }
        });
        m_mail[shard].clear();
    }
}

void ShardThread::moveStreams()
{
    std::vector<Move> moves = std::move(m_moves);
    m_moves.clear();
    for (const Move &move : moves) {
        std::unique_ptr<ClientPeer> peer = take(*move.peer);
        peer->leave();
        ShardThread &to = *m_all[move.to];
        to.post([&to, moved = std::move(peer)]() mutable {
            ClientPeer &arrived = *moved;
            to.keep(std::move(moved));
            if (!to.built() || !arrived.join(to)) {
                to.remove(arrived);
            }
        });
    }
}

/// Sums up what the sessions hold, not more often than it is worth; while there is too much of it, also without
/// anything coming in, for then nothing may.
void ShardThread::measure()
{
    const base::Instant now = m_clock.now();
    if (now < m_measureAt) {
        return;
    }
    m_measureAt = now + measureInterval;
    m_poller->timers().cancel(m_measuring);
    m_measuring = {};
    router::Router &router = m_shard->router();
    const router::Router::Pressure before = router.pressure();
    router.setPressure(m_budget.report(m_index, router.load()));
    if (router.pressure() != before) {
        base::log(base::LogLevel::Warning, "runtime", pressureWords(router.pressure()), {{"shard", m_index}});
    }
    if (router.pressure() != router::Router::Pressure::None) {
        m_measuring = m_poller->timers().start(measureInterval, [this] {
            m_measureAt = base::Instant{};
            m_poller->requestTurn();
        });
    }
}

void ShardThread::armWake()
{
    const std::optional<base::Instant> next = m_shard->router().nextWake();
    if (!next || (m_wakeAt != base::Instant{} && m_wakeAt <= *next)) {
        return;
    }
    m_poller->timers().cancel(m_wake);
    m_wakeAt = *next;
    const base::Duration delay = std::max(base::Duration(0), *next - m_clock.now());
    m_wake = m_poller->timers().start(delay, [this] {
        m_wakeAt = base::Instant{};
        if (m_shard) {
            m_shard->router().tick();
        }
        m_poller->requestTurn();
    });
}

} // namespace godwit::runtime
