// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The presence of the account's sessions: who hears of it, and who is answered (RFC 6121 §4).

#include "contacts/Contacts.h"

#include "base/Number.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace godwit::contacts
{

namespace
{

using accounts::RosterItem;
using xml::StanzaType;

constexpr std::string_view contentNamespace = "jabber:client";

/// RFC 6121 §4.7.2.3: an xs:byte, 0 when there is none. Nothing when it is something else.
std::optional<std::int8_t> readPriority(xml::ElementView presence)
{
    const xml::ElementView element = presence.child("priority", contentNamespace);
    if (!element) {
        return std::int8_t(0);
    }
    const std::string text = element.text();
    std::string_view digits = text;
    constexpr std::string_view space = " \t\r\n";
    digits.remove_prefix(std::min(digits.find_first_not_of(space), digits.size()));
    digits = digits.substr(0, digits.find_last_not_of(space) + 1);
    if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') {
        digits.remove_prefix(1);
    }
    return base::readNumber<std::int8_t>(digits);
}

} // namespace

void Contacts::performOutboundPresence(SessionKey key, xml::Stanza &presence)
{
    OwnSession *session = m_sessions.find(key);
    if (!session || session->ended) {
        return; // its end says all that is left to say
    }
    switch (presence.type) {
    case StanzaType::Available:
    case StanzaType::Unavailable:
        if (!presence.to.empty()) {
            performDirected(*session, presence);
        } else if (presence.type == StanzaType::Available) {
            performAvailable(*session, presence);
        } else {
            performUnavailable(*session, presence);
        }
        return;
    case StanzaType::Error:
    case StanzaType::Probe:
        if (!presence.to.empty()) {
            m_host.route(std::move(presence));
        } else if (presence.type == StanzaType::Probe) {
            presenceError(key, presence, Condition::BadRequest);
        }
        return;
    default:
        presenceError(key, presence, Condition::BadRequest);
        return;
    }
}

/// §4.2.2 and §4.4.2.
void Contacts::performAvailable(OwnSession &session, xml::Stanza &presence)
{
    if (!readPriority(presence.root())) {
        presenceError(session.key, presence, Condition::BadRequest);
        return;
    }
    if (presence.bytes.size() > m_limits.presenceBytesMax) {
        presenceError(session.key, presence, Condition::PolicyViolation);
        return;
    }
    becomeAvailable(session, presence);
    if (session.announced) {
        broadcast(session, StanzaType::Available, session.presence);
    } else {
        introduce(session);
    }
}

/// The part that needs no roster: own sessions hear of each other (the one itself included), messages come in.
void Contacts::becomeAvailable(OwnSession &session, xml::Stanza &presence)
{
    const std::optional<std::int8_t> priority = readPriority(presence.root());
    if (!priority || presence.bytes.size() > m_limits.presenceBytesMax) {
        return;
    }
    const Announcement announcement = session.available() ? Announcement::Subsequent : Announcement::Initial;
    session.presence = std::move(presence.bytes);
    session.presence.shrink_to_fit();
    session.since = m_host.now();
    session.priority = *priority;
    m_host.becameAvailable(session.key, *priority, announcement);
    const jid::Jid full = fullJid(session);
    deliverToAvailable(PresenceCopier(session.presence, full).copyFor(m_account.text()), full.text());
    if (announcement == Announcement::Subsequent) {
        return;
    }
    for (const OwnSession &other : m_sessions) {
        if (&other != &session && other.hears() && !session.ended) {
            const jid::Jid sender = fullJid(other);
            m_host.deliverPresence(
                session.key, PresenceCopier(other.presence, sender).copyFor(full.text(), other.since, m_account.text()),
                sender.text());
        }
    }
}

/// What a session that is new among contacts causes: they hear of it, are asked how they are (§4.3.1), requests that
/// wait for either side's answer are shown again (§3.1.2, §3.1.3).
void Contacts::introduce(OwnSession &session)
{
    session.announced = true;
    broadcast(session, StanzaType::Available, session.presence);
    const jid::Jid full = fullJid(session);
    for (const RosterItem &item : m_roster.items()) {
        const jid::Jid contact = jid::Jid::fromPrepared(item.jid);
        if (seesContact(item.subscription)) {
            routePlain(full, contact, StanzaType::Probe);
        }
        if (item.ask) {
            routePlain(m_account, contact, StanzaType::Subscribe);
        }
        if (!item.pendingIn.empty()) {
            deliver(session.key, item.pendingIn);
        }
    }
}

