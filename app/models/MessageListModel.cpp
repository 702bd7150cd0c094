// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "models/MessageListModel.h"

#include "cache/Gaps.h"

#include <algorithm>
#include <limits>

namespace godwit::models
{

using base::Result;
using cache::Change;
using cache::Gap;
using cache::Message;
using cache::MessageKey;
using cache::MessagePage;
using cache::MessageState;
using cache::Place;
using cache::Store;

namespace
{

/// Messages of one sender that are closer than this stand in one group (LOOK.md).
constexpr cache::Time groupGap = 120'000'000;

static_assert(static_cast<int>(MessageState::Incoming) == static_cast<int>(MessageListModel::State::Incoming));
static_assert(static_cast<int>(MessageState::Accepted) == static_cast<int>(MessageListModel::State::Accepted));
static_assert(static_cast<int>(MessageState::Failed) == static_cast<int>(MessageListModel::State::Failed));

QDateTime dateOf(cache::Time time)
{
    return QDateTime::fromMSecsSinceEpoch(time / 1000);
}

/// The newest `rows` messages below a place, with the gaps of the chat.
MessagePage readPage(Store &store, const QString &peer, Place before, int rows)
{
    MessagePage page;
    page.newestFirst = store.messages.page(peer, before, rows);
    page.atOldest = static_cast<int>(page.newestFirst.size()) < rows;
    page.gaps = cache::gapsOf(store, peer);
    return page;
}

} // namespace

MessageListModel::MessageListModel(cache::Cache &cache, QString peer, QObject *parent)
    : QAbstractListModel(parent)
    , m_cache(cache)
    , m_peer(std::move(peer))
{
    connect(&cache, &cache::Cache::changed, this, &MessageListModel::apply);
    reload();
}

MessageListModel::~MessageListModel() = default;

int MessageListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QHash<int, QByteArray> MessageListModel::roleNames() const
{
    return {{KeyRole, "key"},
            {KindRole, "kind"},
            {OwnRole, "own"},
            {BodyRole, "body"},
            {TimeRole, "time"},
            {DayRole, "day"},
            {DayFirstRole, "dayFirst"},
            {StateRole, "messageState"},
            {StateReasonRole, "stateReason"},
            {GroupFirstRole, "groupFirst"},
            {GroupLastRole, "groupLast"},
            {UnreadFirstRole, "unreadFirst"},
            {GapFillingRole, "gapFilling"}};
}

QVariant MessageListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() < 0 || index.row() >= count()) {
        return {};
    }
    const int at = index.row();
    const Row &row = m_rows[static_cast<std::size_t>(at)];
    const Message &message = row.message;
    switch (role) {
    case KeyRole:
        return static_cast<qint64>(row.gap ? 0 : message.key);
    case KindRole:
        return QVariant::fromValue(row.gap ? Kind::Gap : Kind::Message);
    case OwnRole:
        return message.own;
    case Qt::DisplayRole:
    case BodyRole:
        return message.body;
    case TimeRole:
        return dateOf(message.time);
    case DayRole:
        return dateOf(message.time).date().toString(Qt::ISODate);
    case DayFirstRole:
        return at + 1 == count() ||
               dateOf(m_rows[static_cast<std::size_t>(at) + 1].message.time).date() != dateOf(message.time).date();
    case StateRole:
        return QVariant::fromValue(static_cast<State>(message.state));
    case StateReasonRole:
        return message.reason;
    case GroupFirstRole:
        return !sameGroup(at + 1, at);
    case GroupLastRole:
        return !sameGroup(at, at - 1);
    case UnreadFirstRole:
        return !row.gap && m_unreadFirst != 0 && message.key == m_unreadFirst;
    case GapFillingRole:
        return row.gap && m_filling;
    default:
        return {};
    }
}

bool MessageListModel::sameGroup(int older, int newer) const
{
    if (newer < 0 || older >= count()) {
        return false;
    }
    const Row &a = m_rows[static_cast<std::size_t>(older)];
    const Row &b = m_rows[static_cast<std::size_t>(newer)];
    return !a.gap && !b.gap && a.message.own == b.message.own && b.message.time - a.message.time < groupGap &&
           dateOf(a.message.time).date() == dateOf(b.message.time).date();
}

