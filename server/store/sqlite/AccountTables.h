// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// main.db: what the account thread reads and writes, inside a transaction that its caller opened.
#pragma once

#include "accounts/AccountStore.h"
#include "store/sqlite/Database.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace godwit::store
{

class AccountTables
{
public:
    static base::Result<AccountTables> open(const std::string &folder, const std::string &vfs);

    base::Result<bool> exists(const std::string &account);
    base::Result<accounts::Credentials> credentials(const std::string &account);
    base::Result<base::Ok> create(const std::string &account, const accounts::Credentials &credentials,
                                  base::WallTime now);
    base::Result<base::Ok> setCredentials(const std::string &account, const accounts::Credentials &credentials);
    base::Result<base::Ok> remove(const std::string &account);
    base::Result<std::vector<accounts::AccountInfo>> list(const std::string &after, std::size_t limit);
    base::Result<std::uint64_t> count();

    base::Result<accounts::TokenLogin> tokens(const std::string &account, const std::string &device);
    base::Result<base::Ok> changeTokens(const accounts::TokenChange &change);

    base::Result<accounts::Roster> roster(const std::string &account);
    base::Result<base::Ok> putRosterItem(const std::string &account, const accounts::RosterItem &item);
    base::Result<base::Ok> removeRosterItem(const std::string &account, const std::string &jid, std::uint64_t version);

    base::Result<std::string> value(const std::string &account, const std::string &kind, const std::string &key);
    base::Result<base::Ok> putValue(const std::string &account, const std::string &kind, const std::string &key,
                                    const std::string &value);
    base::Result<base::Ok> removeValue(const std::string &account, const std::string &kind, const std::string &key);
    base::Result<std::vector<std::pair<std::string, std::string>>> values(const std::string &account,
                                                                          const std::string &kind);

    void begin();
    /// ResourceFull when the disk is full: the transaction is undone.
    base::Result<base::Ok> commit();
    void savepoint();
    void endSavepoint(bool keep);

private:
    void prepare();
    base::Result<base::Ok> run(Statement &statement);
    void checked(const Statement &statement);
    /// 0 when there is none.
    std::int64_t idOf(const std::string &account);
    accounts::DeviceTokens tokensOf(std::int64_t id, const std::string &device);
    base::Result<base::Ok> putToken(std::int64_t id, const std::string &device, int slot,
                                    const std::optional<accounts::Token> &token);
    base::Result<base::Ok> putKeys(std::int64_t id, const std::vector<accounts::ScramKeys> &keys);

    Database m_database;
    bool m_full = false;
    Statement m_begin, m_commit, m_savepoint, m_release, m_rollbackTo;
    Statement m_find, m_insert, m_update, m_delete, m_list, m_count;
    Statement m_keys, m_putKeys, m_deleteKeys;
    Statement m_tokens, m_putToken, m_deleteTokens, m_deleteAllTokens, m_deleteOldTokens;
    Statement m_roster, m_groups, m_putItem, m_deleteGroups, m_putGroup, m_deleteRoster, m_deleteAllGroups;
    Statement m_value, m_putValue, m_deleteValue, m_values, m_deleteValues;
};

} // namespace godwit::store
