// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// One shard's router over a store in memory, with sessions whose wire only writes down what it is told.
#pragma once

#include "ReadGate.h"
#include "router/Router.h"
#include "store/memory/MemoryEngine.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace godwit::test
{

class RouterStage;

/// A client with a session; it acknowledges (XEP-0198) when it is told to.
class Peer final : public session::SessionOutput
{
public:
    explicit Peer(RouterStage &stage)
        : m_stage(stage)
    {
    }

    /// One stanza or one element of XEP-0198, and the end of the turn.
    void send(const std::string &element);
    /// Everything that came is acknowledged.
    void acknowledge();
    /// The count that the server says now that it has handled, by what was sent since <enable/>.
    std::uint32_t handled();
    /// How often something with this in it came.
    std::size_t count(std::string_view part) const;
    /// The place of what came first with this in it; as many as came when nothing did.
    std::size_t place(std::string_view part) const;

    // session::SessionOutput
    void stanza(std::string_view bytes) override;
    void nonza(std::string_view bytes) override { written.emplace_back(bytes); }
    std::string &beginStanza() override { return m_row; }
    void endStanza() override;
    void end(session::EndReason) override { ended = true; }
    std::size_t unacknowledgedBytes() const override { return 0; }
    std::size_t waitingBytes() const override { return 0; }
    void pauseReading() override { paused = true; }
    void resumeReading() override { paused = false; }

    session::Session *session = nullptr;
    std::vector<std::string> written;
    std::uint32_t stanzas = 0; ///< since <enabled/>
    bool paused = false;
    bool ended = false;

private:
    RouterStage &m_stage;
    std::string m_row;
};

class RouterStage final : private store::Executor, private ledger::LogSink, private router::ShardLink
{
public:
    explicit RouterStage(std::uint64_t pendingMessagesMax = 0, std::size_t idleAccountsMax = 4'096);
    ~RouterStage() override;

    /// Binds `user@example.org/resource` with XEP-0198; once announced it takes messages.
    enum class Announced { Yes, No };
    Peer &login(const std::string &user, const std::string &resource, Announced announced = Announced::Yes);
    /// Everything that was asked of the store is answered.
    void settle();
    /// One answer of the store, and the end of the turn.
    void step();
    std::size_t answersWaiting() const { return m_tasks.size(); }
    void endTurn();
    void advance(base::Duration time);
    void setDiskFull(bool full) { m_engine.setFull(full); }
    std::uint64_t rows() const { return m_gate->lastCommitted().value; }

    ReadGate &reads() { return *m_gate; }
    router::Router &router() { return *m_router; }

private:
    // store::Executor
    void post(store::Task task) override { m_tasks.push_back(std::move(task)); }
    // ledger::LogSink
    void onCommitted(std::span<const ledger::Committed> batch) override { m_router->onCommitted(batch); }
    void onNotCommitted(std::span<const ledger::NotCommitted> batch) override { m_router->onNotCommitted(batch); }
    // router::ShardLink
    ledger::ShardIndex self() const override { return 0; }
    ledger::ShardIndex homeOf(std::string_view) const override { return 0; }
    void post(ledger::ShardIndex, router::Envelope &&) override {}

    base::ManualClock m_clock;
    base::SeededRandom m_random{7};
    std::deque<store::Task> m_tasks;
    store::MemoryEngine m_engine;
    std::unique_ptr<ReadGate> m_gate;
    std::unique_ptr<accounts::AccountStore> m_accounts;
    std::unique_ptr<ledger::StanzaIds> m_ids;
    std::unique_ptr<router::Router> m_router;
    std::vector<std::unique_ptr<Peer>> m_peers;
};

} // namespace godwit::test
