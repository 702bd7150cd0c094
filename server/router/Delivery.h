// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// RFC 6121 §8 as one table: what happens to a stanza that came to the home of the account it is addressed to. Storable
// messages never come here; they are in the log (DELIVERY.md rule 2).
#pragma once

#include "xml/Stanza.h"

#include <cstdint>

namespace godwit::router
{

/// What an address meets at its home.
enum class AddressState : std::uint8_t {
    NoSuchUser,       ///< §8.5.1
    BareNobody,       ///< bare JID, no available resource of non-negative priority: §8.5.2.2
    BareSomebody,     ///< bare JID, at least one: §8.5.2.1
    FullMatch,        ///< §8.5.3.1
    FullGoneNobody,   ///< full JID without session, and nobody else of non-negative priority: §8.5.3.2
    FullGoneSomebody, ///< full JID without session, somebody else is there
};

enum class DeliveryAction : std::uint8_t {
    Deliver,      ///< to the session of the full JID
    DeliverToAll, ///< to every available resource of non-negative priority
    Handle,       ///< the server acts on behalf of the account (roster, subscriptions, modules)
    Unavailable,  ///< back to the sender with service-unavailable
    Drop,         ///< silently
};

/// Whether a message says something to a person (a body) or only accompanies others (chat states).
enum class MessageWeight : std::uint8_t { Words, Signal };

DeliveryAction decideDelivery(xml::StanzaKind kind, xml::StanzaType type, AddressState state, MessageWeight weight);

} // namespace godwit::router