bool MessageListModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_loaded && !m_loading && (!m_atOldest || m_archiveMore) && count() < windowRowsMax;
}

void MessageListModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent)) {
        return;
    }
    if (m_atOldest) {
        m_archiveMore = false;
        Q_EMIT oldestReached();
        return;
    }
    m_loading = true;
    const Place before = m_rows.empty() ? std::numeric_limits<Place>::max() : m_rows.back().message.place;
    m_cache.run<MessagePage>(
        this,
        [peer = m_peer, before](Store &store) -> Result<MessagePage> {
            return readPage(store, peer, before, pageRows);
        },
        [this](const Result<MessagePage> &page) {
            m_loading = false;
            if (page) {
                take(*page);
            }
        });
}

void MessageListModel::reload()
{
    m_loading = true;
    m_cache.run<MessagePage>(
        this,
        [peer = m_peer](Store &store) -> Result<MessagePage> {
            return readPage(store, peer, std::numeric_limits<Place>::max(), pageRows);
        },
        [this](const Result<MessagePage> &page) {
            m_loading = false;
            m_loaded = true;
            if (page) {
                take(*page);
            }
            Q_EMIT loadedChanged();
        });
}

void MessageListModel::take(const MessagePage &page)
{
    // What came in while the page was read is in both; what scrolled out of it by then is not asked for twice.
    std::vector<Message> older;
    for (const Message &message : page.newestFirst) {
        if (m_rows.empty() || message.place < m_rows.back().message.place) {
            older.push_back(message);
        }
    }
    m_atOldest = page.atOldest;
    if (!older.empty()) {
        const int first = count();
        beginInsertRows({}, first, first + static_cast<int>(older.size()) - 1);
        for (Message &message : older) {
            m_rows.push_back({.message = std::move(message), .gap = false});
        }
        endInsertRows();
        touchNeighbours(first);
        Q_EMIT countChanged();
    }
    rebuildGaps(page.gaps);
    if (m_atOldest) {
        Q_EMIT oldestReached();
    }
}

