// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Opening the three files: who wrote them, in which version, and the steps from an old version to the newest.
#pragma once

#include "store/sqlite/Database.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace godwit::store
{

/// A kind of file: its application_id and its migrations; the n-th makes version n.
struct Schema {
    std::string_view name;
    std::int32_t applicationId = 0;
    std::span<const std::string_view> migrations;
};

extern const Schema logSchema;
extern const Schema indexSchema;
extern const Schema mainSchema;

enum class Sync : std::uint8_t { Normal, Full };

/// Opens or makes a file of this kind in WAL mode and brings it to the newest version. TooNew when a newer godwitd
/// wrote it, Corrupt when it is another program's file; in both cases not a byte of it is changed.
base::Result<Database> openFile(const std::string &path, const Schema &schema, Sync sync, const std::string &vfs);

} // namespace godwit::store
