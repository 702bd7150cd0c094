// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The accounts of one shard and every way a stanza takes through it. Data flows one way: a session gives a stanza up;
// it goes to the home of its recipient (here or in another shard); there it is delivered, answered, or stored first and
// delivered when the log says so. Without I/O; one thread.
#pragma once

#include "accounts/AccountStore.h"
#include "base/Clock.h"
#include "base/Lifetime.h"
#include "base/Random.h"
#include "contacts/Contacts.h"
#include "ledger/LogStore.h"
#include "modules/Module.h"
#include "router/Account.h"
#include "router/Delivery.h"
#include "router/Envelope.h"
#include "router/InFlight.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

namespace godwit::router
{

/// What a router is told once.
struct RouterOptions {
    std::vector<std::string> hosts;          ///< served domains with accounts; the first is the server's own
    std::vector<std::string> anonymousHosts; ///< served domains of ANONYMOUS sessions
    base::SipKey resendSecret{};
    std::size_t sentKeysMax = 1'024;
    std::size_t sessionsPerAccountMax = 64;
    std::size_t resumableSessionsMax = 16; ///< of one account, without connection; the oldest goes first
    std::uint64_t pendingMessagesMax = 0;  ///< of one account; 0: any number
    std::size_t recentBytesMax = 524'288;  ///< rows of one account in memory for sessions that are behind; 0: none
    std::size_t idleAccountsMax = 4'096;   ///< accounts without sessions that are remembered
    session::SessionLimits session;
    contacts::ContactsLimits contacts;
    std::map<std::string, std::map<std::string, std::string>> moduleSettings;
    std::vector<std::string> disabledModules;
};

/// What a router uses. All of it outlives the router.
struct RouterServices {
    const base::Clock &clock;
    base::Random &random;
    ledger::LogStore &log;
    accounts::AccountStore &accounts;
    const ledger::StanzaIds &stanzaIds;
    ShardLink &link;
};

/// Counters for metrics and the benchmark; plain numbers, read by the shard's own thread.
struct RouterCounters {
    std::uint64_t stanzasIn = 0;
    std::uint64_t stored = 0;
    std::uint64_t refused = 0;
    std::uint64_t resends = 0;
    std::uint64_t proved = 0;
};

class Router final : public session::SessionHost, public ledger::LogSink, public modules::Services
{
public:
    Router(RouterOptions options, RouterServices services, std::vector<std::unique_ptr<modules::Module>> modules);
    ~Router() override;

    /// A client that proved to be `account` takes a resource. The session of that resource, if any, is replaced.
    /// `device` is its name for itself, empty for none. LimitExceeded when the account has too many sessions.
    base::Result<session::Session *> bind(const jid::Jid &full, AccountKind kind, std::string device,
                                          session::SessionOutput &output);

    /// The ends of an account's archive as they are when `done` is called, in <metadata/> (XEP-0313): who binds then
    /// sees live what comes behind them. Empty when there is no archive, or no end of it for a moment.
    void tellArchiveEnds(const jid::Jid &account, std::function<void(std::string metadata)> done);
    /// XEP-0386 §3.2: ends the other sessions of the client that is known by that device.
    void replaceDevice(const session::Session &by, std::string_view device);

    /// Hears how a resumption went, once: opened() and then replayed(), or failed().
    class Resumer
    {
    public:
        virtual ~Resumer() = default;
        /// The stream goes on: <resumed/> with the session's handled() is to be written now.
        virtual void opened(session::Session &session) = 0;
        /// What was not proved was written to the output behind it.
        virtual void replayed() = 0;
        /// `handled` is what the old session had handled, when it was still known.
        virtual void failed(std::optional<std::uint32_t> handled) = 0;
    };
    /// XEP-0198 §5. `output` is not touched before Resumer::opened().
    void resume(const jid::Jid &account, const std::string &previousId, std::uint32_t h, session::SessionOutput &output,
                Resumer &resumer);
    /// The connection behind it is gone before the resumption was done; `resumer` is not called any more.
    void cancelResume(Resumer &resumer);

