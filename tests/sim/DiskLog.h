// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The store as one shard sees it: the disk behind answers that take their time.
#pragma once

#include "Disk.h"
#include "accounts/AccountStore.h"

#include <functional>

namespace godwit::sim
{

/// Runs a task on a shard after a while, unless the server died in between.
class ShardPost
{
public:
    virtual ~ShardPost() = default;
    virtual void post(ledger::ShardIndex shard, Duration delay, std::function<void()> task) = 0;
};

class DiskLog final : public ledger::LogStore
{
public:
    DiskLog(Stage &stage, Disk &disk, ShardPost &shards, ledger::ShardIndex shard);

    void append(ledger::Append &&row) override;
    void prove(ledger::Proof &&proof) override;
    void readPending(ledger::LogRange range, ledger::Callback<ledger::LogPage> done) override;
    void readLog(ledger::LogRange range, ledger::Callback<ledger::LogPage> done) override;
    void readRows(std::string account, std::vector<ledger::Seq> seqs,
                  ledger::Callback<std::vector<ledger::LogRow>> done) override;
    ledger::Seq lastCommitted() const override { return m_disk.last(); }
    /// Of the archive forward paging only: behind `after`, at most `max`. Of the whole log the last page with somebody.
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
    /// Looks now or when it answers, or fails, as the schedule has it.
    template <class T>
    void answer(ledger::Callback<T> done, std::function<base::Result<T>()> look);
    void lookUp(ledger::ArchiveQuery query, ledger::Callback<ledger::ArchivePage> done);

    Stage &m_stage;
    Disk &m_disk;
    ShardPost &m_shards;
    ledger::ShardIndex m_shard;
};

/// Accounts that were made before the schedule begins, all with one password; of them only values change.
class DiskAccounts final : public accounts::AccountStore
{
public:
    DiskAccounts(Stage &stage, Disk &disk, ShardPost &shards, ledger::ShardIndex shard,
                 const std::vector<std::string> &names);

    void exists(std::string account, accounts::Callback<bool> done) override;
    void credentials(std::string account, accounts::Callback<accounts::Credentials> done) override;
    void create(std::string account, accounts::Credentials credentials, accounts::Callback<base::Ok> done) override;
    void setCredentials(std::string account, accounts::Credentials credentials,
                        accounts::Callback<base::Ok> done) override;
    void remove(std::string account, accounts::Callback<base::Ok> done) override;
    void list(std::string after, std::size_t limit,
              accounts::Callback<std::vector<accounts::AccountInfo>> done) override;
    void count(accounts::Callback<std::uint64_t> done) override;
    void tokens(std::string account, std::string device, accounts::Callback<accounts::TokenLogin> done) override;
    void changeTokens(accounts::TokenChange change, accounts::Callback<base::Ok> done) override;
    void roster(std::string account, accounts::Callback<accounts::Roster> done) override;
    void putRosterItem(std::string account, accounts::RosterItem item, accounts::Callback<base::Ok> done) override;
    void removeRosterItem(std::string account, std::string jid, std::uint64_t version,
                          accounts::Callback<base::Ok> done) override;
    void getValue(std::string account, std::string kind, std::string key,
                  accounts::Callback<std::string> done) override;
    void putValue(std::string account, std::string kind, std::string key, std::string value,
                  accounts::Callback<base::Ok> done) override;
    void removeValue(std::string account, std::string kind, std::string key,
                     accounts::Callback<base::Ok> done) override;
    void listValues(std::string account, std::string kind,
                    accounts::Callback<std::vector<std::pair<std::string, std::string>>> done) override;

private:
    template <class T>
    void answer(accounts::Callback<T> done, base::Result<T> result);
    bool known(const std::string &account) const;

    Stage &m_stage;
    Disk &m_disk;
    ShardPost &m_shards;
    ledger::ShardIndex m_shard;
    const std::vector<std::string> &m_names;
};

/// The password of every account.
inline constexpr const char *simPassword = "swordfish";

} // namespace godwit::sim
