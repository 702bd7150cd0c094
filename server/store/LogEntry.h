// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What passes between the threads of the log: from the shards to the writer (items), from the writer to the index (a
// committed batch).
#pragma once

#include "ledger/LogStore.h"
#include "store/Executor.h"

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace godwit::store
{

struct JidTag;
/// The number of a JID in the log's table of JIDs; 0 is none.
using JidId = base::StrongId<JidTag, std::int64_t>;

/// Where the answers of one shard go. Owned by the engine; lives as long as it.
struct ShardPort {
    Executor *executor = nullptr;
    ledger::LogSink *sink = nullptr;
};

/// What a row of the journal says.
enum class JournalKind : std::uint8_t {
    Proof = 0,         ///< the account has its rows in [low, high]
    DropPending = 1,   ///< rows from `peer` up to `high` are no longer pending
    RemoveAccount = 2, ///< the account's rows up to `high` are gone
};

/// A row of the journal on its way to the writer.
struct JournalItem {
    JournalKind kind = JournalKind::Proof;
    std::uint64_t token = 0; ///< names a proof between the index, which knows it at once, and the journal
    std::string account;
    std::string device;
    std::string peer;
    ledger::Seq low;
    ledger::Seq high;
    /// Only for the kinds that are synced: called by the index when it has applied the row, or by the writer when the
    /// row was refused. Any thread.
    ledger::Callback<base::Ok> done;
};

struct AppendItem {
    ShardPort *port = nullptr;
    ShardPort *observer = nullptr; ///< gets the same answer under its own ticket; may be null
    ledger::Append row;
};

/// Something the writer does between two batches (a slice of a purge, the end of a checkpoint).
struct Chore {
    Task run;
};

/// A journal item is rare and large, so it lies behind a pointer.
using LogItem = std::variant<AppendItem, std::unique_ptr<JournalItem>, Chore>;

/// A row as it was committed.
struct StoredRow {
    ledger::Seq seq;
    base::WallTime time;
    ledger::RowFlag flags = ledger::RowFlag::None;
    JidId sender;
    JidId recipient;
    base::Hash128 key;
    base::SharedBytes stanza;
};

/// A journal row as it was committed.
struct JournalRow {
    std::int64_t number = 0;
    JournalKind kind = JournalKind::Proof;
    std::uint64_t token = 0;
    JidId account;
    JidId peer;
    std::string device;
    ledger::Seq low;
    ledger::Seq high;
    base::WallTime time;
    ledger::Callback<base::Ok> done;
};

struct CommittedBatch {
    std::vector<StoredRow> rows;
    std::vector<JournalRow> journal;
};

/// What a purge does to a slice of rows, each in seq order.
struct Purge {
    std::vector<ledger::Seq> strip;  ///< the body goes, the key stays
    std::vector<ledger::Seq> remove; ///< all goes
    bool empty() const { return strip.empty() && remove.empty(); }
};

} // namespace godwit::store
