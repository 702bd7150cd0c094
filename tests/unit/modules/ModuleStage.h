// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// One module on one shard: the account anna@example.org over a store in memory, with a session.
#pragma once

#include "modules/Module.h"
#include "store/memory/MemoryEngine.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace godwit::modules::test
{

class FakePort final : public SessionPort
{
public:
    FakePort(session::SessionId id, jid::Jid jid)
        : m_id(id)
        , m_jid(std::move(jid))
    {
    }
    session::SessionId id() const override { return m_id; }
    const jid::Jid &jid() const override { return m_jid; }
    bool anonymous() const override { return false; }
    bool carbons() const override { return false; }
    void setCarbons(bool) override {}
    void setReadsArchive() override {}
    void write(std::string_view bytes) override { written.emplace_back(bytes); }
    void writeProving(std::string_view bytes, ledger::Seq) override { written.emplace_back(bytes); }

    std::vector<std::string> written;

private:
    session::SessionId m_id;
    jid::Jid m_jid;
};

class ModuleStage final : private Services, private store::Executor, private ledger::LogSink
{
public:
    explicit ModuleStage(std::unique_ptr<Module> module, std::map<std::string, std::string> moduleSettings = {});
    ~ModuleStage() override;

    static const std::string account;
    Hooks hooks;
    std::vector<std::unique_ptr<FakePort>> ports;
    std::vector<std::string> shown;  ///< "hide jid" and "show jid" for the addresses that were probed with
    int dropped = 0;                 ///< how often it was told that nothing waits from somebody any more
    int holds = 0;                   ///< of the account
    std::vector<std::string> probes; ///< whom hideFrom and showTo are asked about

    FakePort &session(const std::string &resource);
    /// What the module answers to an iq of that session, once everything that it asked is answered.
    std::string ask(FakePort &session, const std::string &type, const std::string &payload);
    /// Loads the account as the router does; the code of the failure, if any.
    base::Result<base::Ok> load();
    void forget() { hooks.accountForgotten(account); }
    accounts::AccountStore &store() { return *m_accounts; }
    void settle();

    Verdict incoming(const std::string &stanza, std::string *refusal = nullptr);
    Verdict outgoing(const std::string &stanza, std::string *refusal = nullptr);
    bool archivesSent(const std::string &to);
    bool archivesReceived(const std::string &from);

private:
    // store::Executor
    void post(store::Task task) override { m_tasks.push_back(std::move(task)); }
    // ledger::LogSink
    void onCommitted(std::span<const ledger::Committed>) override {}
    void onNotCommitted(std::span<const ledger::NotCommitted>) override {}
    // Services
    const base::Clock &clock() const override { return m_clock; }
    base::Random &random() override { return m_random; }
    ledger::LogStore &log() override { return *m_log; }
    accounts::AccountStore &accounts() override { return *m_accounts; }
    const ledger::StanzaIds &stanzaIds() const override { return *this->m_ids; }
    const std::string &domain() const override { return m_domain; }
    void route(xml::Stanza &&) override {}
    SessionPort *session(session::SessionId id) override;
    std::vector<SessionPort *> sessionsOf(std::string_view bare) override;
    void hideFrom(const std::string &, const Covers &covers) override;
    void showTo(const std::string &, const Covers &covers) override;
    void pendingDropped(const std::string &) override { ++dropped; }
    void holdAccount(const std::string &) override { ++holds; }
    void releaseAccount(const std::string &) override { --holds; }
    const std::map<std::string, std::string> &settings(std::string_view) const override { return m_settings; }

    base::ManualClock m_clock;
    base::SystemRandom m_random;
    std::deque<store::Task> m_tasks;
    store::MemoryEngine m_engine;
    std::unique_ptr<ledger::LogStore> m_log;
    std::unique_ptr<accounts::AccountStore> m_accounts;
    std::unique_ptr<ledger::StanzaIds> m_ids;
    std::string m_domain = "example.org";
    std::map<std::string, std::string> m_settings;
    std::unique_ptr<Module> m_module;
};

} // namespace godwit::modules::test
