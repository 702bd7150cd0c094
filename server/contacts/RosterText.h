// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// jabber:iq:roster as XML: what a client asks for, what it gets (RFC 6121 §2.1 to §2.6).
#pragma once

#include "contacts/ContactsLimits.h"
#include "contacts/RosterBook.h"
#include "contacts/StanzaReply.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace godwit::contacts
{

inline constexpr std::string_view rosterNamespace = "jabber:iq:roster";

/// What a client may say of an item; everything else in it (subscription, ask, approved) is the server's.
struct RosterPut {
    std::string jid; ///< bare
    std::string name;
    std::vector<std::string> groups;
};
struct RosterRemoval {
    std::string jid;
};

/// Reads the query of a roster set, or says which error answers it (RFC 6121 §2.3.3, §2.5.3).
std::variant<RosterPut, RosterRemoval, Condition> readRosterSet(xml::ElementView query, const jid::Jid &account,
                                                                const ContactsLimits &limits);

/// Whether the text carries a roster version: only for clients that asked with one.
enum class Versioning : std::uint8_t { Off, On };

/// The payload of a roster result: all listed items.
std::string rosterQuery(const RosterBook &roster, Versioning versioning);
/// A roster push (§2.1.6) of a change to the session whose full JID is `to`.
std::string rosterPush(const RosterChange &change, std::string_view to, Versioning versioning);

/// True when two states of an item look different to a client.
bool looksDifferent(const accounts::RosterItem &before, const accounts::RosterItem &after);

} // namespace godwit::contacts
