// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "cache/Tables.h"

#include "cache/Store.h"

namespace godwit::cache
{

namespace
{

Chat readChat(Store &store, const Query &query)
{
    Chat chat;
    chat.peer = query.text(0);
    chat.unread = static_cast<int>(query.number(1));
    chat.failed = static_cast<int>(query.number(2));
    chat.draft = query.text(3);
    chat.known = query.number(4) != 0;
    chat.lastPlace = query.number(5);
    chat.last = store.messages.newest(chat.peer);
    return chat;
}

OutboxRow readOutbox(const Query &query)
{
    return {.row = query.number(0),
            .kind = static_cast<OutboxKind>(query.number(1)),
            .originId = query.text(2),
            .message = query.number(3),
            .peer = query.text(4),
            .stanza = query.bytes(5)};
}

Contact readContact(const Query &query)
{
    return {.address = query.text(0),
            .name = query.text(1),
            .subscription = query.text(2),
            .asked = query.number(3) != 0};
}

} // namespace

std::optional<Chat> ChatTable::find(const QString &peer)
{
    Query query = m_store.database().query(
        "SELECT peer, unread, failed, draft, known, last_place FROM chat WHERE peer = ?");
    query.bind(peer);
    return query.next() ? std::optional(readChat(m_store, query)) : std::nullopt;
}

std::vector<Chat> ChatTable::all()
{
    Query query = m_store.database().query(
        "SELECT peer, unread, failed, draft, known, last_place FROM chat ORDER BY last_place DESC, peer");
    std::vector<Chat> chats;
    while (query.next()) {
        chats.push_back(readChat(m_store, query));
    }
    return chats;
}

void ChatTable::ensure(const QString &peer)
{
    if (m_store.database().query("INSERT OR IGNORE INTO chat (peer) VALUES (?)").bind(peer).run() == 1) {
        m_store.touchChat(peer);
    }
}

void ChatTable::setDraft(const QString &peer, const QString &draft)
{
    ensure(peer);
    m_store.database().query("UPDATE chat SET draft = ? WHERE peer = ?").bind(draft).bind(peer).run();
    m_store.touchChat(peer);
}

void ChatTable::setKnown(const QString &peer)
{
    ensure(peer);
    if (m_store.database().query("UPDATE chat SET known = 1 WHERE peer = ? AND known = 0").bind(peer).run() == 1) {
        m_store.touchChat(peer);
    }
}

void ChatTable::remove(const QString &peer)
{
    m_store.messages.removeChat(peer);
    if (m_store.database().query("DELETE FROM chat WHERE peer = ?").bind(peer).run() == 1) {
        Chat chat;
        chat.peer = peer;
        m_store.note({.kind = Change::Kind::ChatRemoved, .message = {}, .chat = std::move(chat)});
    }
}

void ChatTable::refresh(const QString &peer)
{
    m_store.database().query("INSERT OR IGNORE INTO chat (peer) VALUES (?)").bind(peer).run();
    m_store.database()
        .query("UPDATE chat SET unread = ?, failed = ?, last_place = ? WHERE peer = ?")
        .bind(std::int64_t(m_store.messages.unseen(peer)))
        .bind(std::int64_t(m_store.messages.failed(peer)))
        .bind(m_store.messages.newestPlace(peer))
        .bind(peer)
        .run();
    if (auto chat = find(peer)) {
        m_store.note({.kind = Change::Kind::ChatChanged, .message = {}, .chat = *std::move(chat)});
    }
}

void OutboxTable::add(OutboxRow &row)
{
    Query query = m_store.database().query(
        "INSERT INTO outbox (kind, origin_id, message, peer, stanza) VALUES (?, ?, ?, ?, ?)");
    query.bind(static_cast<std::int64_t>(row.kind)).bind(row.originId);
    if (row.message) {
        query.bind(row.message);
    } else {
        query.bindNull();
    }
    query.bind(row.peer).bind(row.stanza);
    if (query.run() == 1) {
        row.row = m_store.database().lastRow();
    }
}

std::optional<OutboxRow> OutboxTable::findMessage(MessageKey message)
{
    Query query = m_store.database().query(
        "SELECT row, kind, origin_id, message, peer, stanza FROM outbox WHERE message = ?");
    query.bind(message);
    return query.next() ? std::optional(readOutbox(query)) : std::nullopt;
}

std::vector<OutboxRow> OutboxTable::after(std::int64_t row, int rows)
{
    Query query = m_store.database().query(
        "SELECT row, kind, origin_id, message, peer, stanza FROM outbox WHERE row > ? ORDER BY row LIMIT ?");
    query.bind(row).bind(std::int64_t(rows));
    std::vector<OutboxRow> found;
    while (query.next()) {
        found.push_back(readOutbox(query));
    }
    return found;
}

void OutboxTable::remove(std::int64_t row)
{
    m_store.database().query("DELETE FROM outbox WHERE row = ?").bind(row).run();
}

int OutboxTable::count()
{
    Query query = m_store.database().query("SELECT count(*) FROM outbox");
    return query.next() ? static_cast<int>(query.number(0)) : 0;
}

std::vector<Span> SpanTable::all(const QString &scope)
{
    Query query = m_store.database().query(
        "SELECT row, scope, low_id, high_id, low_place, high_place, from_beginning FROM span WHERE scope = ?"
        " ORDER BY low_place, high_place");
    query.bind(scope);
    std::vector<Span> spans;
    while (query.next()) {
        spans.push_back({.row = query.number(0),
                         .scope = query.text(1),
                         .lowId = query.text(2),
                         .highId = query.text(3),
                         .lowPlace = query.number(4),
                         .highPlace = query.number(5),
                         .fromBeginning = query.number(6) != 0});
    }
    return spans;
}

void SpanTable::add(Span &span)
{
    Query query = m_store.database().query(
        "INSERT INTO span (scope, low_id, high_id, low_place, high_place, from_beginning) VALUES (?, ?, ?, ?, ?, ?)");
    query.bind(span.scope).bind(span.lowId).bind(span.highId).bind(span.lowPlace).bind(span.highPlace);
    query.bind(std::int64_t(span.fromBeginning)).run();
    span.row = m_store.database().lastRow();
    m_store.note({.kind = Change::Kind::SpansChanged, .message = {}, .chat = {}});
}

void SpanTable::update(const Span &span)
{
    Query query = m_store.database().query("UPDATE span SET low_id = ?, high_id = ?, low_place = ?, high_place = ?,"
                                           " from_beginning = ? WHERE row = ?");
    query.bind(span.lowId).bind(span.highId).bind(span.lowPlace).bind(span.highPlace);
    query.bind(std::int64_t(span.fromBeginning)).bind(span.row).run();
}

void SpanTable::remove(const Span &span)
{
    m_store.database().query("DELETE FROM span WHERE row = ?").bind(span.row).run();
    m_store.note({.kind = Change::Kind::SpansChanged, .message = {}, .chat = {}});
}

std::optional<Contact> ContactTable::find(const QString &address)
{
    Query query = m_store.database().query("SELECT address, name, subscription, asked FROM contact WHERE address = ?");
    query.bind(address);
    return query.next() ? std::optional(readContact(query)) : std::nullopt;
}

std::vector<Contact> ContactTable::all()
{
    Query query = m_store.database().query("SELECT address, name, subscription, asked FROM contact ORDER BY address");
    std::vector<Contact> contacts;
    while (query.next()) {
        contacts.push_back(readContact(query));
    }
    return contacts;
}

void ContactTable::put(const Contact &contact)
{
    Query query = m_store.database().query(
        "INSERT OR REPLACE INTO contact (address, name, subscription, asked) VALUES (?, ?, ?, ?)");
    query.bind(contact.address).bind(contact.name).bind(contact.subscription).bind(std::int64_t(contact.asked)).run();
    m_store.note({.kind = Change::Kind::ContactsChanged, .message = {}, .chat = {}});
}

void ContactTable::remove(const QString &address)
{
    m_store.database().query("DELETE FROM contact WHERE address = ?").bind(address).run();
    m_store.note({.kind = Change::Kind::ContactsChanged, .message = {}, .chat = {}});
}

void ContactTable::replaceAll(const std::vector<Contact> &contacts)
{
    m_store.database().query("DELETE FROM contact").run();
    for (const Contact &contact : contacts) {
        put(contact);
    }
    m_store.note({.kind = Change::Kind::ContactsChanged, .message = {}, .chat = {}});
}

QString SettingTable::value(const QString &name)
{
    Query query = m_store.database().query("SELECT value FROM setting WHERE name = ?");
    query.bind(name);
    return query.next() ? query.text(0) : QString();
}

void SettingTable::set(const QString &name, const QString &value)
{
    m_store.database().query("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)").bind(name).bind(value).run();
}

} // namespace godwit::cache
