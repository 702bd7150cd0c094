// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "history/Intake.h"

#include "session/Stanzas.h"

#include <QCoreApplication>
#include <QUuid>

#include <algorithm>

namespace godwit::history
{

using cache::Message;
using cache::MessageState;
using cache::OutboxKind;
using cache::OutboxRow;
using cache::Place;
using cache::Store;
using cache::Time;
using session::Incoming;

namespace
{

/// Why a message failed, in words for people (LOOK.md).
QString reasonFor(const Incoming &incoming)
{
    const QString &condition = incoming.errorCondition;
    const char *words = nullptr;
    if (condition == u"service-unavailable" || condition == u"recipient-unavailable") {
        words = QT_TRANSLATE_NOOP("Intake", "The other side cannot be reached.");
    } else if (condition == u"item-not-found" || condition == u"gone" || condition == u"jid-malformed") {
        words = QT_TRANSLATE_NOOP("Intake", "There is nobody with this address.");
    } else if (condition == u"remote-server-not-found" || condition == u"remote-server-timeout") {
        words = QT_TRANSLATE_NOOP("Intake", "The other side's server cannot be reached.");
    } else if (condition == u"forbidden" || condition == u"not-allowed" || condition == u"not-authorized" ||
               condition == u"not-acceptable" || condition == u"policy-violation") {
        words = QT_TRANSLATE_NOOP("Intake", "The other side does not accept messages from you.");
    } else if (condition == u"resource-constraint") {
        words = QT_TRANSLATE_NOOP("Intake", "There is no room for the message right now. Try again later.");
    } else {
        words = QT_TRANSLATE_NOOP("Intake", "The message was refused.");
    }
    const QString reason = QCoreApplication::translate("Intake", words);
    return incoming.errorText.isEmpty() ? reason : reason + u' ' + incoming.errorText;
}

class Taking
{
public:
    Taking(Store &store, const Incoming &incoming, Time now, const Placing &placing)
        : m_store(store)
        , m_incoming(incoming)
        , m_now(now)
        , m_placing(placing)
    {
    }

    Taken run()
    {
        if (m_incoming.error) {
            takeError();
        } else {
            takeReceipt();
            takeMarker();
            if (!m_incoming.body.isEmpty()) {
                m_incoming.own ? takeOwn() : takeOther();
            }
        }
        return std::move(m_taken);
    }

private:
    Time time() const { return m_incoming.stamp ? m_incoming.stamp : m_now; }

    void takeError()
    {
        auto message = m_store.messages.findStanza(m_incoming.peer, m_incoming.stanzaId, true);
        // What was delivered somewhere did not fail, whatever another device of theirs says.
        if (!message || message->state >= MessageState::Delivered) {
            return;
        }
        message->state = MessageState::Failed;
        message->reason = reasonFor(m_incoming);
        message->timeline.failed = time();
        m_store.messages.update(*message);
        settle(*message);
    }

    void takeReceipt()
    {
        if (m_incoming.receiptFor.isEmpty() || m_incoming.own) {
            return;
        }
        if (auto message = m_store.messages.findStanza(m_incoming.peer, m_incoming.receiptFor, true)) {
            arrived(*message, MessageState::Delivered);
        }
    }

    void takeMarker()
    {
        if (m_incoming.displayedFor.isEmpty()) {
            return;
        }
        auto message = m_store.messages.findStanza(m_incoming.peer, m_incoming.displayedFor, !m_incoming.own);
        if (!message) {
            return;
        }
        if (m_incoming.own) {
            // Another device of ours: it was read there.
            m_store.messages.markSeen(m_incoming.peer, message->place);
        } else {
            arrived(*message, MessageState::Read);
            m_store.messages.markRead(m_incoming.peer, message->place, time());
        }
    }

    /// The recipient has the message, whether or not the server's count got here first.
    void arrived(Message &message, MessageState state)
    {
        settle(message);
        if (message.state == MessageState::Failed || message.state >= state) {
            return;
        }
        message.state = state;
        auto &timeline = message.timeline;
        timeline.accepted = timeline.accepted ? timeline.accepted : time();
        timeline.delivered = timeline.delivered ? timeline.delivered : time();
        if (state == MessageState::Read) {
            timeline.read = time();
        }
        m_store.messages.update(message);
    }

    void settle(const Message &message)
    {
        if (const auto row = m_store.outbox.findMessage(message.key)) {
            m_store.outbox.remove(row->row);
            m_taken.settled.push_back(row->originId);
        }
    }

    void takeOwn()
    {
        if (auto known = findOwn()) {
            known->state = std::max(known->state, MessageState::Accepted);
            if (!known->timeline.accepted) {
                known->timeline.accepted = time();
            }
            settle(*known);
            recognise(*known);
            return;
        }
        Message message = fresh();
        message.own = true;
        message.state = MessageState::Accepted;
        message.timeline = {.queued = time(), .sent = time(), .accepted = time()};
        insert(message);
        // Who answers has read what came before.
        m_store.messages.markSeen(message.peer, message.place);
        m_store.chats.setKnown(message.peer);
    }

