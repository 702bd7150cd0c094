// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The one thread that writes log.db: takes batches, commits them with a sync, then tells the index and the shards, in
// this order. Nothing is told before the commit that covers it has returned.
#pragma once

#include "base/Clock.h"
#include "base/SipHash.h"
#include "store/Batcher.h"
#include "store/sqlite/Database.h"
#include "store/sqlite/JidTable.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace godwit::store
{

/// Figures of the writer, readable from any thread.
struct WriterFigures {
    std::atomic<std::uint64_t> rows{0};
    std::atomic<std::uint64_t> batches{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> walPages{0};        ///< in the WAL now
    std::atomic<std::uint64_t> walPagesWritten{0}; ///< ever
};

struct WriterOptions {
    std::string folder;
    std::string vfs;
    const base::Clock *clock = nullptr; ///< wall() is called on the writer's thread
    BatchLimits batch{};
    /// False only in the test that shows that the sync is missed when it is taken out.
    bool syncCommits = true;
    std::uint64_t reserveBytes = 0;
};

class LogWriter
{
public:
    using Handover = std::function<void(CommittedBatch &&)>;

    /// Opens or makes log.db. Call start() once.
    static base::Result<std::unique_ptr<LogWriter>> open(WriterOptions options);
    ~LogWriter();

    /// `handover` gets every committed batch on the writer's thread, before the shards hear of it. `walLong` is called
    /// there whenever the WAL is longer than it should be, `diskFull` when a batch was refused for want of room.
    void start(Handover handover, Task walLong, Task diskFull);
    /// Commits what was pushed, then ends the thread. Idempotent.
    void stop();

    Batcher &batcher() { return m_batcher; }
    const WriterFigures &figures() const { return m_figures; }
    /// The newest seq that the index has been told of. Any thread.
    ledger::Seq lastCommitted() const { return ledger::Seq(m_lastCommitted.load(std::memory_order_acquire)); }
    /// The newest row of the journal. Before start() only.
    std::int64_t lastJournal() const noexcept { return m_lastJournal; }
    /// Names this log; the index belongs to exactly one.
    const std::string &logId() const { return m_logId; }
    const std::array<std::uint8_t, 16> &stanzaIdKey() const { return m_stanzaIdKey; }
    const base::SipKey &dedupKey() const { return m_dedupKey; }

    /// For a Chore, on the writer's thread. False when the disk is full and nothing was done.
    [[nodiscard]] bool purge(const Purge &slice);
    /// Copies what is left of the WAL into the file, after which the next commit begins it again. For a Chore.
    void finishCheckpoint() { m_database.checkpoint(); }

private:
    struct Outcome {
        ledger::Seq seq; ///< 0 when refused
        base::WallTime time;
        JidId sender;
        JidId recipient;
        std::int64_t journalNumber = 0;
        JidId account;
        JidId peer;
        std::string refusal;
    };
    enum class Isolation : std::uint8_t { None, EachRow };

    explicit LogWriter(WriterOptions options);
    base::Result<base::Ok> load();
    void prepare();
    void run();
    void commit(std::vector<LogItem> &items);
    DbFailure write(const std::vector<LogItem> &items, bool sync, Isolation isolation);
    DbFailure writeItem(const LogItem &item, Outcome &outcome);
    DbFailure writeRow(const ledger::Append &row, Outcome &outcome);
    DbFailure writeJournal(const JournalItem &item, Outcome &outcome);
    void rollback();
    void setSync(bool full);
    void tell(std::vector<LogItem> &items);
    void refuseAll(std::vector<LogItem> &items);
    bool reserveBack();
    std::string reservePath() const { return m_options.folder + "/reserve"; }

    static int onWalCommit(void *self, sqlite3 *, const char *, int pages);

    const WriterOptions m_options;
    Batcher m_batcher;
    Database m_database;
    JidTable m_jids;
    Statement m_insertMsg, m_insertJournal, m_begin, m_commit, m_savepoint, m_release, m_rollbackTo;
    Statement m_strip, m_remove, m_setMeta;
    Handover m_handover;
    Task m_walLong, m_diskFullSeen;
    std::thread m_thread;
    std::atomic<std::uint64_t> m_lastCommitted{0};
    WriterFigures m_figures;

    // The thread's own:
    std::uint64_t m_lastSeq = 0;
    base::WallTime m_lastTime{};
    base::WallTime m_batchTime{};
    std::int64_t m_lastJournal = 0;
    std::vector<Outcome> m_outcomes;
    bool m_fullSync = true;
    bool m_diskFull = false;
    std::chrono::steady_clock::time_point m_reserveTried{};

    std::string m_logId;
    std::array<std::uint8_t, 16> m_stanzaIdKey{};
    base::SipKey m_dedupKey{};
};

} // namespace godwit::store
