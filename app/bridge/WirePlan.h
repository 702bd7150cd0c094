// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Which wire to try next: what is wanted, what worked, what did not.
#pragma once

#include "bridge/Wire.h"

#include <set>
#include <vector>

namespace godwit::bridge
{

/// A value without I/O. Tries go in rounds: one try for each wire that may work, then a pause. What worked last goes
/// first in the next round, since that is what this network lets through.
class WirePlan
{
public:
    struct Wishes {
        Wire wire = Wire::Automatic; ///< another one: only that
        bool web = true;             ///< with Automatic: whether there may be a WebSocket
        bool thrifty = false;        ///< every byte counts: the compact wire goes first
        friend bool operator==(const Wishes &, const Wishes &) = default;
    };
    /// What a failure says about the wires that were not tried.
    enum class Fault {
        Wire,     ///< nothing
        Protocol, ///< the server does not speak this wire, and will not the next time either
        Address,  ///< the WebSocket's address leads nowhere, whatever is spoken there
    };

    WirePlan() { begin({}); }
    explicit WirePlan(const Wishes &wishes) { begin(wishes); }

    /// Another network, other wishes: nothing is known. A change of thrift alone keeps what the server does not speak.
    void begin(const Wishes &wishes);
    const Wishes &wishes() const { return m_wishes; }

    Wire current() const;
    /// Whether another wire is left in this round, behind the current one.
    bool hasOther() const { return m_at + 1 < m_round.size(); }
    /// The current wire carries a session: the next round begins with it.
    void worked();
    /// The current wire did not get us in. True: the next one is current now. False: that was the last, and a new round
    /// has begun.
    bool failed(Fault fault);

private:
    void beginRound();

    Wishes m_wishes;
    std::vector<Wire> m_round; ///< never empty
    std::size_t m_at = 0;
    Wire m_working = Wire::Automatic; ///< Automatic for none
    std::set<Wire> m_unknown;         ///< to the server
};

} // namespace godwit::bridge
