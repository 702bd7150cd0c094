// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "session/StanzaIntake.h"

#include "base/Clock.h"

#include <QDomElement>
#include <QXmppClient.h>
#include <QXmppIq.h>
#include <QXmppMessage.h>
#include <QXmppPresence.h>
#include <QXmppUtils.h>

namespace godwit::session
{

namespace
{

const QString clientNs = QStringLiteral("jabber:client");
const QString carbonsNs = QStringLiteral("urn:xmpp:carbons:2");
const QString archiveNs = QStringLiteral("urn:xmpp:mam:2");
const QString forwardNs = QStringLiteral("urn:xmpp:forward:0");
const QString delayNs = QStringLiteral("urn:xmpp:delay");
const QString rosterNs = QStringLiteral("jabber:iq:roster");

QDomElement child(const QDomElement &parent, const QString &name, const QString &ns)
{
    for (QDomElement at = parent.firstChildElement(name); !at.isNull(); at = at.nextSiblingElement(name)) {
        if (at.namespaceURI() == ns) {
            return at;
        }
    }
    return {};
}

/// The stamp of a <delay/>, microseconds since 1970; 0 when there is none that can be read.
std::int64_t stampOf(const QDomElement &parent)
{
    const QDomElement delay = child(parent, QStringLiteral("delay"), delayNs);
    base::WallTime time;
    if (delay.isNull() || !base::parseDateTime(delay.attribute(QStringLiteral("stamp")).toStdString(), time)) {
        return 0;
    }
    return time.time_since_epoch().count();
}

Incoming::ChatState chatState(QXmppMessage::State state)
{
    switch (state) {
    case QXmppMessage::Composing:
        return Incoming::ChatState::Composing;
    case QXmppMessage::Paused:
        return Incoming::ChatState::Paused;
    case QXmppMessage::None:
        return Incoming::ChatState::None;
    default:
        return Incoming::ChatState::Active;
    }
}

void readError(const QXmppMessage &parsed, const QDomElement &message, Incoming &incoming)
{
    incoming.error = true;
    incoming.errorText = parsed.error().text();
    const QDomElement error = message.firstChildElement(QStringLiteral("error"));
    for (QDomElement at = error.firstChildElement(); !at.isNull(); at = at.nextSiblingElement()) {
        if (at.tagName() != u"text") {
            incoming.errorCondition = at.tagName();
            return;
        }
    }
}

} // namespace

std::vector<RosterItem> rosterItems(const QDomElement &iq)
{
    std::vector<RosterItem> items;
    const QDomElement query = child(iq, QStringLiteral("query"), rosterNs);
    for (QDomElement at = query.firstChildElement(QStringLiteral("item")); !at.isNull();
         at = at.nextSiblingElement(QStringLiteral("item"))) {
        items.push_back({.address = at.attribute(QStringLiteral("jid")),
                         .name = at.attribute(QStringLiteral("name")),
                         .subscription = at.attribute(QStringLiteral("subscription"), QStringLiteral("none")),
                         .asked = at.attribute(QStringLiteral("ask")) == u"subscribe"});
    }
    return items;
}

StanzaIntake::StanzaIntake(QString ownAddress, Handlers handlers)
    : m_own(std::move(ownAddress))
    , m_handlers(std::move(handlers))
{
}

QStringList StanzaIntake::discoveryFeatures() const
{
    return {QStringLiteral("urn:xmpp:receipts"), QStringLiteral("urn:xmpp:chat-markers:0"), carbonsNs};
}

bool StanzaIntake::handleStanza(const QDomElement &stanza)
{
    if (stanza.tagName() == u"message") {
        return handleMessage(stanza);
    }
    if (stanza.tagName() == u"presence") {
        return handlePresence(stanza);
    }
    if (stanza.tagName() == u"iq") {
        return handleRosterPush(stanza);
    }
    return false;
}

bool StanzaIntake::fromOwnAccount(const QDomElement &stanza) const
{
    const QString from = stanza.attribute(QStringLiteral("from"));
    return from.isEmpty() || from == m_own;
}

bool StanzaIntake::handleMessage(const QDomElement &stanza)
{
    if (const QDomElement result = child(stanza, QStringLiteral("result"), archiveNs); !result.isNull()) {
        const QDomElement forwarded = child(result, QStringLiteral("forwarded"), forwardNs);
        // XEP-0313 §10: results of an archive that was not asked are somebody's forgery.
        if (fromOwnAccount(stanza)) {
            if (auto item = read(child(forwarded, QStringLiteral("message"), clientNs), Incoming::Source::Archive)) {
                item->archiveId = result.attribute(QStringLiteral("id"));
                item->stamp = stampOf(forwarded);
                m_handlers.archived(result.attribute(QStringLiteral("queryid")), *item);
            }
        }
        return true;
    }
    for (const QString &direction : {QStringLiteral("received"), QStringLiteral("sent")}) {
        const QDomElement carbon = child(stanza, direction, carbonsNs);
        if (carbon.isNull()) {
            continue;
        }
        // XEP-0280 §11: only our own account forwards for us.
        if (fromOwnAccount(stanza)) {
            const QDomElement forwarded = child(carbon, QStringLiteral("forwarded"), forwardNs);
            if (auto copy = read(child(forwarded, QStringLiteral("message"), clientNs), Incoming::Source::Carbon)) {
                copy->stamp = copy->stamp ? copy->stamp : stampOf(forwarded);
                m_handlers.message(*copy);
            }
        }
        return true;
    }
    if (auto message = read(stanza, Incoming::Source::Live)) {
        m_handlers.message(*message);
    }
    return true;
}

std::optional<Incoming> StanzaIntake::read(const QDomElement &message, Incoming::Source source) const
{
    if (message.isNull() || message.attribute(QStringLiteral("type")) == u"groupchat") {
        return std::nullopt;
    }
    QXmppMessage parsed;
    parsed.parse(message);
    const QString from = parsed.from().isEmpty() ? m_own : parsed.from();
    const QString fromBare = QXmppUtils::jidToBareJid(from);
    const QString toBare = QXmppUtils::jidToBareJid(parsed.to().isEmpty() ? m_own : parsed.to());

    Incoming incoming;
    incoming.source = source;
    incoming.own = fromBare == m_own;
    incoming.peer = incoming.own ? toBare : fromBare;
    incoming.resource = QXmppUtils::jidToResource(from);
    incoming.stanzaId = parsed.id();
    incoming.originId = parsed.originId();
    incoming.stamp = stampOf(message);
    const auto stanzaIds = parsed.stanzaIds();
    for (const QXmppStanzaId &id : stanzaIds) {
        if (id.by == m_own) {
            incoming.archiveId = id.id;
        }
    }
    if (parsed.type() == QXmppMessage::Error) {
        // The failed message went to whoever the error comes from.
        readError(parsed, message, incoming);
        return incoming;
    }
    incoming.body = parsed.body();
    incoming.chatState = chatState(parsed.state());
    incoming.receiptRequested = parsed.isReceiptRequested();
    incoming.receiptFor = parsed.receiptId();
    incoming.markable = parsed.isMarkable();
    if (parsed.marker() == QXmppMessage::Displayed) {
        incoming.displayedFor = parsed.markedId();
    }
    return incoming;
}

bool StanzaIntake::handlePresence(const QDomElement &stanza)
{
    QXmppPresence parsed;
    parsed.parse(stanza);
    const QString address = QXmppUtils::jidToBareJid(parsed.from());
    switch (parsed.type()) {
    case QXmppPresence::Available:
    case QXmppPresence::Unavailable:
        m_handlers.presence({.address = address,
                             .resource = QXmppUtils::jidToResource(parsed.from()),
                             .available = parsed.type() == QXmppPresence::Available,
                             .show = stanza.firstChildElement(QStringLiteral("show")).text(),
                             .status = parsed.statusText(),
                             .priority = parsed.priority()});
        return false;
    case QXmppPresence::Subscribe:
        m_handlers.subscriptionRequested(address);
        return true;
    case QXmppPresence::Unsubscribe:
        m_handlers.subscriptionWithdrawn(address);
        return true;
    default:
        return false;
    }
}

bool StanzaIntake::handleRosterPush(const QDomElement &stanza)
{
    if (stanza.attribute(QStringLiteral("type")) != u"set" ||
        child(stanza, QStringLiteral("query"), rosterNs).isNull()) {
        return false;
    }
    // RFC 6121 §2.1.6: a push from anybody else is ignored.
    if (fromOwnAccount(stanza)) {
        for (const RosterItem &item : rosterItems(stanza)) {
            m_handlers.rosterPushed(item);
        }
        QXmppIq answer(QXmppIq::Result);
        answer.setId(stanza.attribute(QStringLiteral("id")));
        client()->sendPacket(answer);
    }
    return true;
}

} // namespace godwit::session
