// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The inbound half of the router: stanzas at the home of whom they are for.

#include "router/Router.h"

#include "base/Log.h"

namespace godwit::router
{

using stream::StanzaCondition;
using stream::StanzaError;

namespace
{

/// Something a person would miss, or a mere signal (chat states, receipts that nobody stores).
MessageWeight weigh(const xml::Stanza &message)
{
    const xml::ElementView root = message.root();
    return root.child("body", root.ns()) ? MessageWeight::Words : MessageWeight::Signal;
}

session::Weight sessionWeight(const xml::Stanza &stanza)
{
    switch (stanza.kind) {
    case xml::StanzaKind::Presence:
        return stanza.type == xml::StanzaType::Available || stanza.type == xml::StanzaType::Unavailable
                   ? session::Weight::Presence
                   : session::Weight::Must;
    case xml::StanzaKind::Message:
        if (stanza.type == xml::StanzaType::Chat && weigh(stanza) == MessageWeight::Signal) {
            return session::Weight::ChatState;
        }
        return session::Weight::Must;
    case xml::StanzaKind::Iq:
        return session::Weight::Must;
    }
    return session::Weight::Must;
}

} // namespace

void Router::route(xml::Stanza &&stanza)
{
    const HostKind host = hostKind(stanza.to.domain());
    if (host == HostKind::Elsewhere) {
        bounce(stanza, StanzaError(StanzaCondition::RemoteServerNotFound));
        return;
    }
    if (!stanza.to.hasLocal()) {
        serverStanza(std::move(stanza), nullptr);
        return;
    }
    Envelope envelope;
    envelope.source = m_services.link.self();
    envelope.stanza = std::move(stanza);
    const ledger::ShardIndex home = m_services.link.homeOf(envelope.stanza.to.bareText());
    if (home == m_services.link.self()) {
        arrive(std::move(envelope));
    } else {
        m_services.link.post(home, std::move(envelope));
    }
}

void Router::onEnvelope(Envelope &&envelope)
{
    if (envelope.kind == Envelope::Kind::Refused) {
        GW_ASSERT(envelope.error != nullptr);
        refuseSend(envelope.ticket, envelope.stanza, *envelope.error);
        return;
    }
    arrive(std::move(envelope));
}

void Router::arrive(Envelope &&envelope)
{
    const bool anonymous = hostKind(envelope.stanza.to.domain()) == HostKind::Anonymous;
    if (anonymous) {
        // An anonymous account is its sessions; without them there is nobody.
        if (Account *known = findAccount(envelope.stanza.to.bareText())) {
            arriveAt(*known, std::move(envelope));
        } else if (envelope.kind == Envelope::Kind::Storable) {
            refuse(std::move(envelope), StanzaError(StanzaCondition::ServiceUnavailable));
        } else if (decideDelivery(envelope.stanza.kind, envelope.stanza.type, AddressState::NoSuchUser,
                                  weigh(envelope.stanza)) == DeliveryAction::Unavailable) {
            bounce(envelope.stanza, StanzaError(StanzaCondition::ServiceUnavailable));
        }
        return;
    }
    arriveAt(account(envelope.stanza.to.bare(), AccountKind::Registered), std::move(envelope));
}

void Router::arriveAt(Account &account, Envelope &&envelope)
{
    switch (account.existence) {
    case Account::Existence::Unknown:
    case Account::Existence::Asked:
        account.arrivals.push_back(std::move(envelope));
        askExistence(account);
        return;
    case Account::Existence::Yes:
        if (account.facts != Account::Facts::Known) {
            account.arrivals.push_back(std::move(envelope));
            learn(account);
            return;
        }
        if (waitsBehindLookUp(account, envelope) || !mayEnter(account, envelope)) {
            return;
        }
        if (envelope.kind == Envelope::Kind::Storable && ledger::has(envelope.flags, ledger::RowFlag::Event)) {
            judgeError(account, std::move(envelope));
        } else if (envelope.kind == Envelope::Kind::Storable) {
            store(account, std::move(envelope));
        } else if (!waitsBehind(account, envelope)) {
            deliver(account, std::move(envelope.stanza));
        }
        return;
    case Account::Existence::No:
        if (envelope.kind == Envelope::Kind::Storable) {
            refuse(std::move(envelope), StanzaError(StanzaCondition::ServiceUnavailable));
        } else if (decideDelivery(envelope.stanza.kind, envelope.stanza.type, AddressState::NoSuchUser,
                                  weigh(envelope.stanza)) == DeliveryAction::Unavailable) {
            bounce(envelope.stanza, StanzaError(StanzaCondition::ServiceUnavailable));
        }
        return;
    }
}

void Router::askExistence(Account &asked)
{
    if (asked.existence == Account::Existence::Asked) {
        return;
    }
    asked.existence = Account::Existence::Asked;
    m_services.accounts.exists(
        asked.text(), [this, alive = m_lifetime.watch(), bare = asked.text()](base::Result<bool> exists) {
            Account *found = alive.expired() ? nullptr : findAccount(bare);
            if (!found) {
                return;
            }
            std::vector<Envelope> arrivals = std::move(found->arrivals);
            found->arrivals.clear();
            if (found->existence == Account::Existence::Asked) {
                found->existence = !exists   ? Account::Existence::Unknown
                                   : *exists ? Account::Existence::Yes
                                             : Account::Existence::No;
            }
            if (!exists) {
                base::log(base::LogLevel::Error, "router", "whether an account exists could not be read",
                          {{"account", bare}, {"error", exists.error().text()}});
            }
            for (Envelope &envelope : arrivals) {
                if (exists.ok()) {
                    arriveAt(*found, std::move(envelope));
                } else if (envelope.kind == Envelope::Kind::Storable) {
                    refuse(std::move(envelope), stream::toStanzaError(exists.error()));
                } else {
                    bounce(envelope.stanza, stream::toStanzaError(exists.error()));
                }
            }
            m_idle.push_back(bare);
        });
}

void Router::refuse(Envelope &&envelope, const StanzaError &error)
{
    if (envelope.source == m_services.link.self()) {
        refuseSend(envelope.ticket, envelope.stanza, error);
        return;
    }
    envelope.kind = Envelope::Kind::Refused;
    envelope.error = std::make_unique<StanzaError>(error);
    envelope.kept.reset();
    m_services.link.post(envelope.source, std::move(envelope));
}

void Router::store(Account &account, Envelope &&envelope)
{
    // The tree still describes the message; its bytes are shared and must not change any more.
    modules::MessageEvent event{envelope.stanza, nullptr, account.text(), true, std::nullopt};
    switch (m_hooks.dispatchReceived(event)) {
    case modules::Verdict::Continue:
    case modules::Verdict::Handled:
        break;
    case modules::Verdict::Refuse:
        refuse(std::move(envelope), event.refusal.value_or(StanzaError(StanzaCondition::ServiceUnavailable)));
        return;
    }
    // Of errors there is one for each message that the account sent: they are not refused for what others sent to it.
    if (!ledger::has(envelope.flags, ledger::RowFlag::Event) && !hasRoom(account)) {
        refuse(std::move(envelope), StanzaError(StanzaCondition::ResourceConstraint, "Too many messages wait there"));
        return;
    }
    using ledger::RowFlag;
    RowFlag flags = envelope.flags | RowFlag::RecipientHere | RowFlag::Pending;
    if (!event.archive) {
        flags = static_cast<RowFlag>(static_cast<std::uint16_t>(flags) &
                                     ~static_cast<std::uint16_t>(RowFlag::ArchiveRecipient));
    }
    ledger::Append row;
    row.sender = envelope.stanza.from.bareText();
    row.recipient = account.text();
    row.flags = flags;
    row.key = envelope.key;
    row.stanza = envelope.kept;
    if (envelope.source == m_services.link.self()) {
        InFlightMessage &message = m_inFlight.get(envelope.ticket);
        message.recipient = &account;
        message.flags = flags;
        row.ticket = envelope.ticket;
    } else {
        InFlightMessage message;
        message.recipient = &account;
        message.senderBare = row.sender;
        message.recipientBare = row.recipient;
        message.flags = flags;
        message.stanza = envelope.kept;
        row.ticket = m_inFlight.add(std::move(message));
        row.observer = envelope.source;
        row.observerTicket = envelope.ticket;
    }
    account.incoming.push_back(row.ticket);
    m_services.log.append(std::move(row));
}

/// Counts what comes, not what goes: the store is asked again when the sum reaches the limit. What comes meanwhile is
/// taken, so the limit is passed by what is on its way at most.
bool Router::hasRoom(Account &account)
{
    if (m_options.pendingMessagesMax == 0) {
        return true;
    }
    if (account.room == Account::Room::Full) {
        return false;
    }
    ++account.pendingBound;
    const bool reached = account.room == Account::Room::Counted && account.pendingBound >= m_options.pendingMessagesMax;
    if (account.room == Account::Room::Unknown || reached) {
        countPending(account);
    }
    return true;
}

void Router::countPending(Account &asked)
{
    asked.room = Account::Room::Asked;
    asked.fewerSinceAsked = false;
    asked.pendingBound = asked.incoming.size() + 1;
    m_services.log.countPending(
        asked.text(), [this, alive = m_lifetime.watch(), bare = asked.text()](base::Result<std::uint64_t> count) {
            Account *account = alive.expired() ? nullptr : findAccount(bare);
            if (!account) {
                return;
            }
            m_idle.push_back(bare);
            if (!count) {
                account->room = Account::Room::Unknown; // the next message asks again
                return;
            }
            account->pendingBound += *count;
            account->room = Account::Room::Counted;
            if (*count >= m_options.pendingMessagesMax) {
                account->room = account->fewerSinceAsked ? Account::Room::Unknown : Account::Room::Full;
            }
        });
}

bool Router::waitsBehind(Account &account, Envelope &envelope)
{
    for (std::size_t i = account.incoming.size(); i > 0; --i) {
        InFlightMessage &before = m_inFlight.get(account.incoming[i - 1]);
        if (before.senderBare == envelope.stanza.from.bareText()) {
            before.followers.push_back(std::move(envelope));
            return true;
        }
    }
    return false;
}

void Router::committedTo(InFlightMessage &&message, const ledger::Committed &commit)
{
    const ledger::LogRow row{commit.seq,         commit.time,           message.flags,
                             message.senderBare, message.recipientBare, std::move(message.stanza)};
    if (message.recipient) {
        message.recipient->ledger().onCommitted(row);
    }
    if (message.sender && message.sender != message.recipient && ledger::has(row.flags, ledger::RowFlag::SenderHere)) {
        message.sender->ledger().onCommitted(row);
    }
    if (message.sender) {
        --message.sender->outgoing;
        settle(message.waiter);
        if (ledger::has(row.flags, ledger::RowFlag::HasKey)) {
            for (const ledger::Waiter &waiter : message.sender->sentKeys.done(message.key)) {
                settle(waiter);
            }
        }
    }
    for (Envelope &follower : message.followers) {
        deliverFollower(*message.recipient, std::move(follower));
    }
}

void Router::onCommitted(std::span<const ledger::Committed> batch)
{
    for (const ledger::Committed &commit : batch) {
        InFlightMessage message = m_inFlight.take(commit.ticket);
        m_told = commit.seq;
        if (message.recipient) {
            ++m_counters.stored;
            std::erase(message.recipient->incoming, commit.ticket);
        }
        committedTo(std::move(message), commit);
    }
}

void Router::onNotCommitted(std::span<const ledger::NotCommitted> batch)
{
    for (const ledger::NotCommitted &failure : batch) {
        InFlightMessage &message = m_inFlight.get(failure.ticket);
        Account *recipient = message.recipient;
        if (recipient) {
            std::erase(recipient->incoming, failure.ticket);
        }
        std::vector<Envelope> followers = std::move(message.followers);
        message.followers.clear();
        if (message.sender) {
            base::Result<xml::Stanza> stanza = xml::parseStanza(*message.stanza);
            GW_ASSERT(stanza.ok());
            refuseSend(failure.ticket, *stanza, stream::toStanzaError(failure.error));
        } else {
            m_inFlight.take(failure.ticket);
        }
        for (Envelope &follower : followers) {
            deliverFollower(*recipient, std::move(follower));
        }
    }
}

/// Its turn has come, whatever is on its way to the log behind it.
void Router::deliverFollower(Account &account, Envelope &&follower)
{
    if (mayEnter(account, follower)) {
        deliver(account, std::move(follower.stanza));
    }
}

void Router::deliver(Account &account, xml::Stanza &&stanza)
{
    const std::string_view wanted = stanza.to.resource();
    Resource *target = wanted.empty() ? nullptr : account.find(wanted);
    const bool somebody = account.somebodyTakesMessages();
    AddressState state = AddressState::FullMatch;
    if (wanted.empty()) {
        state = somebody ? AddressState::BareSomebody : AddressState::BareNobody;
    } else if (!target) {
        state = somebody ? AddressState::FullGoneSomebody : AddressState::FullGoneNobody;
    }
    const bool isMessage = stanza.kind == xml::StanzaKind::Message;
    if (isMessage) {
        modules::MessageEvent event{stanza, nullptr, account.text(), true, std::nullopt};
        if (m_hooks.dispatchReceived(event) == modules::Verdict::Refuse) {
            bounce(stanza, event.refusal.value_or(StanzaError(StanzaCondition::ServiceUnavailable)));
            return;
        }
    }
    switch (decideDelivery(stanza.kind, stanza.type, state, isMessage ? weigh(stanza) : MessageWeight::Signal)) {
    case DeliveryAction::Deliver:
        if (!target->session().write(stanza.bytes, sessionWeight(stanza), stanza.from.text())) {
            bounce(stanza, StanzaError(StanzaCondition::ServiceUnavailable));
        } else if (isMessage && ledger::classify(stanza, ledger::RecipientKind::Account).carbon) {
            copyToOthers(account, stanza, target, "received");
        }
        return;
    case DeliveryAction::DeliverToAll:
        // From the end, since a session that cannot take it ends and leaves the list.
        for (std::size_t i = account.resources.size(); i > 0; --i) {
            Resource &resource = *account.resources[i - 1];
            if (resource.takesMessages()) {
                resource.session().write(stanza.bytes, sessionWeight(stanza), stanza.from.text());
            }
        }
        return;
    case DeliveryAction::Handle:
        if (stanza.kind == xml::StanzaKind::Presence) {
            contactsOf(account).onInboundPresence(std::move(stanza));
        } else if (stanza.payload().is("query", "jabber:iq:roster")) {
            contactsOf(account).onForeignRosterIq(std::move(stanza));
        } else {
            dispatchIq(std::move(stanza), modules::IqTarget::Account, nullptr);
        }
        return;
    case DeliveryAction::Unavailable:
        bounce(stanza, StanzaError(StanzaCondition::ServiceUnavailable));
        return;
    case DeliveryAction::Drop:
        return;
    }
}

void Router::dispatchIq(xml::Stanza &&iq, modules::IqTarget target, Resource *sender)
{
    if (!iq.isRequest()) {
        return;
    }
    // RFC 6120 §8.2.3: a request has exactly one child.
    if (!iq.payload() || iq.payload().next()) {
        bounce(iq, StanzaError(StanzaCondition::BadRequest));
        return;
    }
    modules::IqReply reply(iq, [this, alive = m_lifetime.watch()](const std::string &bytes) {
        if (alive.expired()) {
            return;
        }
        base::Result<xml::Stanza> answer = xml::parseStanza(bytes);
        GW_ASSERT(answer.ok());
        route(std::move(*answer));
    });
    const modules::IqRequest request{iq, target, target == modules::IqTarget::Account ? iq.to.bare() : jid::Jid(),
                                     iq.from.bareText() == iq.to.bareText(), sender};
    if (!m_hooks.dispatchIq(request, reply)) {
        reply.error(StanzaError(StanzaCondition::ServiceUnavailable));
    }
}

void Router::serverStanza(xml::Stanza &&stanza, Resource *sender)
{
    switch (stanza.kind) {
    case xml::StanzaKind::Iq:
        if (stanza.to.isBare()) {
            dispatchIq(std::move(stanza), modules::IqTarget::Server, sender);
        } else {
            bounce(stanza, StanzaError(StanzaCondition::ServiceUnavailable));
        }
        return;
    case xml::StanzaKind::Message:
        if (stanza.type != xml::StanzaType::Error) {
            bounce(stanza, StanzaError(StanzaCondition::ServiceUnavailable));
        }
        return;
    case xml::StanzaKind::Presence:
        // The server has no presence of its own and subscribes to nobody.
        return;
    }
}

void Router::offerElsewhere(Resource &gone)
{
    Account &account = gone.account();
    const ledger::Cursor &cursor = gone.cursor;
    ledger::Seq lowest = gone.session().lowestRow();
    const ledger::Seq unread(cursor.live.value + 1);
    if (lowest == ledger::Seq() || unread < lowest) {
        lowest = unread;
    }
    if (cursor.backlogEnd != ledger::Seq() && cursor.backlogNext < lowest) {
        lowest = ledger::Seq(cursor.backlogNext.value + 1);
    }
    for (std::size_t i = 0; i < account.resources.size(); ++i) {
        Resource &other = *account.resources[i];
        // One that waits to be resumed is shown them when its client comes back.
        if (&other != &gone && other.takesMessages()) {
            account.ledger().offerAgain(other, lowest);
        }
    }
}

/// What a dead session was given and did not acknowledge, without a row (rule 2): who asked is told that nobody
/// answers, a room that somebody left; the rest is dropped.
void Router::bounceOwed(Resource &gone)
{
    for (const std::string &bytes : gone.session().takeOwedStanzas()) {
        const base::Result<xml::Stanza> stanza = xml::parseStanza(bytes);
        if (!stanza) {
            continue;
        }
        const bool groupchat = stanza->kind == xml::StanzaKind::Message && stanza->type == xml::StanzaType::Groupchat;
        if (stanza->isRequest() || groupchat) {
            bounce(*stanza, StanzaError(StanzaCondition::ServiceUnavailable));
        }
    }
}

} // namespace godwit::router
