// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/LogTail.h"

#include <algorithm>

namespace godwit::store
{

namespace
{

bool before(const TailEntry &entry, ledger::Seq seq)
{
    return entry.entry.seq < seq;
}

} // namespace

std::vector<TailEntry>::iterator TailAccount::lowerBound(ledger::Seq seq)
{
    return std::lower_bound(entries.begin(), entries.end(), seq, before);
}

std::vector<TailEntry>::const_iterator TailAccount::lowerBound(ledger::Seq seq) const
{
    return std::lower_bound(entries.begin(), entries.end(), seq, before);
}

void LogTail::add(StoredRow &&row)
{
    m_bytes += row.stanza != nullptr ? row.stanza->size() : 0;
    const StoredRow &kept = m_rows.emplace_back(std::move(row));
    const bool bodyGone = kept.stanza == nullptr || kept.stanza->empty();
    if (bodyGone) {
        return;
    }
    forEachParty(kept.flags, kept.sender, kept.recipient, kept.seq,
                 [this, &kept](JidId account, const Entry &entry, bool pending) {
                     m_accounts[account].entries.push_back(TailEntry{entry, pending, &kept});
                 });
}

void LogTail::prove(JidId account, ProofNote &&note)
{
    TailAccount &mine = m_accounts[account];
    m_journaled += note.number != 0 ? 1 : 0;
    if (note.number != 0 && note.token != 0) {
        const auto known = std::find_if(mine.proofs.begin(), mine.proofs.end(),
                                        [&note](const ProofNote &proof) { return proof.token == note.token; });
        if (known != mine.proofs.end()) {
            known->number = note.number;
            known->time = note.time;
            return;
        }
    }
    mine.proved.insert(note.low, note.high);
    for (auto at = mine.lowerBound(note.low); at != mine.entries.end() && at->entry.seq <= note.high; ++at) {
        at->pending = false;
    }
    mine.proofs.push_back(std::move(note));
}

void LogTail::dropPending(JidId account, JidId peer, ledger::Seq upTo)
{
    const auto found = m_accounts.find(account);
    if (found == m_accounts.end()) {
        return;
    }
    for (TailEntry &entry : found->second.entries) {
        if (entry.entry.seq <= upTo && entry.entry.peer == peer) {
            entry.pending = false;
        }
    }
}

void LogTail::removeAccount(JidId account, ledger::Seq upTo)
{
    const auto found = m_accounts.find(account);
    if (found == m_accounts.end()) {
        return;
    }
    TailAccount &mine = found->second;
    mine.entries.erase(mine.entries.begin(), mine.lowerBound(ledger::Seq(upTo.value + 1)));
    for (const ProofNote &proof : mine.proofs) {
        m_journaled -= proof.number != 0 ? 1 : 0;
    }
    mine.proofs.clear();
    mine.proved.clear();
}

void LogTail::dropFront(std::size_t count, const std::vector<std::pair<JidId, std::size_t>> &proofs)
{
    const ledger::Seq keepFrom = count < m_rows.size() ? m_rows[count].seq : ledger::Seq(~std::uint64_t{0});
    for (auto &[account, mine] : m_accounts) {
        mine.entries.erase(mine.entries.begin(), mine.lowerBound(keepFrom));
    }
    for (const auto &[account, folded] : proofs) {
        const auto found = m_accounts.find(account);
        if (found == m_accounts.end()) {
            continue;
        }
        TailAccount &mine = found->second;
        const std::size_t gone = std::min(folded, mine.proofs.size());
        mine.proofs.erase(mine.proofs.begin(), mine.proofs.begin() + static_cast<std::ptrdiff_t>(gone));
        m_journaled -= std::min(gone, m_journaled);
        mine.proved.clear();
        for (const ProofNote &proof : mine.proofs) {
            mine.proved.insert(proof.low, proof.high);
        }
    }
    std::erase_if(m_accounts,
                  [](const auto &item) { return item.second.entries.empty() && item.second.proofs.empty(); });
    for (; count > 0; --count) {
        m_bytes -= m_rows.front().stanza != nullptr ? m_rows.front().stanza->size() : 0;
        m_rows.pop_front();
    }
}

const TailAccount *LogTail::find(JidId account) const
{
    const auto found = m_accounts.find(account);
    return found == m_accounts.end() ? nullptr : &found->second;
}

std::vector<std::pair<JidId, std::size_t>> LogTail::journaledProofs() const
{
    std::vector<std::pair<JidId, std::size_t>> counts;
    if (m_journaled == 0) {
        return counts;
    }
    for (const auto &[account, mine] : m_accounts) {
        const auto open = std::find_if(mine.proofs.begin(), mine.proofs.end(),
                                       [](const ProofNote &proof) { return proof.number == 0; });
        const auto count = static_cast<std::size_t>(open - mine.proofs.begin());
        if (count > 0) {
            counts.emplace_back(account, count);
        }
    }
    return counts;
}

} // namespace godwit::store
