// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A layer between sqlite3 and the operating system that writes down what happens to the WAL of log.db and can pretend
// that the disk is full.
#pragma once

#include <cstdint>
#include <string>

namespace godwit::test
{

/// What happened so far. All functions from any thread.
struct VfsFigures {
    std::uint64_t writes = 0;
    std::uint64_t syncs = 0;
    /// Writes to the WAL of log.db since its last sync: what a power loss would take.
    std::uint64_t unsynced = 0;
};

/// Registers the layer once; gives the name to open files with.
const std::string &recordingVfs();
void resetVfs();
VfsFigures vfsFigures();
/// From now on writes to log.db and its WAL fail as on a full disk, or work again.
void setDiskFull(bool full);

} // namespace godwit::test
