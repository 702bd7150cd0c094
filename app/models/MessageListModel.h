// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The messages of one chat, newest first, as a window that is paged from the cache: older pages come with
// fetchMore(), and what scrolled far away is let go, so that a history is never held whole.
#pragma once

#include "cache/Cache.h"
#include "cache/Types.h"

#include <QAbstractListModel>
#include <QDateTime>

#include <vector>

namespace godwit::models
{

/// Row 0 is the newest row, so a bottom-to-top list view starts where people look. A row is a message or a gap: a
/// stretch that the archive has and we do not yet. Lives in the main thread.
class MessageListModel : public QAbstractListModel
{
    Q_OBJECT
    /// Whether the first page has been read; before that an empty model means nothing.
    Q_PROPERTY(bool loaded READ loaded NOTIFY loadedChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    enum class Kind { Message, Gap };
    Q_ENUM(Kind)

    /// Where a message stands. Incoming is for messages of the other side, the others are for own ones, in the order
    /// in which they are passed.
    enum class State { Incoming, Queued, Sent, Accepted, Delivered, Read, Failed };
    Q_ENUM(State)

    enum Role {
        KeyRole = Qt::UserRole + 1, ///< "key": double-safe integer, names the message towards Conversation; 0 for a gap
        KindRole,                   ///< "kind": Kind
        OwnRole,                    ///< "own": bool, written by this account (on whichever device)
        BodyRole,                   ///< "body": string, plain text
        TimeRole,                   ///< "time": date
        DayRole,                    ///< "day": string "2026-11-23", local; a day separator stands where it changes
        DayFirstRole,               ///< "dayFirst": bool, the oldest row of its day: the separator stands above it
        StateRole,                  ///< "messageState": State
        StateReasonRole,            ///< "stateReason": string, why it failed, in words for people; else empty
        GroupFirstRole,             ///< "groupFirst": bool, first (oldest) message of a group by one sender
        GroupLastRole,              ///< "groupLast": bool, last (newest) message of a group
        UnreadFirstRole,            ///< "unreadFirst": bool, the unread line stands above this message
        GapFillingRole,             ///< "gapFilling": bool, for gaps: the archive is being asked for it now
    };
    Q_ENUM(Role)

    /// Rows that are read at a time, and the most that are kept.
    static constexpr int pageRows = 50;
    static constexpr int windowRowsMax = 5000;

    MessageListModel(cache::Cache &cache, QString peer, QObject *parent = nullptr);
    ~MessageListModel() override;

    bool loaded() const { return m_loaded; }
    int count() const { return static_cast<int>(m_rows.size()); }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

    /// The row of a message that is in the window, -1 if it is not.
    Q_INVOKABLE int rowOf(qint64 key) const;
    /// Forgets the older rows of a long window; called when the reader is back at the newest message.
    Q_INVOKABLE void trim();
    /// Puts the unread line where it belongs now. Called when the chat is opened, so that the line stays while reading.
    void placeUnreadLine();
    /// Whether the archive may have something older than the cache: then oldestReached() is told at each try to scroll
    /// on.
    void setArchiveMore(bool more) { m_archiveMore = more; }
    /// Whether the archive is being asked for what is missing; shown on the gaps.
    void setFilling(bool filling);

Q_SIGNALS:
    void loadedChanged();
    void countChanged();
    /// The window reached the oldest message of the cache: whoever has an archive may ask it for older ones.
    void oldestReached();

private:
    struct Row {
        cache::Message message;
        bool gap = false;
    };
    void reload();
    void take(const cache::MessagePage &page);
    void apply(const cache::Change &change);
    void insert(const cache::Message &message);
    void update(int row, const cache::Message &message);
    void removeRow(int row);
    void rebuildGaps(const std::vector<cache::Gap> &gaps);
    void touchNeighbours(int row);
    bool sameGroup(int older, int newer) const;
    int placeFor(std::int64_t place) const;

    cache::Cache &m_cache;
    QString m_peer;
    std::vector<Row> m_rows;
    qint64 m_unreadFirst = 0;
    bool m_loaded = false;
    bool m_loading = false;
    bool m_atOldest = false;
    bool m_archiveMore = false;
    bool m_filling = false;
};

} // namespace godwit::models
