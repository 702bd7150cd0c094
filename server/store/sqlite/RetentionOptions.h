// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "store/StoreLimits.h"

#include <chrono>
#include <optional>

namespace godwit::store
{

struct RetentionOptions {
    /// How long archived messages are kept. Nothing: for ever. 0: until they are proved, like those that no archive
    /// has (DELIVERY.md rule 15).
    std::optional<std::chrono::seconds> keep;
    /// Keys of rule 7 outlive the bodies.
    std::chrono::hours keepKeys = limits::keepKeys;
    /// What goes when it is proved stays this much longer, for a session that is being resumed may want it again.
    std::chrono::seconds keepProved = limits::keepProved;
    /// Devices remembered per account, and for how long after their last proof (rule 12).
    std::size_t devicesMax = limits::devicesMax;
    std::chrono::hours deviceAge = limits::deviceAge;
    /// Time between two walks along the log.
    std::chrono::milliseconds every = limits::purgeEvery;
};

} // namespace godwit::store
