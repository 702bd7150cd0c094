// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "ledger/LogStore.h"

#include <deque>

namespace godwit::ledger
{

/// The newest rows of one account, held while a session that reads is behind: a client whose window is full for a
/// moment goes on from memory. Reading the store for it costs more than delivering did, so a server at its limit would
/// fall behind for good. A cache and no queue: it belongs to the account, and what falls out is read from the store.
class RecentRows
{
public:
    /// Holds what comes behind `from`, at most `bytesMax` bytes of stanzas (the newest row always).
    RecentRows(Seq from, std::size_t bytesMax)
        : m_from(from)
        , m_bytesMax(bytesMax)
    {
    }

    /// The account's next row.
    void add(const LogRow &row);

    /// Every row of the account behind this one is here.
    Seq from() const noexcept { return m_from; }
    std::size_t bytes() const noexcept { return m_bytes; }
    /// The first row behind `seq`, or nullptr. Valid until add().
    const LogRow *next(Seq seq) const;

private:
    std::deque<LogRow> m_rows;
    Seq m_from;
    std::size_t m_bytesMax;
    std::size_t m_bytes = 0;
};

} // namespace godwit::ledger
