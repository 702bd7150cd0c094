// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The sessions of a router: binding, resuming, ending, time.

#include "router/Router.h"

#include "base/Log.h"
#include "router/AccountContacts.h"

#include <algorithm>

namespace godwit::router
{

namespace
{

/// Session ids carry the shard, so that they are unique in the process.
constexpr unsigned sessionShardShift = 48;
/// An account whose log moves on all the time is bound without the ends of its archive.
constexpr std::uint32_t archiveEndsTriesMax = 3;

session::Session::Reading readingAt(Router::Pressure pressure)
{
    return pressure == Router::Pressure::NoReading ? session::Session::Reading::Held : session::Session::Reading::Open;
}

bool listed(const std::vector<std::string> &names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

Router::Router(RouterOptions options, RouterServices services, std::vector<std::unique_ptr<modules::Module>> modules)
    : m_options(std::move(options))
    , m_services(services)
    , m_modules(std::move(modules))
    , m_nextSession(std::uint64_t{services.link.self()} << sessionShardShift | 1)
    , m_told(services.log.lastCommitted())
{
    for (const std::unique_ptr<modules::Module> &module : m_modules) {
        if (!listed(m_options.disabledModules, module->info().name)) {
            module->start(*this, m_hooks);
        }
    }
}

Router::~Router() = default;

Router::HostKind Router::hostKind(std::string_view domain) const
{
    if (listed(m_options.hosts, domain)) {
        return HostKind::Accounts;
    }
    return listed(m_options.anonymousHosts, domain) ? HostKind::Anonymous : HostKind::Elsewhere;
}

Account *Router::findAccount(std::string_view bare)
{
    const auto found = m_accounts.find(std::string(bare));
    return found == m_accounts.end() ? nullptr : found->second.get();
}

Account &Router::account(const jid::Jid &bare, AccountKind kind)
{
    std::unique_ptr<Account> &account = m_accounts[bare.text()];
    if (!account) {
        account = std::make_unique<Account>(bare, kind, m_services.log, m_services.stanzaIds, m_options.sentKeysMax,
                                            m_options.recentBytesMax);
    }
    return *account;
}

contacts::Contacts &Router::contactsOf(Account &account)
{
    if (!account.contacts) {
        account.contacts = std::make_unique<AccountContacts>(*this, account, m_services.accounts, m_options.contacts);
    }
    return account.contacts->contacts();
}

Resource *Router::resourceOf(const session::Session &session)
{
    const auto found = m_sessions.find(session.id().value);
    return found == m_sessions.end() ? nullptr : found->second;
}

base::Result<session::Session *> Router::bind(const jid::Jid &full, AccountKind kind, std::string device,
                                              session::SessionOutput &output)
{
    Account &owner = account(full.bare(), kind);
    // Whoever authenticated exists; messages that wait for the store's word may go on waiting for it.
    if (owner.existence == Account::Existence::Unknown || owner.existence == Account::Existence::No) {
        owner.existence = Account::Existence::Yes;
    }
    if (Resource *old = owner.find(full.resource())) {
        old->session().end(session::EndReason::Replaced);
    }
    if (m_pressure != Pressure::None) {
        return base::Error(base::ErrorCode::ResourceFull, "the server has too much to do");
    }
    if (owner.resources.size() >= m_options.sessionsPerAccountMax) {
        return base::Error(base::ErrorCode::LimitExceeded, "too many sessions of one account");
    }
    auto resource = std::make_unique<Resource>(owner, session::SessionId(m_nextSession++), full, std::move(device),
                                               *this, m_options.session, m_services.clock, m_services.random);
    Resource &bound = *resource;
    owner.resources.push_back(std::move(resource));
    m_sessions[bound.id().value] = &bound;
    bound.session().attach(output);
    owner.ledger().attach(bound, m_told);
    m_hooks.sessionBound(bound);
    return &bound.session();
}

void Router::tellArchiveEnds(const jid::Jid &account, std::function<void(std::string metadata)> done)
{
    if (!listed(m_hooks.features(modules::IqTarget::Account), "urn:xmpp:mam:2")) {
        done({});
        return;
    }
    ++this->account(account, AccountKind::Registered).holds;
    askArchiveEnds(account.text(), archiveEndsTriesMax, std::move(done));
}

void Router::askArchiveEnds(const std::string &account, std::uint32_t tries, std::function<void(std::string)> done)
{
    const ledger::Seq before = findAccount(account)->ledger().last();
    m_services.log.archiveEnds(account, [this, alive = m_lifetime.watch(), account, tries, before,
                                         done = std::move(done)](base::Result<ledger::ArchiveEnds> ends) mutable {
        if (alive.expired()) {
            return;
        }
        Account &owner = *findAccount(account);
        // What was committed after the store looked would be missing there, and is no longer live for who binds now.
        const bool moved = owner.ledger().last() != before;
        if (ends && moved && tries > 1) {
            askArchiveEnds(account, tries - 1, std::move(done));
            return;
        }
        std::string metadata;
        if (ends && !moved) {
            owner.rowText().appendArchiveEnds(metadata, *ends);
        }
        done(std::move(metadata));
        releaseAccount(account);
    });
}

void Router::replaceDevice(const session::Session &by, std::string_view device)
{
    Resource *kept = resourceOf(by);
    GW_ASSERT(kept != nullptr);
    std::vector<session::SessionId> others;
    for (const auto &resource : kept->account().resources) {
        if (resource.get() != kept && resource->device() == device) {
            others.push_back(resource->id());
        }
    }
    for (const session::SessionId other : others) {
        if (const auto found = m_sessions.find(other.value); found != m_sessions.end()) {
            found->second->session().end(session::EndReason::Replaced);
        }
    }
}

void Router::onProved(session::Session &session, const std::vector<ledger::SeqRange> &ranges)
{
    Resource *resource = resourceOf(session);
    GW_ASSERT(resource != nullptr);
    m_counters.proved += ranges.size();
    Account &account = resource->account();
    if (!ranges.empty()) {
        account.fewerWait();
    }
    if (!resource->anonymous()) {
        resource->account().ledger().prove(resource->device(), ranges);
    }
}

void Router::onRoom(session::Session &session)
{
    if (Resource *resource = resourceOf(session)) {
        resource->account().ledger().advance(*resource);
    }
}

void Router::onDetached(session::Session &session)
{
    Resource *resource = resourceOf(session);
    GW_ASSERT(resource != nullptr);
    // What it had in flight goes to the others at once (DESIGN section 3).
    offerElsewhere(*resource);
    limitResumable(resource->account());
}

/// Resources are in the order in which they were bound, so the first without connection is the oldest.
void Router::limitResumable(Account &account)
{
    const auto detached = [](const std::unique_ptr<Resource> &resource) { return !resource->session().attached(); };
    const auto count = std::count_if(account.resources.begin(), account.resources.end(), detached);
    if (static_cast<std::size_t>(count) > m_options.resumableSessionsMax) {
        const auto oldest = std::find_if(account.resources.begin(), account.resources.end(), detached);
        (*oldest)->session().end(session::EndReason::ResumeTimeout);
    }
}

void Router::setPressure(Pressure pressure)
{
    if (pressure == m_pressure) {
        return;
    }
    const session::Session::Reading before = readingAt(m_pressure);
    m_pressure = pressure;
    if (readingAt(pressure) != before) {
        for (const auto &[id, resource] : m_sessions) {
            resource->session().setReading(readingAt(pressure));
        }
    }
}

Router::Load Router::load() const
{
    Load load;
    for (const auto &[id, resource] : m_sessions) {
        load.flowing += resource->session().flowingBytes();
        load.kept += resource->session().keptBytes();
        Account &account = resource->account();
        if (account.resources.front().get() == resource) {
            load.flowing += account.ledger().recentBytes();
        }
    }
    return load;
}

void Router::onEnded(session::Session &session, session::EndReason)
{
    Resource *resource = resourceOf(session);
    GW_ASSERT(resource != nullptr);
    removeResource(*resource);
}

void Router::removeResource(Resource &resource)
{
    Account &account = resource.account();
    m_sessions.erase(resource.id().value);
    account.ledger().detach(resource);
    forgetWaitingSends(account, resource.id());
    const auto owned = std::find_if(account.resources.begin(), account.resources.end(),
                                    [&](const auto &candidate) { return candidate.get() == &resource; });
    GW_ASSERT(owned != account.resources.end());
    m_gone.push_back(std::move(*owned));
    account.resources.erase(owned);
    resource.setUnavailable();
    offerElsewhere(resource);
    bounceOwed(resource);
    m_hooks.sessionEnded(resource);
    if (account.contacts) {
        account.contacts->contacts().onSessionEnded(contactsKey(resource.id()));
    }
    m_idle.push_back(account.text());
}

// Resumption ----------------------------------------------------------------------------------------------------------

void Router::resume(const jid::Jid &account, const std::string &previousId, std::uint32_t h,
                    session::SessionOutput &output, Resumer &resumer)
{
    Resource *resource = nullptr;
    if (Account *owner = findAccount(account.text())) {
        for (const auto &candidate : owner->resources) {
            if (candidate->session().resumable() && candidate->session().resumptionId() == previousId) {
                resource = candidate.get();
            }
        }
    }
    if (!resource) {
        resumer.failed(std::nullopt);
        return;
    }
    session::Session &session = resource->session();
    // The client tries again because it lost the connection of the first try, which we may not know yet.
    if (const Resuming *earlier = findResuming(session.id())) {
        Resumer &overtaken = *earlier->resumer;
        cancelResume(overtaken);
        overtaken.failed(std::nullopt);
    }
    auto resuming = std::make_unique<Resuming>();
    resuming->session = session.id();
    resuming->output = &output;
    resuming->resumer = &resumer;
    resuming->accepted = session.beginResume(h) == session::Session::ResumeVerdict::Accepted;
    Resuming &entry = *resuming;
    m_resuming.push_back(std::move(resuming));
    std::vector<ledger::Seq> seqs = entry.accepted ? session.unprovedRows() : std::vector<ledger::Seq>();
    if (seqs.empty()) {
        entry.rowsRead = true;
        continueResume(session.id());
        return;
    }
    m_services.log.readRows(
        resource->account().text(), std::move(seqs),
        [this, alive = m_lifetime.watch(), id = session.id()](base::Result<std::vector<ledger::LogRow>> rows) {
            if (!alive.expired()) {
                onResumeRows(id, std::move(rows));
            }
        });
}

Router::Resuming *Router::findResuming(session::SessionId id)
{
    for (const auto &resuming : m_resuming) {
        if (resuming->session == id) {
            return resuming.get();
        }
    }
    return nullptr;
}

void Router::onResumeRows(session::SessionId id, base::Result<std::vector<ledger::LogRow>> rows)
{
    Resuming *resuming = findResuming(id);
    if (!resuming) {
        return;
    }
    if (!rows) {
        base::log(base::LogLevel::Error, "router", "a stream is not resumed: its messages could not be read",
                  {{"error", rows.error().text()}});
        resuming->accepted = false;
    } else {
        resuming->rows = std::move(*rows);
    }
    resuming->rowsRead = true;
    continueResume(id);
}

void Router::continueResume(session::SessionId id)
{
    Resuming *waiting = findResuming(id);
    const auto found = m_sessions.find(id.value);
    if (!waiting || !waiting->rowsRead) {
        return;
    }
    // <resumed/> and <failed/> tell a count, so they wait until all that came in is resolved (rule 5).
    if (found != m_sessions.end() && !found->second->session().allResolved()) {
        return;
    }
    const auto owned = std::find_if(m_resuming.begin(), m_resuming.end(),
                                    [&](const auto &candidate) { return candidate.get() == waiting; });
    const std::unique_ptr<Resuming> resuming = std::move(*owned);
    m_resuming.erase(owned);
    if (found == m_sessions.end()) {
        resuming->resumer->failed(std::nullopt);
        return;
    }
    Resource &resource = *found->second;
    if (!resuming->accepted) {
        // A count would cover stanzas whose errors are lost with this session; without one the client sends again.
        std::optional<std::uint32_t> handled;
        if (!resource.session().owesStanzas()) {
            handled = resource.session().handled();
        }
        resource.session().end(session::EndReason::ResumeTimeout);
        resuming->resumer->failed(handled);
        return;
    }
    resuming->resumer->opened(resource.session());
    const ledger::RowText &text = resource.account().rowText();
    const std::string &full = resource.jid().text();
    resource.session().completeResume(*resuming->output, resuming->rows,
                                      [&](std::string &buffer, const ledger::LogRow &row, ledger::RowForm form) {
                                          text.append(buffer, row, form, ledger::Lateness::Late, full);
                                      });
    resuming->resumer->replayed();
}

void Router::cancelResume(Resumer &resumer)
{
    for (std::size_t i = 0; i < m_resuming.size(); ++i) {
        if (m_resuming[i]->resumer != &resumer) {
            continue;
        }
        const auto found = m_sessions.find(m_resuming[i]->session.value);
        m_resuming.erase(m_resuming.begin() + static_cast<std::ptrdiff_t>(i));
        if (found != m_sessions.end()) {
            found->second->session().abandonResume();
        }
        return;
    }
}

// Modules -------------------------------------------------------------------------------------------------------------

modules::SessionPort *Router::session(session::SessionId id)
{
    const auto found = m_sessions.find(id.value);
    return found == m_sessions.end() ? nullptr : found->second;
}

std::vector<modules::SessionPort *> Router::sessionsOf(std::string_view account)
{
    std::vector<modules::SessionPort *> ports;
    if (const Account *found = findAccount(account)) {
        for (const auto &resource : found->resources) {
            ports.push_back(resource.get());
        }
    }
    return ports;
}

const std::map<std::string, std::string> &Router::settings(std::string_view module) const
{
    static const std::map<std::string, std::string> none;
    const auto found = m_options.moduleSettings.find(std::string(module));
    return found == m_options.moduleSettings.end() ? none : found->second;
}

// Ends and time -------------------------------------------------------------------------------------------------------

void Router::onAccountRemoved(const std::string &bare)
{
    if (Account *removed = findAccount(bare)) {
        while (!removed->resources.empty()) {
            removed->resources.front()->session().end(session::EndReason::NotAuthorized);
        }
        removed->existence = Account::Existence::Unknown;
        removed->fewerWait();
        if (removed->facts == Account::Facts::Known) {
            removed->facts = Account::Facts::Unknown;
        }
        removed->contacts.reset();
    }
    m_hooks.accountRemoved(bare);
}

void Router::endAll(session::EndReason reason)
{
    std::vector<session::SessionId> ids;
    ids.reserve(m_sessions.size());
    for (const auto &[id, resource] : m_sessions) {
        ids.emplace_back(id);
    }
    for (const session::SessionId id : ids) {
        const auto found = m_sessions.find(id.value);
        if (found != m_sessions.end()) {
            found->second->session().end(reason);
        }
    }
}

void Router::atEndOfTurn(session::Session &session)
{
    m_turn.push_back(session.id());
}

void Router::wakeAt(session::Session &session, base::Instant when)
{
    m_wakes.push(Wake{when, session.id()});
}

void Router::endTurn()
{
    // Ends of sessions can give others something to do, so the list may grow while it is walked.
    // NOLINTNEXTLINE(modernize-loop-convert)
    for (std::size_t i = 0; i < m_turn.size(); ++i) {
        const auto found = m_sessions.find(m_turn[i].value);
        if (found != m_sessions.end()) {
            found->second->session().endTurn();
        }
    }
    m_turn.clear();
    for (std::size_t i = 0; i < m_resuming.size();) {
        const std::size_t before = m_resuming.size();
        continueResume(m_resuming[i]->session);
        i += m_resuming.size() == before ? 1 : 0;
    }
    m_gone.clear();
    for (const std::string &bare : m_idleContacts) {
        Account *account = findAccount(bare);
        if (account && account->contacts && account->contacts->contacts().idle()) {
            account->contacts.reset();
        }
    }
    m_idleContacts.clear();
    forgetIdle();
}

void Router::forgetContacts(const std::string &account)
{
    m_idleContacts.push_back(account);
}

void Router::forgetIdle()
{
    while (m_idle.size() > m_options.idleAccountsMax) {
        const auto found = m_accounts.find(m_idle.front());
        if (found != m_accounts.end() && found->second->idle()) {
            m_hooks.accountForgotten(found->first);
            m_accounts.erase(found);
        }
        m_idle.pop_front();
    }
}

void Router::tick()
{
    const base::Instant now = m_services.clock.now();
    while (!m_wakes.empty() && m_wakes.top().when <= now) {
        const session::SessionId id = m_wakes.top().session;
        m_wakes.pop();
        const auto found = m_sessions.find(id.value);
        if (found != m_sessions.end()) {
            readAgain(*found->second);
            found->second->session().tick();
        }
    }
}

/// What could not be read when it was wanted.
void Router::readAgain(Resource &resource)
{
    Account &account = resource.account();
    account.ledger().advance(resource);
    if (account.keys == Account::Keys::Unknown && !account.waitingSends.empty()) {
        loadSentKeys(account);
    }
}

std::optional<base::Instant> Router::nextWake() const
{
    return m_wakes.empty() ? std::nullopt : std::optional(m_wakes.top().when);
}

} // namespace godwit::router