    std::optional<Message> findOwn()
    {
        std::optional<Message> known;
        if (!m_incoming.archiveId.isEmpty()) {
            known = m_store.messages.findArchived(m_incoming.archiveId);
        }
        if (!known && !m_incoming.originId.isEmpty()) {
            known = m_store.messages.findOwn(m_incoming.originId);
        }
        if (!known && !m_incoming.stanzaId.isEmpty()) {
            known = m_store.messages.findStanza(m_incoming.peer, m_incoming.stanzaId, true);
            if (known && known->body != m_incoming.body) {
                known.reset();
            }
        }
        // Failed stays failed: the error came after the archive.
        return known && known->peer == m_incoming.peer ? known : std::nullopt;
    }

    void takeOther()
    {
        if (auto known = findOther()) {
            recognise(*known);
            return;
        }
        Message message = fresh();
        message.seen = m_placing.old;
        message.markable = m_incoming.markable;
        insert(message);
        if (m_incoming.receiptRequested && !m_placing.old && !m_incoming.stanzaId.isEmpty() && mayKnow()) {
            const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
            OutboxRow row{
                .row = 0,
                .kind = OutboxKind::Receipt,
                .originId = id,
                .message = 0,
                .peer = m_incoming.peer,
                .stanza = session::receipt({.to = m_incoming.peer, .id = id, .answers = m_incoming.stanzaId})};
            m_store.outbox.add(row);
            m_taken.queued.push_back(std::move(row));
        }
    }

    std::optional<Message> findOther()
    {
        if (!m_incoming.archiveId.isEmpty()) {
            if (auto known = m_store.messages.findArchived(m_incoming.archiveId)) {
                return known;
            }
        }
        if (!m_incoming.originId.isEmpty()) {
            return m_store.messages.findIncoming(m_incoming.peer, m_incoming.originId, m_incoming.body);
        }
        if (m_incoming.stanzaId.isEmpty()) {
            return std::nullopt;
        }
        // Without an origin-id only the copies of one delivery are the same message: one that has an archive id and one
        // that came before the archive gave it one. Two with different ids are two messages.
        auto known = m_store.messages.findStanza(m_incoming.peer, m_incoming.stanzaId, false);
        const bool same = known && known->body == m_incoming.body && known->originId.isEmpty() &&
                          (known->archiveId.isEmpty() != m_incoming.archiveId.isEmpty());
        return same ? known : std::nullopt;
    }

    /// Somebody whom we wrote to or who may see our presence may learn that a message arrived (XEP-0184 §8).
    bool mayKnow()
    {
        const auto chat = m_store.chats.find(m_incoming.peer);
        if (chat && chat->known) {
            return true;
        }
        const auto contact = m_store.contacts.find(m_incoming.peer);
        return contact && (contact->subscription == u"from" || contact->subscription == u"both");
    }

    Message fresh() const
    {
        Message message;
        message.peer = m_incoming.peer;
        message.body = m_incoming.body;
        message.time = time();
        message.stanzaId = m_incoming.stanzaId;
        message.originId = m_incoming.originId;
        message.archiveId = m_incoming.archiveId;
        return message;
    }

    void insert(Message &message)
    {
        message.place = placeFor(message.peer);
        m_store.messages.insert(message);
        m_taken.place = message.place;
        m_taken.added = message;
    }

    Place placeFor(const QString &peer)
    {
        if (m_placing.exact) {
            return m_store.messages.freePlaceBelow(peer, m_placing.exact);
        }
        if (m_incoming.source != Incoming::Source::Archive) {
            return std::max(time(), m_store.messages.newestPlace(peer) + 1);
        }
        Place place = std::max(time(), m_placing.after + 1);
        if (m_placing.before && place >= m_placing.before) {
            place = m_placing.after + 1;
        }
        return m_store.messages.freePlace(peer, place);
    }

    /// A copy of a message that is there. The archive knows better where it belongs and when it was.
    void recognise(Message &known)
    {
        if (!m_incoming.archiveId.isEmpty()) {
            m_store.messages.addArchiveId(known.key, m_incoming.archiveId);
            if (known.archiveId.isEmpty()) {
                known.archiveId = m_incoming.archiveId;
            }
        }
        if (m_placing.exact) {
            const bool alreadyNewer = m_placing.before && known.place >= m_placing.before;
            if (!alreadyNewer && known.place != m_placing.exact) {
                known.place = placeFor(known.peer);
            }
        } else if (m_incoming.source == Incoming::Source::Archive) {
            const bool tooEarly = known.place <= m_placing.after;
            const bool tooLate = m_placing.before && known.place >= m_placing.before;
            if (tooEarly || tooLate) {
                known.place = placeFor(known.peer);
            }
        }
        m_store.messages.update(known);
        m_taken.place = known.place;
    }

    Store &m_store;
    const Incoming &m_incoming;
    const Time m_now;
    const Placing m_placing;
    Taken m_taken;
};

} // namespace

Taken take(Store &store, const Incoming &incoming, Time now, const Placing &placing)
{
    return Taking(store, incoming, now, placing).run();
}

} // namespace godwit::history
