// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "contacts/RosterBook.h"

#include <algorithm>

namespace godwit::contacts
{

namespace
{

using accounts::RosterItem;

auto placeOf(auto &items, std::string_view jid)
{
    return std::ranges::lower_bound(items, jid, {},
                                    [](const RosterItem &item) -> std::string_view { return item.jid; });
}

} // namespace

void RosterBook::load(accounts::Roster &&roster, std::size_t tombstonesMax)
{
    m_items = std::move(roster.items);
    m_items.shrink_to_fit();
    std::ranges::sort(m_items, {}, &RosterItem::jid);
    m_removed = std::move(roster.removed);
    std::ranges::stable_sort(m_removed, {}, &std::pair<std::string, std::uint64_t>::second);
    m_version = roster.version;
    trim(tombstonesMax);
    m_removed.shrink_to_fit();
}

void RosterBook::trim(std::size_t tombstonesMax)
{
    if (m_removed.size() <= tombstonesMax) {
        return;
    }
    const auto kept = m_removed.end() - static_cast<std::ptrdiff_t>(tombstonesMax);
    m_forgottenUpTo = std::prev(kept)->second;
    m_removed.erase(m_removed.begin(), kept);
}

const RosterItem *RosterBook::find(std::string_view jid) const
{
    const auto at = placeOf(m_items, jid);
    return at != m_items.end() && at->jid == jid ? &*at : nullptr;
}

void RosterBook::put(RosterItem item)
{
    m_version = std::max(m_version, item.version);
    std::erase_if(m_removed, [&](const auto &removed) { return removed.first == item.jid; });
    const auto at = placeOf(m_items, item.jid);
    if (at != m_items.end() && at->jid == item.jid) {
        *at = std::move(item);
    } else {
        m_items.insert(at, std::move(item));
    }
}

void RosterBook::remove(std::string_view jid, std::uint64_t version, std::size_t tombstonesMax)
{
    m_version = std::max(m_version, version);
    const auto at = placeOf(m_items, jid);
    if (at == m_items.end() || at->jid != jid) {
        return;
    }
    if (at->listed) {
        m_removed.emplace_back(at->jid, version);
        trim(tombstonesMax);
    }
    m_items.erase(at);
}

std::size_t RosterBook::listedCount() const
{
    return static_cast<std::size_t>(std::ranges::count_if(m_items, &RosterItem::listed));
}

std::size_t RosterBook::requestCount() const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(m_items, [](const RosterItem &item) { return !item.pendingIn.empty(); }));
}

std::uint64_t RosterBook::nextVersion(base::WallTime now) const
{
    const auto microseconds = now.time_since_epoch().count();
    return std::max(m_version + 1, microseconds > 0 ? static_cast<std::uint64_t>(microseconds) : 0);
}

std::optional<std::vector<RosterChange>> RosterBook::changesSince(std::uint64_t version) const
{
    if (version == m_version) {
        return std::vector<RosterChange>();
    }
    if (version > m_version || version < m_forgottenUpTo || version == 0) {
        return std::nullopt;
    }
    std::vector<RosterChange> changes;
    for (const RosterItem &item : m_items) {
        if (item.listed && item.version > version) {
            changes.push_back({item.version, item.jid, &item});
        }
    }
    for (const auto &[jid, removed] : m_removed) {
        if (removed > version) {
            changes.push_back({removed, jid, nullptr});
        }
    }
    if (!changes.empty() && changes.size() >= listedCount()) {
        return std::nullopt;
    }
    std::ranges::stable_sort(changes, {}, &RosterChange::version);
    return changes;
}

} // namespace godwit::contacts
