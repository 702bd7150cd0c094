// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "outbox/Outbox.h"

#include "base/Log.h"
#include "session/Stanzas.h"

#include <QUuid>

#include <algorithm>
#include <utility>

namespace godwit::outbox
{

using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;
using cache::Message;
using cache::MessageKey;
using cache::MessageState;
using cache::OutboxKind;
using cache::OutboxRow;
using cache::Store;

namespace
{

/// Rows read at a time at the start.
constexpr int loadPage = 500;

OutboxRow rowFor(const Message &message)
{
    return {.row = 0,
            .kind = OutboxKind::Message,
            .originId = message.originId,
            .message = message.key,
            .peer = message.peer,
            .stanza = session::chatMessage({.to = message.peer, .id = message.originId, .body = message.body})};
}

/// Takes rows out of the queue. `change` is given the messages that waited for it, to say how that ended.
template <typename Change>
void leaveQueue(Store &store, const std::vector<std::int64_t> &rows, const Change &change)
{
    for (const std::int64_t number : rows) {
        const auto found = store.outbox.after(number - 1, 1);
        if (found.empty() || found.front().row != number) {
            continue; // settled by other proof
        }
        store.outbox.remove(number);
        auto message = store.messages.find(found.front().message);
        if (message && (message->state == MessageState::Queued || message->state == MessageState::Sent)) {
            change(*message);
            store.messages.update(*message);
        }
    }
}

} // namespace

QString newId()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

Outbox::Outbox(cache::Cache &cache, session::Session &session, const base::Clock &clock, QObject *parent)
    : QObject(parent)
    , m_cache(cache)
    , m_session(session)
    , m_clock(clock)
{
    using session::Session;
    connect(&session, &Session::countingStarted, this, [this] {
        m_transit.begin();
        m_underWay.clear();
        m_broken = false;
    });
    connect(&session, &Session::counted, this, [this](std::int64_t row) { m_transit.written(row); });
    connect(&session, &Session::acknowledged, this,
            [this](std::uint32_t h) { onAcknowledged(m_transit.acknowledged(h), h); });
    connect(&session, &Session::resumed, this, [this](std::uint32_t h) {
        m_underWay.clear();
        onAcknowledged(m_transit.resumed(h), h);
    });
    connect(&session, &Session::resumeFailed, this, [this](std::optional<std::uint32_t> h) {
        m_underWay.clear();
        accept(m_transit.resumeFailed(h).accepted);
    });
    connect(&session, &Session::limitTold, this, [this](std::uint64_t bytes) { m_stanzaBytesMax = bytes; });
    connect(&session, &Session::faulted, this, &Outbox::onFaulted);
    connect(&session, &Session::opened, this, &Outbox::onOpened);
    connect(&session, &Session::lost, this, &Outbox::onLost);
}

Outbox::~Outbox() = default;

cache::Time Outbox::now() const
{
    return m_clock.wall().time_since_epoch().count();
}

Result<Ok> Outbox::load()
{
    auto rows = m_cache.wait<std::vector<OutboxRow>>([](Store &store) -> Result<std::vector<OutboxRow>> {
        store.messages.requeueSent();
        std::vector<OutboxRow> all;
        for (;;) {
            auto page = store.outbox.after(all.empty() ? 0 : all.back().row, loadPage);
            if (page.empty()) {
                return all;
            }
            std::ranges::move(page, std::back_inserter(all));
        }
    });
    if (!rows) {
        return rows.error();
    }
    adopt(*rows);
    return Ok();
}

Result<MessageKey> Outbox::send(const QString &peer, const QString &text)
{
    const QString body = session::sendable(text);
    if (body.trimmed().isEmpty()) {
        return Error(ErrorCode::InvalidInput, "there is no text");
    }
    if (body.toUtf8().size() > bodyBytesMax) {
        return Error(ErrorCode::LimitExceeded, "the text is too long");
    }
    auto row = m_cache.wait<OutboxRow>([peer, body, id = newId(), at = now()](Store &store) -> Result<OutboxRow> {
        store.chats.setKnown(peer);
        Message message;
        message.peer = peer;
        message.own = true;
        message.body = body;
        message.place = std::max(at, store.messages.newestPlace(peer) + 1);
        message.time = at;
        message.state = MessageState::Queued;
        message.stanzaId = id;
        message.originId = id;
        message.timeline.queued = at;
        store.messages.insert(message);
        OutboxRow added = rowFor(message);
        store.outbox.add(added);
        return added;
    });
    if (!row) {
        return row.error();
    }
    const MessageKey key = row->message;
    adopt({std::move(*row)});
    return key;
}

void Outbox::retry(MessageKey key)
{
    m_cache.run<std::vector<OutboxRow>>(
        this,
        [key, id = newId(), at = now()](Store &store) -> Result<std::vector<OutboxRow>> {
            auto message = store.messages.find(key);
            if (!message || message->state != MessageState::Failed) {
                return std::vector<OutboxRow>();
            }
            message->state = MessageState::Queued;
            message->reason.clear();
            message->stanzaId = id;
            message->originId = id;
            message->archiveId.clear();
            message->place = std::max(at, store.messages.newestPlace(message->peer) + 1);
            message->time = at;
            message->timeline = {.queued = at};
            store.messages.update(*message);
            OutboxRow row = rowFor(*message);
            store.outbox.add(row);
            return std::vector<OutboxRow>{row};
        },
        [this](const Result<std::vector<OutboxRow>> &rows) {
            if (rows) {
                adopt(*rows);
            }
        });
}

void Outbox::discard(MessageKey key)
{
    const auto row = std::ranges::find_if(m_rows, [key](const auto &entry) { return entry.second.message == key; });
    if (row != m_rows.end()) {
        if (m_underWay.contains(row->first)) {
            return; // too late: it may be at the server already
        }
        m_rows.erase(row);
        Q_EMIT waitingChanged();
    }
    m_cache.run([key](Store &store) {
        const auto message = store.messages.find(key);
        if (message && (message->state == MessageState::Failed || message->state == MessageState::Queued)) {
            store.messages.remove(key); // takes its outbox row along
        }
    });
}

void Outbox::post(OutboxKind kind, const QString &peer, const QString &id, const QByteArray &stanza)
{
    m_cache.run<OutboxRow>(
        this,
        [kind, peer, id, stanza](Store &store) -> Result<OutboxRow> {
            OutboxRow row{.row = 0, .kind = kind, .originId = id, .message = 0, .peer = peer, .stanza = stanza};
            store.outbox.add(row);
            return row;
        },
        [this](const Result<OutboxRow> &row) {
            if (row) {
                adopt({*row});
            }
        });
}

void Outbox::adopt(const std::vector<OutboxRow> &rows)
{
    if (rows.empty()) {
        return;
    }
    for (const OutboxRow &row : rows) {
        m_rows.emplace(row.row, row);
    }
    Q_EMIT waitingChanged();
    pump();
}

void Outbox::settle(const QString &originId)
{
    const auto row = std::ranges::find_if(m_rows, [&](const auto &entry) { return entry.second.originId == originId; });
    if (row != m_rows.end()) {
        m_underWay.erase(row->first);
        m_rows.erase(row);
        Q_EMIT waitingChanged();
    }
}

void Outbox::pump()
{
    if (!m_open || m_broken) {
        return;
    }
    std::vector<MessageKey> sent;
    std::vector<std::int64_t> tooLarge;
    bool wrote = false;
    for (const auto &[number, row] : m_rows) {
        if (m_transit.underWay() >= underWayMax || (isCareful() && !m_underWay.empty())) {
            break;
        }
        if (m_stanzaBytesMax && std::uint64_t(row.stanza.size()) + framingBytesMax > m_stanzaBytesMax) {
            tooLarge.push_back(number);
        } else if (m_underWay.insert(number).second) {
            m_session.write(row.stanza, number);
            wrote = true;
            if (row.message) {
                sent.push_back(row.message);
            }
        }
    }
    if (!tooLarge.empty()) {
        refuse(tooLarge, tr("The message is too long for your server, which takes %1 bytes with all that goes along.")
                             .arg(m_stanzaBytesMax));
    }
    if (!wrote) {
        return;
    }
    m_session.requestAck();
    m_cache.run([sent = std::move(sent), at = now()](Store &store) {
        for (const MessageKey key : sent) {
            auto message = store.messages.find(key);
            if (message && message->state == MessageState::Queued) {
                message->state = MessageState::Sent;
                message->timeline.sent = at;
                store.messages.update(*message);
            }
        }
    });
}

void Outbox::onAcknowledged(const Transit::Verdict &verdict, std::uint32_t h)
{
    if (verdict.outcome == ack::AckOutcome::TooHigh) {
        m_broken = true;
        m_session.refuseCount(h, m_transit.sent());
        return;
    }
    accept(verdict.accepted);
    pump();
}

void Outbox::accept(const Transit::Rows &rows)
{
    Transit::Rows accepted;
    for (const std::int64_t number : rows) {
        m_underWay.erase(number);
        if (m_rows.erase(number) == 1) {
            accepted.push_back(number);
        }
    }
    if (rows.empty()) {
        return;
    }
    m_cache.run([rows, at = now()](Store &store) {
        leaveQueue(store, rows, [at](Message &message) {
            message.state = MessageState::Accepted;
            message.timeline.accepted = at;
        });
    });
    if (!accepted.empty()) {
        Q_EMIT waitingChanged();
    }
}

/// The server will never take these.
void Outbox::refuse(const std::vector<std::int64_t> &rows, const QString &reason)
{
    for (const std::int64_t number : rows) {
        m_underWay.erase(number);
        const auto row = m_rows.extract(number);
        if (row && !row.mapped().message) {
            // No person sees these fail.
            base::log(base::LogLevel::Warning, "outbox", "the server does not take it, so it is dropped",
                      {{"id", row.mapped().originId.toStdString()}, {"peer", row.mapped().peer.toStdString()}});
        }
    }
    m_cache.run([rows, reason, at = now()](Store &store) {
        leaveQueue(store, rows, [&](Message &message) {
            message.state = MessageState::Failed;
            message.reason = reason;
            message.timeline.failed = at;
        });
    });
    Q_EMIT waitingChanged();
}

bool Outbox::isCareful() const
{
    return !m_rows.empty() && m_rows.begin()->first <= m_carefulUpTo;
}

/// One of those under way may be to blame. Who is blamed twice, the second time when it went out alone, is.
void Outbox::onFaulted()
{
    m_open = false;
    if (m_underWay.empty()) {
        return;
    }
    if (isCareful()) {
        m_faulted = *m_underWay.begin();
    } else {
        m_carefulUpTo = *m_underWay.rbegin();
    }
}

void Outbox::onOpened()
{
    m_open = true;
    m_underWay.clear();
    // Where the stream was resumed, the server's count has said by now whether it was accepted after all.
    if (const auto faulted = std::exchange(m_faulted, {}); faulted && m_rows.contains(*faulted)) {
        refuse({*faulted}, tr("Your server refused this message and ended the connection because of it."));
    }
    pump();
}

void Outbox::onLost()
{
    m_open = false;
    m_cache.run([](Store &store) { store.messages.requeueSent(); });
}

} // namespace godwit::outbox
