// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "ledger/RecentRows.h"

#include <algorithm>

namespace godwit::ledger
{

void RecentRows::add(const LogRow &row)
{
    GW_ASSERT(m_rows.empty() || m_rows.back().seq < row.seq);
    m_rows.push_back(row);
    m_bytes += row.stanza->size();
    while (m_bytes > m_bytesMax && m_rows.size() > 1) {
        m_bytes -= m_rows.front().stanza->size();
        m_from = m_rows.front().seq;
        m_rows.pop_front();
    }
}

const LogRow *RecentRows::next(Seq seq) const
{
    const auto found = std::ranges::upper_bound(m_rows, seq, {}, &LogRow::seq);
    return found == m_rows.end() ? nullptr : &*found;
}

} // namespace godwit::ledger
