// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The command line: one table that parsing, defaults and --help are read from.
#pragma once

#include "Report.h"
#include "Session.h"

#include <sys/types.h>

#include <string>
#include <vector>

namespace godwit::load
{

enum class Mode { Hold, Chat, Offline, Churn, Forward, Bytes };
enum class Phase { All, Store, Drain };

struct Options {
    Mode mode = Mode::Chat;
    Format format = Format::Table;
    Endpoint endpoint;

    std::string users = "user";
    unsigned first = 0;
    std::string password = "secret";
    std::string resource = "load";
    unsigned parallel = 100;
    double loginTimeout = 180; // s
    std::vector<pid_t> serverPids;
    bool failOnLoss = false;

    unsigned sessions = 1000;
    unsigned steps = 4;
    double settle = 2; // s
    double hold = 10;  // s

    unsigned pairs = 100;
    unsigned window = 4;
    double rate = 0; // messages/s, 0 = closed loop
    bool overload = false;
    double overloadFactor = 2;
    double warmup = 2;    // s
    double duration = 10; // s
    double drain = 30;    // s
    double stall = 10;    // s
    unsigned bodyLength = 40;
    bool originId = true;
    bool fullJid = false;
    bool receiverManagement = true;

    unsigned messages = 10'000;
    Phase phase = Phase::All;
    std::string state;
    bool cut = false;
    double returnAfter = 1; // s
    bool newResource = true;
    unsigned unread = 15; // per receiver, while it hangs
    unsigned away = 0;    // per receiver, while it is away

    double life = 2;  // s, mean time between two ends of a session
    double pause = 1; // s, mean time before it comes back
    unsigned seed = 1;

    bool ownServer = true; ///< no --port was given
    std::uint16_t httpPort = 0;
};

struct Parsed {
    Options options;
    std::string error; ///< what is wrong, when it is not empty
    bool help = false;
};

[[nodiscard]] Parsed parse(const std::vector<std::string> &arguments);

/// The help of the program; of one mode when it is named first.
[[nodiscard]] std::string help(const std::vector<std::string> &arguments);

} // namespace godwit::load
