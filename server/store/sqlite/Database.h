// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// sqlite3's C interface with owners: a connection and its prepared statements. A Database and its statements belong
// to one thread at a time.
#pragma once

#include "base/Result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace godwit::store
{

/// What a failed call means for the caller; the rest of sqlite3's codes are failures nobody can do anything about.
enum class DbFailure : std::uint8_t {
    None,
    Constraint, ///< this row cannot be stored (a rule of the schema, too large)
    Full,       ///< no room on the disk
    Fatal,      ///< I/O error, failed sync, corruption, out of memory
};

class Statement
{
public:
    Statement() = default;
    explicit Statement(sqlite3_stmt *statement)
        : m_statement(statement)
    {
    }

    void bind(int at, std::int64_t number);
    void bind(int at, std::uint64_t number) { bind(at, static_cast<std::int64_t>(number)); }
    /// The text must live until the statement is reset.
    void bindText(int at, std::string_view text);
    void bindBlob(int at, std::string_view bytes);
    void bindNull(int at);

    /// True when there is a row. Failures end the iteration and are told by failure().
    bool step();
    DbFailure failure() const { return m_failure; }
    /// sqlite3's words for the failure.
    std::string failureText() const;
    void reset();
    /// Steps a statement without rows and resets it.
    DbFailure run();

    std::int64_t number(int column) const;
    std::uint64_t unsignedNumber(int column) const { return static_cast<std::uint64_t>(number(column)); }
    /// Valid until the next step or reset.
    std::string_view bytes(int column) const;
    bool isNull(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt *statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    DbFailure m_failure = DbFailure::None;
};

/// Resets a statement when a scope ends, so that no read transaction stays open.
class StatementScope
{
public:
    explicit StatementScope(Statement &statement)
        : m_statement(statement)
    {
    }
    ~StatementScope() { m_statement.reset(); }
    StatementScope(const StatementScope &) = delete;
    StatementScope &operator=(const StatementScope &) = delete;

private:
    Statement &m_statement;
};

enum class OpenMode : std::uint8_t { Create, ReadWrite, ReadOnly };

class Database
{
public:
    Database() = default;

    /// `vfs` names sqlite3's layer to the operating system; empty is the default one.
    static base::Result<Database> open(const std::string &path, OpenMode mode, const std::string &vfs);

    /// Runs statements without parameters or results.
    base::Result<base::Ok> exec(const std::string &sql);
    /// The same for what cannot fail but by a failure that ends the process.
    DbFailure run(const char *sql);
    base::Result<Statement> prepare(std::string_view sql);
    /// Prepares a statement that is part of the program, on a schema that was just checked: failing ends the process.
    Statement mustPrepare(std::string_view sql);
    /// The one number that a statement gives, or 0.
    std::int64_t number(std::string_view sql);
    bool inTransaction() const;
    /// Copies into the file what of the WAL can be copied without waiting for anybody. A full disk leaves the rest for
    /// later; another failure ends the process.
    void checkpoint();
    std::int64_t changes() const;
    std::int64_t lastRowId() const;
    std::string failureText() const;
    sqlite3 *handle() const { return m_handle.get(); }

private:
    struct Close {
        void operator()(sqlite3 *handle) const;
    };
    std::unique_ptr<sqlite3, Close> m_handle;
};

/// Says what happened and ends the process: after a failed sync nobody knows what is on the disk, so nothing is tried
/// again (DELIVERY.md, "The store").
[[noreturn]] void storageFailed(std::string_view what, const std::string &text);

} // namespace godwit::store
