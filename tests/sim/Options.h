// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What a world is made of and what goes wrong in it. Each seed draws its own: some faults are switched off in a
// schedule, so that the others get deep (swarm testing).
#pragma once

#include "base/Random.h"
#include "session/Session.h"

#include <string>

namespace godwit::sim
{

struct Options {
    unsigned shards = 1;
    unsigned accounts = 2;
    unsigned clients = 2;
    unsigned actions = 40;                               ///< what clients do, all together
    base::Duration length = std::chrono::seconds(10);    ///< of the part with faults
    base::Duration faultEvery = std::chrono::seconds(1); ///< on average
    base::Duration latencyMax = std::chrono::milliseconds(40);
    base::Duration commitMax = std::chrono::milliseconds(5);
    base::Duration mailMax = std::chrono::milliseconds(2); ///< between two shards
    std::size_t kernelBytes = 65'536;                      ///< that a connection holds for a client that does not read
    unsigned refusePercent = 0;                            ///< batches, or rows, that the disk refuses
    std::size_t batchRowsMax = 16;
    std::size_t batchBytesMax = 1'048'576;
    bool lateReads = false; ///< the store looks when it answers, not when it is asked
    unsigned readFailPercent = 0;
    bool slowReads = false; ///< some take seconds

    // Faults.
    bool cuts = false;
    bool fragments = false;
    bool halfOpen = false;
    bool stalls = false;
    bool clientCrashes = false;
    bool serverCrashes = false;
    bool races = false; ///< a client connects again while its old connection looks alive

    // What clients do.
    bool fullJids = false;
    bool presenceChanges = false;
    bool archive = false;
    bool carbons = false;
    bool otherStanzas = false;
    bool inactivity = false;
    bool withoutIds = false; ///< some messages have no origin-id
    bool delays = false;     ///< some tries of a message carry a delay, which makes them longer than the others
    bool liars = false;      ///< some clients acknowledge what they were not sent, or less than before
    bool muteClients = false;
    unsigned bounces = 0;   ///< errors that answer messages, all together
    unsigned blockings = 0; ///< XEP-0191, with unblockings among them

    std::size_t idleAccountsMax = 4'096;
    std::size_t recentBytesMax = 524'288;
    session::SessionLimits session;

    std::string text() const;
};

Options drawOptions(base::SeededRandom &dice);
/// What has dice of its own, so that the worlds without it stay as they were before it was there.
void drawExtras(Options &options, base::SeededRandom &dice);

} // namespace godwit::sim
