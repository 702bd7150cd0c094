// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "ReadGate.h"

#include "base/Assert.h"

#include <utility>

namespace godwit::test
{

ReadGate::ReadGate(std::unique_ptr<ledger::LogStore> log, store::Executor &executor)
    : m_log(std::move(log))
    , m_executor(executor)
{
}

template <class T>
void ReadGate::ask(ledger::Callback<T> done, const std::function<void(ledger::Callback<T>)> &read)
{
    switch (m_reads) {
    case Reads::Pass:
        read(std::move(done));
        return;
    case Reads::Fail:
        fail<T>(std::move(done));
        return;
    case Reads::Wait:
        read([this, done = std::move(done)](base::Result<T> found) {
            m_waiting.push_back([this, done, found = std::move(found)](Reads as) {
                if (as == Reads::Fail) {
                    fail<T>(done);
                } else {
                    m_executor.post([done, found] { done(found); });
                }
            });
        });
        return;
    }
}

template <class T>
void ReadGate::fail(ledger::Callback<T> done)
{
    ++m_failed;
    m_executor.post([done = std::move(done)] { done(base::Error(base::ErrorCode::Io, "the log cannot be read")); });
}

void ReadGate::release(Reads as)
{
    GW_ASSERT(!m_waiting.empty());
    const Answer answer = std::move(m_waiting.front());
    m_waiting.pop_front();
    answer(as);
}

void ReadGate::readPending(ledger::LogRange range, ledger::Callback<ledger::LogPage> done)
{
    ask<ledger::LogPage>(std::move(done), [this, range](auto next) { m_log->readPending(range, std::move(next)); });
}

void ReadGate::readLog(ledger::LogRange range, ledger::Callback<ledger::LogPage> done)
{
    ask<ledger::LogPage>(std::move(done), [this, range](auto next) { m_log->readLog(range, std::move(next)); });
}

void ReadGate::readRows(std::string account, std::vector<ledger::Seq> seqs,
                        ledger::Callback<std::vector<ledger::LogRow>> done)
{
    ask<std::vector<ledger::LogRow>>(
        std::move(done), [this, account, seqs](auto next) { m_log->readRows(account, seqs, std::move(next)); });
}

void ReadGate::queryArchive(ledger::ArchiveQuery query, ledger::Callback<ledger::ArchivePage> done)
{
    ask<ledger::ArchivePage>(std::move(done),
                             [this, query](auto next) { m_log->queryArchive(query, std::move(next)); });
}

void ReadGate::archiveEnds(std::string account, ledger::Callback<ledger::ArchiveEnds> done)
{
    ask<ledger::ArchiveEnds>(std::move(done),
                             [this, account](auto next) { m_log->archiveEnds(account, std::move(next)); });
}

void ReadGate::recentKeys(std::string sender, std::size_t limit, ledger::Callback<std::vector<ledger::SentKey>> done)
{
    ask<std::vector<ledger::SentKey>>(
        std::move(done), [this, sender, limit](auto next) { m_log->recentKeys(sender, limit, std::move(next)); });
}

void ReadGate::devicePositions(std::string account, ledger::Callback<std::vector<ledger::DevicePosition>> done)
{
    ask<std::vector<ledger::DevicePosition>>(
        std::move(done), [this, account](auto next) { m_log->devicePositions(account, std::move(next)); });
}

void ReadGate::trace(std::string account, ledger::Seq seq, ledger::Callback<ledger::RowTrace> done)
{
    ask<ledger::RowTrace>(std::move(done),
                          [this, account, seq](auto next) { m_log->trace(account, seq, std::move(next)); });
}

void ReadGate::dropPending(std::string account, std::string peer, ledger::Callback<base::Ok> done)
{
    m_log->dropPending(std::move(account), std::move(peer), std::move(done));
}

void ReadGate::countPending(std::string account, ledger::Callback<std::uint64_t> done)
{
    ask<std::uint64_t>(std::move(done), [this, account](auto next) { m_log->countPending(account, std::move(next)); });
}

void ReadGate::removeAccount(std::string account, ledger::Callback<base::Ok> done)
{
    m_log->removeAccount(std::move(account), std::move(done));
}

} // namespace godwit::test
