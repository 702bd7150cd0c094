// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/RangeSet.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace godwit::store
{

void RangeSet::insert(ledger::Seq low, ledger::Seq high)
{
    if (high < low) {
        return;
    }
    auto at = m_ranges.upper_bound(low);
    if (at != m_ranges.begin()) {
        const auto before = std::prev(at);
        const bool touches =
            before->second.value == std::numeric_limits<std::uint64_t>::max() || before->second.value + 1 >= low.value;
        if (touches) {
            low = before->first;
            high = std::max(high, before->second);
            at = m_ranges.erase(before);
        }
    }
    while (at != m_ranges.end() &&
           (high.value == std::numeric_limits<std::uint64_t>::max() || at->first.value <= high.value + 1)) {
        high = std::max(high, at->second);
        at = m_ranges.erase(at);
    }
    m_ranges.emplace_hint(at, low, high);
}

bool RangeSet::contains(ledger::Seq seq) const
{
    auto at = m_ranges.upper_bound(seq);
    if (at == m_ranges.begin()) {
        return false;
    }
    return seq <= std::prev(at)->second;
}

} // namespace godwit::store
