// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What an account's contacts need of the world around them.
#pragma once

#include "base/Clock.h"
#include "base/StrongId.h"
#include "jid/Jid.h"
#include "xml/Stanza.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace godwit::contacts
{

struct SessionKeyTag;
/// Names one bound session of the account; the number is the router's (session::SessionId has the same).
using SessionKey = base::StrongId<SessionKeyTag>;

/// Whether a session was available before (RFC 6121 §4.2, §4.4).
enum class Announcement : std::uint8_t { Initial, Subsequent };

/// Whether a contact is an item of the roster that clients see.
enum class Listing : std::uint8_t { Listed, Unlisted };

/// Implemented by the router. Every function may call back into Contacts: what it starts there happens after the
/// current step. None may destroy the Contacts it is called from before that call returned.
class ContactsHost
{
public:
    virtual ~ContactsHost() = default;

    /// Sends a presence to wherever its `to` says: another account of this or another shard, another domain, an own
    /// session. kind, type, from, to and bytes are filled in, the tree is empty (nobody who passes presence on needs
    /// it). Iq errors that answer another entity come this way, too.
    virtual void route(xml::Stanza &&stanza) = 0;
    /// A stanza in kept form that must reach the session: iq, error, subscription.
    virtual void deliver(SessionKey session, std::string_view bytes) = 0;
    /// Available or unavailable presence of `sender` (its full JID) for the session; an older one of the same sender
    /// that still waits may be dropped for it.
    virtual void deliverPresence(SessionKey session, std::string_view bytes, std::string_view sender) = 0;
    /// The session sent presence without `to`: it takes messages now, offline ones first (Initial), or under another
    /// priority (Subsequent). Called for each such presence, before contacts hear of it.
    virtual void becameAvailable(SessionKey session, int priority, Announcement announcement) = 0;
    /// The session is no longer available, but goes on. Not called for a session that ended.
    virtual void becameUnavailable(SessionKey session) = 0;
    /// The account has no session with a record here and nothing under way: its Contacts may be destroyed (not within
    /// this call).
    virtual void becameIdle(const jid::Jid &account) = 0;
    /// The item of `contact` (bare JID) was written or removed, durably.
    virtual void rosterChanged(const std::string &contact, Listing listing) = 0;

    /// For XEP-0203 stamps of probe answers and for roster versions.
    virtual base::WallTime now() const = 0;
};

} // namespace godwit::contacts
