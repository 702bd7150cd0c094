// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A roster in memory, in step with the store: changed only after the store answered.
#pragma once

#include "accounts/AccountStore.h"
#include "base/Clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::contacts
{

/// Who sees whom: subscription To or Both.
constexpr bool seesContact(accounts::Subscription subscription)
{
    return subscription == accounts::Subscription::To || subscription == accounts::Subscription::Both;
}
/// Subscription From or Both.
constexpr bool seenByContact(accounts::Subscription subscription)
{
    return subscription == accounts::Subscription::From || subscription == accounts::Subscription::Both;
}

/// Something that happened to the roster after a version: an item as it is now, or one removed (item is nullptr).
struct RosterChange {
    std::uint64_t version = 0;
    std::string_view jid;
    const accounts::RosterItem *item = nullptr;
};

class RosterBook
{
public:
    /// Takes what the store has. Of removed items at most `tombstonesMax`, the newest, are remembered.
    void load(accounts::Roster &&roster, std::size_t tombstonesMax);

    const accounts::RosterItem *find(std::string_view jid) const;
    void put(accounts::RosterItem item);
    /// Forgets the item; a listed one is remembered as removed in `version`.
    void remove(std::string_view jid, std::uint64_t version, std::size_t tombstonesMax);

    /// All items in order of their JID, those that are not listed included.
    const std::vector<accounts::RosterItem> &items() const noexcept { return m_items; }
    std::size_t listedCount() const;
    std::size_t requestCount() const; ///< inbound requests that wait for an answer

    std::uint64_t version() const noexcept { return m_version; }
    /// The version of the next change: the time in microseconds, or one more than the last. Time, so that a roster
    /// which was deleted and begun again does not give out a version of the old one for something else.
    std::uint64_t nextVersion(base::WallTime now) const;
    /// The changes since `version` in order (RFC 6121 §2.6.3). Nothing when that is not known, or not shorter than the
    /// roster itself.
    std::optional<std::vector<RosterChange>> changesSince(std::uint64_t version) const;

private:
    void trim(std::size_t tombstonesMax);

    std::vector<accounts::RosterItem> m_items;                    ///< by jid
    std::vector<std::pair<std::string, std::uint64_t>> m_removed; ///< by version
    std::uint64_t m_version = 0;
    std::uint64_t m_forgottenUpTo = 0; ///< removals up to this version are no longer known
};

} // namespace godwit::contacts
