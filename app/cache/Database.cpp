// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "cache/Database.h"

#include <sqlite3.h>

#include <utility>

namespace godwit::cache
{

using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;

namespace
{

ErrorCode codeOf(int sqliteCode)
{
    switch (sqliteCode & 0xff) {
    case SQLITE_FULL:
        return ErrorCode::ResourceFull;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
        return ErrorCode::Unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ErrorCode::Corrupt;
    case SQLITE_CONSTRAINT:
        return ErrorCode::AlreadyExists;
    default:
        return ErrorCode::Io;
    }
}

} // namespace

Query::Query(Database &database, sqlite3_stmt *statement)
    : m_database(database)
    , m_statement(statement)
{
}

Query::Query(Query &&other) noexcept
    : m_database(other.m_database)
    , m_statement(std::exchange(other.m_statement, nullptr))
    , m_next(other.m_next)
{
}

Query::~Query()
{
    if (m_statement) {
        sqlite3_reset(m_statement);
        sqlite3_clear_bindings(m_statement);
    }
}

Query &Query::bind(std::int64_t number)
{
    if (m_statement && sqlite3_bind_int64(m_statement, m_next++, number) != SQLITE_OK) {
        m_database.fail("bind");
    }
    return *this;
}

Query &Query::bind(const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    if (m_statement &&
        sqlite3_bind_text(m_statement, m_next++, utf8.constData(), static_cast<int>(utf8.size()), SQLITE_TRANSIENT) !=
            SQLITE_OK) {
        m_database.fail("bind");
    }
    return *this;
}

Query &Query::bind(const QByteArray &bytes)
{
    if (m_statement &&
        sqlite3_bind_blob(m_statement, m_next++, bytes.constData(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT) !=
            SQLITE_OK) {
        m_database.fail("bind");
    }
    return *this;
}

Query &Query::bindNull()
{
    ++m_next; // parameters that were not bound are NULL
    return *this;
}

Query &Query::bindOptional(const QString &text)
{
    return text.isEmpty() ? bindNull() : bind(text);
}

bool Query::next()
{
    if (!m_statement || m_database.failed()) {
        return false;
    }
    switch (sqlite3_step(m_statement)) {
    case SQLITE_ROW:
        return true;
    case SQLITE_DONE:
        return false;
    default:
        m_database.fail(sqlite3_sql(m_statement));
        return false;
    }
}

int Query::run()
{
    if (!m_statement || m_database.failed()) {
        return 0;
    }
    if (sqlite3_step(m_statement) != SQLITE_DONE) {
        m_database.fail(sqlite3_sql(m_statement));
        return 0;
    }
    return sqlite3_changes(sqlite3_db_handle(m_statement));
}

std::int64_t Query::number(int column) const
{
    return m_statement ? sqlite3_column_int64(m_statement, column) : 0;
}

QString Query::text(int column) const
{
    if (!m_statement) {
        return {};
    }
    const auto *utf8 = reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
    return QString::fromUtf8(utf8, sqlite3_column_bytes(m_statement, column));
}

QByteArray Query::bytes(int column) const
{
    if (!m_statement) {
        return {};
    }
    const auto *data = static_cast<const char *>(sqlite3_column_blob(m_statement, column));
    return QByteArray(data, sqlite3_column_bytes(m_statement, column));
}

bool Query::isNull(int column) const
{
    return !m_statement || sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

Result<std::unique_ptr<Database>> Database::open(const QString &path, Locking locking)
{
    sqlite3 *handle = nullptr;
    const int opened = sqlite3_open_v2(path.toUtf8().constData(), &handle,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    std::unique_ptr<Database> database(new Database(handle));
    if (opened != SQLITE_OK) {
        return database->lastError("open " + path.toStdString());
    }
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, 2000);
    // The lock is taken by the first read and kept: a second process gets SQLITE_BUSY instead of a shared outbox.
    const std::string lock = locking == Locking::Exclusive ? "PRAGMA locking_mode=EXCLUSIVE;" : "";
    auto prepared = database->execute(lock + "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                                             "PRAGMA foreign_keys=ON; PRAGMA cache_size=-2000;");
    if (!prepared) {
        return Error(prepared.error().code(), "cannot use " + path.toStdString(), prepared.error());
    }
    return database;
}

Database::Database(sqlite3 *handle)
    : m_handle(handle)
{
}

Database::~Database()
{
    for (const auto &[sql, statement] : m_statements) {
        sqlite3_finalize(statement);
    }
    sqlite3_close(m_handle);
}

Query Database::query(const char *sql)
{
    auto found = m_statements.find(sql);
    if (found == m_statements.end()) {
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v3(m_handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
            fail(sql);
            return Query(*this, nullptr);
        }
        found = m_statements.emplace(sql, statement).first;
    }
    return Query(*this, found->second);
}

Result<Ok> Database::execute(const std::string &sql)
{
    if (sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        return lastError(sql);
    }
    return Ok();
}

std::int64_t Database::lastRow() const
{
    return sqlite3_last_insert_rowid(m_handle);
}

void Database::fail(const char *doing)
{
    if (!m_failure) {
        m_failure = lastError(doing);
    }
}

std::optional<Error> Database::takeFailure()
{
    return std::exchange(m_failure, std::nullopt);
}

Error Database::lastError(const std::string &doing) const
{
    const int code = m_handle ? sqlite3_extended_errcode(m_handle) : SQLITE_NOMEM;
    const char *words = m_handle ? sqlite3_errmsg(m_handle) : "out of memory";
    return Error(codeOf(code), doing, Error(codeOf(code), words));
}

} // namespace godwit::cache
