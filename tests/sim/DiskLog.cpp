// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "DiskLog.h"

#include <algorithm>

namespace godwit::sim
{

using ledger::LogPage;
using ledger::RowFlag;

namespace
{

bool received(const Disk::Row &row, const std::string &account)
{
    return row.row.recipient == account && ledger::has(row.row.flags, RowFlag::RecipientHere);
}

bool sent(const Disk::Row &row, const std::string &account)
{
    return row.row.sender == account && ledger::has(row.row.flags, RowFlag::SenderHere);
}

bool archived(const Disk::Row &row, const std::string &account)
{
    return (sent(row, account) && ledger::has(row.row.flags, RowFlag::ArchiveSender)) ||
           (received(row, account) && ledger::has(row.row.flags, RowFlag::ArchiveRecipient));
}

template <class Wanted>
LogPage page(const Disk &disk, const ledger::LogRange &range, Wanted wanted)
{
    LogPage page;
    for (const Disk::Row &row : disk.rows()) {
        if (row.row.seq <= range.after || row.row.seq > range.upTo || !wanted(row)) {
            continue;
        }
        if (page.rows.size() >= range.limit) {
            page.complete = false;
            break;
        }
        page.rows.push_back(row.row);
    }
    return page;
}

} // namespace

DiskLog::DiskLog(Stage &stage, Disk &disk, ShardPost &shards, ledger::ShardIndex shard)
    : m_stage(stage)
    , m_disk(disk)
    , m_shards(shards)
    , m_shard(shard)
{
}

template <class T>
void DiskLog::answer(ledger::Callback<T> done, std::function<base::Result<T>()> look)
{
    Duration delay = m_stage.delay(Duration(50), std::chrono::milliseconds(m_stage.faults ? 20 : 1));
    if (m_stage.faults && m_stage.options.slowReads && m_stage.extraChance(15)) {
        m_stage.saw(Event::ReadSlow);
        delay += Duration(m_stage.extraDice.below(4'000'000));
    }
    if (m_stage.faults && m_stage.extraChance(m_stage.options.readFailPercent)) {
        m_stage.saw(Event::ReadFailed);
        m_shards.post(m_shard, delay,
                      [done = std::move(done)] { done(base::Error(base::ErrorCode::Io, "the log cannot be read")); });
        return;
    }
    if (m_stage.options.lateReads && m_stage.chance(50)) {
        m_shards.post(m_shard, delay, [done = std::move(done), look = std::move(look)] { done(look()); });
        return;
    }
    m_shards.post(m_shard, delay, [done = std::move(done), result = look()] { done(result); });
}

void DiskLog::append(ledger::Append &&row)
{
    m_disk.append(m_shard, std::move(row));
}

void DiskLog::prove(ledger::Proof &&proof)
{
    m_disk.prove(std::move(proof));
}

void DiskLog::readPending(ledger::LogRange range, ledger::Callback<LogPage> done)
{
    answer<LogPage>(std::move(done), [this, range] {
        return page(m_disk, range, [&](const Disk::Row &row) { return row.pending && received(row, range.account); });
    });
}

void DiskLog::readLog(ledger::LogRange range, ledger::Callback<LogPage> done)
{
    answer<LogPage>(std::move(done), [this, range] {
        return page(m_disk, range,
                    [&](const Disk::Row &row) { return received(row, range.account) || sent(row, range.account); });
    });
}

void DiskLog::readRows(std::string, std::vector<ledger::Seq> seqs, ledger::Callback<std::vector<ledger::LogRow>> done)
{
    answer<std::vector<ledger::LogRow>>(std::move(done), [this, seqs = std::move(seqs)] {
        std::vector<ledger::LogRow> rows;
        for (const ledger::Seq seq : seqs) {
            if (const Disk::Row *row = m_disk.find(seq)) {
                rows.push_back(row->row);
            }
        }
        return rows;
    });
}

void DiskLog::queryArchive(ledger::ArchiveQuery query, ledger::Callback<ledger::ArchivePage> done)
{
    if (query.scope == ledger::ArchiveScope::WholeLog) {
        lookUp(std::move(query), std::move(done));
        return;
    }
    answer<ledger::ArchivePage>(std::move(done), [this, query = std::move(query)] {
        const ledger::LogRange range{query.account, query.after.value_or(ledger::Seq()), m_disk.last(), query.max,
                                     SIZE_MAX};
        LogPage found = page(m_disk, range, [&](const Disk::Row &row) { return archived(row, query.account); });
        ledger::ArchivePage result;
        result.rows = std::move(found.rows);
        result.complete = found.complete;
        return result;
    });
}

void DiskLog::lookUp(ledger::ArchiveQuery query, ledger::Callback<ledger::ArchivePage> done)
{
    ledger::Callback<ledger::ArchivePage> counted = [this, done = std::move(done)](auto found) {
        m_stage.saw(Event::LookUpFailed, found.ok() ? 0 : 1);
        done(std::move(found));
    };
    answer<ledger::ArchivePage>(std::move(counted), [this, query = std::move(query)] {
        ledger::ArchivePage result;
        for (const Disk::Row &row : m_disk.rows()) {
            const bool with = (sent(row, query.account) && row.row.recipient == query.with) ||
                              (received(row, query.account) && row.row.sender == query.with);
            if (with) {
                result.rows.push_back(row.row);
            }
        }
        if (result.rows.size() > query.max) {
            result.rows.erase(result.rows.begin(), result.rows.end() - static_cast<std::ptrdiff_t>(query.max));
        }
        return result;
    });
}

void DiskLog::archiveEnds(std::string, ledger::Callback<ledger::ArchiveEnds> done)
{
    answer<ledger::ArchiveEnds>(std::move(done), [] { return ledger::ArchiveEnds(); });
}

void DiskLog::recentKeys(std::string sender, std::size_t limit, ledger::Callback<std::vector<ledger::SentKey>> done)
{
    answer<std::vector<ledger::SentKey>>(std::move(done), [this, sender = std::move(sender), limit] {
        std::vector<ledger::SentKey> keys;
        for (const Disk::Row &row : m_disk.rows()) {
            if (row.row.sender == sender && ledger::has(row.row.flags, RowFlag::HasKey)) {
                keys.push_back({row.key, row.row.seq});
            }
        }
        if (keys.size() > limit) {
            keys.erase(keys.begin(), keys.end() - static_cast<std::ptrdiff_t>(limit));
        }
        return keys;
    });
}

void DiskLog::devicePositions(std::string, ledger::Callback<std::vector<ledger::DevicePosition>> done)
{
    answer<std::vector<ledger::DevicePosition>>(std::move(done), [] { return std::vector<ledger::DevicePosition>(); });
}

void DiskLog::trace(std::string, ledger::Seq, ledger::Callback<ledger::RowTrace> done)
{
    answer<ledger::RowTrace>(std::move(done), [] { return base::Error(base::ErrorCode::NotFound, "not simulated"); });
}

void DiskLog::dropPending(std::string account, std::string peer, ledger::Callback<base::Ok> done)
{
    m_disk.drop(account, std::move(peer), [this, done = std::move(done)] {
        m_shards.post(m_shard, m_stage.delay(Duration(5), std::chrono::milliseconds(1)), [done] { done(base::Ok{}); });
    });
}

void DiskLog::countPending(std::string account, ledger::Callback<std::uint64_t> done)
{
    answer<std::uint64_t>(std::move(done), [this, account = std::move(account)] {
        return std::uint64_t(std::count_if(m_disk.rows().begin(), m_disk.rows().end(), [&](const Disk::Row &row) {
            return row.pending && received(row, account);
        }));
    });
}

void DiskLog::removeAccount(std::string, ledger::Callback<base::Ok> done)
{
    answer<base::Ok>(std::move(done), [] { return base::Ok{}; });
}

} // namespace godwit::sim
