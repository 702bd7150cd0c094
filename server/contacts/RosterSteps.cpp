// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What clients ask of the roster (RFC 6121 §2).

#include "contacts/Contacts.h"

#include "base/Number.h"

namespace godwit::contacts
{

namespace
{

using accounts::RosterItem;

Versioning versioningOf(const OwnSession &session)
{
    return session.versioned ? Versioning::On : Versioning::Off;
}

} // namespace

void Contacts::performRosterIq(SessionKey session, const xml::Stanza &iq)
{
    const Request request(iq);
    if (iq.type == xml::StanzaType::Get && iq.payload().is("query", rosterNamespace)) {
        OwnSession *record = m_sessions.find(session);
        if (record && !record->ended) {
            answerRosterGet(*record, iq);
        }
        return;
    }
    if (iq.type != xml::StanzaType::Set) {
        refuse({StepKind::RosterIq, session, iq}, Condition::BadRequest);
        return;
    }
    if (m_kind == AccountKind::Anonymous) {
        deliver(session, errorReply(request, Condition::NotAllowed));
        return;
    }
    auto wish = readRosterSet(iq.payload(), m_account, m_limits);
    if (RosterPut *put = std::get_if<RosterPut>(&wish)) {
        putItem(session, request, std::move(*put));
    } else if (const RosterRemoval *removal = std::get_if<RosterRemoval>(&wish)) {
        removeItem(session, request, removal->jid);
    } else {
        deliver(session, errorReply(request, *std::get_if<Condition>(&wish)));
    }
}

/// RFC 6121 §2.2, §2.6: the whole roster, or nothing and then what changed.
void Contacts::answerRosterGet(OwnSession &session, const xml::Stanza &iq)
{
    const xml::ElementView query = iq.payload();
    session.interested = true;
    session.versioned = query.hasAttribute("ver");
    std::optional<std::vector<RosterChange>> changes;
    if (const auto version = base::readNumber<std::uint64_t>(query.attribute("ver"))) {
        changes = m_roster.changesSince(*version);
    }
    if (!changes) {
        deliver(session.key, resultReply(Request(iq), rosterQuery(m_roster, versioningOf(session))));
        return;
    }
    deliver(session.key, resultReply(Request(iq), {}));
    const std::string full = fullJid(session).text();
    for (const RosterChange &change : *changes) {
        deliver(session.key, rosterPush(change, full, Versioning::On));
    }
}

void Contacts::putItem(SessionKey session, const Request &request, RosterPut &&wish)
{
    Edit edit = editOf(wish.jid);
    if (!edit.before.listed && m_roster.listedCount() >= m_limits.itemsMax) {
        deliver(session, errorReply(request, Condition::ResourceConstraint));
        return;
    }
    edit.next.name = std::move(wish.name);
    edit.next.groups = std::move(wish.groups);
    edit.next.listed = true;
    store(edit, [this, session, request, jid = edit.next.jid](const base::Error *failure) {
        if (failure) {
            deliver(session, errorReply(request, conditionOf(failure->code())));
            return;
        }
        const RosterItem *item = m_roster.find(jid);
        push({item->version, item->jid, item});
        deliver(session, resultReply(request, {}));
    });
}

/// RFC 6121 §2.5.
void Contacts::removeItem(SessionKey session, const Request &request, const std::string &jid)
{
    const RosterItem *item = m_roster.find(jid);
    if (!item || !item->listed) {
        deliver(session, errorReply(request, Condition::ItemNotFound));
        return;
    }
    const std::uint64_t version = m_roster.nextVersion(m_host.now());
    erase(jid, version, [this, session, request, version, removed = *item](const base::Error *failure) {
        if (failure) {
            deliver(session, errorReply(request, conditionOf(failure->code())));
            return;
        }
        push({version, removed.jid, nullptr});
        deliver(session, resultReply(request, {}));
        afterRemoval(removed);
    });
}

/// RFC 6121 §2.5.2: subscriptions end with the item, and so do requests in either direction.
void Contacts::afterRemoval(const RosterItem &removed)
{
    const jid::Jid contact = jid::Jid::fromPrepared(removed.jid);
    if (seesContact(removed.subscription) || removed.ask) {
        routePlain(m_account, contact, xml::StanzaType::Unsubscribe);
    }
    if (seenByContact(removed.subscription) || !removed.pendingIn.empty()) {
        routePlain(m_account, contact, xml::StanzaType::Unsubscribed);
    }
    if (seenByContact(removed.subscription)) {
        sendUnavailableTo(contact);
    }
}

/// RFC 6121 §2.1.6: to interested sessions, the one that caused it included.
void Contacts::push(const RosterChange &change)
{
    for (const OwnSession &session : m_sessions) {
        if (session.interested) {
            deliver(session.key, rosterPush(change, fullJid(session).text(), versioningOf(session)));
        }
    }
}

void Contacts::pushIfSeen(const Edit &edit)
{
    const RosterItem *item = m_roster.find(edit.next.jid);
    if (item && item->listed && looksDifferent(edit.before, edit.next)) {
        push({item->version, item->jid, item});
    }
}

} // namespace godwit::contacts
