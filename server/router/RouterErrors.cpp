// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// DELIVERY.md rule 9: an error that answers an accepted message is an event of that message. It takes the way of a
// storable message; at the home of whom it is for it is first looked up whether it answers anything. What answers
// nothing is delivered as RFC 6121 §8 says, and is stored nowhere.

#include "router/Router.h"

#include "base/Log.h"
#include "ledger/RowText.h"
#include "xml/XmlWriter.h"

#include <algorithm>
#include <memory>

namespace godwit::router
{

using stream::StanzaCondition;
using stream::StanzaError;

namespace
{

/// Messages between two accounts among which the one that is answered is looked for, newest first.
constexpr std::size_t answeredMax = 256;

bool isAnswered(const ledger::LogRow &row, const std::string &account, const std::string &escapedId)
{
    return row.sender == account && row.stanza && !ledger::has(row.flags, ledger::RowFlag::Event) &&
           ledger::startTagAttribute(*row.stanza, "id") == escapedId;
}

} // namespace

void Router::sendError(Resource &resource, xml::Stanza &&error, const ledger::Waiter &waiter)
{
    Account &account = resource.account();
    WaitingSend send;
    send.waiter = waiter;
    Envelope &envelope = send.envelope;
    envelope.kind = Envelope::Kind::Storable;
    envelope.source = m_services.link.self();
    envelope.flags = ledger::RowFlag::Event | ledger::RowFlag::Carbon | ledger::RowFlag::HasKey;
    if (account.kind() == AccountKind::Registered) {
        // The key is found again among what this account sent.
        envelope.flags = envelope.flags | ledger::RowFlag::SenderHere;
    }
    envelope.key = ledger::errorKey(m_options.resendSecret, account.text(), error);
    envelope.kept = base::shareBytes(std::move(error.bytes));
    envelope.stanza = std::move(error);
    sendStorable(account, std::move(send));
}

bool Router::waitsBehindLookUp(Account &account, Envelope &envelope)
{
    for (Account::LookUp &lookUp : account.lookUps) {
        if (lookUp.delays(envelope)) {
            lookUp.followers.push_back(std::move(envelope));
            return true;
        }
    }
    return false;
}

void Router::judgeError(Account &account, Envelope &&envelope)
{
    ledger::ArchiveQuery query;
    query.account = account.text();
    query.with = std::string(envelope.stanza.from.bareText());
    query.lastPage = true;
    query.max = answeredMax;
    query.wantCount = false;
    query.scope = ledger::ArchiveScope::WholeLog;
    account.lookUps.push_back({envelope.stanza.from, {}});
    auto waiting = std::make_shared<Envelope>(std::move(envelope));
    m_services.log.queryArchive(std::move(query), [this, alive = m_lifetime.watch(), bare = account.text(),
                                                   waiting](const base::Result<ledger::ArchivePage> &page) {
        if (!alive.expired()) {
            onErrorLookedUp(bare, std::move(*waiting), page);
        }
    });
}

void Router::onErrorLookedUp(const std::string &bare, Envelope &&envelope,
                             const base::Result<ledger::ArchivePage> &page)
{
    Account *account = findAccount(bare);
    GW_ASSERT(account != nullptr); // it is not idle while something is looked up for it
    if (!page) {
        base::log(base::LogLevel::Warning, "router", "whether an error answers a message could not be read",
                  {{"account", bare}, {"error", page.error().text()}});
    }
    const auto lookUp = std::find_if(account->lookUps.begin(), account->lookUps.end(), [&](const auto &candidate) {
        return candidate.sender.bareText() == envelope.stanza.from.bareText();
    });
    GW_ASSERT(lookUp != account->lookUps.end());
    std::vector<Envelope> followers = std::move(lookUp->followers);
    account->lookUps.erase(lookUp);
    // Its sender may have been blocked meanwhile.
    if (mayEnter(*account, envelope)) {
        std::string id;
        xml::appendEscapedAttribute(id, envelope.stanza.id);
        // What cannot be looked up is stored: an error too many is shown once, one that is missing is lost for good.
        const bool answers = !page || std::any_of(page->rows.begin(), page->rows.end(),
                                                  [&](const auto &row) { return isAnswered(row, bare, id); });
        onErrorJudged(*account, std::move(envelope), answers ? ErrorMeaning::Event : ErrorMeaning::Nothing);
    }
    for (Envelope &follower : followers) {
        arriveAt(*account, std::move(follower));
    }
    m_idle.push_back(bare);
}

void Router::onErrorJudged(Account &account, Envelope &&envelope, ErrorMeaning meaning)
{
    if (meaning == ErrorMeaning::Event) {
        store(account, std::move(envelope));
        return;
    }
    Envelope error;
    error.source = envelope.source;
    error.stanza = envelope.stanza;
    error.stanza.bytes = *envelope.kept;
    if (!waitsBehind(account, error)) {
        deliver(account, std::move(error.stanza));
    }
    // Nothing was stored; an error is not answered by one, so its sender only learns that it was taken.
    refuse(std::move(envelope), StanzaError(StanzaCondition::ServiceUnavailable));
}

} // namespace godwit::router
