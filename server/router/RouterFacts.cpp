// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What the modules have to know of an account before its stanzas pass, and whom they let pass.

#include "router/Router.h"

#include "base/Log.h"
#include "router/AccountContacts.h"

namespace godwit::router
{

using modules::Verdict;
using stream::StanzaCondition;
using stream::StanzaError;

void Router::learn(Account &account)
{
    if (account.facts != Account::Facts::Unknown) {
        return;
    }
    account.facts = Account::Facts::Asked;
    m_hooks.loadAccount(account.text(), [this, alive = m_lifetime.watch(),
                                         bare = account.text()](const base::Result<base::Ok> &learned) {
        if (!alive.expired()) {
            onLearned(bare, learned);
        }
    });
}

void Router::onLearned(const std::string &bare, const base::Result<base::Ok> &learned)
{
    Account *account = findAccount(bare);
    GW_ASSERT(account != nullptr); // it is not idle while it is asked about
    account->facts = learned.ok() ? Account::Facts::Known : Account::Facts::Unknown;
    m_idle.push_back(bare);
    if (!learned) {
        base::log(base::LogLevel::Error, "router", "what an account wants could not be read",
                  {{"account", bare}, {"error", learned.error().text()}});
        refuseUnlearned(*account, stream::toStanzaError(learned.error()));
        return;
    }
    std::vector<Envelope> arrivals = std::move(account->arrivals);
    account->arrivals.clear();
    for (Envelope &envelope : arrivals) {
        arriveAt(*account, std::move(envelope));
    }
    std::vector<WaitingStanza> stanzas = std::move(account->waitingStanzas);
    account->waitingStanzas.clear();
    for (WaitingStanza &waiting : stanzas) {
        const auto found = m_sessions.find(waiting.waiter.session);
        if (found != m_sessions.end()) {
            take(*found->second, std::move(waiting.stanza), waiting.waiter);
        }
    }
}

/// Everything that waits is answered; the next stanza asks again.
void Router::refuseUnlearned(Account &account, const StanzaError &error)
{
    std::vector<Envelope> arrivals = std::move(account.arrivals);
    account.arrivals.clear();
    for (Envelope &envelope : arrivals) {
        if (envelope.kind == Envelope::Kind::Storable) {
            refuse(std::move(envelope), error);
        } else {
            bounce(envelope.stanza, error);
        }
    }
    std::vector<WaitingStanza> stanzas = std::move(account.waitingStanzas);
    account.waitingStanzas.clear();
    for (const WaitingStanza &waiting : stanzas) {
        tellRefused(waiting.waiter, waiting.stanza, error);
    }
}

bool Router::mayLeave(Resource &resource, const xml::Stanza &stanza, const ledger::Waiter &waiter)
{
    if (stanza.to.empty()) {
        return true;
    }
    modules::Passage passage{stanza, resource.account().text(), stanza.to, std::nullopt};
    const Verdict verdict = m_hooks.dispatchOutgoing(passage);
    if (verdict == Verdict::Continue) {
        return true;
    }
    if (verdict == Verdict::Refuse) {
        tellRefused(waiter, stanza, passage.refusal.value_or(StanzaError(StanzaCondition::NotAcceptable)));
    } else {
        settle(waiter);
    }
    return false;
}

bool Router::maySend(const Account &account, const xml::Stanza &presence) const
{
    modules::Passage passage{presence, account.text(), presence.to, std::nullopt};
    return m_hooks.dispatchOutgoing(passage) == Verdict::Continue;
}

bool Router::mayEnter(Account &account, Envelope &envelope)
{
    modules::Passage passage{envelope.stanza, account.text(), envelope.stanza.from, std::nullopt};
    const Verdict verdict = m_hooks.dispatchIncoming(passage);
    if (verdict == Verdict::Continue) {
        return true;
    }
    const StanzaError error = passage.refusal.value_or(StanzaError(StanzaCondition::ServiceUnavailable));
    if (envelope.kind == Envelope::Kind::Storable) {
        refuse(std::move(envelope), error);
    } else if (verdict == Verdict::Refuse) {
        bounce(envelope.stanza, error);
    }
    return false;
}

void Router::hideFrom(const std::string &account, const Covers &covers)
{
    Account *found = findAccount(account);
    if (found && found->contacts) {
        found->contacts->contacts().hideFrom(covers);
    }
}

void Router::showTo(const std::string &account, const Covers &covers)
{
    Account *found = findAccount(account);
    if (found && found->contacts) {
        found->contacts->contacts().showTo(covers);
    }
}

void Router::holdAccount(const std::string &account)
{
    Account *held = findAccount(account);
    GW_ASSERT(held != nullptr);
    ++held->holds;
}

void Router::releaseAccount(const std::string &account)
{
    Account *held = findAccount(account);
    GW_ASSERT(held != nullptr && held->holds > 0);
    --held->holds;
    m_idle.push_back(account);
}

void Router::pendingDropped(const std::string &account)
{
    if (Account *found = findAccount(account)) {
        found->fewerWait();
    }
}

} // namespace godwit::router
