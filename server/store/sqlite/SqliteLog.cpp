// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/SqliteLog.h"

#include <algorithm>
#include <utility>

namespace godwit::store
{

namespace
{

base::Error closed()
{
    return base::Error(base::ErrorCode::Unavailable, "the store is closed");
}

/// Hands an answer to the shard's thread.
template <class T>
void answer(Executor &executor, const ledger::Callback<T> &done, base::Result<T> result)
{
    executor.post([done, result = std::move(result)] { done(result); });
}

} // namespace

SqliteLog::SqliteLog(LogWriter &writer, LogIndex &index, std::deque<ShardPort> &ports, ShardPort &port,
                     std::atomic<std::uint64_t> &proofTokens)
    : m_writer(writer)
    , m_index(index)
    , m_ports(ports)
    , m_port(port)
    , m_proofTokens(proofTokens)
{
}

void SqliteLog::append(ledger::Append &&row)
{
    ShardPort *observer = nullptr;
    if (row.observer != ledger::noShard) {
        GW_ASSERT(row.observer < m_ports.size());
        observer = &m_ports[row.observer];
    }
    const std::pair<ShardPort *, ledger::Ticket> parties[] = {{&m_port, row.ticket}, {observer, row.observerTicket}};
    if (m_writer.batcher().push(AppendItem{&m_port, observer, std::move(row)})) {
        return;
    }
    for (const auto &[port, ticket] : parties) {
        if (port != nullptr) {
            port->executor->post([sink = port->sink, given = ticket] {
                const ledger::NotCommitted refused{given, closed()};
                sink->onNotCommitted(std::span(&refused, 1));
            });
        }
    }
}

void SqliteLog::prove(ledger::Proof &&proof)
{
    // A proof speaks of rows the shard knows; what comes later is not proved by it.
    proof.high = std::min(proof.high, lastCommitted());
    if (proof.high < proof.low) {
        return;
    }
    auto item = std::make_unique<JournalItem>();
    item->token = m_proofTokens.fetch_add(1, std::memory_order_relaxed) + 1;
    item->account = proof.account;
    item->device = proof.device;
    item->low = proof.low;
    item->high = proof.high;
    m_index.prove(std::move(proof), item->token);
    // Refused only when the store is closed, and then a copy is repeated at the next start.
    static_cast<void>(m_writer.batcher().push(std::move(item)));
}

template <class T, class Query>
void SqliteLog::ask(ledger::Callback<T> done, Query query)
{
    Executor &executor = *m_port.executor;
    const bool asked = m_index.ask(
        [&executor, done, query = std::move(query)](IndexView &view) { answer<T>(executor, done, query(view)); });
    if (!asked) {
        answer<T>(executor, done, closed());
    }
}

void SqliteLog::readPending(ledger::LogRange range, ledger::Callback<ledger::LogPage> done)
{
    ask<ledger::LogPage>(std::move(done), [range = std::move(range)](IndexView &view) { return view.pending(range); });
}

void SqliteLog::readLog(ledger::LogRange range, ledger::Callback<ledger::LogPage> done)
{
    ask<ledger::LogPage>(std::move(done), [range = std::move(range)](IndexView &view) { return view.log(range); });
}

void SqliteLog::readRows(std::string account, std::vector<ledger::Seq> seqs,
                         ledger::Callback<std::vector<ledger::LogRow>> done)
{
    ask<std::vector<ledger::LogRow>>(std::move(done), [account = std::move(account), seqs = std::move(seqs)](
                                                          IndexView &view) { return view.rows(account, seqs); });
}

ledger::Seq SqliteLog::lastCommitted() const
{
    return m_writer.lastCommitted();
}

void SqliteLog::queryArchive(ledger::ArchiveQuery query, ledger::Callback<ledger::ArchivePage> done)
{
    ask<ledger::ArchivePage>(std::move(done),
                             [query = std::move(query)](IndexView &view) { return view.archive(query); });
}

void SqliteLog::archiveEnds(std::string account, ledger::Callback<ledger::ArchiveEnds> done)
{
    ask<ledger::ArchiveEnds>(std::move(done),
                             [account = std::move(account)](IndexView &view) { return view.ends(account); });
}

void SqliteLog::recentKeys(std::string sender, std::size_t limit, ledger::Callback<std::vector<ledger::SentKey>> done)
{
    ask<std::vector<ledger::SentKey>>(std::move(done), [sender = std::move(sender), limit](IndexView &view) {
        return view.recentKeys(sender, limit);
    });
}

void SqliteLog::devicePositions(std::string account, ledger::Callback<std::vector<ledger::DevicePosition>> done)
{
    ask<std::vector<ledger::DevicePosition>>(
        std::move(done), [account = std::move(account)](IndexView &view) { return view.devicePositions(account); });
}

void SqliteLog::trace(std::string account, ledger::Seq seq, ledger::Callback<ledger::RowTrace> done)
{
    ask<ledger::RowTrace>(std::move(done),
                          [account = std::move(account), seq](IndexView &view) { return view.trace(account, seq); });
}

void SqliteLog::countPending(std::string account, ledger::Callback<std::uint64_t> done)
{
    ask<std::uint64_t>(std::move(done),
                       [account = std::move(account)](IndexView &view) { return view.countPending(account); });
}

void SqliteLog::dropPending(std::string account, std::string peer, ledger::Callback<base::Ok> done)
{
    auto item = std::make_unique<JournalItem>();
    item->kind = JournalKind::DropPending;
    item->account = std::move(account);
    item->peer = std::move(peer);
    command(std::move(item), std::move(done));
}

void SqliteLog::removeAccount(std::string account, ledger::Callback<base::Ok> done)
{
    auto item = std::make_unique<JournalItem>();
    item->kind = JournalKind::RemoveAccount;
    item->account = std::move(account);
    command(std::move(item), std::move(done));
}

void SqliteLog::command(std::unique_ptr<JournalItem> item, ledger::Callback<base::Ok> done)
{
    Executor &executor = *m_port.executor;
    item->done = [&executor, done](base::Result<base::Ok> result) { answer<base::Ok>(executor, done, result); };
    if (!m_writer.batcher().push(std::move(item))) {
        answer<base::Ok>(executor, done, closed());
    }
}

} // namespace godwit::store
