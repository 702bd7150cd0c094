// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bosh/AnswerBook.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace godwit::bosh
{

namespace
{

/// Answers that a client has not acknowledged and may ask for; it has no business with more.
constexpr std::size_t unacknowledgedMax = 16;

} // namespace

void AnswerBook::setKept(std::size_t answers, bool acknowledged) noexcept
{
    m_kept = answers;
    m_acknowledged = acknowledged;
}

void AnswerBook::add(Entry &&entry)
{
    m_entries.push_back(std::move(entry));
    trim();
}

const AnswerBook::Entry *AnswerBook::find(std::uint64_t rid) const
{
    const auto found = std::ranges::find(m_entries, rid, &Entry::rid);
    return found == m_entries.end() || found->text.empty() ? nullptr : &*found;
}

std::optional<std::uint32_t> AnswerBook::prove(std::uint64_t rid)
{
    std::optional<std::uint32_t> written;
    for (Entry &entry : m_entries) {
        if (entry.rid > rid) {
            break;
        }
        if (!std::exchange(entry.proved, true)) {
            written = entry.written;
        }
    }
    trim();
    return written;
}

/// Forgets the texts that nobody may ask for any more, and the entries that prove nothing more than their neighbour.
void AnswerBook::trim()
{
    std::size_t ordinary = 0;
    std::size_t all = 0;
    for (Entry &entry : std::views::reverse(m_entries)) {
        // Pauses are not counted, so that they push out nothing (XEP-0124 §14.3), but are not kept for ever.
        const bool recent = ordinary < m_kept && all < 2 * m_kept;
        const bool unacknowledged = m_acknowledged && !entry.proved && all < unacknowledgedMax;
        if (!recent && !unacknowledged) {
            entry.text.clear();
        }
        ordinary += entry.kind == Kind::Ordinary ? 1 : 0;
        ++all;
    }
    std::optional<std::uint32_t> before;
    std::erase_if(m_entries, [&](const Entry &entry) {
        if (!entry.text.empty()) {
            return false;
        }
        const bool same = before == entry.written;
        before = entry.written;
        return entry.proved || same;
    });
}

} // namespace godwit::bosh
