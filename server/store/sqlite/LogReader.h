// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Reads rows of log.db by seq and by time, on the index thread's own connection.
#pragma once

#include "store/LogEntry.h"
#include "store/sqlite/Database.h"
#include "store/sqlite/JidTable.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace godwit::store
{

class LogReader
{
public:
    static base::Result<LogReader> open(const std::string &folder, const std::string &vfs);

    JidTable &jids() { return *m_jids; }
    /// Nothing when the row or its body is gone.
    std::optional<ledger::LogRow> row(ledger::Seq seq);
    /// The smallest seq whose row has a time of at least `time`; above all rows when there is none. Times never fall
    /// in a log, so this is a binary search.
    ledger::Seq firstAt(base::WallTime time);
    /// Rows with after < seq <= upTo, at most `limit`, bodies and keys included.
    std::vector<StoredRow> rows(ledger::Seq after, ledger::Seq upTo, std::size_t limit);
    /// Journal rows with after < n <= upTo, at most `limit`.
    std::vector<JournalRow> journal(std::int64_t after, std::int64_t upTo, std::size_t limit);
    /// What retention wants to know of a row.
    struct PurgeRow {
        ledger::Seq seq;
        base::WallTime time;
        ledger::RowFlag flags = ledger::RowFlag::None;
        JidId sender;
        JidId recipient;
        bool hasKey = false;
        bool hasBody = false;
    };
    std::vector<PurgeRow> purgeRows(ledger::Seq after, ledger::Seq upTo, std::size_t limit);
    std::uint64_t countRows(ledger::Seq after);

private:
    std::unique_ptr<Database> m_database;
    std::unique_ptr<JidTable> m_jids;
    Statement m_row, m_rows, m_journal, m_probe, m_ends, m_purgeRows;
};

} // namespace godwit::store
