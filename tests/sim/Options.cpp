// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Options.h"

namespace godwit::sim
{

namespace
{

using std::chrono::milliseconds;
using std::chrono::seconds;

bool flip(base::SeededRandom &dice)
{
    return dice.below(2) == 0;
}

void drawServer(Options &options, base::SeededRandom &dice)
{
    options.shards = 1 + static_cast<unsigned>(dice.below(3));
    if (dice.below(3) == 0) {
        options.commitMax = milliseconds(2'000);
    }
    if (flip(dice)) {
        options.mailMax = milliseconds(200);
    }
    if (dice.below(4) == 0) {
        options.refusePercent = 20;
    }
    options.lateReads = flip(dice);
    if (dice.below(3) == 0) {
        options.batchRowsMax = 3;
    }
    if (dice.below(6) == 0) {
        options.batchBytesMax = 800;
    }
    if (dice.below(3) == 0) {
        options.idleAccountsMax = 0;
    }
    session::SessionLimits &limits = options.session;
    limits.resumeTimeout = seconds(flip(dice) ? 3 : 60);
    if (dice.below(3) == 0) {
        limits.unprovedMax = 4;
    }
    if (dice.below(4) == 0) {
        limits.uncommittedStanzasMax = 4;
    }
    if (dice.below(4) == 0) {
        limits.countFrom = UINT32_MAX - static_cast<std::uint32_t>(dice.below(12));
    }
    if (dice.below(6) == 0) {
        limits.waitingBytesMax = 2'000;
        options.kernelBytes = 1'000;
    }
}

} // namespace

Options drawOptions(base::SeededRandom &dice)
{
    Options options;
    drawServer(options, dice);
    options.accounts = 2 + static_cast<unsigned>(dice.below(2));
    options.clients = options.accounts + static_cast<unsigned>(dice.below(3));
    options.actions = 20 + static_cast<unsigned>(dice.below(40));
    options.length = seconds(3 + dice.below(15));
    options.faultEvery = milliseconds(300 + dice.below(3'000));
    options.latencyMax = milliseconds(flip(dice) ? 5 : 150);
    options.fragments = flip(dice);
    options.cuts = flip(dice);
    options.halfOpen = flip(dice);
    options.stalls = dice.below(3) == 0;
    options.clientCrashes = flip(dice);
    options.serverCrashes = flip(dice);
    options.races = dice.below(3) == 0;
    options.fullJids = flip(dice);
    options.presenceChanges = dice.below(3) == 0;
    options.archive = dice.below(3) == 0;
    options.carbons = flip(dice);
    options.otherStanzas = flip(dice);
    options.inactivity = dice.below(4) == 0;
    options.withoutIds = dice.below(3) == 0;
    options.muteClients = dice.below(6) == 0;
    options.delays = dice.below(3) == 0;
    options.liars = dice.below(4) == 0;
    return options;
}

void drawExtras(Options &options, base::SeededRandom &dice)
{
    if (flip(dice)) {
        return;
    }
    if (flip(dice)) {
        options.readFailPercent = 5 + static_cast<unsigned>(dice.below(40));
    }
    options.slowReads = flip(dice);
    if (flip(dice)) {
        options.bounces = 5 + static_cast<unsigned>(dice.below(30));
    }
    if (flip(dice)) {
        options.blockings = 1 + static_cast<unsigned>(dice.below(8));
    }
    if (flip(dice)) {
        options.recentBytesMax = dice.below(2) * 1'000;
    }
}

std::string Options::text() const
{
    std::string out = std::to_string(shards) + " shards, " + std::to_string(accounts) + " accounts, " +
                      std::to_string(clients) + " clients;";
    const std::pair<const char *, bool> flags[] = {
        {"cuts", cuts},
        {"fragments", fragments},
        {"half-open", halfOpen},
        {"stalls", stalls},
        {"client-crashes", clientCrashes},
        {"server-crashes", serverCrashes},
        {"races", races},
        {"refusals", refusePercent > 0},
        {"slow-store", commitMax > seconds(1)},
        {"late-reads", lateReads},
        {"failing-reads", readFailPercent > 0},
        {"slow-reads", slowReads},
        {"bounces", bounces > 0},
        {"blocking", blockings > 0},
        {"full-jids", fullJids},
        {"presence-changes", presenceChanges},
        {"archive", archive},
        {"carbons", carbons},
        {"other-stanzas", otherStanzas},
        {"csi", inactivity},
        {"without-ids", withoutIds},
        {"mute-clients", muteClients},
        {"delays", delays},
        {"liars", liars},
        {"small-batches", batchRowsMax < 16 || batchBytesMax < 1'000},
        {"wrapping-counts", session.countFrom > 0},
        {"small-windows", session.unprovedMax < 256},
        {"small-buffers", session.waitingBytesMax < 262'144},
        {"few-recent-rows", recentBytesMax < 2'000},
        {"accounts-forgotten", idleAccountsMax == 0},
    };
    for (const auto &[name, on] : flags) {
        if (on) {
            out += ' ';
            out += name;
        }
    }
    return out;
}

} // namespace godwit::sim