void Contacts::broadcast(const OwnSession &session, StanzaType type, std::string_view bytes)
{
    const jid::Jid full = fullJid(session);
    std::optional<PresenceCopier> copier;
    for (const RosterItem &item : m_roster.items()) {
        if (seenByContact(item.subscription)) {
            if (!copier) {
                copier.emplace(bytes, full);
            }
            routePresence(type, full, jid::Jid::fromPrepared(item.jid), copier->copyFor(item.jid));
        }
    }
}

/// §4.5.2.
void Contacts::performUnavailable(OwnSession &session, const xml::Stanza &presence)
{
    if (presence.bytes.size() > m_limits.presenceBytesMax) {
        presenceError(session.key, presence, Condition::PolicyViolation);
        return;
    }
    const bool wasAvailable = session.available();
    leave(session, presence.bytes);
    if (wasAvailable) {
        m_host.becameUnavailable(session.key);
    }
}

void Contacts::performEnded(SessionKey key)
{
    if (OwnSession *session = m_sessions.find(key)) {
        leave(*session, plainPresence(fullJid(*session), {}, StanzaType::Unavailable));
        m_sessions.remove(key);
    }
}

/// Everybody who may think that the session is available hears that it is not: own sessions, contacts, and those who
/// got directed presence (§4.6.3) unless they are contacts.
void Contacts::leave(OwnSession &session, std::string_view bytes)
{
    const jid::Jid full = fullJid(session);
    const PresenceCopier copier(bytes, full);
    if (session.available()) {
        deliverToAvailable(copier.copyFor(m_account.text()), full.text());
    }
    const bool announced = std::exchange(session.announced, false);
    if (announced) {
        broadcast(session, StanzaType::Unavailable, bytes);
    }
    session.presence = std::string();
    const std::unique_ptr<std::vector<std::string>> directed = std::move(session.directed);
    if (!directed) {
        return;
    }
    for (const std::string &entity : *directed) {
        jid::Jid to = jid::Jid::fromPrepared(entity);
        if (!announced || !maySeePresence(to)) {
            routePresence(StanzaType::Unavailable, full, to, copier.copyFor(entity));
        }
    }
}

/// §4.6.
void Contacts::performDirected(OwnSession &session, xml::Stanza &presence)
{
    const std::string &to = presence.to.text();
    if (presence.type == StanzaType::Unavailable) {
        session.removeDirected(to);
    } else if (!(session.announced && maySeePresence(presence.to)) && presence.to.bareText() != m_account.text() &&
               !session.addDirected(to, m_limits.directedMax)) {
        presenceError(session.key, presence, Condition::ResourceConstraint);
        return;
    }
    presence.tree.clear();
    m_host.route(std::move(presence));
}

void Contacts::performInboundPresence(xml::Stanza &presence)
{
    switch (presence.type) {
    case StanzaType::Available:
    case StanzaType::Unavailable:
        deliverToAvailable(presence.bytes, presence.from.text());
        return;
    case StanzaType::Probe:
        answerProbe(presence);
        return;
    case StanzaType::Error:
        // What bounced may have been sent before initial presence: a subscription.
        for (const OwnSession &session : m_sessions) {
            if (session.available() || session.interested) {
                deliver(session.key, presence.bytes);
            }
        }
        return;
    default:
        return;
    }
}

/// §4.3.2. A probe to a full JID is about that session alone.
void Contacts::answerProbe(const xml::Stanza &probe)
{
    const std::string_view wanted = probe.to.resource();
    if (!maySeePresence(probe.from)) {
        answerStrangersProbe(probe);
        return;
    }
    bool answered = false;
    for (const OwnSession &session : m_sessions) {
        if (!session.hears() || (!wanted.empty() && wanted != session.resource)) {
            continue;
        }
        answered = true;
        const jid::Jid full = fullJid(session);
        if (full != probe.from) {
            routePresence(
                StanzaType::Available, full, probe.from,
                PresenceCopier(session.presence, full).copyFor(probe.from.text(), session.since, m_account.text()));
        }
    }
    if (!answered) {
        routePlain(wanted.empty() ? m_account : probe.to, probe.from, StanzaType::Unavailable);
    }
}

