// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The end of the log that is not in index.db yet, in memory, by account. Belongs to the index thread.
#pragma once

#include "store/LogEntry.h"
#include "store/RangeSet.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <unordered_map>
#include <vector>

namespace godwit::store
{

/// What a row is in the log of one of its parties. A bit set, stored in index.db.
namespace entry_bit
{
inline constexpr std::uint8_t outgoing = 1;
inline constexpr std::uint8_t incoming = 2;
inline constexpr std::uint8_t archived = 4;
} // namespace entry_bit

/// A row's place in the log of one account.
struct Entry {
    ledger::Seq seq;
    JidId peer;
    std::uint8_t bits = 0;
};

/// Calls `visit(account, entry, pending)` for each party of a row that has a log here; once for a message to oneself.
template <class Visit>
void forEachParty(ledger::RowFlag flags, JidId sender, JidId recipient, ledger::Seq seq, Visit &&visit)
{
    using ledger::RowFlag;
    std::uint8_t out = 0;
    std::uint8_t in = 0;
    if (ledger::has(flags, RowFlag::SenderHere)) {
        out = static_cast<std::uint8_t>(entry_bit::outgoing |
                                        (ledger::has(flags, RowFlag::ArchiveSender) ? entry_bit::archived : 0));
    }
    if (ledger::has(flags, RowFlag::RecipientHere)) {
        in = static_cast<std::uint8_t>(entry_bit::incoming |
                                       (ledger::has(flags, RowFlag::ArchiveRecipient) ? entry_bit::archived : 0));
    }
    const bool pending = in != 0 && ledger::has(flags, RowFlag::Pending);
    if (sender == recipient && out != 0 && in != 0) {
        visit(sender, Entry{seq, recipient, static_cast<std::uint8_t>(out | in)}, pending);
        return;
    }
    if (out != 0) {
        visit(sender, Entry{seq, recipient, out}, false);
    }
    if (in != 0) {
        visit(recipient, Entry{seq, sender, in}, pending);
    }
}

struct TailEntry {
    Entry entry;
    bool pending = false;
    const StoredRow *row = nullptr;
};

/// A proof that is not in index.db yet.
struct ProofNote {
    std::uint64_t token = 0;
    std::int64_t number = 0; ///< in the journal; 0 while it is on its way there
    std::string device;
    ledger::Seq low;
    ledger::Seq high;
    base::WallTime time;
};

struct TailAccount {
    std::vector<TailEntry> entries; ///< by seq
    std::vector<ProofNote> proofs;
    RangeSet proved; ///< the union of `proofs`

    /// The first entry with a seq of at least `seq`.
    std::vector<TailEntry>::iterator lowerBound(ledger::Seq seq);
    std::vector<TailEntry>::const_iterator lowerBound(ledger::Seq seq) const;
};

class LogTail
{
public:
    void add(StoredRow &&row);
    /// Notes a proof, or that a noted one has its number in the journal now.
    void prove(JidId account, ProofNote &&note);
    void dropPending(JidId account, JidId peer, ledger::Seq upTo);
    /// Forgets entries and proofs of the account up to `upTo`; the rows stay for the other party.
    void removeAccount(JidId account, ledger::Seq upTo);
    /// Forgets the first `count` rows, and the first proofs of each account as told by `proofs`.
    void dropFront(std::size_t count, const std::vector<std::pair<JidId, std::size_t>> &proofs);

    const TailAccount *find(JidId account) const;
    const std::deque<StoredRow> &rows() const { return m_rows; }
    std::size_t bytes() const { return m_bytes; }
    /// How many of each account's proofs, from the first, are in the journal.
    std::vector<std::pair<JidId, std::size_t>> journaledProofs() const;
    std::size_t journaledCount() const { return m_journaled; }

private:
    std::deque<StoredRow> m_rows;
    std::unordered_map<JidId, TailAccount> m_accounts;
    std::size_t m_bytes = 0;
    std::size_t m_journaled = 0;
};

} // namespace godwit::store
