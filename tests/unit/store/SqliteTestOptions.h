// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "store/sqlite/SqliteEngine.h"

namespace godwit::test
{

/// The store as in the server, without the reserve file.
inline store::SqliteOptions plainOptions(std::size_t foldRows = store::limits::foldRows)
{
    store::SqliteOptions options;
    options.foldRows = foldRows;
    options.reserveBytes = 0;
    return options;
}

} // namespace godwit::test
