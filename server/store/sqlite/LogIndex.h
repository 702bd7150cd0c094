// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The thread that knows what is in the log: it gets every committed batch and every proof through its mailbox, answers
// queries, and between them folds its tail into index.db.
#pragma once

#include "store/StoreLimits.h"
#include "store/TaskQueue.h"
#include "store/sqlite/IndexView.h"
#include "store/sqlite/Retention.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace godwit::store
{

struct IndexOptions {
    std::string folder;
    std::string vfs;
    const base::Clock *clock = nullptr; ///< wall() is called on the index thread
    std::string logId;
    ledger::Seq logEnd;          ///< the newest row when the store was opened
    std::int64_t journalEnd = 0; ///< likewise of the journal; what is later comes from the writer, behind its rows
    std::size_t foldRows = limits::foldRows;
    std::chrono::milliseconds foldQuiet = limits::foldQuiet;
    RetentionOptions retention;
};

class LogIndex
{
public:
    /// Opens or makes index.db. Queries are answered once the thread has read what is behind it.
    static base::Result<std::unique_ptr<LogIndex>> open(IndexOptions options);
    ~LogIndex();

    /// Has the writer delete rows; `done` is called on its thread with what came of it. False when it takes nothing.
    using Purger = std::function<bool(Purge slice, std::function<void(bool)> done)>;

    /// `walLong` is called on the index thread whenever the WAL of index.db is longer than it should be.
    void start(Task walLong, Purger purger);
    /// Does what is in the mailbox, then ends the thread. Idempotent.
    void stop();

    /// Writer's thread. Waits when the index lags too far behind.
    void take(CommittedBatch &&batch);
    /// Any thread: a proof takes effect on all queries asked later by the same thread. `token` names it in the journal.
    void prove(ledger::Proof &&proof, std::uint64_t token);
    /// Any thread; false when the index is closed. `query` runs on the index thread.
    [[nodiscard]] bool ask(std::function<void(IndexView &)> query);
    /// The same for a task of the engine.
    [[nodiscard]] bool give(Task task) { return m_queue.push(std::move(task)); }
    /// Any thread: the disk is full, so what may go should go now.
    void purgeSoon();
    /// Index thread: copies what is left of the WAL into the file.
    void finishCheckpoint() { m_file.checkpoint(); }

    /// Rows that are not folded yet. Any thread.
    std::size_t lag() const { return m_lag.load(std::memory_order_relaxed); }
    /// Rows folded since the start. Any thread.
    std::uint64_t foldedRows() const { return m_foldedRows.load(std::memory_order_relaxed); }

private:
    /// A fold under way: what of the tail goes into index.db, and how far it got.
    struct Fold {
        struct Item {
            JidId account;
            Entry entry;
            const StoredRow *row = nullptr;
        };
        std::vector<Item> items; ///< by account and seq
        std::size_t next = 0;
        std::vector<std::pair<JidId, std::size_t>> proofs;
        std::size_t nextProof = 0;
        std::size_t rows = 0;
        ledger::Seq upTo;
        std::int64_t journal = 0;
    };
    /// A removed account whose entries are being deleted.
    struct Sweep {
        JidId account;
        ledger::Seq upTo;
    };

    explicit LogIndex(IndexOptions options);
    void run();
    void catchUp();
    void catchUpJournal();
    void apply(JournalRow &&row);
    void background();
    bool foldDue() const;
    void beginFold();
    /// One transaction of the fold.
    void stepFold();
    bool foldEntries();
    bool foldProofs();
    void foldDevices(JidId account, std::size_t proofs);
    void endFold();
    bool purgeDue() const;
    void purgeNext();
    void purged(const Retention::Slice &slice);

    const IndexOptions m_options;
    IndexFile m_file;
    LogReader m_reader;
    LogTail m_tail;
    std::unique_ptr<IndexView> m_view;
    std::unique_ptr<Retention> m_retention;
    TaskQueue m_queue;
    std::thread m_thread;
    std::atomic<std::size_t> m_lag{0};
    std::atomic<std::uint64_t> m_foldedRows{0};

    Task m_walLong;
    Purger m_purger;
    bool m_purging = false; ///< the writer has a slice
    std::chrono::steady_clock::time_point m_purgeAt{};
    std::unique_ptr<Fold> m_fold;
    std::vector<Sweep> m_sweeps;
    std::int64_t m_journalSeen = 0;
    std::int64_t m_journalFolded = 0;
    ledger::Seq m_rowSeen;
    std::chrono::steady_clock::time_point m_lastRow{};
    std::chrono::steady_clock::time_point m_retryAfter{};
};

} // namespace godwit::store
