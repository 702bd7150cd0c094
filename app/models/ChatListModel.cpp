// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "models/ChatListModel.h"

#include "contacts/Contacts.h"

#include <QDateTime>

#include <algorithm>
#include <numeric>

namespace godwit::models
{

using base::Result;
using cache::Change;
using cache::Chat;
using cache::Store;

namespace
{

/// Enough of a message for one line of a list.
constexpr qsizetype previewCharactersMax = 200;

/// Newest first; chats without messages by address.
bool precedes(const Chat &a, const Chat &b)
{
    return a.lastPlace != b.lastPlace ? a.lastPlace > b.lastPlace : a.peer < b.peer;
}

} // namespace

ChatListModel::ChatListModel(cache::Cache &cache, contacts::Contacts &contacts, QObject *parent)
    : QAbstractListModel(parent)
    , m_cache(cache)
    , m_contacts(contacts)
{
    connect(&cache, &cache::Cache::changed, this, &ChatListModel::apply);
    connect(&contacts, &contacts::Contacts::changed, this, &ChatListModel::touch);
    connect(&contacts, &contacts::Contacts::listChanged, this, [this] {
        if (!m_rows.empty()) {
            Q_EMIT dataChanged(index(0), index(count() - 1), {NameRole});
        }
    });
    reload();
}

ChatListModel::~ChatListModel() = default;

int ChatListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

int ChatListModel::unread() const
{
    return std::accumulate(m_rows.begin(), m_rows.end(), 0, [](int sum, const Chat &chat) { return sum + chat.unread; });
}

QHash<int, QByteArray> ChatListModel::roleNames() const
{
    return {{AddressRole, "address"},
            {NameRole, "name"},
            {PreviewRole, "preview"},
            {PreviewOwnRole, "previewOwn"},
            {PreviewStateRole, "previewState"},
            {TimeRole, "time"},
            {UnreadRole, "unread"},
            {TypingRole, "typing"},
            {AvailableRole, "available"},
            {DraftRole, "draft"},
            {FailedRole, "failed"}};
}

QVariant ChatListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() < 0 || index.row() >= count()) {
        return {};
    }
    const Chat &chat = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case AddressRole:
        return chat.peer;
    case Qt::DisplayRole:
    case NameRole:
        return m_contacts.name(chat.peer);
    case PreviewRole:
        return chat.last ? chat.last->body.left(previewCharactersMax).simplified() : QString();
    case PreviewOwnRole:
        return chat.last && chat.last->own;
    case PreviewStateRole:
        return QVariant::fromValue(chat.last ? static_cast<MessageListModel::State>(chat.last->state)
                                             : MessageListModel::State::Incoming);
    case TimeRole:
        return chat.last ? QDateTime::fromMSecsSinceEpoch(chat.last->time / 1000) : QDateTime();
    case UnreadRole:
        return chat.unread;
    case TypingRole:
        return m_contacts.typing(chat.peer);
    case AvailableRole:
        return m_contacts.available(chat.peer);
    case DraftRole:
        return chat.draft;
    case FailedRole:
        return chat.failed > 0;
    default:
        return {};
    }
}

int ChatListModel::rowOf(const QString &address) const
{
    const auto found = std::ranges::find(m_rows, address, &Chat::peer);
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

void ChatListModel::reload()
{
    m_cache.run<std::vector<Chat>>(
        this, [](Store &store) -> Result<std::vector<Chat>> { return store.chats.all(); },
        [this](const Result<std::vector<Chat>> &chats) {
            beginResetModel();
            if (chats) {
                m_rows = *chats;
                std::ranges::sort(m_rows, precedes);
            }
            m_loaded = true;
            endResetModel();
            Q_EMIT loadedChanged();
            Q_EMIT countChanged();
            Q_EMIT unreadChanged();
        });
}

void ChatListModel::apply(const Change &change)
{
    if (!m_loaded) {
        return; // the list that is on its way has it
    }
    if (change.kind == Change::Kind::ChatChanged) {
        place(change.chat);
    } else if (change.kind == Change::Kind::ChatRemoved) {
        if (const int row = rowOf(change.chat.peer); row >= 0) {
            beginRemoveRows({}, row, row);
            m_rows.erase(m_rows.begin() + row);
            endRemoveRows();
            Q_EMIT countChanged();
            Q_EMIT unreadChanged();
        }
    }
}

void ChatListModel::place(const Chat &chat)
{
    const int from = rowOf(chat.peer);
    // Where it belongs among the others.
    const int to = static_cast<int>(std::ranges::count_if(
        m_rows, [&](const Chat &other) { return other.peer != chat.peer && precedes(other, chat); }));
    if (from < 0) {
        beginInsertRows({}, to, to);
        m_rows.insert(m_rows.begin() + to, chat);
        endInsertRows();
        Q_EMIT countChanged();
    } else {
        if (from != to) {
            beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
            m_rows.erase(m_rows.begin() + from);
            m_rows.insert(m_rows.begin() + to, chat);
            endMoveRows();
        } else {
            m_rows[static_cast<std::size_t>(from)] = chat;
        }
        Q_EMIT dataChanged(index(to), index(to));
    }
    Q_EMIT unreadChanged();
}

void ChatListModel::touch(const QString &address)
{
    if (const int row = rowOf(address); row >= 0) {
        Q_EMIT dataChanged(index(row), index(row), {NameRole, TypingRole, AvailableRole});
    }
}

} // namespace godwit::models
