// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "cache/Store.h"

#include "cache/Migrations.h"

namespace godwit::cache
{

using base::Ok;
using base::Result;

Result<std::unique_ptr<Store>> Store::open(const QString &path)
{
    auto database = Database::open(path, Database::Locking::Exclusive);
    if (!database) {
        return database.error();
    }
    if (auto migrated = migrate(**database); !migrated) {
        return migrated.error();
    }
    return std::unique_ptr<Store>(new Store(std::move(*database)));
}

Store::Store(std::unique_ptr<Database> database)
    : m_database(std::move(database))
{
}

Store::~Store() = default;

Result<Ok> Store::begin()
{
    if (!m_inTransaction) {
        if (auto begun = m_database->execute("BEGIN IMMEDIATE"); !begun) {
            return begun;
        }
        m_inTransaction = true;
    }
    return m_database->execute("SAVEPOINT piece");
}

Result<Ok> Store::end(bool keep, std::size_t changesBefore)
{
    if (!keep) {
        m_changes.resize(changesBefore);
        if (auto undone = m_database->execute("ROLLBACK TO piece"); !undone) {
            // SQLite has undone the whole transaction already (a full disk does that): nothing of it remains.
            m_inTransaction = false;
            return undone;
        }
    }
    return m_database->execute("RELEASE piece");
}

Result<Ok> Store::commit()
{
    if (!m_inTransaction) {
        return Ok();
    }
    m_inTransaction = false;
    auto committed = m_database->execute("COMMIT");
    if (!committed) {
        // Fails when the transaction is gone already; either way nothing of it remains.
        static_cast<void>(m_database->execute("ROLLBACK").ok());
        m_changes.clear();
    }
    return committed;
}

void Store::refreshChats()
{
    for (const QString &peer : std::exchange(m_touchedChats, {})) {
        chats.refresh(peer);
    }
}

} // namespace godwit::cache
