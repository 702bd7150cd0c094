// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/SqliteEngine.h"

#include "store/sqlite/Checkpointer.h"
#include "store/sqlite/FolderLock.h"
#include "store/sqlite/LogIndex.h"
#include "store/sqlite/LogMeta.h"
#include "store/sqlite/LogWriter.h"
#include "store/sqlite/Schema.h"
#include "store/sqlite/SqliteAccounts.h"
#include "store/sqlite/SqliteLog.h"

#include <sqlite3.h>

#include <atomic>
#include <deque>
#include <filesystem>
#include <utility>

namespace godwit::store
{

struct SqliteEngine::Parts {
    Parts(FolderLock &&folderLock, std::unique_ptr<LogWriter> &&logWriter)
        : lock(std::move(folderLock))
        , writer(std::move(logWriter))
    {
    }

    FolderLock lock;
    std::deque<ShardPort> ports;
    std::atomic<std::uint64_t> proofTokens{0};
    std::unique_ptr<LogWriter> writer;
    std::unique_ptr<Checkpointer> logWal;
    std::unique_ptr<Checkpointer> indexWal;
    std::unique_ptr<LogIndex> index;
    std::unique_ptr<AccountThread> accounts;
};

namespace
{

const base::Clock &systemClock()
{
    static const base::SystemClock clock;
    return clock;
}

/// sqlite3 counts its allocations under one lock for the whole process, which our threads would queue at. Can only be
/// told before its first use; where somebody else used it before us it stays as it is.
void tuneSqlite()
{
    static const int told = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(told);
}

} // namespace

base::Result<std::unique_ptr<SqliteEngine>> openSqlite(const std::string &folder, const SqliteOptions &options)
{
    tuneSqlite();
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) {
        return base::Error(base::ErrorCode::Io, folder + ": " + failure.message());
    }
    base::Result<FolderLock> lock = FolderLock::take(folder);
    if (!lock.ok()) {
        return std::move(lock).error();
    }
    const base::Clock *clock = options.clock != nullptr ? options.clock : &systemClock();
    base::Result<std::unique_ptr<LogWriter>> writer = LogWriter::open(
        {folder, options.vfs, clock, BatchLimits{options.batchRowsMax, options.batchBytesMax, options.proofIdle},
         options.syncCommits, options.reserveBytes});
    if (!writer.ok()) {
        return std::move(writer).error();
    }
    LogWriter &log = **writer;
    base::Result<std::unique_ptr<LogIndex>> index =
        LogIndex::open({folder, options.vfs, clock, log.logId(), log.lastCommitted(), log.lastJournal(),
                        options.foldRows, options.foldQuiet, options.retention});
    if (!index.ok()) {
        return std::move(index).error();
    }
    base::Result<std::unique_ptr<Checkpointer>> logWal = Checkpointer::open(
        folder + "/log.db", options.vfs, [&log](Task task) { return log.batcher().push(Chore{std::move(task)}); },
        [&log] { log.finishCheckpoint(); });
    if (!logWal.ok()) {
        return std::move(logWal).error();
    }
    LogIndex &entries = **index;
    base::Result<std::unique_ptr<Checkpointer>> indexWal = Checkpointer::open(
        folder + "/index.db", options.vfs, [&entries](Task task) { return entries.give(std::move(task)); },
        [&entries] { entries.finishCheckpoint(); });
    if (!indexWal.ok()) {
        return std::move(indexWal).error();
    }
    base::Result<std::unique_ptr<AccountThread>> accounts = AccountThread::open(folder, options.vfs, *clock);
    if (!accounts.ok()) {
        return std::move(accounts).error();
    }
    auto parts = std::make_unique<SqliteEngine::Parts>(std::move(lock).value(), std::move(writer).value());
    parts->index = std::move(index).value();
    parts->logWal = std::move(logWal).value();
    parts->indexWal = std::move(indexWal).value();
    parts->accounts = std::move(accounts).value();
    parts->accounts->start();
    SqliteEngine::Parts *raw = parts.get();
    parts->logWal->start();
    parts->indexWal->start();
    parts->index->start(
        [raw] { raw->indexWal->request(); },
        [raw](Purge slice, std::function<void(bool)> done) {
            return raw->writer->batcher().push(
                Chore{[raw, slice = std::move(slice), done = std::move(done)] { done(raw->writer->purge(slice)); }});
        });
    parts->writer->start([raw](CommittedBatch &&batch) { raw->index->take(std::move(batch)); },
                         [raw] { raw->logWal->request(); }, [raw] { raw->index->purgeSoon(); });
    return std::unique_ptr<SqliteEngine>(new SqliteEngine(std::move(parts)));
}

base::Result<base::Ok> raiseIncarnation(const std::string &folder)
{
    base::Result<FolderLock> lock = FolderLock::take(folder);
    if (!lock.ok()) {
        return std::move(lock).error();
    }
    base::Result<Database> database = openFile(folder + "/log.db", logSchema, Sync::Full, {});
    if (!database.ok()) {
        return std::move(database).error();
    }
    return raiseIncarnation(*database);
}

SqliteEngine::SqliteEngine(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
{
}

SqliteEngine::~SqliteEngine()
{
    close();
}

std::unique_ptr<ledger::LogStore> SqliteEngine::logFor(Executor &executor, ledger::LogSink &sink)
{
    ShardPort &port = m_parts->ports.emplace_back(ShardPort{&executor, &sink});
    return std::make_unique<SqliteLog>(*m_parts->writer, *m_parts->index, m_parts->ports, port, m_parts->proofTokens);
}

std::unique_ptr<accounts::AccountStore> SqliteEngine::accountsFor(Executor &executor)
{
    return std::make_unique<SqliteAccounts>(*m_parts->accounts, executor);
}

const std::array<std::uint8_t, 16> &SqliteEngine::stanzaIdKey() const
{
    return m_parts->writer->stanzaIdKey();
}

const base::SipKey &SqliteEngine::dedupKey() const
{
    return m_parts->writer->dedupKey();
}

void SqliteEngine::close()
{
    // The checkpointers give chores to writer and index, the writer gives batches to the index: in this order nobody
    // gives anything to one that has ended.
    m_parts->logWal->stop();
    m_parts->indexWal->stop();
    m_parts->writer->stop();
    m_parts->index->stop();
    m_parts->accounts->stop();
}

SqliteFigures SqliteEngine::figures() const
{
    const WriterFigures &writer = m_parts->writer->figures();
    SqliteFigures figures;
    figures.rows = writer.rows.load(std::memory_order_relaxed);
    figures.batches = writer.batches.load(std::memory_order_relaxed);
    figures.refused = writer.refused.load(std::memory_order_relaxed);
    figures.unfolded = m_parts->index->lag();
    figures.folded = m_parts->index->foldedRows();
    figures.walPages = writer.walPages.load(std::memory_order_relaxed);
    figures.walPagesWritten = writer.walPagesWritten.load(std::memory_order_relaxed);
    return figures;
}

} // namespace godwit::store
