// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "DiskLog.h"
#include "crypto/ScramKeys.h"

#include <algorithm>

namespace godwit::sim
{

namespace
{

/// One round of hashing: logging in is no part of what is simulated, and must cost nothing.
const accounts::Credentials &commonCredentials()
{
    static const accounts::Credentials credentials = [] {
        accounts::Credentials made;
        const base::Result<crypto::Password> password = crypto::Password::prepare(simPassword);
        GW_ASSERT(password.ok());
        made.keys.push_back(
            crypto::makeScramKeys(*password, {crypto::Hash::Sha256, 1, std::string(crypto::scramSaltBytes, 's')}));
        return made;
    }();
    return credentials;
}

} // namespace

DiskAccounts::DiskAccounts(Stage &stage, Disk &disk, ShardPost &shards, ledger::ShardIndex shard,
                           const std::vector<std::string> &names)
    : m_stage(stage)
    , m_disk(disk)
    , m_shards(shards)
    , m_shard(shard)
    , m_names(names)
{
}

bool DiskAccounts::known(const std::string &account) const
{
    return std::find(m_names.begin(), m_names.end(), account) != m_names.end();
}

template <class T>
void DiskAccounts::answer(accounts::Callback<T> done, base::Result<T> result)
{
    m_shards.post(m_shard, m_stage.delay(Duration(20), std::chrono::milliseconds(m_stage.faults ? 15 : 1)),
                  [done = std::move(done), result = std::move(result)] { done(result); });
}

void DiskAccounts::exists(std::string account, accounts::Callback<bool> done)
{
    answer<bool>(std::move(done), known(account));
}

void DiskAccounts::credentials(std::string account, accounts::Callback<accounts::Credentials> done)
{
    if (!known(account)) {
        answer<accounts::Credentials>(std::move(done), base::Error(base::ErrorCode::NotFound, "no such account"));
        return;
    }
    answer<accounts::Credentials>(std::move(done), commonCredentials());
}

void DiskAccounts::create(std::string, accounts::Credentials, accounts::Callback<base::Ok> done)
{
    answer<base::Ok>(std::move(done), base::Error(base::ErrorCode::AlreadyExists, "accounts do not change"));
}

void DiskAccounts::setCredentials(std::string, accounts::Credentials, accounts::Callback<base::Ok> done)
{
    answer<base::Ok>(std::move(done), base::Ok{});
}

void DiskAccounts::remove(std::string, accounts::Callback<base::Ok> done)
{
    answer<base::Ok>(std::move(done), base::Error(base::ErrorCode::NotFound, "accounts do not change"));
}

void DiskAccounts::list(std::string, std::size_t, accounts::Callback<std::vector<accounts::AccountInfo>> done)
{
    answer<std::vector<accounts::AccountInfo>>(std::move(done), std::vector<accounts::AccountInfo>());
}

void DiskAccounts::count(accounts::Callback<std::uint64_t> done)
{
    answer<std::uint64_t>(std::move(done), m_names.size());
}

void DiskAccounts::tokens(std::string account, std::string, accounts::Callback<accounts::TokenLogin> done)
{
    if (!known(account)) {
        answer<accounts::TokenLogin>(std::move(done), base::Error(base::ErrorCode::NotFound, "no such account"));
        return;
    }
    answer<accounts::TokenLogin>(std::move(done), accounts::TokenLogin());
}

void DiskAccounts::changeTokens(accounts::TokenChange, accounts::Callback<base::Ok> done)
{
    answer<base::Ok>(std::move(done), base::Error(base::ErrorCode::NotFound, "accounts do not change"));
}

void DiskAccounts::roster(std::string, accounts::Callback<accounts::Roster> done)
{
    answer<accounts::Roster>(std::move(done), accounts::Roster());
}

void DiskAccounts::putRosterItem(std::string, accounts::RosterItem, accounts::Callback<base::Ok> done)
{
    answer<base::Ok>(std::move(done), base::Ok{});
}

void DiskAccounts::removeRosterItem(std::string, std::string, std::uint64_t, accounts::Callback<base::Ok> done)
{
    answer<base::Ok>(std::move(done), base::Ok{});
}

void DiskAccounts::getValue(std::string account, std::string kind, std::string key,
                            accounts::Callback<std::string> done)
{
    const auto found = m_disk.values().find({std::move(account), std::move(kind), std::move(key)});
    if (found != m_disk.values().end()) {
        answer<std::string>(std::move(done), found->second);
        return;
    }
    answer<std::string>(std::move(done), base::Error(base::ErrorCode::NotFound, "no such value"));
}

void DiskAccounts::putValue(std::string account, std::string kind, std::string key, std::string value,
                            accounts::Callback<base::Ok> done)
{
    accounts::Callback<base::Ok> write = [this, done = std::move(done), value = std::move(value),
                                          name = std::tuple(account, kind, key)](const auto &written) {
        m_disk.values()[name] = value;
        done(written);
    };
    answer<base::Ok>(std::move(write), base::Ok{});
}

void DiskAccounts::removeValue(std::string, std::string, std::string, accounts::Callback<base::Ok> done)
{
    answer<base::Ok>(std::move(done), base::Ok{});
}

void DiskAccounts::listValues(std::string, std::string,
                              accounts::Callback<std::vector<std::pair<std::string, std::string>>> done)
{
    answer<std::vector<std::pair<std::string, std::string>>>(std::move(done),
                                                             std::vector<std::pair<std::string, std::string>>());
}

} // namespace godwit::sim
