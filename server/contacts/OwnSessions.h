// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What the contacts of an account know of its sessions: a small record for each that asked for the roster or sent a
// presence.
#pragma once

#include "contacts/ContactsHost.h"

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::contacts
{

struct OwnSession {
    SessionKey key;
    std::string resource;
    std::string presence;                               ///< the last available one, kept form; empty: not available
    std::unique_ptr<std::vector<std::string>> directed; ///< who got directed presence, sorted; none for nobody
    base::WallTime since{};                             ///< when `presence` came
    std::int8_t priority = 0;
    bool interested = false; ///< asked for the roster (RFC 6121 §2.2)
    bool versioned = false;  ///< it asked with a version (RFC 6121 §2.6)
    bool announced = false;  ///< contacts know it as available
    bool ended = false;      ///< it is gone, only its end is not processed yet

    bool available() const noexcept { return !presence.empty(); }
    /// True when it gets what goes to available resources.
    bool hears() const noexcept { return available() && !ended; }

    bool sentDirectedTo(std::string_view entity) const;
    /// False when there is no room for one more.
    bool addDirected(std::string_view entity, std::size_t directedMax);
    void removeDirected(std::string_view entity);
};

/// The records of one account. A record stays where it is until it is removed, so that one may be added while others
/// are in use.
class OwnSessions
{
public:
    OwnSession *find(SessionKey key);
    const OwnSession *find(SessionKey key) const;
    /// The record of the session, made when there was none.
    OwnSession &obtain(SessionKey key, std::string_view resource);
    void remove(SessionKey key);

    bool empty() const noexcept { return m_sessions.empty(); }
    bool anyHears() const;
    auto begin() { return m_sessions.begin(); }
    auto end() { return m_sessions.end(); }
    auto begin() const { return m_sessions.begin(); }
    auto end() const { return m_sessions.end(); }

private:
    std::list<OwnSession> m_sessions;
};

} // namespace godwit::contacts
