// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/memory/MemoryAccounts.h"

#include <algorithm>
#include <utility>

namespace godwit::store
{

namespace
{

base::Error noAccount(const std::string &account)
{
    return base::Error(base::ErrorCode::NotFound, "no account " + account);
}

/// When the last token of an installation expires.
base::WallTime expiry(const accounts::DeviceTokens &tokens)
{
    const base::WallTime current = tokens.current ? tokens.current->expires : base::WallTime();
    return tokens.next ? std::max(current, tokens.next->expires) : current;
}

void forget(accounts::Roster &roster, const std::string &jid)
{
    std::erase_if(roster.items, [&jid](const accounts::RosterItem &item) { return item.jid == jid; });
    std::erase_if(roster.removed, [&jid](const auto &tombstone) { return tombstone.first == jid; });
}

} // namespace

MemoryAccounts::MemoryAccounts(MemoryAccountTables &tables, const base::Clock &clock, Executor &executor)
    : m_tables(tables)
    , m_clock(clock)
    , m_executor(executor)
{
}

template <class T>
void MemoryAccounts::answer(accounts::Callback<T> done, base::Result<T> result)
{
    if (m_tables.closed) {
        result = base::Error(base::ErrorCode::Unavailable, "the store is closed");
    }
    m_executor.post([done = std::move(done), result = std::move(result)] { done(result); });
}

void MemoryAccounts::exists(std::string account, accounts::Callback<bool> done)
{
    answer<bool>(std::move(done), m_tables.accounts.contains(account));
}

void MemoryAccounts::credentials(std::string account, accounts::Callback<accounts::Credentials> done)
{
    const auto found = m_tables.accounts.find(account);
    if (found == m_tables.accounts.end()) {
        answer<accounts::Credentials>(std::move(done), noAccount(account));
        return;
    }
    answer<accounts::Credentials>(std::move(done), found->second.credentials);
}

void MemoryAccounts::create(std::string account, accounts::Credentials credentials, accounts::Callback<base::Ok> done)
{
    const bool made =
        m_tables.accounts.try_emplace(account, MemoryAccount{std::move(credentials), m_clock.wall(), {}}).second;
    answer<base::Ok>(std::move(done), made ? base::Result<base::Ok>(base::Ok{})
                                           : base::Error(base::ErrorCode::AlreadyExists, "there is an " + account));
}

void MemoryAccounts::setCredentials(std::string account, accounts::Credentials credentials,
                                    accounts::Callback<base::Ok> done)
{
    const auto found = m_tables.accounts.find(account);
    if (found == m_tables.accounts.end()) {
        answer<base::Ok>(std::move(done), noAccount(account));
        return;
    }
    found->second.credentials = std::move(credentials);
    found->second.tokens.clear();
    answer<base::Ok>(std::move(done), base::Ok{});
}

void MemoryAccounts::remove(std::string account, accounts::Callback<base::Ok> done)
{
    if (m_tables.accounts.erase(account) == 0) {
        answer<base::Ok>(std::move(done), noAccount(account));
        return;
    }
    m_tables.rosters.erase(account);
    std::erase_if(m_tables.values, [&account](const auto &item) { return std::get<0>(item.first) == account; });
    answer<base::Ok>(std::move(done), base::Ok{});
}

void MemoryAccounts::list(std::string after, std::size_t limit,
                          accounts::Callback<std::vector<accounts::AccountInfo>> done)
{
    std::vector<accounts::AccountInfo> found;
    for (auto at = m_tables.accounts.upper_bound(after); at != m_tables.accounts.end() && found.size() < limit; ++at) {
        found.push_back({at->first, at->second.created, at->second.credentials.disabled});
    }
    answer<std::vector<accounts::AccountInfo>>(std::move(done), std::move(found));
}

void MemoryAccounts::count(accounts::Callback<std::uint64_t> done)
{
    answer<std::uint64_t>(std::move(done), m_tables.accounts.size());
}

void MemoryAccounts::tokens(std::string account, std::string device, accounts::Callback<accounts::TokenLogin> done)
{
    const auto found = m_tables.accounts.find(account);
    if (found == m_tables.accounts.end()) {
        answer<accounts::TokenLogin>(std::move(done), noAccount(account));
        return;
    }
    accounts::TokenLogin login;
    login.disabled = found->second.credentials.disabled;
    if (const auto held = found->second.tokens.find(device); held != found->second.tokens.end()) {
        login.tokens = held->second;
    }
    answer<accounts::TokenLogin>(std::move(done), std::move(login));
}

void MemoryAccounts::changeTokens(accounts::TokenChange change, accounts::Callback<base::Ok> done)
{
    const auto found = m_tables.accounts.find(change.account);
    if (found == m_tables.accounts.end()) {
        answer<base::Ok>(std::move(done), noAccount(change.account));
        return;
    }
    auto &devices = found->second.tokens;
    const auto held = devices.find(change.device);
    if ((held == devices.end() ? accounts::DeviceTokens() : held->second) != change.before) {
        answer<base::Ok>(std::move(done), base::Error(base::ErrorCode::Conflict, "the tokens changed meanwhile"));
        return;
    }
    devices.erase(change.device);
    if (change.after != accounts::DeviceTokens{}) {
        while (!devices.empty() && devices.size() >= change.devicesMax) {
            devices.erase(std::min_element(devices.begin(), devices.end(), [](const auto &a, const auto &b) {
                return expiry(a.second) < expiry(b.second);
            }));
        }
        devices.emplace(std::move(change.device), std::move(change.after));
    }
    answer<base::Ok>(std::move(done), base::Ok{});
}

void MemoryAccounts::roster(std::string account, accounts::Callback<accounts::Roster> done)
{
    const auto found = m_tables.rosters.find(account);
    answer<accounts::Roster>(std::move(done), found == m_tables.rosters.end() ? accounts::Roster{} : found->second);
}

void MemoryAccounts::putRosterItem(std::string account, accounts::RosterItem item, accounts::Callback<base::Ok> done)
{
    accounts::Roster &roster = m_tables.rosters[account];
    forget(roster, item.jid);
    roster.version = std::max(roster.version, item.version);
    std::sort(item.groups.begin(), item.groups.end());
    roster.items.push_back(std::move(item));
    std::sort(roster.items.begin(), roster.items.end(),
              [](const accounts::RosterItem &a, const accounts::RosterItem &b) { return a.jid < b.jid; });
    answer<base::Ok>(std::move(done), base::Ok{});
}

void MemoryAccounts::removeRosterItem(std::string account, std::string jid, std::uint64_t version,
                                      accounts::Callback<base::Ok> done)
{
    accounts::Roster &roster = m_tables.rosters[account];
    forget(roster, jid);
    roster.version = std::max(roster.version, version);
    roster.removed.emplace_back(std::move(jid), version);
    std::sort(roster.removed.begin(), roster.removed.end());
    answer<base::Ok>(std::move(done), base::Ok{});
}

void MemoryAccounts::getValue(std::string account, std::string kind, std::string key,
                              accounts::Callback<std::string> done)
{
    const auto found = m_tables.values.find({account, kind, key});
    if (found == m_tables.values.end()) {
        answer<std::string>(std::move(done), base::Error(base::ErrorCode::NotFound, "no " + kind + " " + key));
        return;
    }
    answer<std::string>(std::move(done), found->second);
}

void MemoryAccounts::putValue(std::string account, std::string kind, std::string key, std::string value,
                              accounts::Callback<base::Ok> done)
{
    m_tables.values[{std::move(account), std::move(kind), std::move(key)}] = std::move(value);
    answer<base::Ok>(std::move(done), base::Ok{});
}

void MemoryAccounts::removeValue(std::string account, std::string kind, std::string key,
                                 accounts::Callback<base::Ok> done)
{
    m_tables.values.erase({std::move(account), std::move(kind), std::move(key)});
    answer<base::Ok>(std::move(done), base::Ok{});
}

void MemoryAccounts::listValues(std::string account, std::string kind,
                                accounts::Callback<std::vector<std::pair<std::string, std::string>>> done)
{
    std::vector<std::pair<std::string, std::string>> found;
    for (const auto &[name, value] : m_tables.values) {
        if (std::get<0>(name) == account && std::get<1>(name) == kind) {
            found.emplace_back(std::get<2>(name), value);
        }
    }
    answer<std::vector<std::pair<std::string, std::string>>>(std::move(done), std::move(found));
}

} // namespace godwit::store
