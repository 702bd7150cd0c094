// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The store on SQLite: three files in one folder, and the threads behind them.
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "store/Engine.h"
#include "store/StoreLimits.h"
#include "store/sqlite/RetentionOptions.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace godwit::store
{

struct SqliteOptions {
    /// Both clocks are asked from several threads. The system's when null.
    const base::Clock *clock = nullptr;
    std::size_t batchRowsMax = limits::batchRowsMax;
    std::size_t batchBytesMax = limits::batchBytesMax;
    std::chrono::milliseconds proofIdle = limits::proofIdle;
    std::size_t foldRows = limits::foldRows;
    std::chrono::milliseconds foldQuiet = limits::foldQuiet;
    std::uint64_t reserveBytes = limits::reserveBytes;
    RetentionOptions retention;
    /// For tests: sqlite3's layer to the operating system, by name.
    std::string vfs;
    /// For the test that shows that the sync is missed when it is taken out.
    bool syncCommits = true;
};

/// What operators see of it; any thread.
struct SqliteFigures {
    std::uint64_t rows = 0;    ///< appended since the start
    std::uint64_t batches = 0; ///< commits of the log
    std::uint64_t refused = 0; ///< for want of room
    std::uint64_t unfolded = 0;
    std::uint64_t folded = 0;
    std::uint64_t walPages = 0;
    std::uint64_t walPagesWritten = 0;
};

class SqliteEngine final : public Engine
{
public:
    ~SqliteEngine() override;
    std::unique_ptr<ledger::LogStore> logFor(Executor &executor, ledger::LogSink &sink) override;
    std::unique_ptr<accounts::AccountStore> accountsFor(Executor &executor) override;
    const std::array<std::uint8_t, 16> &stanzaIdKey() const override;
    const base::SipKey &dedupKey() const override;
    void close() override;
    SqliteFigures figures() const;

private:
    friend base::Result<std::unique_ptr<SqliteEngine>> openSqlite(const std::string &, const SqliteOptions &);
    struct Parts;
    explicit SqliteEngine(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

/// Opens the store in `folder`, which is made when it is missing. Conflict when another process has it, TooNew when a
/// newer godwitd wrote it, Corrupt when a file is not ours or does not read.
base::Result<std::unique_ptr<SqliteEngine>> openSqlite(const std::string &folder, const SqliteOptions &options = {});

/// To be called after a store was restored from a copy or imported, before it is opened: no seq that the lost rows had
/// is given again (DELIVERY.md, "Words"). Conflict when the store is open.
base::Result<base::Ok> raiseIncarnation(const std::string &folder);

} // namespace godwit::store
