// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The chats of one account, the one that was written in last on top.
#pragma once

#include "cache/Cache.h"
#include "cache/Types.h"
#include "models/MessageListModel.h"

#include <QAbstractListModel>

#include <functional>
#include <vector>

namespace godwit::contacts
{
class Contacts;
}

namespace godwit::models
{

/// Rows of the chat list. Lives in the main thread.
class ChatListModel : public QAbstractListModel
{
    Q_OBJECT
    Q_PROPERTY(bool loaded READ loaded NOTIFY loadedChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    /// Unread messages over all chats.
    Q_PROPERTY(int unread READ unread NOTIFY unreadChanged)

public:
    enum Role {
        AddressRole = Qt::UserRole + 1, ///< "address": string, names the chat
        NameRole,                       ///< "name": string, the contact's name, else the address
        PreviewRole,                    ///< "preview": string, one line of the last message
        PreviewOwnRole,                 ///< "previewOwn": bool, the last message is our own
        PreviewStateRole,               ///< "previewState": MessageListModel.State of the last message
        TimeRole,                       ///< "time": date of the last message, invalid for an empty chat
        UnreadRole,                     ///< "unread": int
        TypingRole,                     ///< "typing": bool
        AvailableRole,                  ///< "available": bool, the contact is there right now
        DraftRole,                      ///< "draft": string, what was typed and not sent
        FailedRole,                     ///< "failed": bool, a message of ours waits for "Try again"
    };
    Q_ENUM(Role)

    ChatListModel(cache::Cache &cache, contacts::Contacts &contacts, QObject *parent = nullptr);
    ~ChatListModel() override;

    bool loaded() const { return m_loaded; }
    int count() const { return static_cast<int>(m_rows.size()); }
    int unread() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    Q_INVOKABLE int rowOf(const QString &address) const;

Q_SIGNALS:
    void loadedChanged();
    void countChanged();
    void unreadChanged();

private:
    void reload();
    void apply(const cache::Change &change);
    void place(const cache::Chat &chat);
    void touch(const QString &address);

    cache::Cache &m_cache;
    contacts::Contacts &m_contacts;
    std::vector<cache::Chat> m_rows;
    bool m_loaded = false;
};

} // namespace godwit::models
