// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "router/InFlight.h"

namespace godwit::router
{

ledger::Ticket InFlightTable::add(InFlightMessage &&message)
{
    if (m_free.empty()) {
        m_free.push_back(static_cast<std::uint32_t>(m_places.size()));
        m_places.emplace_back();
    }
    const std::uint32_t index = m_free.back();
    m_free.pop_back();
    Place &place = m_places[index];
    place.used = true;
    place.message = std::move(message);
    ++m_used;
    return ledger::Ticket(std::uint64_t{place.generation} << 32 | index);
}

InFlightTable::Place &InFlightTable::place(ledger::Ticket ticket)
{
    const auto index = static_cast<std::uint32_t>(ticket.value);
    GW_ASSERT(index < m_places.size());
    Place &place = m_places[index];
    GW_ASSERT(place.used && place.generation == ticket.value >> 32);
    return place;
}

InFlightMessage &InFlightTable::get(ledger::Ticket ticket)
{
    return place(ticket).message;
}

InFlightMessage InFlightTable::take(ledger::Ticket ticket)
{
    Place &taken = place(ticket);
    InFlightMessage message = std::move(taken.message);
    taken.message = InFlightMessage();
    taken.used = false;
    ++taken.generation;
    m_free.push_back(static_cast<std::uint32_t>(ticket.value));
    --m_used;
    return message;
}

} // namespace godwit::router
