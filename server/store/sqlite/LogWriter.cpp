// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/LogWriter.h"

#include "base/Log.h"
#include "base/Random.h"
#include "store/StoreLimits.h"
#include "store/ThreadName.h"
#include "store/sqlite/LogMeta.h"
#include "store/sqlite/Schema.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace godwit::store
{

namespace
{

constexpr std::uint64_t pageBytes = 4096;

std::string_view keyBytes(const base::Hash128 &key, std::array<char, 16> &buffer)
{
    std::memcpy(buffer.data(), &key.low, 8);
    std::memcpy(buffer.data() + 8, &key.high, 8);
    return std::string_view(buffer.data(), buffer.size());
}

/// The answers for one shard while they are gathered.
struct Answers {
    ShardPort *port = nullptr;
    std::vector<ledger::Committed> committed;
    std::vector<ledger::NotCommitted> refused;
};

Answers &answersFor(std::vector<Answers> &all, ShardPort *port)
{
    for (Answers &answers : all) {
        if (answers.port == port) {
            return answers;
        }
    }
    all.push_back(Answers{port, {}, {}});
    return all.back();
}

void addCommitted(std::vector<Answers> &all, const AppendItem &item, ledger::Seq seq, base::WallTime time)
{
    answersFor(all, item.port).committed.push_back({item.row.ticket, seq, time});
    if (item.observer != nullptr) {
        answersFor(all, item.observer).committed.push_back({item.row.observerTicket, seq, time});
    }
}

void addRefused(std::vector<Answers> &all, const AppendItem &item, const base::Error &error)
{
    answersFor(all, item.port).refused.push_back({item.row.ticket, error});
    if (item.observer != nullptr) {
        answersFor(all, item.observer).refused.push_back({item.row.observerTicket, error});
    }
}

void post(std::vector<Answers> &&all)
{
    for (Answers &answers : all) {
        ledger::LogSink *sink = answers.port->sink;
        answers.port->executor->post(
            [sink, committed = std::move(answers.committed), refused = std::move(answers.refused)] {
                if (!committed.empty()) {
                    sink->onCommitted(committed);
                }
                if (!refused.empty()) {
                    sink->onNotCommitted(refused);
                }
            });
    }
}

} // namespace

base::Result<std::unique_ptr<LogWriter>> LogWriter::open(WriterOptions options)
{
    const std::string path = options.folder + "/log.db";
    base::Result<Database> database = openFile(path, logSchema, Sync::Full, options.vfs);
    if (!database.ok()) {
        return std::move(database).error();
    }
    std::unique_ptr<LogWriter> writer(new LogWriter(std::move(options)));
    writer->m_database = std::move(database).value();
    if (auto loaded = writer->load(); !loaded.ok()) {
        return base::Error(loaded.error().code(), path, loaded.error());
    }
    writer->prepare();
    return writer;
}

LogWriter::LogWriter(WriterOptions options)
    : m_options(std::move(options))
    , m_batcher(m_options.batch)
{
}

LogWriter::~LogWriter()
{
    stop();
}

base::Result<base::Ok> LogWriter::load()
{
    base::Result<LogMeta> meta = loadLogMeta(m_database);
    if (!meta.ok()) {
        return std::move(meta).error();
    }
    m_logId = meta->logId;
    m_stanzaIdKey = meta->stanzaIdKey;
    m_dedupKey = meta->dedupKey;
    m_lastSeq = meta->lastSeq;
    m_lastTime = meta->lastTime;
    m_lastJournal = m_database.number("SELECT max(n) FROM journal");
    m_lastCommitted.store(m_lastSeq, std::memory_order_release);
    return base::Ok{};
}

void LogWriter::prepare()
{
    m_jids.prepare(m_database);
    m_insertMsg = m_database.mustPrepare("INSERT INTO msg(seq,ts,sender,recipient,flags,dedup,stanza) "
                                         "VALUES(?1,?2,?3,?4,?5,?6,?7)");
    m_insertJournal = m_database.mustPrepare("INSERT INTO journal(n,kind,account,peer,device,lo,hi,ts) "
                                             "VALUES(?1,?2,?3,?4,?5,?6,?7,?8)");
    m_begin = m_database.mustPrepare("BEGIN IMMEDIATE");
    m_commit = m_database.mustPrepare("COMMIT");
    m_savepoint = m_database.mustPrepare("SAVEPOINT row");
    m_release = m_database.mustPrepare("RELEASE row");
    m_rollbackTo = m_database.mustPrepare("ROLLBACK TO row");
    m_strip = m_database.mustPrepare("UPDATE msg SET stanza=x'' WHERE seq=?1");
    m_remove = m_database.mustPrepare("DELETE FROM msg WHERE seq=?1");
    m_setMeta = m_database.mustPrepare("INSERT INTO meta(name,value) VALUES(?1,?2) "
                                       "ON CONFLICT(name) DO UPDATE SET value=max(value,excluded.value)");
    // The log's checkpoints belong to the Checkpointer: an automatic one would stall the commit that hits it.
    sqlite3_wal_hook(m_database.handle(), &LogWriter::onWalCommit, this);
}

int LogWriter::onWalCommit(void *self, sqlite3 *, const char *, int pages)
{
    auto &figures = static_cast<LogWriter *>(self)->m_figures;
    const auto now = static_cast<std::uint64_t>(pages);
    const std::uint64_t before = figures.walPages.exchange(now, std::memory_order_relaxed);
    figures.walPagesWritten.fetch_add(now > before ? now - before : now, std::memory_order_relaxed);
    return SQLITE_OK;
}

void LogWriter::start(Handover handover, Task walLong, Task diskFull)
{
    m_handover = std::move(handover);
    m_walLong = std::move(walLong);
    m_diskFullSeen = std::move(diskFull);
    m_diskFull = !reserveBack();
    m_thread = std::thread([this] { run(); });
}

void LogWriter::stop()
{
    m_batcher.close();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void LogWriter::run()
{
    nameThread("store-writer");
    std::vector<LogItem> items;
    while (m_batcher.take(items)) {
        commit(items);
        for (LogItem &item : items) {
            if (auto *chore = std::get_if<Chore>(&item)) {
                chore->run();
            }
        }
        if (m_figures.walPages.load(std::memory_order_relaxed) * pageBytes > limits::walBytes) {
            m_walLong();
        }
    }
}

void LogWriter::commit(std::vector<LogItem> &items)
{
    bool anything = false;
    bool sync = false;
    for (const LogItem &item : items) {
        const auto *journal = std::get_if<std::unique_ptr<JournalItem>>(&item);
        const bool append = std::holds_alternative<AppendItem>(item);
        anything = anything || append || journal != nullptr;
        sync = sync || append || (journal != nullptr && (*journal)->kind != JournalKind::Proof);
    }
    if (!anything) {
        return;
    }
    if (m_diskFull) {
        m_diskFull = !reserveBack();
    }
    DbFailure failure = m_diskFull ? DbFailure::Full : write(items, sync, Isolation::None);
    if (failure == DbFailure::Constraint) {
        failure = write(items, sync, Isolation::EachRow);
    }
    switch (failure) {
    case DbFailure::None:
        tell(items);
        return;
    case DbFailure::Full:
        refuseAll(items);
        return;
    case DbFailure::Constraint:
    case DbFailure::Fatal:
        storageFailed("commit to log.db", m_database.failureText());
    }
}

DbFailure LogWriter::write(const std::vector<LogItem> &items, bool sync, Isolation isolation)
{
    const std::uint64_t lastSeq = m_lastSeq;
    const base::WallTime lastTime = m_lastTime;
    const std::int64_t lastJournal = m_lastJournal;
    setSync(sync);
    m_batchTime = m_options.clock->wall();
    m_outcomes.assign(items.size(), Outcome{});
    DbFailure failure = m_begin.run();
    for (std::size_t at = 0; at < items.size() && failure == DbFailure::None; ++at) {
        if (isolation == Isolation::None) {
            failure = writeItem(items[at], m_outcomes[at]);
            continue;
        }
        m_savepoint.run();
        failure = writeItem(items[at], m_outcomes[at]);
        if (failure == DbFailure::Constraint) {
            m_outcomes[at] = Outcome{};
            m_outcomes[at].refusal = m_database.failureText();
            m_jids.forget();
            failure = m_rollbackTo.run();
        }
        if (failure == DbFailure::None) {
            failure = m_release.run();
        }
    }
    if (failure == DbFailure::None) {
        failure = m_commit.run();
    }
    if (failure != DbFailure::None && failure != DbFailure::Fatal) {
        rollback();
        m_lastSeq = lastSeq;
        m_lastTime = lastTime;
        m_lastJournal = lastJournal;
    }
    return failure;
}

DbFailure LogWriter::writeItem(const LogItem &item, Outcome &outcome)
{
    if (const auto *append = std::get_if<AppendItem>(&item)) {
        return writeRow(append->row, outcome);
    }
    if (const auto *journal = std::get_if<std::unique_ptr<JournalItem>>(&item)) {
        return writeJournal(**journal, outcome);
    }
    return DbFailure::None;
}

DbFailure LogWriter::writeRow(const ledger::Append &row, Outcome &outcome)
{
    DbFailure failure = DbFailure::None;
    outcome.sender = m_jids.intern(row.sender, failure);
    if (failure != DbFailure::None) {
        return failure;
    }
    outcome.recipient = m_jids.intern(row.recipient, failure);
    if (failure != DbFailure::None) {
        return failure;
    }
    const base::WallTime time = std::max(m_batchTime, m_lastTime);
    std::array<char, 16> key{};
    m_insertMsg.bind(1, m_lastSeq + 1);
    m_insertMsg.bind(2, std::int64_t(time.time_since_epoch().count()));
    m_insertMsg.bind(3, outcome.sender.value);
    m_insertMsg.bind(4, outcome.recipient.value);
    m_insertMsg.bind(5, std::int64_t(static_cast<std::uint16_t>(row.flags)));
    if (ledger::has(row.flags, ledger::RowFlag::HasKey)) {
        m_insertMsg.bindBlob(6, keyBytes(row.key, key));
    } else {
        m_insertMsg.bindNull(6);
    }
    if (row.stanza != nullptr && !row.stanza->empty()) {
        m_insertMsg.bindBlob(7, *row.stanza);
    } else {
        // An empty body would read as a purged one, so it is refused by the column's NOT NULL.
        m_insertMsg.bindNull(7);
    }
    failure = m_insertMsg.run();
    if (failure == DbFailure::None) {
        ++m_lastSeq;
        m_lastTime = time;
        outcome.seq = ledger::Seq(m_lastSeq);
        outcome.time = time;
    }
    return failure;
}

DbFailure LogWriter::writeJournal(const JournalItem &item, Outcome &outcome)
{
    outcome.account = m_jids.find(item.account);
    outcome.peer = item.peer.empty() ? JidId() : m_jids.find(item.peer);
    const bool nothingToSay = outcome.account == JidId() || (!item.peer.empty() && outcome.peer == JidId());
    if (nothingToSay) {
        return DbFailure::None;
    }
    outcome.time = std::max(m_batchTime, m_lastTime);
    // A command concerns what stands before it in this very log; a proof names what was shown.
    outcome.seq = item.kind == JournalKind::Proof ? item.high : ledger::Seq(m_lastSeq);
    m_insertJournal.bind(1, m_lastJournal + 1);
    m_insertJournal.bind(2, std::int64_t(static_cast<std::uint8_t>(item.kind)));
    m_insertJournal.bind(3, outcome.account.value);
    m_insertJournal.bind(4, outcome.peer.value);
    m_insertJournal.bindText(5, item.device);
    m_insertJournal.bind(6, item.low.value);
    m_insertJournal.bind(7, outcome.seq.value);
    m_insertJournal.bind(8, std::int64_t(outcome.time.time_since_epoch().count()));
    const DbFailure failure = m_insertJournal.run();
    if (failure == DbFailure::None) {
        outcome.journalNumber = ++m_lastJournal;
    }
    return failure;
}

void LogWriter::rollback()
{
    m_jids.forget();
    if (m_database.inTransaction() && m_database.run("ROLLBACK") != DbFailure::None) {
        storageFailed("rollback of log.db", m_database.failureText());
    }
}

void LogWriter::setSync(bool full)
{
    full = full && m_options.syncCommits;
    if (full == m_fullSync) {
        return;
    }
    m_fullSync = full;
    if (m_database.run(full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL") != DbFailure::None) {
        storageFailed("setting synchronous", m_database.failureText());
    }
}

void LogWriter::tell(std::vector<LogItem> &items)
{
    CommittedBatch batch;
    std::vector<Answers> answers;
    batch.rows.reserve(items.size());
    for (std::size_t at = 0; at < items.size(); ++at) {
        Outcome &outcome = m_outcomes[at];
        if (auto *append = std::get_if<AppendItem>(&items[at])) {
            ledger::Append &row = append->row;
            if (outcome.seq == ledger::Seq()) {
                addRefused(answers, *append, base::Error(base::ErrorCode::InvalidInput, outcome.refusal));
                continue;
            }
            addCommitted(answers, *append, outcome.seq, outcome.time);
            batch.rows.push_back({outcome.seq, outcome.time, row.flags, outcome.sender, outcome.recipient, row.key,
                                  std::move(row.stanza)});
        } else if (auto *journal = std::get_if<std::unique_ptr<JournalItem>>(&items[at])) {
            JournalItem &item = **journal;
            batch.journal.push_back({outcome.journalNumber, item.kind, item.token, outcome.account, outcome.peer,
                                     std::move(item.device), item.low, outcome.seq, outcome.time,
                                     std::move(item.done)});
        }
    }
    m_figures.rows.fetch_add(batch.rows.size(), std::memory_order_relaxed);
    m_figures.batches.fetch_add(1, std::memory_order_relaxed);
    // The index first: its mailbox is first in, first out, so a shard that was told of a seq and then asks finds it.
    m_handover(std::move(batch));
    m_lastCommitted.store(m_lastSeq, std::memory_order_release);
    post(std::move(answers));
}

void LogWriter::refuseAll(std::vector<LogItem> &items)
{
    const base::Error full(base::ErrorCode::ResourceFull, "no room on the disk of the store");
    if (!m_diskFull) {
        base::log(base::LogLevel::Error, "store", "disk full, refusing messages", {{"folder", m_options.folder}});
        m_diskFull = true;
        m_reserveTried = std::chrono::steady_clock::now();
        ::unlink(reservePath().c_str());
        m_diskFullSeen();
    }
    std::vector<Answers> answers;
    for (LogItem &item : items) {
        if (auto *append = std::get_if<AppendItem>(&item)) {
            m_figures.refused.fetch_add(1, std::memory_order_relaxed);
            addRefused(answers, *append, full);
        } else if (auto *journal = std::get_if<std::unique_ptr<JournalItem>>(&item); journal != nullptr) {
            // A proof that is lost repeats a copy later; what was asked for is answered.
            if ((*journal)->done) {
                (*journal)->done(full);
            }
        }
    }
    post(std::move(answers));
}

bool LogWriter::reserveBack()
{
    if (m_options.reserveBytes == 0) {
        return true;
    }
    const auto now = std::chrono::steady_clock::now();
    if (m_diskFull && now - m_reserveTried < limits::reserveRetry) {
        return false;
    }
    m_reserveTried = now;
    const int file = ::open(reservePath().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
        return false;
    }
    const bool there = ::posix_fallocate(file, 0, static_cast<off_t>(m_options.reserveBytes)) == 0;
    ::close(file);
    if (!there) {
        ::unlink(reservePath().c_str());
    } else if (m_diskFull) {
        base::log(base::LogLevel::Info, "store", "there is room on the disk again", {{"folder", m_options.folder}});
    }
    return there;
}

bool LogWriter::purge(const Purge &slice)
{
    // Losing a purge in a crash only means doing it again, so it needs no sync.
    setSync(false);
    DbFailure failure = m_begin.run();
    for (const ledger::Seq seq : slice.strip) {
        if (failure == DbFailure::None) {
            m_strip.bind(1, seq.value);
            failure = m_strip.run();
        }
    }
    for (const ledger::Seq seq : slice.remove) {
        if (failure == DbFailure::None) {
            m_remove.bind(1, seq.value);
            failure = m_remove.run();
        }
    }
    // The newest rows may be among them; their seqs and times are still not to be used again.
    const std::pair<std::string_view, std::int64_t> marks[] = {{"last_seq", static_cast<std::int64_t>(m_lastSeq)},
                                                               {"last_time", m_lastTime.time_since_epoch().count()}};
    for (const auto &[name, value] : marks) {
        if (failure == DbFailure::None) {
            m_setMeta.bindText(1, name);
            m_setMeta.bind(2, value);
            failure = m_setMeta.run();
        }
    }
    if (failure == DbFailure::None) {
        failure = m_commit.run();
    }
    if (failure == DbFailure::Full) {
        rollback();
    } else if (failure != DbFailure::None) {
        storageFailed("purging log.db", m_database.failureText());
    }
    return failure == DbFailure::None;
}

} // namespace godwit::store
