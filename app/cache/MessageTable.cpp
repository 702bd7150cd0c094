// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "cache/MessageTable.h"

#include "cache/Store.h"

#include <limits>

namespace godwit::cache
{

namespace
{

#define GODWIT_MESSAGE_COLUMNS                                                                                         \
    "SELECT m.key, m.peer, m.own, m.body, m.place, m.time, m.state, m.reason, m.stanza_id, m.origin_id, m.archive_id," \
    " m.seen, m.markable, m.queued, m.sent, m.accepted, m.delivered, m.read, m.failed FROM message m "

Message read(const Query &query)
{
    Message message;
    message.key = query.number(0);
    message.peer = query.text(1);
    message.own = query.number(2) != 0;
    message.body = query.text(3);
    message.place = query.number(4);
    message.time = query.number(5);
    message.state = static_cast<MessageState>(query.number(6));
    message.reason = query.text(7);
    message.stanzaId = query.text(8);
    message.originId = query.text(9);
    message.archiveId = query.text(10);
    message.seen = query.number(11) != 0;
    message.markable = query.number(12) != 0;
    message.timeline = {query.number(13), query.number(14), query.number(15),
                        query.number(16), query.number(17), query.number(18)};
    return message;
}

std::optional<Message> readOne(Query query)
{
    return query.next() ? std::optional(read(query)) : std::nullopt;
}

void bindFields(Query &query, const Message &message)
{
    query.bind(message.peer)
        .bind(std::int64_t(message.own))
        .bind(message.body)
        .bind(message.place)
        .bind(message.time)
        .bind(static_cast<std::int64_t>(message.state))
        .bind(message.reason)
        .bindOptional(message.stanzaId)
        .bindOptional(message.originId)
        .bindOptional(message.archiveId)
        .bind(std::int64_t(message.seen))
        .bind(std::int64_t(message.markable))
        .bind(message.timeline.queued)
        .bind(message.timeline.sent)
        .bind(message.timeline.accepted)
        .bind(message.timeline.delivered)
        .bind(message.timeline.read)
        .bind(message.timeline.failed);
}

} // namespace

std::optional<Message> MessageTable::find(MessageKey key)
{
    Query query = m_store.database().query(GODWIT_MESSAGE_COLUMNS "WHERE m.key = ?");
    query.bind(key);
    return readOne(std::move(query));
}

std::optional<Message> MessageTable::findArchived(const QString &archiveId)
{
    Query query = m_store.database().query(GODWIT_MESSAGE_COLUMNS "JOIN archived a ON a.message = m.key WHERE a.id = ?");
    query.bind(archiveId);
    return readOne(std::move(query));
}

std::optional<Message> MessageTable::findOwn(const QString &originId)
{
    Query query = m_store.database().query(GODWIT_MESSAGE_COLUMNS "WHERE m.origin_id = ? AND m.own = 1");
    query.bind(originId);
    return readOne(std::move(query));
}

std::optional<Message> MessageTable::findStanza(const QString &peer, const QString &stanzaId, bool own)
{
    Query query = m_store.database().query(
        GODWIT_MESSAGE_COLUMNS "WHERE m.stanza_id = ? AND m.peer = ? AND m.own = ? ORDER BY m.place DESC LIMIT 1");
    query.bind(stanzaId).bind(peer).bind(std::int64_t(own));
    return readOne(std::move(query));
}

std::optional<Message> MessageTable::findIncoming(const QString &peer, const QString &originId, const QString &body)
{
    Query query = m_store.database().query(
        GODWIT_MESSAGE_COLUMNS "WHERE m.origin_id = ? AND m.peer = ? AND m.own = 0 AND m.body = ? LIMIT 1");
    query.bind(originId).bind(peer).bind(body);
    return readOne(std::move(query));
}

std::vector<Message> MessageTable::page(const QString &peer, Place before, int rows)
{
    Query query = m_store.database().query(
        GODWIT_MESSAGE_COLUMNS "WHERE m.peer = ? AND m.place < ? ORDER BY m.place DESC LIMIT ?");
    query.bind(peer).bind(before).bind(std::int64_t(rows));
    std::vector<Message> messages;
    while (query.next()) {
        messages.push_back(read(query));
    }
    return messages;
}

std::optional<Message> MessageTable::newest(const QString &peer)
{
    auto messages = page(peer, std::numeric_limits<Place>::max(), 1);
    return messages.empty() ? std::nullopt : std::optional(std::move(messages.front()));
}

std::optional<Message> MessageTable::oldest(const QString &peer)
{
    Query query = m_store.database().query(GODWIT_MESSAGE_COLUMNS "WHERE m.peer = ? ORDER BY m.place LIMIT 1");
    query.bind(peer);
    return readOne(std::move(query));
}

Place MessageTable::newestPlace(const QString &peer)
{
    Query query = m_store.database().query("SELECT max(place) FROM message WHERE peer = ?");
    query.bind(peer);
    return query.next() ? query.number(0) : 0;
}

Place MessageTable::nextPlace(const QString &peer, Place place)
{
    Query query = m_store.database().query("SELECT min(place) FROM message WHERE peer = ? AND place > ?");
    query.bind(peer).bind(place);
    return query.next() ? query.number(0) : 0;
}

Place MessageTable::freePlace(const QString &peer, Place wanted)
{
    for (;;) {
        Query query = m_store.database().query("SELECT 1 FROM message WHERE peer = ? AND place = ?");
        query.bind(peer).bind(wanted);
        if (!query.next()) {
            return wanted;
        }
        ++wanted;
    }
}

Place MessageTable::freePlaceBelow(const QString &peer, Place wanted)
{
    for (;;) {
        Query query = m_store.database().query("SELECT 1 FROM message WHERE peer = ? AND place = ?");
        query.bind(peer).bind(wanted);
        if (!query.next()) {
            return wanted;
        }
        --wanted;
    }
}

void MessageTable::insert(Message &message)
{
    Query query = m_store.database().query(
        "INSERT INTO message (peer, own, body, place, time, state, reason, stanza_id, origin_id, archive_id, seen,"
        " markable, queued, sent, accepted, delivered, read, failed)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    bindFields(query, message);
    if (query.run() != 1) {
        return;
    }
    message.key = m_store.database().lastRow();
    if (!message.archiveId.isEmpty()) {
        addArchiveId(message.key, message.archiveId);
    }
    m_store.touchChat(message.peer);
    m_store.note({.kind = Change::Kind::MessageAdded, .message = message, .chat = {}});
}

void MessageTable::update(const Message &message)
{
    Query query = m_store.database().query(
        "UPDATE message SET peer=?, own=?, body=?, place=?, time=?, state=?, reason=?, stanza_id=?, origin_id=?,"
        " archive_id=?, seen=?, markable=?, queued=?, sent=?, accepted=?, delivered=?, read=?, failed=? WHERE key=?");
    bindFields(query, message);
    query.bind(message.key);
    if (query.run() == 1) {
        m_store.touchChat(message.peer);
        m_store.note({.kind = Change::Kind::MessageChanged, .message = message, .chat = {}});
    }
}

void MessageTable::remove(MessageKey key)
{
    const auto message = find(key);
    if (!message) {
        return;
    }
    m_store.database().query("DELETE FROM message WHERE key = ?").bind(key).run();
    m_store.touchChat(message->peer);
    m_store.note({.kind = Change::Kind::MessageRemoved, .message = *message, .chat = {}});
}

void MessageTable::removeChat(const QString &peer)
{
    m_store.database().query("DELETE FROM message WHERE peer = ?").bind(peer).run();
}

void MessageTable::addArchiveId(MessageKey key, const QString &archiveId)
{
    m_store.database().query("INSERT OR IGNORE INTO archived (id, message) VALUES (?, ?)").bind(archiveId).bind(key).run();
}

std::optional<Message> MessageTable::markSeen(const QString &peer, Place upTo)
{
    std::vector<MessageKey> keys;
    {
        Query query = m_store.database().query(
            "SELECT key FROM message WHERE peer = ? AND seen = 0 AND place <= ? ORDER BY place");
        query.bind(peer).bind(upTo);
        while (query.next()) {
            keys.push_back(query.number(0));
        }
    }
    m_store.database()
        .query("UPDATE message SET seen = 1 WHERE peer = ? AND seen = 0 AND place <= ?")
        .bind(peer)
        .bind(upTo)
        .run();
    std::optional<Message> marked;
    for (const MessageKey key : keys) {
        auto message = find(key);
        if (!message) {
            continue;
        }
        m_store.note({.kind = Change::Kind::MessageChanged, .message = *message, .chat = {}});
        if (message->markable && !message->stanzaId.isEmpty()) {
            marked = std::move(message);
        }
    }
    if (!keys.empty()) {
        m_store.touchChat(peer);
    }
    return marked;
}

void MessageTable::markRead(const QString &peer, Place upTo, Time at)
{
    std::vector<MessageKey> keys;
    {
        // Accepted and Delivered ones; a marker says nothing about a message that the server never had.
        Query query = m_store.database().query(
            "SELECT key FROM message WHERE peer = ? AND own = 1 AND place <= ? AND state IN (3, 4)"
            " ORDER BY place DESC LIMIT 1000");
        query.bind(peer).bind(upTo);
        while (query.next()) {
            keys.push_back(query.number(0));
        }
    }
    for (const MessageKey key : keys) {
        m_store.database()
            .query("UPDATE message SET state = 5, read = ?1, delivered = CASE delivered WHEN 0 THEN ?1 ELSE delivered END"
                   " WHERE key = ?2")
            .bind(at)
            .bind(key)
            .run();
        noteChanged(key);
    }
    if (!keys.empty()) {
        m_store.touchChat(peer);
    }
}

void MessageTable::requeueSent()
{
    std::vector<MessageKey> keys;
    {
        Query query = m_store.database().query(
            "SELECT m.key FROM outbox o JOIN message m ON m.key = o.message WHERE m.state = 2 ORDER BY o.row");
        while (query.next()) {
            keys.push_back(query.number(0));
        }
    }
    for (const MessageKey key : keys) {
        m_store.database().query("UPDATE message SET state = 1 WHERE key = ?").bind(key).run();
        noteChanged(key);
    }
}

int MessageTable::unseen(const QString &peer)
{
    Query query = m_store.database().query("SELECT count(*) FROM message WHERE peer = ? AND seen = 0");
    query.bind(peer);
    return query.next() ? static_cast<int>(query.number(0)) : 0;
}

MessageKey MessageTable::firstUnseen(const QString &peer)
{
    Query query =
        m_store.database().query("SELECT key FROM message WHERE peer = ? AND seen = 0 ORDER BY place LIMIT 1");
    query.bind(peer);
    return query.next() ? query.number(0) : 0;
}

int MessageTable::failed(const QString &peer)
{
    Query query = m_store.database().query("SELECT count(*) FROM message WHERE peer = ? AND state = 6");
    query.bind(peer);
    return query.next() ? static_cast<int>(query.number(0)) : 0;
}

void MessageTable::noteChanged(MessageKey key)
{
    if (auto message = find(key)) {
        m_store.touchChat(message->peer);
        m_store.note({.kind = Change::Kind::MessageChanged, .message = *std::move(message), .chat = {}});
    }
}

} // namespace godwit::cache
