// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The outbound half of the router: what a session of this shard sends.

#include "router/Router.h"

#include "base/Log.h"
#include "ledger/Storable.h"
#include "router/AccountContacts.h"
#include "xml/XmlWriter.h"

namespace godwit::router
{

using stream::StanzaCondition;
using stream::StanzaError;

namespace
{

/// RFC 6120 §8.2.3: an iq has an id and one of four types, and a request has exactly one child.
bool isProperRequest(const xml::Stanza &stanza)
{
    if (stanza.kind != xml::StanzaKind::Iq) {
        return true;
    }
    if (stanza.id.empty() || stanza.type == xml::StanzaType::Unknown) {
        return false;
    }
    return !stanza.isRequest() || (stanza.payload() && !stanza.payload().next());
}

/// An error is not answered by one. One that answers an accepted message and cannot be stored now must come again, so
/// it must not be counted (rule 6); what is refused for good is dropped.
bool mayGoUntold(const session::Session &session, const xml::Stanza &stanza, const StanzaError &error)
{
    const bool later = error.type == stream::ErrorType::Wait || error.condition == StanzaCondition::InternalServerError;
    return !later || !session.acknowledges() || !ledger::answersByError(stanza);
}

} // namespace

void Router::onStanza(session::Session &session, xml::Stanza &&stanza, std::uint32_t number)
{
    Resource *resource = resourceOf(session);
    GW_ASSERT(resource != nullptr);
    ++m_counters.stanzasIn;
    // The sender is who proved to be it, never the client's word (RFC 6120 §8.1.2.1).
    stanza.from = session.jid();
    const ledger::Waiter waiter{session.id().value, number, static_cast<std::uint32_t>(stanza.bytes.size())};
    Account &account = resource->account();
    if (account.facts != Account::Facts::Known) {
        account.waitingStanzas.push_back({waiter, std::move(stanza)});
        learn(account);
        return;
    }
    take(*resource, std::move(stanza), waiter);
}

void Router::take(Resource &resource, xml::Stanza &&stanza, const ledger::Waiter &waiter)
{
    if (!isProperRequest(stanza)) {
        tellRefused(waiter, stanza, StanzaError(StanzaCondition::BadRequest));
        return;
    }
    if (!mayLeave(resource, stanza, waiter)) {
        return;
    }
    switch (stanza.kind) {
    case xml::StanzaKind::Message:
        sendMessage(resource, std::move(stanza), waiter);
        return;
    case xml::StanzaKind::Presence:
        xml::restamp(stanza);
        contactsOf(resource.account()).onOutboundPresence(contactsKey(resource.id()), std::move(stanza));
        break;
    case xml::StanzaKind::Iq:
        xml::restamp(stanza);
        handleIq(resource, std::move(stanza));
        break;
    }
    settle(waiter);
}

void Router::sendMessage(Resource &resource, xml::Stanza &&message, const ledger::Waiter &waiter)
{
    if (message.to.empty()) {
        message.to = resource.jid().bare(); // RFC 6120 §10.3.1
    }
    xml::restamp(message);
    stripForeignIds(message);
    modules::MessageEvent event{message, &resource, resource.account().text(), true, std::nullopt};
    switch (m_hooks.dispatchSent(event)) {
    case modules::Verdict::Continue:
        break;
    case modules::Verdict::Refuse:
        tellRefused(waiter, message, event.refusal.value_or(StanzaError(StanzaCondition::NotAcceptable)));
        return;
    case modules::Verdict::Handled:
        settle(waiter);
        return;
    }
    const HostKind host = hostKind(message.to.domain());
    const ledger::RecipientKind recipient = host == HostKind::Accounts    ? ledger::RecipientKind::Account
                                            : host == HostKind::Anonymous ? ledger::RecipientKind::AnonymousAccount
                                                                          : ledger::RecipientKind::Elsewhere;
    if (host == HostKind::Accounts && message.to.hasLocal() && ledger::answersByError(message)) {
        sendError(resource, std::move(message), waiter);
        return;
    }
    const ledger::Storability storability = ledger::classify(message, recipient);
    if (!storability.storable || host != HostKind::Accounts || !message.to.hasLocal()) {
        sendUnstored(resource, std::move(message), storability);
        settle(waiter);
        return;
    }
    Account &account = resource.account();
    WaitingSend send;
    send.waiter = waiter;
    Envelope &envelope = send.envelope;
    envelope.kind = Envelope::Kind::Storable;
    envelope.source = m_services.link.self();
    const bool registered = account.kind() == AccountKind::Registered;
    if (registered) {
        envelope.flags = envelope.flags | ledger::RowFlag::SenderHere;
    }
    if (storability.permanent) {
        envelope.flags = envelope.flags | ledger::RowFlag::ArchiveRecipient;
        if (registered && event.archive) {
            envelope.flags = envelope.flags | ledger::RowFlag::ArchiveSender;
        }
    }
    if (storability.carbon) {
        envelope.flags = envelope.flags | ledger::RowFlag::Carbon;
    }
    if (const auto key = ledger::resendKey(m_options.resendSecret, account.text(), message)) {
        envelope.flags = envelope.flags | ledger::RowFlag::HasKey;
        envelope.key = *key;
    }
    envelope.kept = base::shareBytes(std::move(message.bytes));
    envelope.stanza = std::move(message);
    sendStorable(account, std::move(send));
}

void Router::sendStorable(Account &account, WaitingSend &&send)
{
    const bool hasKey = ledger::has(send.envelope.flags, ledger::RowFlag::HasKey);
    if (account.keys != Account::Keys::Known && (hasKey || !account.waitingSends.empty())) {
        account.waitingSends.push_back(std::move(send));
        loadSentKeys(account);
        return;
    }
    if (hasKey) {
        switch (account.sentKeys.look(send.envelope.key)) {
        case ledger::SentKeys::Verdict::Done:
            ++m_counters.resends;
            settle(send.waiter);
            return;
        case ledger::SentKeys::Verdict::OnItsWay:
            ++m_counters.resends;
            account.sentKeys.join(send.envelope.key, send.waiter);
            return;
        case ledger::SentKeys::Verdict::New:
            account.sentKeys.begin(send.envelope.key);
            break;
        }
    }
    InFlightMessage message;
    message.sender = &account;
    message.waiter = send.waiter;
    message.senderBare = account.text();
    message.recipientBare = send.envelope.stanza.to.bareText();
    message.flags = send.envelope.flags;
    message.key = send.envelope.key;
    message.stanza = send.envelope.kept;
    ++account.outgoing;
    send.envelope.ticket = m_inFlight.add(std::move(message));
    const ledger::ShardIndex home = m_services.link.homeOf(send.envelope.stanza.to.bareText());
    if (home == m_services.link.self()) {
        arrive(std::move(send.envelope));
    } else {
        m_services.link.post(home, std::move(send.envelope));
    }
}

void Router::loadSentKeys(Account &account)
{
    if (account.keys != Account::Keys::Unknown) {
        return;
    }
    account.keys = Account::Keys::Asked;
    m_services.log.recentKeys(
        account.text(), m_options.sentKeysMax,
        [this, alive = m_lifetime.watch(), bare = account.text()](base::Result<std::vector<ledger::SentKey>> keys) {
            Account *loaded = alive.expired() ? nullptr : findAccount(bare);
            if (!loaded) {
                return;
            }
            std::vector<WaitingSend> waiting = std::move(loaded->waitingSends);
            loaded->waitingSends.clear();
            if (!keys) {
                base::log(base::LogLevel::Warning, "router", "what an account sent could not be read",
                          {{"account", bare}, {"error", keys.error().text()}});
                waitForSentKeys(*loaded, std::move(waiting));
                return;
            }
            loaded->keys = Account::Keys::Known;
            loaded->sentKeys.load(*keys);
            for (WaitingSend &send : waiting) {
                sendStorable(*loaded, std::move(send));
            }
        });
}

/// Without the keys a resend could be stored twice, or refused although it is stored; so nothing is taken and nobody is
/// told, until they can be read. Reading from the senders pauses at the bound of what is not committed (rule 16).
void Router::waitForSentKeys(Account &account, std::vector<WaitingSend> &&waiting)
{
    account.keys = Account::Keys::Unknown;
    for (WaitingSend &send : waiting) {
        const auto found = m_sessions.find(send.waiter.session);
        // Of a session that is gone nothing was acknowledged, and its client sends again.
        if (found != m_sessions.end()) {
            found->second->session().wakeAfter(readAgainAfter);
            account.waitingSends.push_back(std::move(send));
        }
    }
}

void Router::forgetWaitingSends(Account &account, session::SessionId gone)
{
    // While it is not known whether they are in the log already, and nobody is asked; its client sends them again.
    if (account.keys == Account::Keys::Unknown) {
        std::erase_if(account.waitingSends,
                      [gone](const WaitingSend &send) { return send.waiter.session == gone.value; });
    }
}

void Router::sendUnstored(Resource &resource, xml::Stanza &&message, ledger::Storability storability)
{
    if (storability.carbon && message.type != xml::StanzaType::Error) {
        copyToOthers(resource.account(), message, &resource, "sent");
    }
    route(std::move(message));
}

void Router::copyToOthers(Account &account, const xml::Stanza &message, const Resource *except,
                          std::string_view wrapper)
{
    for (const auto &other : account.resources) {
        if (other.get() == except || !other->carbons() || !other->session().attached()) {
            continue;
        }
        std::string copy;
        xml::XmlWriter writer(copy);
        writer.open("message")
            .attribute("from", account.text())
            .attribute("to", other->jid().text())
            .attribute("type", message.type == xml::StanzaType::Chat ? "chat" : "normal");
        writer.open(wrapper, "urn:xmpp:carbons:2").open("forwarded", "urn:xmpp:forward:0");
        constexpr std::string_view start = "<message";
        writer.raw("<message xmlns='jabber:client'").raw(std::string_view(message.bytes).substr(start.size()));
        writer.close().close().close();
        other->session().write(copy, session::Weight::ChatState, {});
    }
}

void Router::handleIq(Resource &resource, xml::Stanza &&iq)
{
    Account &account = resource.account();
    if (iq.type == xml::StanzaType::Unknown) {
        bounce(iq, StanzaError(StanzaCondition::BadRequest)); // RFC 6120 §8.2.3
        return;
    }
    if (iq.to.empty() || iq.to == account.jid()) {
        iq.to = account.jid();
        if (!iq.isRequest()) {
            return;
        }
        if (iq.payload().is("query", "jabber:iq:roster")) {
            contactsOf(account).onRosterIq(contactsKey(resource.id()), std::move(iq));
        } else if (iq.payload().is("bind", "urn:ietf:params:xml:ns:xmpp-bind")) {
            bounce(iq, StanzaError(StanzaCondition::NotAllowed));
        } else if (iq.payload().is("session", "urn:ietf:params:xml:ns:xmpp-session")) {
            resource.write(stream::resultReply(iq, {}));
        } else {
            dispatchIq(std::move(iq), modules::IqTarget::Account, &resource);
        }
        return;
    }
    if (!iq.to.hasLocal() && hostKind(iq.to.domain()) != HostKind::Elsewhere) {
        serverStanza(std::move(iq), &resource);
        return;
    }
    route(std::move(iq));
}

void Router::settle(const ledger::Waiter &waiter)
{
    const auto found = m_sessions.find(waiter.session);
    if (found != m_sessions.end()) {
        found->second->session().resolve(waiter.number, waiter.bytes);
    }
}

void Router::refuseSend(ledger::Ticket ticket, const xml::Stanza &stanza, const StanzaError &error)
{
    InFlightMessage message = m_inFlight.take(ticket);
    GW_ASSERT(message.sender != nullptr);
    ++m_counters.refused;
    --message.sender->outgoing;
    tellRefused(message.waiter, stanza, error);
    if (ledger::has(message.flags, ledger::RowFlag::HasKey)) {
        for (const ledger::Waiter &waiter : message.sender->sentKeys.failed(message.key)) {
            tellRefused(waiter, stanza, error);
        }
    }
}

/// The error goes out before the ack that covers the stanza (rule 3), and to the very session that waits for that ack:
/// on the way of other stanzas it would stand behind messages that are being stored.
void Router::tellRefused(const ledger::Waiter &waiter, const xml::Stanza &stanza, const StanzaError &error)
{
    const auto found = m_sessions.find(waiter.session);
    if (found == m_sessions.end()) {
        return;
    }
    session::Session &session = found->second->session();
    xml::Stanza mine = stanza;
    mine.from = session.jid();
    const std::optional<std::string> reply = stream::errorReply(mine, error);
    const bool told = reply ? session.write(*reply, session::Weight::Must, {}) : mayGoUntold(session, stanza, error);
    if (!told) {
        // Nowhere to put it: a stream that went on would count the message as taken.
        session.end(session::EndReason::ResourceConstraint);
    }
    settle(waiter);
}

void Router::bounce(const xml::Stanza &stanza, const StanzaError &error)
{
    std::optional<std::string> reply = stream::errorReply(stanza, error);
    if (!reply) {
        return;
    }
    base::Result<xml::Stanza> parsed = xml::parseStanza(*reply);
    GW_ASSERT(parsed.ok());
    route(std::move(*parsed));
}

void Router::stripForeignIds(xml::Stanza &stanza) const
{
    // Only we say what a message is called in our logs (XEP-0359 §5).
    xml::ElementView child = stanza.root().child("stanza-id", "urn:xmpp:sid:0");
    while (child) {
        const base::Result<jid::Jid> by = jid::Jid::parse(child.attribute("by"));
        if (by.ok() && hostKind(by->domain()) != HostKind::Elsewhere) {
            xml::removeChild(stanza, child);
            child = stanza.root().child("stanza-id", "urn:xmpp:sid:0");
        } else {
            child = child.next("stanza-id", "urn:xmpp:sid:0");
        }
    }
}

} // namespace godwit::router
