// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The lines of `status`, of a running server and of a store without one.
#pragma once

#include "admin/Control.h"
#include "store/sqlite/SqliteEngine.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::admin
{

/// What a running server knows of itself.
struct ServerStatus {
    std::chrono::seconds uptime{0};
    std::string domain;
    std::string dataDir;
    std::vector<std::string> listeners; ///< "c2s 127.0.0.1:5222"
    std::uint64_t sessions = 0;
    std::uint64_t streams = 0;
    std::uint64_t logins = 0;
    std::uint64_t loginsFailed = 0;
    std::uint64_t resumptions = 0;
    std::uint64_t stanzasIn = 0;
    std::uint64_t stored = 0;
    std::uint64_t refused = 0;
    std::uint64_t resends = 0;
    std::uint64_t inFlight = 0;
    store::SqliteFigures store;
};

/// The name of the lines that hold a listener each; check compares them with the configuration.
inline constexpr std::string_view listenerLine = "listening";

std::vector<StatusLine> describe(const ServerStatus &status);
/// Sizes of the files of the store in `folder`.
std::vector<StatusLine> describeFiles(const std::string &folder);

/// "3 d 4 h", "5 min 2 s".
std::string formatUptime(std::chrono::seconds uptime);
/// "18.4 MiB".
std::string formatBytes(std::uint64_t bytes);

} // namespace godwit::admin
