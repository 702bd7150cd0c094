// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "ledger/LogStore.h"

#include <cstddef>
#include <map>
#include <optional>

namespace godwit::store
{

/// A set of seqs kept as disjoint closed ranges. Ranges that touch are joined.
class RangeSet
{
public:
    void insert(ledger::Seq low, ledger::Seq high);
    bool contains(ledger::Seq seq) const;
    bool empty() const { return m_ranges.empty(); }
    std::size_t size() const { return m_ranges.size(); }
    void clear() { m_ranges.clear(); }
    /// From the low end of each range to its high end.
    const std::map<ledger::Seq, ledger::Seq> &ranges() const { return m_ranges; }
    void removeFirst() { m_ranges.erase(m_ranges.begin()); }

private:
    std::map<ledger::Seq, ledger::Seq> m_ranges;
};

} // namespace godwit::store