/// Who got directed presence may ask for more of it (§4.6.5). To anybody else a subscription is denied that the other
/// side believes in; a full JID is neither confirmed nor denied.
void Contacts::answerStrangersProbe(const xml::Stanza &probe)
{
    bool known = false;
    for (const OwnSession &session : m_sessions) {
        if (!session.sentDirectedTo(probe.from.text()) && !session.sentDirectedTo(probe.from.bareText())) {
            continue;
        }
        known = true;
        if (session.hears() && (probe.to.isBare() || probe.to.resource() == session.resource)) {
            const jid::Jid full = fullJid(session);
            routePresence(
                StanzaType::Available, full, probe.from,
                PresenceCopier(session.presence, full).copyFor(probe.from.text(), session.since, m_account.text()));
        }
    }
    if (!known && probe.to.isBare()) {
        routePlain(m_account, probe.from.bare(), StanzaType::Unsubscribed);
    }
}

void Contacts::sendPresenceTo(const jid::Jid &to)
{
    for (const OwnSession &session : m_sessions) {
        if (session.hears()) {
            const jid::Jid full = fullJid(session);
            routePresence(StanzaType::Available, full, to, PresenceCopier(session.presence, full).copyFor(to.text()));
        }
    }
}

void Contacts::sendUnavailableTo(const jid::Jid &to)
{
    for (const OwnSession &session : m_sessions) {
        if (session.available()) {
            routePlain(fullJid(session), to, StanzaType::Unavailable);
        }
    }
}

void Contacts::hideFrom(const Covers &covers)
{
    const bool nested = std::exchange(m_working, true);
    for (const RosterItem &item : m_roster.items()) {
        const jid::Jid contact = jid::Jid::fromPrepared(item.jid);
        if (seenByContact(item.subscription) && covers(contact)) {
            sendUnavailableTo(contact);
        }
    }
    for (OwnSession &session : m_sessions) {
        if (!session.directed) {
            continue;
        }
        const std::vector<std::string> directed = *session.directed;
        for (const std::string &entity : directed) {
            const jid::Jid to = jid::Jid::fromPrepared(entity);
            if (covers(to)) {
                session.removeDirected(entity);
                routePlain(fullJid(session), to, StanzaType::Unavailable);
            }
        }
    }
    m_working = nested;
    work();
}

void Contacts::showTo(const Covers &covers)
{
    const bool nested = std::exchange(m_working, true);
    for (const RosterItem &item : m_roster.items()) {
        const jid::Jid contact = jid::Jid::fromPrepared(item.jid);
        if (!covers(contact)) {
            continue;
        }
        if (seenByContact(item.subscription)) {
            sendPresenceTo(contact);
        }
        for (const OwnSession &session : m_sessions) {
            if (seesContact(item.subscription) && session.hears()) {
                routePlain(fullJid(session), contact, StanzaType::Probe);
            }
        }
    }
    m_working = nested;
    work();
}

void Contacts::deliverToAvailable(std::string_view bytes, std::string_view sender)
{
    for (const OwnSession &session : m_sessions) {
        if (session.hears()) {
            m_host.deliverPresence(session.key, bytes, sender);
        }
    }
}

void Contacts::presenceError(SessionKey session, const xml::Stanza &presence, Condition condition)
{
    deliver(session, errorReply(Request(presence), condition));
}

void Contacts::routePlain(const jid::Jid &from, const jid::Jid &to, StanzaType type, std::string_view id)
{
    routePresence(type, from, to, plainPresence(from, to, type, id));
}

void Contacts::routePresence(StanzaType type, const jid::Jid &from, const jid::Jid &to, std::string bytes)
{
    xml::Stanza stanza;
    stanza.kind = xml::StanzaKind::Presence;
    stanza.type = type;
    stanza.from = from;
    stanza.to = to;
    stanza.bytes = std::move(bytes);
    m_host.route(std::move(stanza));
}

} // namespace godwit::contacts