    /// How much the process has to hold (DELIVERY.md rule 16): above its budget new sessions are refused, then reading
    /// waits.
    enum class Pressure : std::uint8_t { None, NoLogins, NoReading };
    void setPressure(Pressure pressure);
    Pressure pressure() const noexcept { return m_pressure; }
    struct Load {
        std::size_t flowing = 0; ///< bytes that leave by themselves
        std::size_t kept = 0;    ///< bytes that clients have to acknowledge
    };
    Load load() const;

    void onEnvelope(Envelope &&envelope);
    /// The account was removed by an administrator: its sessions end.
    void onAccountRemoved(const std::string &account);
    /// Ends every session (shutdown).
    void endAll(session::EndReason reason);

    void endTurn();
    /// Runs what is due; call at nextWake().
    void tick();
    std::optional<base::Instant> nextWake() const;

    const modules::Hooks &hooks() const noexcept { return m_hooks; }
    const RouterCounters &counters() const noexcept { return m_counters; }
    std::size_t sessionCount() const noexcept { return m_sessions.size(); }
    std::size_t inFlight() const noexcept { return m_inFlight.size(); }

    // session::SessionHost
    void onStanza(session::Session &session, xml::Stanza &&stanza, std::uint32_t number) override;
    void onProved(session::Session &session, const std::vector<ledger::SeqRange> &ranges) override;
    void onRoom(session::Session &session) override;
    void onDetached(session::Session &session) override;
    void onEnded(session::Session &session, session::EndReason reason) override;
    void atEndOfTurn(session::Session &session) override;
    void wakeAt(session::Session &session, base::Instant when) override;

    // ledger::LogSink
    void onCommitted(std::span<const ledger::Committed> batch) override;
    void onNotCommitted(std::span<const ledger::NotCommitted> batch) override;

    // modules::Services
    const base::Clock &clock() const override { return m_services.clock; }
    base::Random &random() override { return m_services.random; }
    ledger::LogStore &log() override { return m_services.log; }
    accounts::AccountStore &accounts() override { return m_services.accounts; }
    const ledger::StanzaIds &stanzaIds() const override { return m_services.stanzaIds; }
    const std::string &domain() const override { return m_options.hosts.front(); }
    void route(xml::Stanza &&stanza) override;
    modules::SessionPort *session(session::SessionId id) override;
    std::vector<modules::SessionPort *> sessionsOf(std::string_view account) override;
    const std::map<std::string, std::string> &settings(std::string_view module) const override;
    void hideFrom(const std::string &account, const Covers &covers) override;
    void showTo(const std::string &account, const Covers &covers) override;
    void pendingDropped(const std::string &account) override;
    void holdAccount(const std::string &account) override;
    void releaseAccount(const std::string &account) override;

    // For AccountContacts.
    Account *findAccount(std::string_view bare);
    void bounce(const xml::Stanza &stanza, const stream::StanzaError &error);
    void forgetContacts(const std::string &account);
    /// Whether a presence that the server sends on behalf of an account may go out.
    bool maySend(const Account &account, const xml::Stanza &presence) const;

private:
    struct Resuming {
        session::SessionId session;
        session::SessionOutput *output = nullptr;
        std::vector<ledger::LogRow> rows;
        bool accepted = false;
        bool rowsRead = false;
        Resumer *resumer = nullptr;
    };
    enum class HostKind : std::uint8_t { Accounts, Anonymous, Elsewhere };

    // What modules must know before stanzas pass, and whom they let pass (RouterFacts.cpp).
    void learn(Account &account);
    void onLearned(const std::string &bare, const base::Result<base::Ok> &learned);
    void refuseUnlearned(Account &account, const stream::StanzaError &error);
    bool mayLeave(Resource &resource, const xml::Stanza &stanza, const ledger::Waiter &waiter);
    bool mayEnter(Account &account, Envelope &envelope);

    void askArchiveEnds(const std::string &account, std::uint32_t tries, std::function<void(std::string)> done);

