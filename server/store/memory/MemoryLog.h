// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "store/memory/MemoryTables.h"

#include <memory>
#include <vector>

namespace godwit::store
{

class MemoryLog final : public ledger::LogStore
{
public:
    MemoryLog(MemoryLogTables &tables, const base::Clock &clock, Executor &executor, ledger::LogSink &sink);

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
    static void deliverLater(const std::shared_ptr<MemoryPort> &port);
    void committed(const ledger::Append &row, ledger::Seq seq);
    void refused(const ledger::Append &row, const base::Error &error);
    template <class T>
    void answer(ledger::Callback<T> done, base::Result<T> result);
    template <class Wanted>
    ledger::LogPage page(const ledger::LogRange &range, Wanted wanted) const;

    MemoryLogTables &m_tables;
    const base::Clock &m_clock;
    Executor &m_executor;
    ledger::ShardIndex m_shard;
};

} // namespace godwit::store
