// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// One shard's view of the log: hands work to the writer and to the index, nothing else.
#pragma once

#include "store/sqlite/LogIndex.h"
#include "store/sqlite/LogWriter.h"

#include <atomic>
#include <deque>

namespace godwit::store
{

class SqliteLog final : public ledger::LogStore
{
public:
    /// `ports` are those of all shards, `port` is ours.
    SqliteLog(LogWriter &writer, LogIndex &index, std::deque<ShardPort> &ports, ShardPort &port,
              std::atomic<std::uint64_t> &proofTokens);

    void append(ledger::Append &&row) override;
    void prove(ledger::Proof &&proof) override;
    void readPending(ledger::LogRange range, ledger::Callback<ledger::LogPage> done) override;
    void readLog(ledger::LogRange range, ledger::Callback<ledger::LogPage> done) override;
    void readRows(std::string account, std::vector<ledger::Seq> seqs,
                  ledger::Callback<std::vector<ledger::LogRow>> done) override;
    ledger::Seq lastCommitted() const override;
    void queryArchive(ledger::ArchiveQuery query, ledger::Callback<ledger::ArchivePage> done) override;
    void archiveEnds(std::string account, ledger::Callback<ledger::ArchiveEnds> done) override;
    void recentKeys(std::string sender, std::size_t limit,
                    ledger::Callback<std::vector<ledger::SentKey>> done) override;
    void devicePositions(std::string account, ledger::Callback<std::vector<ledger::DevicePosition>> done) override;
    void trace(std::string account, ledger::Seq seq, ledger::Callback<ledger::RowTrace> done) override;
    void dropPending(std::string account, std::string peer, ledger::Callback<base::Ok> done) override;
    void countPending(std::string account, ledger::Callback<std::uint64_t> done) override;
    void removeAccount(std::string account, ledger::Callback<base::Ok> done) override;

private:
    template <class T, class Query>
    void ask(ledger::Callback<T> done, Query query);
    void command(std::unique_ptr<JournalItem> item, ledger::Callback<base::Ok> done);

    LogWriter &m_writer;
    LogIndex &m_index;
    std::deque<ShardPort> &m_ports;
    ShardPort &m_port;
    std::atomic<std::uint64_t> &m_proofTokens;
};

} // namespace godwit::store