    // Outbound from a session (RouterSend.cpp).
    void take(Resource &resource, xml::Stanza &&stanza, const ledger::Waiter &waiter);
    void sendMessage(Resource &resource, xml::Stanza &&message, const ledger::Waiter &waiter);
    void sendUnstored(Resource &resource, xml::Stanza &&message, ledger::Storability storability);
    void sendStorable(Account &account, WaitingSend &&send);
    void loadSentKeys(Account &account);
    void waitForSentKeys(Account &account, std::vector<WaitingSend> &&waiting);
    static void forgetWaitingSends(Account &account, session::SessionId gone);
    void readAgain(Resource &resource);
    void copyToOthers(Account &account, const xml::Stanza &message, const Resource *except, std::string_view wrapper);
    void handleIq(Resource &resource, xml::Stanza &&iq);
    void settle(const ledger::Waiter &waiter);
    void tellRefused(const ledger::Waiter &waiter, const xml::Stanza &stanza, const stream::StanzaError &error);
    void refuseSend(ledger::Ticket ticket, const xml::Stanza &stanza, const stream::StanzaError &error);
    void stripForeignIds(xml::Stanza &stanza) const;

    // Inbound at the recipient's home (RouterDeliver.cpp).
    void arrive(Envelope &&envelope);
    void arriveAt(Account &account, Envelope &&envelope);
    void askExistence(Account &account);
    void store(Account &account, Envelope &&envelope);
    bool hasRoom(Account &account);
    void countPending(Account &account);
    void deliver(Account &account, xml::Stanza &&stanza);
    bool waitsBehind(Account &account, Envelope &envelope);
    void deliverFollower(Account &account, Envelope &&follower);
    void refuse(Envelope &&envelope, const stream::StanzaError &error);
    void dispatchIq(xml::Stanza &&iq, modules::IqTarget target, Resource *sender);
    void serverStanza(xml::Stanza &&stanza, Resource *sender);
    void offerElsewhere(Resource &gone);
    void bounceOwed(Resource &gone);

    // Errors that answer accepted messages (RouterErrors.cpp).
    void sendError(Resource &resource, xml::Stanza &&error, const ledger::Waiter &waiter);
    static bool waitsBehindLookUp(Account &account, Envelope &envelope);
    void judgeError(Account &account, Envelope &&envelope);
    void onErrorLookedUp(const std::string &bare, Envelope &&envelope, const base::Result<ledger::ArchivePage> &page);
    enum class ErrorMeaning : std::uint8_t { Event, Nothing };
    void onErrorJudged(Account &account, Envelope &&envelope, ErrorMeaning meaning);

    // Sessions (RouterSessions.cpp).
    Resource *resourceOf(const session::Session &session);
    Account &account(const jid::Jid &bare, AccountKind kind);
    contacts::Contacts &contactsOf(Account &account);
    static contacts::SessionKey contactsKey(session::SessionId id) { return contacts::SessionKey(id.value); }
    void removeResource(Resource &resource);
    void limitResumable(Account &account);
    void forgetIdle();
    Resuming *findResuming(session::SessionId id);
    void onResumeRows(session::SessionId id, base::Result<std::vector<ledger::LogRow>> rows);
    void continueResume(session::SessionId id);
    HostKind hostKind(std::string_view domain) const;
    void committedTo(InFlightMessage &&message, const ledger::Committed &commit);

    RouterOptions m_options;
    RouterServices m_services;
    modules::Hooks m_hooks;
    std::vector<std::unique_ptr<modules::Module>> m_modules;
    InFlightTable m_inFlight;
    std::unordered_map<std::string, std::unique_ptr<Account>> m_accounts;
    std::unordered_map<std::uint64_t, Resource *> m_sessions;
    std::vector<std::unique_ptr<Resuming>> m_resuming;
    std::vector<session::SessionId> m_turn;
    std::vector<std::unique_ptr<Resource>> m_gone; ///< ended in this turn, destroyed at its end
    std::deque<std::string> m_idle;
    std::vector<std::string> m_idleContacts;
    struct Wake {
        base::Instant when;
        session::SessionId session;
        bool operator>(const Wake &other) const { return when > other.when; }
    };
    std::priority_queue<Wake, std::vector<Wake>, std::greater<>> m_wakes;
    Pressure m_pressure = Pressure::None;
    std::uint64_t m_nextSession;
    ledger::Seq m_told;
    RouterCounters m_counters;
    base::Lifetime m_lifetime;
};

} // namespace godwit::router
