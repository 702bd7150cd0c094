// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The versions of the cache's file and the way from one to the next.
#pragma once

#include "base/Result.h"
#include "cache/Database.h"

namespace godwit::cache
{

/// "GWca": marks the file as ours (PRAGMA application_id).
inline constexpr int applicationId = 0x47576361;
/// The version that this program writes (PRAGMA user_version).
inline constexpr int schemaVersion = 1;

/// Brings the file to schemaVersion, in one transaction. TooNew when a newer program wrote it, Corrupt when it is not a
/// cache at all; both leave it untouched.
[[nodiscard]] base::Result<base::Ok> migrate(Database &database);

} // namespace godwit::cache
