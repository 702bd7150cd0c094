// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A log whose reads fail or wait as a test wants it; what is appended and proved goes through.
#pragma once

#include "ledger/LogStore.h"
#include "store/Executor.h"

#include <deque>

namespace godwit::test
{

class ReadGate final : public ledger::LogStore
{
public:
    enum class Reads { Pass, Fail, Wait };

    ReadGate(std::unique_ptr<ledger::LogStore> log, store::Executor &executor);

    /// What becomes of reads that are asked for from now on.
    void set(Reads reads) { m_reads = reads; }
    /// Answers the oldest read that waits with what was found when it was asked for, or as a failure.
    void release(Reads as = Reads::Pass);
    std::size_t waiting() const { return m_waiting.size(); }
    std::size_t failed() const { return m_failed; }

    void append(ledger::Append &&row) override { m_log->append(std::move(row)); }
    void prove(ledger::Proof &&proof) override { m_log->prove(std::move(proof)); }
    void readPending(ledger::LogRange range, ledger::Callback<ledger::LogPage> done) override;
    void readLog(ledger::LogRange range, ledger::Callback<ledger::LogPage> done) override;
    void readRows(std::string account, std::vector<ledger::Seq> seqs,
                  ledger::Callback<std::vector<ledger::LogRow>> done) override;
    ledger::Seq lastCommitted() const override { return m_log->lastCommitted(); }
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
    using Answer = std::function<void(Reads)>;
    template <class T>
    void ask(ledger::Callback<T> done, const std::function<void(ledger::Callback<T>)> &read);
    template <class T>
    void fail(ledger::Callback<T> done);

    std::unique_ptr<ledger::LogStore> m_log;
    store::Executor &m_executor;
    Reads m_reads = Reads::Pass;
    std::deque<Answer> m_waiting;
    std::size_t m_failed = 0;
};

} // namespace godwit::test
