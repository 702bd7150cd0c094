// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Messages of a shard between the store's being asked and its answer. A ticket names a place in a slab and the
// generation of that place, so an answer finds its message without a search, and an impossible one finds nothing.
#pragma once

#include "base/SharedBytes.h"
#include "ledger/LogStore.h"
#include "ledger/SentKeys.h"
#include "router/Envelope.h"

#include <string>
#include <vector>

namespace godwit::router
{

class Account;

/// One message on its way into the log, as far as this shard has to do with it: as the home of its recipient, of its
/// sender, or of both.
struct InFlightMessage {
    Account *recipient = nullptr; ///< set on the recipient's home
    Account *sender = nullptr;    ///< set on the sender's home
    ledger::Waiter waiter;        ///< the sender's stanza, on the sender's home
    std::string senderBare;
    std::string recipientBare;
    ledger::RowFlag flags = ledger::RowFlag::None;
    base::Hash128 key;
    base::SharedBytes stanza;        ///< null on the sender's home until it is known there
    std::vector<Envelope> followers; ///< stanzas of the same sender to the same account that may not overtake it
};

class InFlightTable
{
public:
    ledger::Ticket add(InFlightMessage &&message);
    InFlightMessage &get(ledger::Ticket ticket);
    InFlightMessage take(ledger::Ticket ticket);
    std::size_t size() const noexcept { return m_used; }

private:
    struct Place {
        std::uint32_t generation = 1;
        bool used = false;
        InFlightMessage message;
    };
    Place &place(ledger::Ticket ticket);

    std::vector<Place> m_places;
    std::vector<std::uint32_t> m_free;
    std::size_t m_used = 0;
};

} // namespace godwit::router
