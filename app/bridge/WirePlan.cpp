// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bridge/WirePlan.h"

#include <algorithm>

namespace godwit::bridge
{

void WirePlan::begin(const Wishes &wishes)
{
    Wishes before = m_wishes;
    before.thrifty = wishes.thrifty;
    if (before != wishes) {
        m_unknown.clear();
    }
    m_wishes = wishes;
    m_working = Wire::Automatic;
    beginRound();
}

void WirePlan::beginRound()
{
    m_at = 0;
    if (m_wishes.wire != Wire::Automatic) {
        m_round = {m_wishes.wire};
        return;
    }
    // Over TCP there is one layer less that can break; XML over WebSocket is for networks that let nothing else
    // through.
    m_round = m_wishes.thrifty ? std::vector{Wire::Compact, Wire::Tcp, Wire::WebSocket}
                               : std::vector{Wire::Tcp, Wire::Compact, Wire::WebSocket};
    std::erase_if(m_round,
                  [this](Wire wire) { return wire != Wire::Tcp && (!m_wishes.web || m_unknown.contains(wire)); });
    std::ranges::stable_partition(m_round, [this](Wire wire) { return wire == m_working; });
}

Wire WirePlan::current() const
{
    return m_round[m_at];
}

void WirePlan::worked()
{
    m_working = current();
    beginRound();
}

bool WirePlan::failed(Fault fault)
{
    if (fault == Fault::Protocol) {
        m_unknown.insert(current());
    }
    if (fault == Fault::Address) {
        m_round.erase(std::remove(m_round.begin() + static_cast<std::ptrdiff_t>(m_at) + 1, m_round.end(),
                                  current() == Wire::Compact ? Wire::WebSocket : Wire::Compact),
                      m_round.end());
    }
    if (hasOther()) {
        ++m_at;
        return true;
    }
    m_working = Wire::Automatic;
    beginRound();
    return false;
}

} // namespace godwit::bridge
