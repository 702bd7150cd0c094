// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/LogIndex.h"

#include "base/Log.h"
#include "store/ThreadName.h"

#include <algorithm>
#include <utility>

namespace godwit::store
{

namespace
{

constexpr std::chrono::seconds fullRetry{10};
constexpr std::size_t catchUpRows = 5'000;

} // namespace

base::Result<std::unique_ptr<LogIndex>> LogIndex::open(IndexOptions options)
{
    base::Result<IndexFile> file = IndexFile::open(options.folder, options.logId, options.vfs);
    if (!file.ok()) {
        return std::move(file).error();
    }
    base::Result<LogReader> reader = LogReader::open(options.folder, options.vfs);
    if (!reader.ok()) {
        return std::move(reader).error();
    }
    std::unique_ptr<LogIndex> index(new LogIndex(std::move(options)));
    index->m_file = std::move(file).value();
    index->m_reader = std::move(reader).value();
    index->m_view = std::make_unique<IndexView>(index->m_file, index->m_tail, index->m_reader);
    index->m_retention = std::make_unique<Retention>(index->m_options.retention, index->m_file, index->m_reader);
    return index;
}

LogIndex::LogIndex(IndexOptions options)
    : m_options(std::move(options))
{
}

LogIndex::~LogIndex()
{
    stop();
}

void LogIndex::start(Task walLong, Purger purger)
{
    m_walLong = std::move(walLong);
    m_purger = std::move(purger);
    m_thread = std::thread([this] { run(); });
}

void LogIndex::stop()
{
    m_queue.close();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void LogIndex::take(CommittedBatch &&batch)
{
    std::size_t lag = m_lag.fetch_add(batch.rows.size(), std::memory_order_relaxed) + batch.rows.size();
    auto shared = std::make_shared<CommittedBatch>(std::move(batch)); // a std::function has to be copyable
    const bool open = m_queue.push([this, shared] {
        for (StoredRow &row : shared->rows) {
            m_rowSeen = row.seq;
            m_tail.add(std::move(row));
        }
        for (JournalRow &row : shared->journal) {
            apply(std::move(row));
        }
        m_lastRow = std::chrono::steady_clock::now();
    });
    GW_ASSERT(open); // the engine closes the index after the writer
    while (lag > limits::tailRowsMax) {
        m_lag.wait(lag);
        lag = m_lag.load();
    }
}

void LogIndex::prove(ledger::Proof &&proof, std::uint64_t token)
{
    const bool open = m_queue.push([this, token, proof = std::move(proof)]() mutable {
        const JidId account = m_reader.jids().find(proof.account);
        if (account != JidId()) {
            m_tail.prove(account,
                         ProofNote{token, 0, std::move(proof.device), proof.low, proof.high, m_options.clock->wall()});
        }
    });
    // A proof that comes while the store closes is as one that never came: a copy is repeated.
    static_cast<void>(open);
}

bool LogIndex::ask(std::function<void(IndexView &)> query)
{
    return m_queue.push([this, query = std::move(query)] { query(*m_view); });
}

void LogIndex::run()
{
    nameThread("store-index");
    catchUp();
    std::vector<Task> tasks;
    bool open = true;
    while (open) {
        const bool busy = m_fold != nullptr || !m_sweeps.empty() || foldDue() || purgeDue();
        const auto patience =
            busy ? std::chrono::milliseconds(0) : std::min(m_options.foldQuiet, m_options.retention.every);
        open = m_queue.take(tasks, patience);
        for (Task &task : tasks) {
            task();
        }
        if (open) {
            background();
        }
    }
}

void LogIndex::catchUp()
{
    const ledger::Seq folded(m_file.meta("folded_seq"));
    m_journalFolded = static_cast<std::int64_t>(m_file.meta("folded_journal"));
    m_journalSeen = m_journalFolded;
    m_view->setFolded(folded);
    m_rowSeen = folded;
    const std::uint64_t total = m_reader.countRows(folded);
    const bool slow = total > m_options.foldRows;
    std::uint64_t done = 0;
    ledger::Seq from = folded;
    while (from < m_options.logEnd) {
        std::vector<StoredRow> rows = m_reader.rows(from, m_options.logEnd, catchUpRows);
        if (rows.empty()) {
            break;
        }
        from = rows.back().seq;
        done += rows.size();
        m_lag.fetch_add(rows.size(), std::memory_order_relaxed);
        for (StoredRow &row : rows) {
            m_rowSeen = row.seq;
            m_tail.add(std::move(row));
        }
        if (slow && m_tail.rows().size() >= m_options.foldRows) {
            beginFold();
            while (m_fold != nullptr) {
                stepFold();
            }
            base::log(base::LogLevel::Info, "store", "rebuilding the index", {{"rows", done}, {"of", total}});
        }
    }
    catchUpJournal();
    m_lastRow = std::chrono::steady_clock::now();
}

void LogIndex::catchUpJournal()
{
    while (true) {
        std::vector<JournalRow> rows = m_reader.journal(m_journalSeen, m_options.journalEnd, catchUpRows);
        if (rows.empty()) {
            return;
        }
        for (JournalRow &row : rows) {
            apply(std::move(row));
        }
        if (m_tail.journaledCount() >= m_options.foldRows) {
            beginFold();
            while (m_fold != nullptr) {
                stepFold();
            }
        }
    }
}

void LogIndex::apply(JournalRow &&row)
{
    // 0: the journal had nothing to say of this account, so there is nothing to do.
    if (row.number != 0 && row.number > m_journalSeen) {
        m_journalSeen = row.number;
        switch (row.kind) {
        case JournalKind::Proof:
            m_tail.prove(row.account,
                         ProofNote{row.token, row.number, std::move(row.device), row.low, row.high, row.time});
            break;
        case JournalKind::DropPending:
            m_tail.dropPending(row.account, row.peer, row.high);
            m_file.putLate(row.account, ledger::Seq(), row.high, m_retention->passed(), row.time);
            m_file.erasePendingFrom(row.account, row.peer, row.high);
            break;
        case JournalKind::RemoveAccount:
            m_tail.removeAccount(row.account, row.high);
            m_file.removeAccount(row.account, row.high);
            m_view->setFloor(row.account, row.high);
            m_sweeps.push_back({row.account, row.high});
            if (m_fold != nullptr) {
                std::erase_if(m_fold->proofs, [&row](const auto &item) { return item.first == row.account; });
                m_fold->nextProof = 0; // writing a proof twice is harmless
            }
            break;
        }
    }
    if (row.done) {
        row.done(base::Ok{});
    }
}

bool LogIndex::foldDue() const
{
    const bool something = !m_tail.rows().empty() || m_tail.journaledCount() > 0 || m_journalSeen > m_journalFolded;
    if (!something || std::chrono::steady_clock::now() < m_retryAfter) {
        return false;
    }
    return m_tail.rows().size() + m_tail.journaledCount() >= m_options.foldRows ||
           m_tail.bytes() >= limits::foldBytes || std::chrono::steady_clock::now() - m_lastRow >= m_options.foldQuiet;
}

void LogIndex::background()
{
    if (m_fold != nullptr) {
        stepFold();
    } else if (foldDue()) {
        beginFold();
    } else if (!m_sweeps.empty()) {
        const Sweep sweep = m_sweeps.back();
        m_file.begin();
        const bool more = m_file.sweepAccount(sweep.account, sweep.upTo);
        if (!m_file.commit() || !more) {
            m_sweeps.pop_back();
        }
    } else if (purgeDue()) {
        purgeNext();
    }
}

bool LogIndex::purgeDue() const
{
    return !m_purging && std::chrono::steady_clock::now() >= m_purgeAt;
}

void LogIndex::purgeSoon()
{
    // Refused only when the store closes.
    static_cast<void>(m_queue.push([this] { m_purgeAt = {}; }));
}

void LogIndex::purgeNext()
{
    std::optional<Retention::Slice> slice = m_retention->next(m_options.clock->wall(), m_view->folded());
    if (!slice) {
        m_purgeAt = std::chrono::steady_clock::now() + m_options.retention.every;
        return;
    }
    if (slice->purge.empty()) {
        purged(*slice);
        return;
    }
    Purge purge = slice->purge;
    m_purging = m_purger(std::move(purge), [this, slice = std::move(*slice)](bool done) {
        static_cast<void>(m_queue.push([this, slice, done] {
            m_purging = false;
            if (done) {
                purged(slice);
            } else {
                m_purgeAt = std::chrono::steady_clock::now() + m_options.retention.every;
            }
        }));
    });
    if (!m_purging) {
        m_purgeAt = std::chrono::steady_clock::now() + m_options.retention.every;
    }
}

void LogIndex::purged(const Retention::Slice &slice)
{
    m_file.begin();
    m_retention->forget(slice);
    if (!m_file.commit()) {
        m_purgeAt = std::chrono::steady_clock::now() + m_options.retention.every;
    }
}

void LogIndex::beginFold()
{
    auto fold = std::make_unique<Fold>();
    fold->rows = m_tail.rows().size();
    fold->upTo = std::max(m_rowSeen, m_view->folded());
    fold->journal = m_journalSeen;
    fold->proofs = m_tail.journaledProofs();
    fold->items.reserve(fold->rows * 2);
    for (const StoredRow &row : m_tail.rows()) {
        forEachParty(
            row.flags, row.sender, row.recipient, row.seq,
            [&fold, &row](JidId account, const Entry &entry, bool) { fold->items.push_back({account, entry, &row}); });
    }
    std::sort(fold->items.begin(), fold->items.end(), [](const Fold::Item &a, const Fold::Item &b) {
        return std::pair(a.account, a.entry.seq) < std::pair(b.account, b.entry.seq);
    });
    m_fold = std::move(fold);
}

void LogIndex::stepFold()
{
    m_file.begin();
    const bool done = foldEntries() && foldProofs();
    if (done) {
        m_file.setMeta("folded_seq", m_fold->upTo.value);
        m_file.setMeta("folded_journal", static_cast<std::uint64_t>(m_fold->journal));
    }
    if (!m_file.commit()) {
        base::log(base::LogLevel::Warning, "store", "no room to fold the index, trying again later",
                  {{"folder", m_options.folder}});
        m_fold.reset();
        m_retryAfter = std::chrono::steady_clock::now() + fullRetry;
        return;
    }
    if (done) {
        endFold();
    }
}

bool LogIndex::foldEntries()
{
    Fold &fold = *m_fold;
    const std::size_t end = std::min(fold.items.size(), fold.next + limits::foldSliceRows);
    for (; fold.next < end; ++fold.next) {
        const Fold::Item &item = fold.items[fold.next];
        const bool bodyGone = item.row->stanza == nullptr || item.row->stanza->empty();
        const bool hidden = item.entry.seq <= m_view->floorOf(item.account);
        if (hidden) {
            continue;
        }
        if (!bodyGone) {
            m_file.putEntry(item.account, item.entry);
            if (const TailAccount *tail = m_tail.find(item.account); tail != nullptr) {
                const auto at = tail->lowerBound(item.entry.seq);
                if (at != tail->entries.end() && at->entry.seq == item.entry.seq && at->pending) {
                    m_file.putPending(item.account, item.entry);
                }
            }
        }
        const bool outgoing = (item.entry.bits & entry_bit::outgoing) != 0;
        if (outgoing && ledger::has(item.row->flags, ledger::RowFlag::HasKey)) {
            m_file.putSentKey(item.account, item.entry.seq, item.row->key);
        }
    }
    return fold.next == fold.items.size();
}

bool LogIndex::foldProofs()
{
    Fold &fold = *m_fold;
    std::size_t written = 0;
    for (; fold.nextProof < fold.proofs.size() && written < limits::foldSliceRows; ++fold.nextProof) {
        const auto [account, count] = fold.proofs[fold.nextProof];
        const TailAccount *tail = m_tail.find(account);
        if (tail == nullptr) {
            continue;
        }
        const std::size_t there = std::min(count, tail->proofs.size());
        for (std::size_t at = 0; at < there; ++at) {
            const ProofNote &proof = tail->proofs[at];
            m_file.putProof(account, proof);
            m_file.putLate(account, proof.low, proof.high, m_retention->passed(), m_options.clock->wall());
            m_file.erasePending(account, proof.low, proof.high);
        }
        foldDevices(account, there);
        written += there;
    }
    return fold.nextProof == fold.proofs.size();
}

void LogIndex::foldDevices(JidId account, std::size_t proofs)
{
    std::vector<DeviceState> devices = m_view->devicesWith(account, proofs);
    std::sort(devices.begin(), devices.end(),
              [](const DeviceState &a, const DeviceState &b) { return a.seen > b.seen; });
    const base::WallTime oldest = m_options.clock->wall() - m_options.retention.deviceAge;
    for (std::size_t at = 0; at < devices.size(); ++at) {
        if (at >= m_options.retention.devicesMax || devices[at].seen < oldest) {
            m_file.eraseDevice(account, devices[at].device);
        } else {
            m_file.putDevice(account, devices[at]);
        }
    }
}

void LogIndex::endFold()
{
    m_view->setFolded(m_fold->upTo);
    m_journalFolded = m_fold->journal;
    m_tail.dropFront(m_fold->rows, m_fold->proofs);
    m_foldedRows.fetch_add(m_fold->rows, std::memory_order_relaxed);
    m_lag.fetch_sub(m_fold->rows);
    m_lag.notify_all();
    m_fold.reset();
    if (m_file.walPages() > limits::indexWalPages) {
        m_walLong();
    }
}

} // namespace godwit::store
