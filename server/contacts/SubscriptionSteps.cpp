// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Subscriptions and requests for them (RFC 6121 §3). What must last is written before anybody hears of it.

#include "contacts/Contacts.h"

namespace godwit::contacts
{

namespace
{

using accounts::RosterItem;
using xml::StanzaType;

SubscriptionEvent outboundEvent(StanzaType type)
{
    switch (type) {
    case StanzaType::Subscribe:
        return SubscriptionEvent::OutSubscribe;
    case StanzaType::Unsubscribe:
        return SubscriptionEvent::OutUnsubscribe;
    case StanzaType::Subscribed:
        return SubscriptionEvent::OutSubscribed;
    default:
        return SubscriptionEvent::OutUnsubscribed;
    }
}

SubscriptionEvent inboundEvent(StanzaType type)
{
    switch (type) {
    case StanzaType::Subscribe:
        return SubscriptionEvent::InSubscribe;
    case StanzaType::Unsubscribe:
        return SubscriptionEvent::InUnsubscribe;
    case StanzaType::Subscribed:
        return SubscriptionEvent::InSubscribed;
    default:
        return SubscriptionEvent::InUnsubscribed;
    }
}

/// An approval before the request can only be given where none is there yet.
bool canBePreApproved(const RosterItem &item)
{
    return !seenByContact(item.subscription);
}

/// Nothing is left to remember: the item was there for a request only.
bool isForgettable(const RosterItem &item)
{
    return !item.listed && stateOf(item) == SubscriptionState::None && !item.approved;
}

} // namespace

/// The item as it is, or the one that is not there yet.
Contacts::Edit Contacts::editOf(const std::string &jid) const
{
    if (const RosterItem *item = m_roster.find(jid)) {
        return {*item, *item};
    }
    RosterItem fresh;
    fresh.jid = jid;
    fresh.listed = false;
    return {fresh, fresh};
}

/// Subscriptions are between bare JIDs (§3.1.1), whatever was written.
void Contacts::setAddresses(xml::Stanza &presence, const jid::Jid &from, const jid::Jid &to) const
{
    presence.bytes = PresenceCopier(presence.bytes, from).copyFor(to.text());
    presence.from = from;
    presence.to = to;
    presence.tree.clear();
}

void Contacts::performOutboundSubscription(SessionKey session, xml::Stanza &presence)
{
    if (presence.to.empty()) {
        presenceError(session, presence, Condition::BadRequest);
        return;
    }
    if (m_kind == AccountKind::Anonymous || presence.to.bareText() == m_account.text()) {
        presenceError(session, presence, Condition::NotAllowed);
        return;
    }
    const Request request(presence);
    const jid::Jid contact = presence.to.bare();
    Edit edit = editOf(contact.text());
    const Reaction reaction = react(stateOf(edit.before), outboundEvent(presence.type));
    const bool changes = editOutbound(presence, edit, reaction);
    setAddresses(presence, m_account, contact);
    if (!changes) {
        if (reaction.passing == Passing::Pass) {
            m_host.route(std::move(presence));
        }
        return;
    }
    if (edit.next.listed && !edit.before.listed && m_roster.listedCount() >= m_limits.itemsMax) {
        deliver(session, errorReply(request, Condition::ResourceConstraint));
        return;
    }
    AfterWrite after = [this, session, request, presence, edit, reaction](const base::Error *failure) {
        if (failure) {
            deliver(session, errorReply(request, conditionOf(failure->code())));
            return;
        }
        xml::Stanza outbound = presence;
        afterOutbound(outbound, edit, reaction);
    };
    if (isForgettable(edit.next)) {
        erase(contact.text(), m_roster.version(), std::move(after));
    } else {
        store(edit, std::move(after));
    }
}

/// Fills in edit.next; false when nothing is to be remembered.
bool Contacts::editOutbound(const xml::Stanza &presence, Edit &edit, Reaction reaction) const
{
    RosterItem &next = edit.next;
    setState(next, reaction.next);
    switch (presence.type) {
    case StanzaType::Subscribe:
        next.listed = true;
        break;
    case StanzaType::Subscribed:
        if (reaction.passing == Passing::Pass) {
            next.listed = true;
            next.approved = false;
        } else if (canBePreApproved(next)) {
            next.listed = true; // §3.4.2
            next.approved = true;
        }
        break;
    case StanzaType::Unsubscribed:
        next.approved = false; // §3.4.2: a pre-approval is taken back the same way
        break;
    default:
        break;
    }
    return looksDifferent(edit.before, next) || stateOf(edit.before) != stateOf(next);
}

void Contacts::afterOutbound(xml::Stanza &presence, const Edit &edit, Reaction reaction)
{
    const StanzaType type = presence.type;
    const jid::Jid contact = presence.to;
    if (reaction.passing == Passing::Pass) {
        m_host.route(std::move(presence));
    }
    pushIfSeen(edit);
    const bool sawUs = seenByContact(edit.before.subscription);
    const bool seesUs = seenByContact(edit.next.subscription);
    if (type == StanzaType::Subscribed && seesUs && !sawUs) {
        sendPresenceTo(contact); // §3.1.5
    } else if (type == StanzaType::Unsubscribed && sawUs && !seesUs) {
        sendUnavailableTo(contact); // §3.2.2
    }
}

void Contacts::performInboundSubscription(xml::Stanza &presence)
{
    const jid::Jid contact = presence.from.bare();
    if (contact.empty() || contact == m_account) {
        return;
    }
    setAddresses(presence, contact, m_account);
    if (m_kind == AccountKind::Anonymous) {
        if (presence.type == StanzaType::Subscribe) {
            routePlain(m_account, contact, StanzaType::Unsubscribed, presence.id);
        }
        return;
    }
    Edit edit = editOf(contact.text());
    if (presence.type == StanzaType::Subscribe && seenByContact(edit.before.subscription)) {
        // §3.1.3: the contact does not know any more that it was allowed.
        routePlain(m_account, contact, StanzaType::Subscribed, presence.id);
        sendPresenceTo(contact);
        return;
    }
    if (presence.type == StanzaType::Subscribe && edit.before.approved) {
        grantAtOnce(presence, std::move(edit));
        return;
    }
    const Reaction reaction = react(stateOf(edit.before), inboundEvent(presence.type));
    if (reaction.passing == Passing::Stop) {
        return;
    }
    if (presence.type == StanzaType::Subscribe) {
        keepRequest(presence, std::move(edit));
        return;
    }
    setState(edit.next, reaction.next);
    changeInbound(presence, std::move(edit));
}

/// A request that was approved before it came (§3.4.3). The approval is used up with it.
void Contacts::grantAtOnce(xml::Stanza &presence, Edit &&edit)
{
    RosterItem &next = edit.next;
    setState(next,
             react(react(stateOf(next), SubscriptionEvent::InSubscribe).next, SubscriptionEvent::OutSubscribed).next);
    next.approved = false;
    store(edit, [this, edit, request = Request(presence)](const base::Error *failure) {
        if (failure) {
            refuseInbound(request, conditionOf(failure->code()));
            return;
        }
        routePlain(m_account, request.from, StanzaType::Subscribed, request.id);
        pushIfSeen(edit);
        sendPresenceTo(request.from);
    });
}

/// A request that only the user can answer (§3.1.3): kept whole, shown now and to each session that becomes available.
void Contacts::keepRequest(xml::Stanza &presence, Edit &&edit)
{
    if (m_roster.requestCount() >= m_limits.requestsMax) {
        refuseInbound(Request(presence), Condition::ResourceConstraint);
        return;
    }
    if (presence.bytes.size() > m_limits.requestBytesMax) {
        presence.bytes = plainPresence(presence.from, presence.to, presence.type, presence.id);
    }
    edit.next.pendingIn = presence.bytes;
    store(edit, [this, edit, request = Request(presence)](const base::Error *failure) {
        if (failure) {
            refuseInbound(request, conditionOf(failure->code()));
            return;
        }
        for (const OwnSession &session : m_sessions) {
            if (session.available()) {
                deliver(session.key, edit.next.pendingIn);
            }
        }
    });
}

/// An answer to us, or the end of a subscription (§3.1.6, §3.2.3, §3.3.3).
void Contacts::changeInbound(xml::Stanza &presence, Edit &&edit)
{
    AfterWrite after = [this, edit, request = Request(presence), bytes = presence.bytes](const base::Error *failure) {
        if (failure) {
            refuseInbound(request, conditionOf(failure->code()));
            return;
        }
        deliverToInterested(bytes);
        pushIfSeen(edit);
        if (seenByContact(edit.before.subscription) && !seenByContact(edit.next.subscription)) {
            sendUnavailableTo(request.from);
        }
    };
    if (isForgettable(edit.next)) {
        erase(edit.next.jid, m_roster.version(), std::move(after));
    } else {
        store(edit, std::move(after));
    }
}

void Contacts::refuseInbound(const Request &request, Condition condition)
{
    routePresence(StanzaType::Error, request.to, request.from, errorReply(request, condition));
}

void Contacts::deliverToInterested(std::string_view bytes)
{
    for (const OwnSession &session : m_sessions) {
        if (session.interested) {
            deliver(session.key, bytes);
        }
    }
}

} // namespace godwit::contacts
