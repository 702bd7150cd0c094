// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Disk.h"

#include <algorithm>
#include <utility>

namespace godwit::sim
{

bool Disk::Settled::covers(const ledger::LogRow &row) const
{
    const bool inside = row.recipient == proof.account && proof.low <= row.seq && row.seq <= proof.high;
    return inside && (peer.empty() || row.sender == peer);
}

const Disk::Row *Disk::find(ledger::Seq seq) const
{
    const std::uint64_t index = seq.value - incarnation - 1;
    return index < m_rows.size() ? &m_rows[index] : nullptr;
}

Disk::Disk(Stage &stage)
    : m_stage(stage)
    , m_batcher(makeBatcher())
{
}

std::unique_ptr<store::Batcher> Disk::makeBatcher() const
{
    // It is asked only for what is there, so it never waits.
    return std::make_unique<store::Batcher>(
        store::BatchLimits{m_stage.options.batchRowsMax, m_stage.options.batchBytesMax, std::chrono::milliseconds(0)});
}

void Disk::append(ledger::ShardIndex shard, ledger::Append &&row)
{
    const bool observed = row.observer != ledger::noShard && row.observer != shard;
    store::ShardPort *observer = observed ? &m_ports[row.observer] : nullptr;
    push(store::AppendItem{&m_ports[shard], observer, std::move(row)});
}

void Disk::push(store::LogItem &&item)
{
    const bool taken = m_batcher->push(std::move(item));
    GW_ASSERT(taken);
    ++m_waiting;
    work();
}

void Disk::work()
{
    if (m_busy || m_waiting == 0) {
        return;
    }
    m_busy = true;
    const Duration longest = m_stage.faults ? m_stage.options.commitMax : std::chrono::milliseconds(2);
    m_stage.timeline.after(m_stage.delay(Duration(100), longest), [this, epoch = m_epoch] {
        if (epoch == m_epoch) {
            finish();
        }
    });
    const bool taken = m_batcher->take(m_batch);
    GW_ASSERT(taken && m_batch.size() <= m_waiting);
    m_waiting -= m_batch.size();
}

void Disk::makeDurable(store::AppendItem &item, std::array<Answers, shardsMax> &answers)
{
    m_lastTime = std::max(m_lastTime, m_stage.timeline.clock().wall());
    Row row;
    row.row.seq = ledger::Seq(incarnation + m_rows.size() + 1);
    row.row.time = m_lastTime;
    row.row.flags = item.row.flags;
    row.row.sender = item.row.sender;
    row.row.recipient = item.row.recipient;
    row.row.stanza = item.row.stanza;
    row.key = item.row.key;
    row.pending = ledger::has(row.row.flags, ledger::RowFlag::Pending);
    m_rows.push_back(row);
    answers[shardOf(item.port)].committed.push_back({item.row.ticket, row.row.seq, row.row.time});
    if (item.observer) {
        m_stage.saw(Event::StoredAcrossShards);
        answers[shardOf(item.observer)].committed.push_back({item.row.observerTicket, row.row.seq, row.row.time});
    }
    m_watcher->onDurable(m_rows.back().row);
}

void Disk::refuse(store::AppendItem &item, const base::Error &error, std::array<Answers, shardsMax> &answers)
{
    m_watcher->onRefused(item.row);
    answers[shardOf(item.port)].refused.push_back({item.row.ticket, error});
    if (item.observer) {
        answers[shardOf(item.observer)].refused.push_back({item.row.observerTicket, error});
    }
}

void Disk::finish()
{
    std::array<Answers, shardsMax> answers;
    const unsigned percent = m_stage.faults ? m_stage.options.refusePercent : 0;
    const bool full = m_stage.chance(percent / 2);
    for (store::LogItem &item : m_batch) {
        auto *append = std::get_if<store::AppendItem>(&item);
        if (!append) {
            m_durableProofs = std::get<std::unique_ptr<store::JournalItem>>(item)->token;
            finishDrop(m_proofs[m_durableProofs - 1]);
        } else if (full) {
            m_stage.saw(Event::BatchRefused);
            refuse(*append, base::Error(base::ErrorCode::ResourceFull, "the disk is full"), answers);
        } else if (m_stage.chance(percent / 2) && !ledger::has(append->row.flags, ledger::RowFlag::Event)) {
            // Of an error nobody could be told that it was refused for good.
            m_stage.saw(Event::RowRefused);
            refuse(*append, base::Error(base::ErrorCode::InvalidInput, "the database refused the row"), answers);
        } else {
            makeDurable(*append, answers);
        }
    }
    m_batch.clear();
    for (std::size_t shard = 0; shard < shardsMax; ++shard) {
        if (!answers[shard].committed.empty() || !answers[shard].refused.empty()) {
            m_client->answer(static_cast<ledger::ShardIndex>(shard), std::move(answers[shard].committed),
                             std::move(answers[shard].refused));
        }
    }
    m_busy = false;
    work();
}

void Disk::prove(ledger::Proof &&proof)
{
    proof.high = std::min(proof.high, last());
    m_watcher->onProof(proof);
    m_proofs.push_back({std::move(proof), {}, {}});
    apply(m_proofs.back());
    auto item = std::make_unique<store::JournalItem>();
    item->token = m_proofs.size();
    push(std::move(item));
}

void Disk::drop(const std::string &account, std::string peer, std::function<void()> done)
{
    m_proofs.push_back({{account, {}, {}, {}}, std::move(peer), std::move(done)});
    auto item = std::make_unique<store::JournalItem>();
    item->token = m_proofs.size();
    push(std::move(item));
}

void Disk::finishDrop(Settled &drop)
{
    if (drop.peer.empty()) {
        return;
    }
    drop.proof.high = last();
    for (const Row &row : m_rows) {
        if (drop.covers(row.row)) {
            m_stage.saw(Event::PendingDropped, row.pending ? 1 : 0);
            m_watcher->onDropped(row.row);
        }
    }
    apply(drop);
    const std::function<void()> done = std::exchange(drop.done, {});
    done();
}

void Disk::apply(const Settled &settled)
{
    for (Row &row : m_rows) {
        if (settled.covers(row.row)) {
            row.pending = false;
        }
    }
}

void Disk::crash()
{
    ++m_epoch;
    if (m_busy && m_stage.chance(50)) {
        // The transaction was through, and nobody was told.
        std::array<Answers, shardsMax> nobody;
        for (store::LogItem &item : m_batch) {
            if (auto *append = std::get_if<store::AppendItem>(&item)) {
                m_stage.saw(Event::CommittedUntold);
                makeDurable(*append, nobody);
            }
        }
        m_batch.clear();
        m_stage.report.note("the crash came after a commit and before its answer");
    }
    m_stage.saw(Event::UnsyncedForgotten, m_batch.size() + m_waiting);
    m_batch.clear();
    m_batcher = makeBatcher();
    m_waiting = 0;
    m_busy = false;
    const std::size_t kept = m_stage.between(m_durableProofs, m_proofs.size());
    for (std::size_t i = kept; i < m_proofs.size(); ++i) {
        if (m_proofs[i].peer.empty()) {
            m_stage.saw(Event::ProofLost);
            m_watcher->onProofLost(m_proofs[i].proof);
        }
    }
    m_proofs.resize(kept);
    m_durableProofs = kept;
    for (Row &row : m_rows) {
        row.pending = ledger::has(row.row.flags, ledger::RowFlag::Pending);
    }
    for (const Settled &settled : m_proofs) {
        apply(settled);
    }
}

} // namespace godwit::sim
