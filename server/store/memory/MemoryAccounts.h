// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "store/memory/MemoryTables.h"

namespace godwit::store
{

class MemoryAccounts final : public accounts::AccountStore
{
public:
    MemoryAccounts(MemoryAccountTables &tables, const base::Clock &clock, Executor &executor);

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

    MemoryAccountTables &m_tables;
    const base::Clock &m_clock;
    Executor &m_executor;
};

} // namespace godwit::store