int MessageListModel::rowOf(qint64 key) const
{
    const auto found =
        std::ranges::find_if(m_rows, [key](const Row &row) { return !row.gap && row.message.key == key; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int MessageListModel::placeFor(Place place) const
{
    const auto found = std::ranges::find_if(m_rows, [place](const Row &row) { return row.message.place < place; });
    return static_cast<int>(found - m_rows.begin());
}

void MessageListModel::trim()
{
    // Two pages stay, so that scrolling up a little needs no disk.
    const int keep = 2 * pageRows;
    if (count() <= keep) {
        return;
    }
    beginRemoveRows({}, keep, count() - 1);
    m_rows.resize(static_cast<std::size_t>(keep));
    endRemoveRows();
    m_atOldest = false;
    Q_EMIT countChanged();
    touchNeighbours(keep);
}

void MessageListModel::placeUnreadLine()
{
    m_cache.run<MessageKey>(
        this, [peer = m_peer](Store &store) -> Result<MessageKey> { return store.messages.firstUnseen(peer); },
        [this](const Result<MessageKey> &key) {
            const qint64 before = std::exchange(m_unreadFirst, key ? *key : 0);
            for (const qint64 changed : {before, m_unreadFirst}) {
                if (const int row = rowOf(changed); row >= 0) {
                    Q_EMIT dataChanged(index(row), index(row), {UnreadFirstRole});
                }
            }
        });
}

void MessageListModel::setFilling(bool filling)
{
    if (std::exchange(m_filling, filling) == filling) {
        return;
    }
    for (int row = 0; row < count(); ++row) {
        if (m_rows[static_cast<std::size_t>(row)].gap) {
            Q_EMIT dataChanged(index(row), index(row), {GapFillingRole});
        }
    }
}

void MessageListModel::apply(const Change &change)
{
    if (!m_loaded) {
        return; // the page that is on its way has it
    }
    switch (change.kind) {
    case Change::Kind::MessageAdded:
        if (change.message.peer == m_peer) {
            insert(change.message);
        }
        break;
    case Change::Kind::MessageChanged:
        if (change.message.peer == m_peer) {
            if (const int row = rowOf(change.message.key); row >= 0) {
                update(row, change.message);
            } else {
                insert(change.message);
            }
        }
        break;
    case Change::Kind::MessageRemoved:
        if (const int row = rowOf(change.message.key); row >= 0) {
            removeRow(row);
        }
        break;
    case Change::Kind::ChatRemoved:
        if (change.chat.peer == m_peer) {
            beginResetModel();
            m_rows.clear();
            m_atOldest = true;
            endResetModel();
            Q_EMIT countChanged();
        }
        break;
    case Change::Kind::SpansChanged:
        m_cache.run<std::vector<Gap>>(
            this, [peer = m_peer](Store &store) -> Result<std::vector<Gap>> { return cache::gapsOf(store, peer); },
            [this](const Result<std::vector<Gap>> &gaps) {
                if (gaps) {
                    rebuildGaps(*gaps);
                }
            });
        break;
    default:
        break;
    }
}

void MessageListModel::insert(const Message &message)
{
    const int row = placeFor(message.place);
    if (row > 0 && m_rows[static_cast<std::size_t>(row - 1)].message.place == message.place) {
        return; // was in the page already
    }
    if (row == count() && !m_atOldest) {
        return; // older than the window; fetchMore() brings it
    }
    beginInsertRows({}, row, row);
    m_rows.insert(m_rows.begin() + row, {.message = message, .gap = false});
    endInsertRows();
    touchNeighbours(row);
    Q_EMIT countChanged();
}

void MessageListModel::removeRow(int row)
{
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    endRemoveRows();
    touchNeighbours(row);
    Q_EMIT countChanged();
}

void MessageListModel::update(int row, const Message &message)
{
    Row &old = m_rows[static_cast<std::size_t>(row)];
    if (old.message.place == message.place) {
        old.message = message;
        Q_EMIT dataChanged(index(row), index(row));
        touchNeighbours(row);
        return;
    }
    // Where it belongs among the others; a place that moves nothing is no move for the view.
    const bool stays = (row == 0 || m_rows[static_cast<std::size_t>(row - 1)].message.place > message.place) &&
                       (row + 1 == count() || m_rows[static_cast<std::size_t>(row) + 1].message.place < message.place);
    if (stays) {
        old.message = message;
        Q_EMIT dataChanged(index(row), index(row));
        return;
    }
    removeRow(row);
    insert(message);
}

/// Gap rows have the place between the two messages that they part, so that they sort like everything else.
void MessageListModel::rebuildGaps(const std::vector<Gap> &gaps)
{
    std::vector<Place> wanted;
    for (const Gap &gap : gaps) {
        // The last message below the gap, and the first above it.
        const int below = placeFor(gap.older + 1);
        if (below > 0 && below < count()) {
            wanted.push_back(gap.newer - 1);
        }
    }
    for (int row = count() - 1; row >= 0; --row) {
        const Row &at = m_rows[static_cast<std::size_t>(row)];
        if (at.gap && std::erase(wanted, at.message.place) == 0) {
            removeRow(row);
        }
    }
    for (const Place place : wanted) {
        const int row = placeFor(place);
        if (row == 0 || row == count()) {
            continue;
        }
        Row gap{.message = {}, .gap = true};
        gap.message.place = place;
        gap.message.time = m_rows[static_cast<std::size_t>(row - 1)].message.time;
        beginInsertRows({}, row, row);
        m_rows.insert(m_rows.begin() + row, gap);
        endInsertRows();
        touchNeighbours(row);
        Q_EMIT countChanged();
    }
}

/// The rows beside a place that changed may begin or end a group now.
void MessageListModel::touchNeighbours(int row)
{
    const int first = std::max(0, row - 1);
    const int last = std::min(count() - 1, row + 1);
    if (first <= last) {
        Q_EMIT dataChanged(index(first), index(last), {GroupFirstRole, GroupLastRole, DayRole, DayFirstRole});
    }
}

} // namespace godwit::models
