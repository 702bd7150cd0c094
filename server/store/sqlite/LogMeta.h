// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What log.db knows of itself.
#pragma once

#include "base/Clock.h"
#include "base/SipHash.h"
#include "store/sqlite/Database.h"

#include <array>
#include <cstdint>
#include <string>

namespace godwit::store
{

struct LogMeta {
    std::string logId; ///< random; the index remembers for which log it was made
    std::array<std::uint8_t, 16> stanzaIdKey{};
    base::SipKey dedupKey{};
    std::uint64_t lastSeq = 0; ///< the next one is above it, in the present incarnation
    base::WallTime lastTime{};
};

/// Reads it, making what is missing in a new file.
base::Result<LogMeta> loadLogMeta(Database &database);

/// Begins a new incarnation: every seq given from now on is above all that were ever given, also above those that the
/// file forgot because it is a copy from before. For a store that nobody has open. LimitExceeded after 8,191.
base::Result<base::Ok> raiseIncarnation(Database &database);

} // namespace godwit::store
