// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/Database.h"

#include "base/Log.h"

#include <sqlite3.h>

#include <cstdlib>

namespace godwit::store
{

namespace
{

constexpr int busyTimeoutMs = 60'000;

DbFailure classify(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return DbFailure::None;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
        return DbFailure::Constraint;
    case SQLITE_FULL:
        return DbFailure::Full;
    default:
        return DbFailure::Fatal;
    }
}

base::ErrorCode errorCode(int code)
{
    switch (code & 0xff) {
    case SQLITE_FULL:
        return base::ErrorCode::ResourceFull;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return base::ErrorCode::Corrupt;
    case SQLITE_BUSY:
        return base::ErrorCode::Unavailable;
    default:
        return base::ErrorCode::Io;
    }
}

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

void Statement::bind(int at, std::int64_t number)
{
    sqlite3_bind_int64(m_statement.get(), at, number);
}

void Statement::bindText(int at, std::string_view text)
{
    sqlite3_bind_text64(m_statement.get(), at, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bindBlob(int at, std::string_view bytes)
{
    sqlite3_bind_blob64(m_statement.get(), at, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(),
                        SQLITE_STATIC);
}

void Statement::bindNull(int at)
{
    sqlite3_bind_null(m_statement.get(), at);
}

bool Statement::step()
{
    const int code = sqlite3_step(m_statement.get());
    m_failure = classify(code);
    return code == SQLITE_ROW;
}

std::string Statement::failureText() const
{
    return sqlite3_errmsg(sqlite3_db_handle(m_statement.get()));
}

void Statement::reset()
{
    if (m_statement != nullptr) {
        sqlite3_reset(m_statement.get());
    }
}

DbFailure Statement::run()
{
    step();
    reset();
    return m_failure;
}

std::int64_t Statement::number(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

std::string_view Statement::bytes(int column) const
{
    const void *data = sqlite3_column_blob(m_statement.get(), column);
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return data == nullptr ? std::string_view() : std::string_view(static_cast<const char *>(data), std::size_t(size));
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3 *handle) const
{
    sqlite3_close_v2(handle);
}

base::Result<Database> Database::open(const std::string &path, OpenMode mode, const std::string &vfs)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= mode == OpenMode::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    flags |= mode == OpenMode::Create ? SQLITE_OPEN_CREATE : 0;
    sqlite3 *handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
    Database database;
    database.m_handle.reset(handle);
    if (code != SQLITE_OK) {
        return base::Error(errorCode(code), path + ": " + sqlite3_errstr(code));
    }
    sqlite3_busy_timeout(handle, busyTimeoutMs);
    return database;
}

base::Result<base::Ok> Database::exec(const std::string &sql)
{
    const int code = sqlite3_exec(m_handle.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return base::Error(errorCode(code), failureText());
    }
    return base::Ok{};
}

DbFailure Database::run(const char *sql)
{
    return classify(sqlite3_exec(m_handle.get(), sql, nullptr, nullptr, nullptr));
}

base::Result<Statement> Database::prepare(std::string_view sql)
{
    sqlite3_stmt *statement = nullptr;
    const int code = sqlite3_prepare_v3(m_handle.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
        return base::Error(errorCode(code), failureText());
    }
    return Statement(statement);
}

Statement Database::mustPrepare(std::string_view sql)
{
    base::Result<Statement> statement = prepare(sql);
    if (!statement.ok()) {
        storageFailed(sql, statement.error().text());
    }
    return std::move(statement).value();
}

std::int64_t Database::number(std::string_view sql)
{
    Statement statement = mustPrepare(sql);
    return statement.step() ? statement.number(0) : 0;
}

bool Database::inTransaction() const
{
    return sqlite3_get_autocommit(m_handle.get()) == 0;
}

void Database::checkpoint()
{
    const int code = sqlite3_wal_checkpoint_v2(m_handle.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    const int kind = code & 0xff;
    if (kind != SQLITE_OK && kind != SQLITE_BUSY && kind != SQLITE_LOCKED && kind != SQLITE_FULL) {
        storageFailed("checkpoint", failureText());
    }
}

std::int64_t Database::changes() const
{
    return sqlite3_changes64(m_handle.get());
}

std::int64_t Database::lastRowId() const
{
    return sqlite3_last_insert_rowid(m_handle.get());
}

std::string Database::failureText() const
{
    return sqlite3_errmsg(m_handle.get());
}

void storageFailed(std::string_view what, const std::string &text)
{
    base::log(base::LogLevel::Error, "store", "storage failed, stopping", {{"doing", what}, {"error", text}});
    std::abort();
}

} // namespace godwit::store
