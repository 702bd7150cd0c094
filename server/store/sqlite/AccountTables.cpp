// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/AccountTables.h"

#include "store/sqlite/Schema.h"

#include <algorithm>

namespace godwit::store
{

namespace
{

base::Error noAccount(const std::string &account)
{
    return base::Error(base::ErrorCode::NotFound, "no account " + account);
}

base::Error diskFull()
{
    return base::Error(base::ErrorCode::ResourceFull, "no room on the disk of the store");
}

} // namespace

base::Result<AccountTables> AccountTables::open(const std::string &folder, const std::string &vfs)
{
    base::Result<Database> database = openFile(folder + "/main.db", mainSchema, Sync::Full, vfs);
    if (!database.ok()) {
        return std::move(database).error();
    }
    AccountTables tables;
    tables.m_database = std::move(database).value();
    tables.prepare();
    return tables;
}

void AccountTables::prepare()
{
    Database &db = m_database;
    m_begin = db.mustPrepare("BEGIN IMMEDIATE");
    m_commit = db.mustPrepare("COMMIT");
    m_savepoint = db.mustPrepare("SAVEPOINT job");
    m_release = db.mustPrepare("RELEASE job");
    m_rollbackTo = db.mustPrepare("ROLLBACK TO job");
    m_find = db.mustPrepare("SELECT id,disabled FROM account WHERE jid=?1");
    m_insert = db.mustPrepare("INSERT INTO account(jid,created,disabled) VALUES(?1,?2,?3)");
    m_update = db.mustPrepare("UPDATE account SET disabled=?2 WHERE id=?1");
    m_delete = db.mustPrepare("DELETE FROM account WHERE id=?1");
    m_list = db.mustPrepare("SELECT jid,created,disabled FROM account WHERE jid>?1 ORDER BY jid LIMIT ?2");
    m_count = db.mustPrepare("SELECT count(*) FROM account");
    m_keys = db.mustPrepare("SELECT hash,iterations,salt,stored_key,server_key FROM scram WHERE account=?1 "
                            "ORDER BY hash");
    m_putKeys = db.mustPrepare("INSERT INTO scram(account,hash,iterations,salt,stored_key,server_key) "
                               "VALUES(?1,?2,?3,?4,?5,?6)");
    m_deleteKeys = db.mustPrepare("DELETE FROM scram WHERE account=?1");
    m_tokens = db.mustPrepare("SELECT slot,mechanism,secret,expires,count FROM token WHERE account=?1 AND device=?2");
    m_putToken = db.mustPrepare("INSERT INTO token(account,device,slot,mechanism,secret,expires,count) "
                                "VALUES(?1,?2,?3,?4,?5,?6,?7)");
    m_deleteTokens = db.mustPrepare("DELETE FROM token WHERE account=?1 AND device=?2");
    m_deleteAllTokens = db.mustPrepare("DELETE FROM token WHERE account=?1");
    m_deleteOldTokens = db.mustPrepare("DELETE FROM token WHERE account=?1 AND device IN (SELECT device FROM token "
                                       "WHERE account=?1 AND device<>?2 GROUP BY device "
                                       "ORDER BY max(expires) DESC, device LIMIT -1 OFFSET ?3)");
    m_roster = db.mustPrepare("SELECT jid,removed,name,subscription,ask,approved,listed,pending_in,version "
                              "FROM roster WHERE owner=?1 ORDER BY jid");
    m_groups = db.mustPrepare("SELECT jid,name FROM roster_group WHERE owner=?1 ORDER BY jid,name");
    m_putItem = db.mustPrepare("INSERT OR REPLACE INTO roster(owner,jid,removed,name,subscription,ask,approved,listed,"
                               "pending_in,version) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)");
    m_deleteGroups = db.mustPrepare("DELETE FROM roster_group WHERE owner=?1 AND jid=?2");
    m_putGroup = db.mustPrepare("INSERT OR IGNORE INTO roster_group(owner,jid,name) VALUES(?1,?2,?3)");
    m_deleteRoster = db.mustPrepare("DELETE FROM roster WHERE owner=?1");
    m_deleteAllGroups = db.mustPrepare("DELETE FROM roster_group WHERE owner=?1");
    m_value = db.mustPrepare("SELECT value FROM value WHERE owner=?1 AND kind=?2 AND key=?3");
    m_putValue = db.mustPrepare("INSERT OR REPLACE INTO value(owner,kind,key,value) VALUES(?1,?2,?3,?4)");
    m_deleteValue = db.mustPrepare("DELETE FROM value WHERE owner=?1 AND kind=?2 AND key=?3");
    m_values = db.mustPrepare("SELECT key,value FROM value WHERE owner=?1 AND kind=?2 ORDER BY key");
    m_deleteValues = db.mustPrepare("DELETE FROM value WHERE owner=?1");
}

base::Result<base::Ok> AccountTables::run(Statement &statement)
{
    if (m_full) {
        return diskFull();
    }
    switch (statement.run()) {
    case DbFailure::None:
        return base::Ok{};
    case DbFailure::Constraint:
        return base::Error(base::ErrorCode::InvalidInput, m_database.failureText());
    case DbFailure::Full:
        m_full = true;
        return diskFull();
    case DbFailure::Fatal:
        break;
    }
    storageFailed("main.db", m_database.failureText());
}

void AccountTables::checked(const Statement &statement)
{
    if (statement.failure() != DbFailure::None) {
        storageFailed("reading main.db", statement.failureText());
    }
}

void AccountTables::begin()
{
    m_full = false;
    static_cast<void>(run(m_begin));
}

base::Result<base::Ok> AccountTables::commit()
{
    auto done = run(m_commit);
    if (!done.ok() && m_database.inTransaction() && m_database.run("ROLLBACK") != DbFailure::None) {
        storageFailed("rollback of main.db", m_database.failureText());
    }
    return done;
}

void AccountTables::savepoint()
{
    static_cast<void>(run(m_savepoint));
}

void AccountTables::endSavepoint(bool keep)
{
    if (!keep) {
        static_cast<void>(run(m_rollbackTo));
    }
    static_cast<void>(run(m_release));
}

std::int64_t AccountTables::idOf(const std::string &account)
{
    const StatementScope scope(m_find);
    m_find.bindText(1, account);
    const std::int64_t id = m_find.step() ? m_find.number(0) : 0;
    checked(m_find);
    return id;
}

base::Result<bool> AccountTables::exists(const std::string &account)
{
    return idOf(account) != 0;
}

base::Result<accounts::Credentials> AccountTables::credentials(const std::string &account)
{
    accounts::Credentials credentials;
    std::int64_t id = 0;
    {
        const StatementScope scope(m_find);
        m_find.bindText(1, account);
        if (m_find.step()) {
            id = m_find.number(0);
            credentials.disabled = m_find.number(1) != 0;
        }
        checked(m_find);
    }
    if (id == 0) {
        return noAccount(account);
    }
    const StatementScope scope(m_keys);
    m_keys.bind(1, id);
    while (m_keys.step()) {
        accounts::ScramKeys keys;
        keys.hash = static_cast<accounts::ScramHash>(static_cast<std::uint8_t>(m_keys.number(0)));
        keys.iterations = static_cast<std::uint32_t>(m_keys.number(1));
        keys.salt = m_keys.bytes(2);
        keys.storedKey = m_keys.bytes(3);
        keys.serverKey = m_keys.bytes(4);
        credentials.keys.push_back(std::move(keys));
    }
    checked(m_keys);
    return credentials;
}

base::Result<base::Ok> AccountTables::putKeys(std::int64_t id, const std::vector<accounts::ScramKeys> &keys)
{
    for (const accounts::ScramKeys &one : keys) {
        m_putKeys.bind(1, id);
        m_putKeys.bind(2, std::int64_t(static_cast<std::uint8_t>(one.hash)));
        m_putKeys.bind(3, std::int64_t(one.iterations));
        m_putKeys.bindBlob(4, one.salt);
        m_putKeys.bindBlob(5, one.storedKey);
        m_putKeys.bindBlob(6, one.serverKey);
        if (auto done = run(m_putKeys); !done.ok()) {
            return done;
        }
    }
    return base::Ok{};
}

base::Result<base::Ok> AccountTables::create(const std::string &account, const accounts::Credentials &credentials,
                                             base::WallTime now)
{
    if (idOf(account) != 0) {
        return base::Error(base::ErrorCode::AlreadyExists, "there is an account " + account);
    }
    m_insert.bindText(1, account);
    m_insert.bind(2, std::int64_t(now.time_since_epoch().count()));
    m_insert.bind(3, std::int64_t(credentials.disabled ? 1 : 0));
    if (auto done = run(m_insert); !done.ok()) {
        return done;
    }
    return putKeys(m_database.lastRowId(), credentials.keys);
}

base::Result<base::Ok> AccountTables::setCredentials(const std::string &account,
                                                     const accounts::Credentials &credentials)
{
    const std::int64_t id = idOf(account);
    if (id == 0) {
        return noAccount(account);
    }
    m_update.bind(1, id);
    m_update.bind(2, std::int64_t(credentials.disabled ? 1 : 0));
    if (auto done = run(m_update); !done.ok()) {
        return done;
    }
    m_deleteKeys.bind(1, id);
    if (auto done = run(m_deleteKeys); !done.ok()) {
        return done;
    }
    m_deleteAllTokens.bind(1, id);
    if (auto done = run(m_deleteAllTokens); !done.ok()) {
        return done;
    }
    return putKeys(id, credentials.keys);
}

accounts::DeviceTokens AccountTables::tokensOf(std::int64_t id, const std::string &device)
{
    accounts::DeviceTokens tokens;
    const StatementScope scope(m_tokens);
    m_tokens.bind(1, id);
    m_tokens.bindText(2, device);
    while (m_tokens.step()) {
        accounts::Token token;
        token.mechanism = m_tokens.bytes(1);
        token.secret = m_tokens.bytes(2);
        token.expires = base::WallTime(base::Duration(m_tokens.number(3)));
        token.count = static_cast<std::uint32_t>(m_tokens.number(4));
        (m_tokens.number(0) == 0 ? tokens.current : tokens.next) = std::move(token);
    }
    checked(m_tokens);
    return tokens;
}

base::Result<accounts::TokenLogin> AccountTables::tokens(const std::string &account, const std::string &device)
{
    accounts::TokenLogin login;
    std::int64_t id = 0;
    {
        const StatementScope scope(m_find);
        m_find.bindText(1, account);
        if (m_find.step()) {
            id = m_find.number(0);
            login.disabled = m_find.number(1) != 0;
        }
        checked(m_find);
    }
    if (id == 0) {
        return noAccount(account);
    }
    login.tokens = tokensOf(id, device);
    return login;
}

base::Result<base::Ok> AccountTables::putToken(std::int64_t id, const std::string &device, int slot,
                                               const std::optional<accounts::Token> &token)
{
    if (!token) {
        return base::Ok{};
    }
    m_putToken.bind(1, id);
    m_putToken.bindText(2, device);
    m_putToken.bind(3, std::int64_t(slot));
    m_putToken.bindText(4, token->mechanism);
    m_putToken.bindBlob(5, token->secret);
    m_putToken.bind(6, std::int64_t(token->expires.time_since_epoch().count()));
    m_putToken.bind(7, std::int64_t(token->count));
    return run(m_putToken);
}

base::Result<base::Ok> AccountTables::changeTokens(const accounts::TokenChange &change)
{
    const std::int64_t id = idOf(change.account);
    if (id == 0) {
        return noAccount(change.account);
    }
    if (tokensOf(id, change.device) != change.before) {
        return base::Error(base::ErrorCode::Conflict, "the tokens changed meanwhile");
    }
    m_deleteTokens.bind(1, id);
    m_deleteTokens.bindText(2, change.device);
    if (auto done = run(m_deleteTokens); !done.ok()) {
        return done;
    }
    if (auto done = putToken(id, change.device, 0, change.after.current); !done.ok()) {
        return done;
    }
    if (auto done = putToken(id, change.device, 1, change.after.next); !done.ok()) {
        return done;
    }
    if (change.after == accounts::DeviceTokens{}) {
        return base::Ok{};
    }
    m_deleteOldTokens.bind(1, id);
    m_deleteOldTokens.bindText(2, change.device);
    m_deleteOldTokens.bind(3, std::int64_t(std::max<std::size_t>(change.devicesMax, 1) - 1));
    return run(m_deleteOldTokens);
}

base::Result<base::Ok> AccountTables::remove(const std::string &account)
{
    const std::int64_t id = idOf(account);
    if (id == 0) {
        return noAccount(account);
    }
    m_delete.bind(1, id);
    if (auto done = run(m_delete); !done.ok()) {
        return done;
    }
    for (Statement *statement : {&m_deleteRoster, &m_deleteAllGroups, &m_deleteValues}) {
        statement->bindText(1, account);
        if (auto done = run(*statement); !done.ok()) {
            return done;
        }
    }
    return base::Ok{};
}

base::Result<std::vector<accounts::AccountInfo>> AccountTables::list(const std::string &after, std::size_t limit)
{
    const StatementScope scope(m_list);
    m_list.bindText(1, after);
    m_list.bind(2, std::int64_t(std::min<std::size_t>(limit, 1'000'000)));
    std::vector<accounts::AccountInfo> found;
    while (m_list.step()) {
        found.push_back(
            {std::string(m_list.bytes(0)), base::WallTime(base::Duration(m_list.number(1))), m_list.number(2) != 0});
    }
    checked(m_list);
    return found;
}

base::Result<std::uint64_t> AccountTables::count()
{
    const StatementScope scope(m_count);
    const std::uint64_t number = m_count.step() ? m_count.unsignedNumber(0) : 0;
    checked(m_count);
    return number;
}

base::Result<accounts::Roster> AccountTables::roster(const std::string &account)
{
    accounts::Roster roster;
    {
        const StatementScope scope(m_roster);
        m_roster.bindText(1, account);
        while (m_roster.step()) {
            accounts::RosterItem item;
            item.jid = m_roster.bytes(0);
            item.version = m_roster.unsignedNumber(8);
            roster.version = std::max(roster.version, item.version);
            if (m_roster.number(1) != 0) {
                roster.removed.emplace_back(std::move(item.jid), item.version);
                continue;
            }
            item.name = m_roster.bytes(2);
            item.subscription = static_cast<accounts::Subscription>(static_cast<std::uint8_t>(m_roster.number(3)));
            item.ask = m_roster.number(4) != 0;
            item.approved = m_roster.number(5) != 0;
            item.listed = m_roster.number(6) != 0;
            item.pendingIn = m_roster.bytes(7);
            roster.items.push_back(std::move(item));
        }
        checked(m_roster);
    }
    const StatementScope scope(m_groups);
    m_groups.bindText(1, account);
    auto at = roster.items.begin(); // both are ordered by jid
    while (m_groups.step()) {
        const std::string_view jid = m_groups.bytes(0);
        at = std::find_if(at, roster.items.end(), [jid](const accounts::RosterItem &item) { return item.jid >= jid; });
        if (at != roster.items.end() && at->jid == jid) {
            at->groups.emplace_back(m_groups.bytes(1));
        }
    }
    checked(m_groups);
    return roster;
}

base::Result<base::Ok> AccountTables::putRosterItem(const std::string &account, const accounts::RosterItem &item)
{
    m_putItem.bindText(1, account);
    m_putItem.bindText(2, item.jid);
    m_putItem.bind(3, std::int64_t{0});
    m_putItem.bindText(4, item.name);
    m_putItem.bind(5, std::int64_t(static_cast<std::uint8_t>(item.subscription)));
    m_putItem.bind(6, std::int64_t(item.ask ? 1 : 0));
    m_putItem.bind(7, std::int64_t(item.approved ? 1 : 0));
    m_putItem.bind(8, std::int64_t(item.listed ? 1 : 0));
    m_putItem.bindBlob(9, item.pendingIn);
    m_putItem.bind(10, item.version);
    if (auto done = run(m_putItem); !done.ok()) {
        return done;
    }
    m_deleteGroups.bindText(1, account);
    m_deleteGroups.bindText(2, item.jid);
    if (auto done = run(m_deleteGroups); !done.ok()) {
        return done;
    }
    for (const std::string &group : item.groups) {
        m_putGroup.bindText(1, account);
        m_putGroup.bindText(2, item.jid);
        m_putGroup.bindText(3, group);
        if (auto done = run(m_putGroup); !done.ok()) {
            return done;
        }
    }
    return base::Ok{};
}

base::Result<base::Ok> AccountTables::removeRosterItem(const std::string &account, const std::string &jid,
                                                       std::uint64_t version)
{
    accounts::RosterItem tombstone;
    tombstone.jid = jid;
    tombstone.version = version;
    if (auto done = putRosterItem(account, tombstone); !done.ok()) {
        return done;
    }
    m_putItem.bindText(1, account);
    m_putItem.bindText(2, tombstone.jid);
    m_putItem.bind(3, std::int64_t{1});
    m_putItem.bindText(4, tombstone.name);
    m_putItem.bindBlob(9, tombstone.pendingIn);
    return run(m_putItem);
}

base::Result<std::string> AccountTables::value(const std::string &account, const std::string &kind,
                                               const std::string &key)
{
    const StatementScope scope(m_value);
    m_value.bindText(1, account);
    m_value.bindText(2, kind);
    m_value.bindText(3, key);
    if (!m_value.step()) {
        checked(m_value);
        return base::Error(base::ErrorCode::NotFound, "no " + kind + " " + key + " of " + account);
    }
    return std::string(m_value.bytes(0));
}

base::Result<base::Ok> AccountTables::putValue(const std::string &account, const std::string &kind,
                                               const std::string &key, const std::string &value)
{
    m_putValue.bindText(1, account);
    m_putValue.bindText(2, kind);
    m_putValue.bindText(3, key);
    m_putValue.bindBlob(4, value);
    return run(m_putValue);
}

base::Result<base::Ok> AccountTables::removeValue(const std::string &account, const std::string &kind,
                                                  const std::string &key)
{
    m_deleteValue.bindText(1, account);
    m_deleteValue.bindText(2, kind);
    m_deleteValue.bindText(3, key);
    return run(m_deleteValue);
}

base::Result<std::vector<std::pair<std::string, std::string>>> AccountTables::values(const std::string &account,
                                                                                     const std::string &kind)
{
    const StatementScope scope(m_values);
    m_values.bindText(1, account);
    m_values.bindText(2, kind);
    std::vector<std::pair<std::string, std::string>> found;
    while (m_values.step()) {
        found.emplace_back(m_values.bytes(0), m_values.bytes(1));
    }
    checked(m_values);
    return found;
}

} // namespace godwit::store
