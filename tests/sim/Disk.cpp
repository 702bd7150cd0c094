// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Disk.h"

#include <algorithm>

namespace godwit::sim
{

namespace
{

constexpr std::size_t shardsMax = 8;
constexpr std::size_t batchRowsMax = 16;

bool covers(const ledger::Proof &proof, const ledger::LogRow &row)
{
    return row.recipient == proof.account && proof.low <= row.seq && row.seq <= proof.high;
}

} // namespace

const Disk::Row *Disk::find(ledger::Seq seq) const
{
    const std::uint64_t index = seq.value - incarnation - 1;
    return index < m_rows.size() ? &m_rows[index] : nullptr;
}

void Disk::append(ledger::ShardIndex shard, ledger::Append &&row)
{
    m_queue.push_back(Item{shard, std::move(row)});
    work();
}

void Disk::work()
{
    if (m_busy || m_queue.empty()) {
        return;
    }
    m_busy = true;
    const Duration longest = m_stage.faults ? m_stage.options.commitMax : std::chrono::milliseconds(2);
    m_stage.timeline.after(m_stage.delay(Duration(100), longest), [this, epoch = m_epoch] {
        if (epoch == m_epoch) {
            finish();
        }
    });
    // An idle disk commits at once, a busy one gathers.
    const std::size_t count = std::min(m_queue.size(), batchRowsMax);
    for (std::size_t i = 0; i < count; ++i) {
        m_batch.push_back(std::move(m_queue.front()));
        m_queue.pop_front();
    }
}

void Disk::makeDurable(Item &item, std::vector<std::vector<ledger::Committed>> &answers)
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
    answers[item.shard].push_back({item.row.ticket, row.row.seq, row.row.time});
    if (item.row.observer != ledger::noShard && item.row.observer != item.shard) {
        answers[item.row.observer].push_back({item.row.observerTicket, row.row.seq, row.row.time});
    }
    m_watcher->onDurable(m_rows.back().row);
}

void Disk::finish()
{
    std::vector<std::vector<ledger::Committed>> committed(shardsMax);
    std::vector<std::vector<ledger::NotCommitted>> refused(shardsMax);
    const unsigned percent = m_stage.faults ? m_stage.options.refusePercent : 0;
    const bool full = m_stage.chance(percent / 2);
    for (Item &item : m_batch) {
        if (!full && !m_stage.chance(percent / 2)) {
            makeDurable(item, committed);
            continue;
        }
        const base::Error error = full ? base::Error(base::ErrorCode::ResourceFull, "the disk is full")
                                       : base::Error(base::ErrorCode::InvalidInput, "the database refused the row");
        m_watcher->onRefused(item.row);
        refused[item.shard].push_back({item.row.ticket, error});
        if (item.row.observer != ledger::noShard && item.row.observer != item.shard) {
            refused[item.row.observer].push_back({item.row.observerTicket, error});
        }
    }
    m_batch.clear();
    m_durableProofs = m_proofs.size();
    for (std::size_t shard = 0; shard < shardsMax; ++shard) {
        if (!committed[shard].empty() || !refused[shard].empty()) {
            m_client->answer(static_cast<ledger::ShardIndex>(shard), std::move(committed[shard]),
                             std::move(refused[shard]));
        }
    }
    m_busy = false;
    work();
}

void Disk::prove(ledger::Proof &&proof)
{
    proof.high = std::min(proof.high, last());
    m_watcher->onProof(proof);
    apply(proof);
    m_proofs.push_back(std::move(proof));
}

void Disk::apply(const ledger::Proof &proof)
{
    for (Row &row : m_rows) {
        if (covers(proof, row.row)) {
            row.pending = false;
        }
    }
}

void Disk::crash()
{
    ++m_epoch;
    std::vector<std::vector<ledger::Committed>> nobody(shardsMax);
    if (m_busy && m_stage.chance(50)) {
        // The transaction was through, and nobody was told.
        for (Item &item : m_batch) {
            makeDurable(item, nobody);
        }
        m_stage.report.note("the crash came after a commit and before its answer");
    }
    m_batch.clear();
    m_queue.clear();
    m_busy = false;
    const std::size_t kept = m_stage.between(m_durableProofs, m_proofs.size());
    for (std::size_t i = kept; i < m_proofs.size(); ++i) {
        m_watcher->onProofLost(m_proofs[i]);
    }
    m_proofs.resize(kept);
    m_durableProofs = kept;
    for (Row &row : m_rows) {
        row.pending = ledger::has(row.row.flags, ledger::RowFlag::Pending);
    }
    for (const ledger::Proof &proof : m_proofs) {
        apply(proof);
    }
}

} // namespace godwit::sim
