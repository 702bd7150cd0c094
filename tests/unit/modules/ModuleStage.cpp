// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "ModuleStage.h"

namespace godwit::modules::test
{

const std::string ModuleStage::account = "anna@example.org";

namespace
{

/// Ids that say what they are.
class PlainIds final : public ledger::StanzaIds
{
public:
    std::string encode(std::string_view, ledger::Seq seq) const override { return std::to_string(seq.value); }
    std::optional<ledger::Seq> decode(std::string_view, std::string_view id) const override
    {
        return ledger::Seq(std::stoull(std::string(id)));
    }
};

xml::Stanza stanzaOf(const std::string &bytes)
{
    base::Result<xml::Stanza> stanza = xml::parseStanza(bytes);
    GW_ASSERT(stanza.ok());
    return std::move(*stanza);
}

void note(const Passage &passage, std::string *refusal)
{
    if (refusal && passage.refusal) {
        *refusal = stream::errorElement(*passage.refusal);
    }
}

} // namespace

ModuleStage::ModuleStage(std::unique_ptr<Module> module, std::map<std::string, std::string> moduleSettings)
    : m_engine(&m_clock)
    , m_log(m_engine.logFor(*this, *this))
    , m_accounts(m_engine.accountsFor(*this))
    , m_ids(std::make_unique<PlainIds>())
    , m_settings(std::move(moduleSettings))
    , m_module(std::move(module))
{
    m_module->start(*this, hooks);
    m_accounts->create(account, {}, [](const base::Result<base::Ok> &made) { GW_ASSERT(made.ok()); });
    settle();
}

ModuleStage::~ModuleStage() = default;

FakePort &ModuleStage::session(const std::string &resource)
{
    base::Result<jid::Jid> jid = jid::Jid::parse(account + '/' + resource);
    GW_ASSERT(jid.ok());
    ports.push_back(std::make_unique<FakePort>(session::SessionId(ports.size() + 1), std::move(*jid)));
    return *ports.back();
}

void ModuleStage::settle()
{
    while (!m_tasks.empty()) {
        const store::Task task = std::move(m_tasks.front());
        m_tasks.pop_front();
        task();
    }
}

std::string ModuleStage::ask(FakePort &session, const std::string &type, const std::string &payload)
{
    const xml::Stanza iq = stanzaOf("<iq from='" + session.jid().text() + "' to='" + account + "' id='a' type='" +
                                    type + "'>" + payload + "</iq>");
    std::string answer;
    IqReply reply(iq, [&answer](const std::string &bytes) { answer = bytes; });
    const IqRequest request{iq, IqTarget::Account, iq.to, true, &session};
    if (!hooks.dispatchIq(request, reply)) {
        reply.error(stream::StanzaError(stream::StanzaCondition::ServiceUnavailable));
    }
    settle();
    return answer;
}

base::Result<base::Ok> ModuleStage::load()
{
    std::optional<base::Result<base::Ok>> outcome;
    hooks.loadAccount(account, [&outcome](base::Result<base::Ok> loaded) { outcome = std::move(loaded); });
    settle();
    GW_ASSERT(outcome.has_value());
    return *outcome;
}

Verdict ModuleStage::incoming(const std::string &bytes, std::string *refusal)
{
    const xml::Stanza stanza = stanzaOf(bytes);
    Passage passage{stanza, account, stanza.from, std::nullopt};
    const Verdict verdict = hooks.dispatchIncoming(passage);
    note(passage, refusal);
    return verdict;
}

Verdict ModuleStage::outgoing(const std::string &bytes, std::string *refusal)
{
    const xml::Stanza stanza = stanzaOf(bytes);
    Passage passage{stanza, account, stanza.to, std::nullopt};
    const Verdict verdict = hooks.dispatchOutgoing(passage);
    note(passage, refusal);
    return verdict;
}

bool ModuleStage::archivesSent(const std::string &to)
{
    xml::Stanza message = stanzaOf("<message from='" + account + "/a' to='" + to + "'></message>");
    MessageEvent event{message, nullptr, account, true, std::nullopt};
    return hooks.dispatchSent(event) == Verdict::Continue && event.archive;
}

bool ModuleStage::archivesReceived(const std::string &from)
{
    xml::Stanza message = stanzaOf("<message from='" + from + "' to='" + account + "'></message>");
    MessageEvent event{message, nullptr, account, true, std::nullopt};
    return hooks.dispatchReceived(event) == Verdict::Continue && event.archive;
}

SessionPort *ModuleStage::session(session::SessionId id)
{
    for (const auto &port : ports) {
        if (port->id() == id) {
            return port.get();
        }
    }
    return nullptr;
}

std::vector<SessionPort *> ModuleStage::sessionsOf(std::string_view bare)
{
    std::vector<SessionPort *> found;
    for (const auto &port : ports) {
        if (port->jid().bareText() == bare) {
            found.push_back(port.get());
        }
    }
    return found;
}

void ModuleStage::hideFrom(const std::string &, const Covers &covers)
{
    for (const std::string &probe : probes) {
        if (covers(jid::Jid::fromPrepared(probe))) {
            shown.push_back("hide " + probe);
        }
    }
}

void ModuleStage::showTo(const std::string &, const Covers &covers)
{
    for (const std::string &probe : probes) {
        if (covers(jid::Jid::fromPrepared(probe))) {
            shown.push_back("show " + probe);
        }
    }
}

} // namespace godwit::modules::test
