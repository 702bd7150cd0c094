// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/LogReader.h"

#include <cstring>

namespace godwit::store
{

namespace
{

void checked(const Statement &statement)
{
    if (statement.failure() != DbFailure::None) {
        storageFailed("reading log.db", statement.failureText());
    }
}

base::WallTime toTime(std::int64_t micros)
{
    return base::WallTime(base::Duration(micros));
}

ledger::RowFlag toFlags(std::int64_t number)
{
    return static_cast<ledger::RowFlag>(static_cast<std::uint16_t>(number));
}

} // namespace

base::Result<LogReader> LogReader::open(const std::string &folder, const std::string &vfs)
{
    base::Result<Database> database = Database::open(folder + "/log.db", OpenMode::ReadWrite, vfs);
    if (!database.ok()) {
        return std::move(database).error();
    }
    if (auto readOnly = database->exec("PRAGMA query_only=ON"); !readOnly.ok()) {
        return std::move(readOnly).error();
    }
    LogReader reader;
    reader.m_database = std::make_unique<Database>(std::move(database).value());
    Database &db = *reader.m_database;
    reader.m_jids = std::make_unique<JidTable>();
    reader.m_jids->prepare(db);
    reader.m_row = db.mustPrepare("SELECT ts,flags,sender,recipient,stanza FROM msg WHERE seq=?1");
    reader.m_rows = db.mustPrepare("SELECT seq,ts,flags,sender,recipient,dedup,stanza FROM msg "
                                   "WHERE seq>?1 AND seq<=?2 ORDER BY seq LIMIT ?3");
    reader.m_journal = db.mustPrepare("SELECT n,kind,account,peer,device,lo,hi,ts FROM journal WHERE n>?1 "
                                      "AND n<=?2 ORDER BY n LIMIT ?3");
    reader.m_purgeRows = db.mustPrepare("SELECT seq,ts,flags,sender,recipient,dedup IS NOT NULL,length(stanza)>0 "
                                        "FROM msg WHERE seq>?1 AND seq<=?2 ORDER BY seq LIMIT ?3");
    reader.m_probe = db.mustPrepare("SELECT seq,ts FROM msg WHERE seq>=?1 ORDER BY seq LIMIT 1");
    reader.m_ends = db.mustPrepare("SELECT (SELECT min(seq) FROM msg),(SELECT max(seq) FROM msg)");
    return reader;
}

std::optional<ledger::LogRow> LogReader::row(ledger::Seq seq)
{
    const StatementScope scope(m_row);
    m_row.bind(1, seq.value);
    if (!m_row.step()) {
        checked(m_row);
        return std::nullopt;
    }
    const std::string_view stanza = m_row.bytes(4);
    if (stanza.empty()) {
        return std::nullopt;
    }
    return ledger::LogRow{seq,
                          toTime(m_row.number(0)),
                          toFlags(m_row.number(1)),
                          m_jids->text(JidId(m_row.number(2))),
                          m_jids->text(JidId(m_row.number(3))),
                          base::shareBytes(std::string(stanza))};
}

ledger::Seq LogReader::firstAt(base::WallTime time)
{
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    {
        const StatementScope scope(m_ends);
        m_ends.step();
        checked(m_ends);
        low = m_ends.unsignedNumber(0);
        high = m_ends.unsignedNumber(1) + 1;
    }
    while (low < high) {
        const StatementScope scope(m_probe);
        const std::uint64_t middle = low + (high - low) / 2;
        m_probe.bind(1, middle);
        const bool found = m_probe.step();
        checked(m_probe);
        if (found && toTime(m_probe.number(1)) < time) {
            low = m_probe.unsignedNumber(0) + 1;
        } else {
            high = middle;
        }
    }
    return ledger::Seq(low);
}

std::vector<StoredRow> LogReader::rows(ledger::Seq after, ledger::Seq upTo, std::size_t limit)
{
    std::vector<StoredRow> rows;
    const StatementScope scope(m_rows);
    m_rows.bind(1, after.value);
    m_rows.bind(2, upTo.value);
    m_rows.bind(3, std::int64_t(limit));
    while (m_rows.step()) {
        StoredRow row;
        row.seq = ledger::Seq(m_rows.unsignedNumber(0));
        row.time = toTime(m_rows.number(1));
        row.flags = toFlags(m_rows.number(2));
        row.sender = JidId(m_rows.number(3));
        row.recipient = JidId(m_rows.number(4));
        if (const std::string_view key = m_rows.bytes(5); key.size() == 16) {
            std::memcpy(&row.key.low, key.data(), 8);
            std::memcpy(&row.key.high, key.data() + 8, 8);
        }
        row.stanza = base::shareBytes(std::string(m_rows.bytes(6)));
        rows.push_back(std::move(row));
    }
    checked(m_rows);
    return rows;
}

std::vector<JournalRow> LogReader::journal(std::int64_t after, std::int64_t upTo, std::size_t limit)
{
    std::vector<JournalRow> rows;
    const StatementScope scope(m_journal);
    m_journal.bind(1, after);
    m_journal.bind(2, upTo);
    m_journal.bind(3, std::int64_t(limit));
    while (m_journal.step()) {
        JournalRow row;
        row.number = m_journal.number(0);
        row.kind = static_cast<JournalKind>(static_cast<std::uint8_t>(m_journal.number(1)));
        row.account = JidId(m_journal.number(2));
        row.peer = JidId(m_journal.number(3));
        row.device = m_journal.bytes(4);
        row.low = ledger::Seq(m_journal.unsignedNumber(5));
        row.high = ledger::Seq(m_journal.unsignedNumber(6));
        row.time = toTime(m_journal.number(7));
        rows.push_back(std::move(row));
    }
    checked(m_journal);
    return rows;
}

std::vector<LogReader::PurgeRow> LogReader::purgeRows(ledger::Seq after, ledger::Seq upTo, std::size_t limit)
{
    std::vector<PurgeRow> rows;
    const StatementScope scope(m_purgeRows);
    m_purgeRows.bind(1, after.value);
    m_purgeRows.bind(2, upTo.value);
    m_purgeRows.bind(3, std::int64_t(limit));
    while (m_purgeRows.step()) {
        rows.push_back({ledger::Seq(m_purgeRows.unsignedNumber(0)), toTime(m_purgeRows.number(1)),
                        toFlags(m_purgeRows.number(2)), JidId(m_purgeRows.number(3)), JidId(m_purgeRows.number(4)),
                        m_purgeRows.number(5) != 0, m_purgeRows.number(6) != 0});
    }
    checked(m_purgeRows);
    return rows;
}

std::uint64_t LogReader::countRows(ledger::Seq after)
{
    return static_cast<std::uint64_t>(
        m_database->number("SELECT count(*) FROM msg WHERE seq>" + std::to_string(after.value)));
}

} // namespace godwit::store
