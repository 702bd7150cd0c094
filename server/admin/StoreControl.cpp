// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/StoreControl.h"

#include "admin/ImportLine.h"

#include <algorithm>

namespace godwit::admin
{

using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;

StoreControl::StoreControl(store::Engine &engine, StoreMail &mail, std::string domain, Surroundings surroundings)
    : m_mail(mail)
    , m_domain(std::move(domain))
    , m_surroundings(std::move(surroundings))
    , m_accounts(engine.accountsFor(mail))
    , m_log(engine.logFor(mail, mail))
    , m_stanzaIds(engine.stanzaIdKey())
{
}

Result<std::vector<bool>> StoreControl::known(const std::vector<std::string> &accounts)
{
    // All are asked before the first answer is awaited: the account thread does what waits in one go.
    std::vector<std::optional<Result<bool>>> answers(accounts.size());
    std::size_t answered = 0;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        m_accounts->exists(accounts[i], [&answers, &answered, i](Result<bool> answer) {
            answers[i].emplace(std::move(answer));
            ++answered;
        });
    }
    m_mail.waitFor([&] { return answered == accounts.size(); });
    std::vector<bool> result;
    for (const auto &answer : answers) {
        if (!answer->ok()) {
            return answer->error();
        }
        result.push_back(**answer);
    }
    return result;
}

Result<std::vector<Result<Ok>>> StoreControl::put(const std::vector<AccountKeys> &accounts, PutMode mode)
{
    std::vector<std::optional<Result<Ok>>> answers(accounts.size());
    std::size_t answered = 0;
    const auto keep = [&answers, &answered](std::size_t i) {
        return [&answers, &answered, i](Result<Ok> answer) {
            answers[i].emplace(std::move(answer));
            ++answered;
        };
    };
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        const AccountKeys &one = accounts[i];
        const Result<std::string> jid = accountJid(one.jid, m_domain);
        if (!jid) {
            keep(i)(jid.error());
        } else if (mode == PutMode::Set) {
            m_accounts->setCredentials(*jid, one.credentials, keep(i));
        } else if (mode == PutMode::Add) {
            m_accounts->create(*jid, one.credentials, keep(i));
        } else {
            m_accounts->create(*jid, one.credentials, [this, &one, account = *jid, done = keep(i)](Result<Ok> created) {
                if (!created && created.error().code() == ErrorCode::AlreadyExists) {
                    m_accounts->setCredentials(account, one.credentials, done);
                } else {
                    done(std::move(created));
                }
            });
        }
    }
    m_mail.waitFor([&] { return answered == accounts.size(); });
    std::vector<Result<Ok>> result;
    result.reserve(answers.size());
    for (auto &answer : answers) {
        result.push_back(std::move(*answer));
    }
    return result;
}

Result<Ok> StoreControl::forgetMessages(const std::string &account)
{
    return m_mail.await<Ok>([&](auto done) { m_log->removeAccount(account, done); });
}

Result<Ok> StoreControl::remove(const std::string &account)
{
    // Nobody logs in any more, whoever is in goes, then the messages go, and the account last: when this is cut short
    // the account is still there and can be removed again. What came in meanwhile is swept away behind it.
    accounts::Credentials none;
    none.disabled = true;
    Result<Ok> done = m_mail.await<Ok>([&](auto answer) { m_accounts->setCredentials(account, none, answer); });
    if (!done) {
        return done;
    }
    m_surroundings.endSessions(account);
    done = forgetMessages(account);
    if (!done) {
        return done;
    }
    done = m_mail.await<Ok>([&](auto answer) { m_accounts->remove(account, answer); });
    if (!done) {
        return done;
    }
    m_surroundings.endSessions(account);
    return forgetMessages(account);
}

Result<std::vector<accounts::AccountInfo>> StoreControl::list(const std::string &after, std::size_t limit)
{
    return m_mail.await<std::vector<accounts::AccountInfo>>(
        [&](auto done) { m_accounts->list(after, std::min(limit, accountsPerCallMax), done); });
}

Result<std::vector<StatusLine>> StoreControl::status()
{
    std::vector<StatusLine> lines = m_surroundings.status();
    const Result<std::uint64_t> count = m_mail.await<std::uint64_t>([&](auto done) { m_accounts->count(done); });
    if (!count) {
        return count.error();
    }
    lines.push_back({"accounts", std::to_string(*count)});
    return lines;
}

MessageTrace::Party StoreControl::party(const std::string &account, const ledger::RowTrace &trace) const
{
    MessageTrace::Party party;
    party.stanzaId = m_stanzaIds.encode(account, trace.row.seq);
    const bool sender = account == trace.row.sender;
    party.archived =
        ledger::has(trace.row.flags, sender ? ledger::RowFlag::ArchiveSender : ledger::RowFlag::ArchiveRecipient);
    party.pending = trace.pending;
    for (const ledger::RowTrace::Receipt &proof : trace.proofs) {
        party.proofs.push_back({proof.device, proof.time});
    }
    return party;
}

Result<MessageTrace> StoreControl::trace(const std::string &account, const std::string &id)
{
    const std::optional<ledger::Seq> seq = m_stanzaIds.decode(account, id);
    if (!seq) {
        return Error(
            ErrorCode::InvalidInput,
            "this is no stanza-id of " + account +
                ": each party of a message has its own, in the <stanza-id/> that its clients are sent; ids that "
                "the sender chose (message id, origin-id) are not searchable");
    }
    const auto ask = [&](const std::string &party) {
        return m_mail.await<ledger::RowTrace>([&](auto done) { m_log->trace(party, *seq, done); });
    };
    const Result<ledger::RowTrace> own = ask(account);
    if (!own) {
        return own.error();
    }
    const ledger::LogRow &row = own->row;
    MessageTrace trace;
    trace.sender = row.sender;
    trace.recipient = row.recipient;
    trace.stored = row.time;
    trace.bytes = row.stanza ? row.stanza->size() : 0;
    trace.event = ledger::has(row.flags, ledger::RowFlag::Event);
    const auto fill = [&](const std::string &jid, ledger::RowFlag here, std::optional<MessageTrace::Party> &out) {
        if (jid == account) {
            out = party(account, *own);
        } else if (ledger::has(row.flags, here)) {
            // Not there any more when the account was removed.
            if (const Result<ledger::RowTrace> other = ask(jid)) {
                out = party(jid, *other);
            }
        }
    };
    fill(row.sender, ledger::RowFlag::SenderHere, trace.atSender);
    fill(row.recipient, ledger::RowFlag::RecipientHere, trace.atRecipient);
    return trace;
}

} // namespace godwit::admin
