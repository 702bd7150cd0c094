// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The opened file with its tables. Lives in the database thread (in a test: wherever it is made).
#pragma once

#include "base/Result.h"
#include "cache/Database.h"
#include "cache/MessageTable.h"
#include "cache/Tables.h"

#include <QSet>

#include <memory>
#include <vector>

namespace godwit::cache
{

/// Work on the store is done in pieces: perform() runs one, all or nothing, inside a transaction that several pieces
/// share and that commit() makes durable.
class Store
{
public:
    /// Opens, migrates and checks. See Database::open and migrate for the errors.
    static base::Result<std::unique_ptr<Store>> open(const QString &path);
    ~Store();

    /// Runs a piece of work. When it returns an Error, or a query in it failed, nothing of it remains.
    template <class T, class Work>
    base::Result<T> perform(Work &&work)
    {
        if (auto begun = begin(); !begun) {
            return begun.error();
        }
        const std::size_t changesBefore = m_changes.size();
        base::Result<T> result = work(*this);
        refreshChats();
        if (auto failure = m_database->takeFailure()) {
            result = *failure;
        }
        if (auto ended = end(result.ok(), changesBefore); !ended) {
            return ended.error();
        }
        return result;
    }

    /// Makes everything performed since the last commit durable. After an Error nothing of it remains.
    base::Result<base::Ok> commit();
    bool hasUncommitted() const { return m_inTransaction; }

    Database &database() { return *m_database; }
    MessageTable messages{*this};
    ChatTable chats{*this};
    OutboxTable outbox{*this};
    SpanTable spans{*this};
    ContactTable contacts{*this};
    SettingTable settings{*this};

    /// For the tables: a change to tell after the commit; a chat whose numbers must be counted again.
    void note(Change change) { m_changes.push_back(std::move(change)); }
    void touchChat(const QString &peer) { m_touchedChats.insert(peer); }
    /// The changes noted since the last call.
    std::vector<Change> takeChanges() { return std::exchange(m_changes, {}); }

private:
    explicit Store(std::unique_ptr<Database> database);
    base::Result<base::Ok> begin();
    base::Result<base::Ok> end(bool keep, std::size_t changesBefore);
    void refreshChats();

    std::unique_ptr<Database> m_database;
    std::vector<Change> m_changes;
    QSet<QString> m_touchedChats;
    bool m_inTransaction = false;
};

} // namespace godwit::cache
