// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The disk of the simulated server: it outlives crashes, and knows what was durable when. Rows become durable a batch
// at a time, in the batches of the server's own Batcher; what a crash meets on its way is kept whole or not at all, and
// nobody is told. Proofs take effect at once and become durable with a later batch without anybody waiting
// (DELIVERY.md, "The store"), so a crash may lose some.
#pragma once

#include "Stage.h"
#include "ledger/LogStore.h"
#include "store/Batcher.h"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace godwit::sim
{

/// Sees what the disk holds at the moment it happens.
class DiskWatcher
{
public:
    virtual ~DiskWatcher() = default;
    virtual void onDurable(const ledger::LogRow &row) = 0;
    virtual void onRefused(const ledger::Append &row) = 0;
    virtual void onProof(const ledger::Proof &proof) = 0;
    virtual void onProofLost(const ledger::Proof &proof) = 0;
    /// What waited from somebody is durably dropped.
    virtual void onDropped(const ledger::LogRow &row) = 0;
};

/// Where answers go: the shards of the running server.
class DiskClient
{
public:
    virtual ~DiskClient() = default;
    virtual void answer(ledger::ShardIndex shard, std::vector<ledger::Committed> &&committed,
                        std::vector<ledger::NotCommitted> &&refused) = 0;
};

class Disk
{
public:
    struct Row {
        ledger::LogRow row;
        base::Hash128 key;
        bool pending = false;
    };

    explicit Disk(Stage &stage);
    void setWatcher(DiskWatcher *watcher) { m_watcher = watcher; }
    void setClient(DiskClient *client) { m_client = client; }

    void append(ledger::ShardIndex shard, ledger::Append &&row);
    void prove(ledger::Proof &&proof);
    /// In the order of appends; `done` is called when it is durable.
    void drop(const std::string &account, std::string peer, std::function<void()> done);
    /// The server died: what was under way is kept or lost.
    void crash();

    /// What accounts keep beside the log, by account, kind and key; a crash loses nothing of it.
    using Values = std::map<std::tuple<std::string, std::string, std::string>, std::string>;
    Values &values() noexcept { return m_values; }
    const std::vector<Row> &rows() const noexcept { return m_rows; }
    const Row *find(ledger::Seq seq) const;
    ledger::Seq last() const { return m_rows.empty() ? ledger::Seq(incarnation) : m_rows.back().row.seq; }
    bool idle() const { return m_waiting == 0 && !m_busy; }

private:
    static constexpr std::size_t shardsMax = 8;
    static constexpr std::uint64_t incarnation = std::uint64_t{1} << ledger::seqCounterBits;

    struct Answers {
        std::vector<ledger::Committed> committed;
        std::vector<ledger::NotCommitted> refused;
    };

    void push(store::LogItem &&item);
    void work();
    void finish();
    void makeDurable(store::AppendItem &item, std::array<Answers, shardsMax> &answers);
    void refuse(store::AppendItem &item, const base::Error &error, std::array<Answers, shardsMax> &answers);
    std::size_t shardOf(const store::ShardPort *port) const { return static_cast<std::size_t>(port - m_ports.data()); }
    std::unique_ptr<store::Batcher> makeBatcher() const;
    /// What takes rows out of those that are pending.
    struct Settled {
        ledger::Proof proof;
        std::string peer;           ///< whose messages are dropped; empty for a proof
        std::function<void()> done; ///< of a drop that is not durable
        bool covers(const ledger::LogRow &row) const;
    };
    void finishDrop(Settled &drop);
    void apply(const Settled &settled);

    Stage &m_stage;
    DiskWatcher *m_watcher = nullptr;
    DiskClient *m_client = nullptr;
    std::vector<Row> m_rows;
    std::array<store::ShardPort, shardsMax> m_ports; ///< known by their addresses only
    std::unique_ptr<store::Batcher> m_batcher;
    std::size_t m_waiting = 0;           ///< in the batcher
    std::vector<store::LogItem> m_batch; ///< being committed
    std::vector<Settled> m_proofs;
    std::size_t m_durableProofs = 0;
    Values m_values;
    base::WallTime m_lastTime{};
    std::uint64_t m_epoch = 0; ///< raised by a crash: the commit under way answers nobody
    bool m_busy = false;
};

} // namespace godwit::sim
