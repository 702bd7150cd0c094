// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Every bound of the store, with its unit.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace godwit::store::limits
{

/// Rows in one commit. With more, the latency of a commit grows faster than its throughput.
inline constexpr std::size_t batchRowsMax = 2'000;
/// Bytes of stanzas in one commit.
inline constexpr std::size_t batchBytesMax = 1'048'576;
/// How long a batch of nothing but proofs waits for a row to ride with.
inline constexpr std::chrono::milliseconds proofIdle{200};

/// The index is folded when this many rows wait in memory ...
inline constexpr std::size_t foldRows = 50'000;
/// ... or this many bytes of stanzas ...
inline constexpr std::size_t foldBytes = 16'777'216;
/// ... or when this time passed without a new row.
inline constexpr std::chrono::seconds foldQuiet{10};
/// Index rows in one transaction of the fold: between two of them queries are answered.
inline constexpr std::size_t foldSliceRows = 2'000;
/// Rows the index thread may lag behind the writer; beyond it the writer waits, which slows the senders.
inline constexpr std::size_t tailRowsMax = 400'000;
static_assert(tailRowsMax > 4 * foldRows, "the writer must not wait for an ordinary fold");

/// Devices remembered per account, and for how long after their last proof (DELIVERY.md rule 12).
inline constexpr std::size_t devicesMax = 32;
inline constexpr std::chrono::hours deviceAge{90 * 24};
/// Proved ranges above a device's position.
inline constexpr std::size_t deviceRangesMax = 64;

/// JIDs whose number each store thread remembers; the memory is emptied when it is full.
inline constexpr std::size_t jidCacheMax = 100'000;

/// The WAL of log.db is copied into the file when it has grown by this much, and is never far longer.
inline constexpr std::uint64_t walBytes = 16'777'216;
/// The same for index.db, in its pages; looked at after each fold.
inline constexpr std::uint64_t indexWalPages = 4'096;
/// Kept free on the disk of the store so that purging can run when it is full.
inline constexpr std::uint64_t reserveBytes = 16'777'216;
/// While the disk is full: time between two attempts to get the reserve back.
inline constexpr std::chrono::seconds reserveRetry{1};
/// How long keys of DELIVERY.md rule 7 are kept, and rows that go as soon as they are proved.
inline constexpr std::chrono::hours keepKeys{14 * 24};
inline constexpr std::chrono::minutes keepProved{15};
/// Time between two walks of the retention along the log.
inline constexpr std::chrono::minutes purgeEvery{1};
/// Log rows deleted in one transaction between two batches.
inline constexpr std::size_t purgeSliceRows = 500;

/// Tasks of the account thread that share one commit.
inline constexpr std::size_t accountTasksMax = 256;

} // namespace godwit::store::limits
