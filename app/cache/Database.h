// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A thin layer over the SQLite C interface. Statements report their first failure to the Database, which keeps it
// until somebody takes it: queries stay readable, and the one place that ends a piece of work (Store::perform) turns
// the failure into an Error and undoes the work. Nothing is committed past a failure.
#pragma once

#include "base/Result.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace godwit::cache
{

class Database;

/// A prepared statement in use; reset and free for the next use when it goes out of scope.
class Query
{
public:
    Query(Database &database, sqlite3_stmt *statement);
    ~Query();
    Query(const Query &) = delete;
    Query &operator=(const Query &) = delete;
    Query(Query &&other) noexcept;

    /// Binds the next parameter, in the order of the question marks.
    Query &bind(std::int64_t number);
    Query &bind(const QString &text);
    Query &bind(const QByteArray &bytes);
    Query &bindNull();
    /// An empty text is bound as NULL.
    Query &bindOptional(const QString &text);

    /// The next row. False when there is none, and after a failure.
    bool next();
    /// Runs a statement that gives no rows; returns how many rows it changed.
    int run();

    std::int64_t number(int column) const;
    QString text(int column) const;
    QByteArray bytes(int column) const;
    bool isNull(int column) const;

private:
    Database &m_database;
    sqlite3_stmt *m_statement;
    int m_next = 1;
};

/// One connection. Belongs to the thread that uses it.
class Database
{
public:
    enum class Locking { Exclusive, Shared };

    /// Opens or creates a file (":memory:" for none), WAL, synchronous=FULL. Exclusive: no other process can use the
    /// file at the same time; Unavailable when one does.
    static base::Result<std::unique_ptr<Database>> open(const QString &path, Locking locking);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /// A statement, prepared once for each text. The text must be a literal.
    Query query(const char *sql);
    /// One or more statements without parameters.
    base::Result<base::Ok> execute(const std::string &sql);
    std::int64_t lastRow() const;

    /// Keeps the first failure of a Query until takeFailure().
    void fail(const char *doing);
    bool failed() const { return m_failure.has_value(); }
    std::optional<base::Error> takeFailure();

private:
    explicit Database(sqlite3 *handle);
    base::Error lastError(const std::string &doing) const;

    sqlite3 *m_handle;
    std::unordered_map<std::string_view, sqlite3_stmt *> m_statements;
    std::optional<base::Error> m_failure;
};

} // namespace godwit::cache
