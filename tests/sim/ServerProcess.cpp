// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "ServerProcess.h"

#include "ring/SlotHash.h"

#include <algorithm>

namespace godwit::sim
{

namespace
{

constexpr const char *domain = "sim.example";

class LateSink final : public ledger::LogSink
{
public:
    void onCommitted(std::span<const ledger::Committed> batch) override { target->onCommitted(batch); }
    void onNotCommitted(std::span<const ledger::NotCommitted> batch) override { target->onNotCommitted(batch); }
    ledger::LogSink *target = nullptr;
};

std::shared_ptr<const stream::NegotiationOptions> negotiationOptions()
{
    static const std::shared_ptr<const stream::NegotiationOptions> options = [] {
        auto made = std::make_shared<stream::NegotiationOptions>();
        made->hosts.push_back({domain, stream::HostKind::Accounts});
        made->tls = stream::TlsPolicy::Off;
        made->mechanisms = {stream::SaslMechanism::Plain};
        made->scramIterations = 1;
        made->decoySecret = "0123456789abcdef";
        return made;
    }();
    return options;
}

} // namespace

/// One shard with what the server's thread gives it.
class ServerProcess::Host final : public router::ShardLink, public shard::PasswordHasher
{
public:
    Host(ServerProcess &owner, ledger::ShardIndex place, std::size_t count)
        : process(owner)
        , index(place)
        , mail(count)
        , log(owner.m_stage, owner.m_disk, owner, place)
        , accounts(owner.m_stage, owner.m_disk, owner, place, owner.m_accounts)
    {
        router::RouterOptions options;
        options.hosts = {domain};
        options.resendSecret = base::SipKey{1, 2, 3};
        options.session = owner.m_stage.options.session;
        options.recentBytesMax = owner.m_stage.options.recentBytesMax;
        options.idleAccountsMax = owner.m_stage.options.idleAccountsMax;
        const router::RouterServices services{owner.m_stage.timeline.clock(), owner.m_random, log, accounts,
                                              owner.m_checker.stanzaIds(),    *this};
        shard =
            std::make_unique<shard::Shard>(std::move(options), services, *this, negotiationOptions(), xml::XmlLimits());
        sink.target = &shard->router();
    }

    ledger::ShardIndex self() const override { return index; }
    ledger::ShardIndex homeOf(std::string_view bareJid) const override
    {
        return static_cast<ledger::ShardIndex>(
            ring::shardOf(ring::slotOf(bareJid), static_cast<std::uint32_t>(mail.size())));
    }
    void post(ledger::ShardIndex to, router::Envelope &&envelope) override { mail[to].push_back(std::move(envelope)); }
    void derive(stream::HashingRequest request, std::function<void(base::Result<accounts::ScramKeys>)> done) override
    {
        process.post(index, Duration(200), [request = std::move(request), done = std::move(done)] {
            done(crypto::makeScramKeys(request.password, request.recipe));
        });
    }

    ServerProcess &process;
    ledger::ShardIndex index;
    std::vector<std::vector<router::Envelope>> mail;
    std::vector<base::Instant> lanes = std::vector<base::Instant>(mail.size());
    base::Instant answersLane{};
    base::Instant wakeAt{};
    LateSink sink;
    DiskLog log;
    DiskAccounts accounts;
    std::unique_ptr<shard::Shard> shard;
};

ServerProcess::ServerProcess(Stage &stage, Disk &disk, Checker &checker, std::vector<std::string> accounts)
    : m_stage(stage)
    , m_disk(disk)
    , m_checker(checker)
    , m_accounts(std::move(accounts))
    , m_random(stage.dice.next())
{
    m_disk.setClient(this);
}

ServerProcess::~ServerProcess()
{
    for (const std::shared_ptr<Link> &link : m_links) {
        link->dropServerSide();
    }
}

void ServerProcess::start()
{
    m_stage.report.note("server starts");
    for (unsigned i = 0; i < m_stage.options.shards; ++i) {
        m_shards.push_back(std::make_unique<Host>(*this, static_cast<ledger::ShardIndex>(i), m_stage.options.shards));
    }
}

void ServerProcess::crash()
{
    m_stage.report.note("server crashes");
    ++m_epoch;
    const std::vector<std::shared_ptr<Link>> links = std::move(m_links);
    m_links.clear();
    m_touched.clear();
    for (const std::shared_ptr<Link> &link : links) {
        link->onServerCrash();
    }
    m_shards.clear();
    m_disk.crash();
}

bool ServerProcess::accept(const std::shared_ptr<Link> &link)
{
    if (!running()) {
        return false;
    }
    m_links.push_back(link);
    link->open(static_cast<ledger::ShardIndex>(m_stage.between(0, m_shards.size() - 1)));
    return true;
}

std::size_t ServerProcess::inFlight() const
{
    std::size_t count = 0;
    for (const std::unique_ptr<Host> &host : m_shards) {
        count += host->shard->router().inFlight();
    }
    return count;
}

shard::Shard &ServerProcess::shard(ledger::ShardIndex index)
{
    return *m_shards[index]->shard;
}

void ServerProcess::turn(ledger::ShardIndex shard, const std::function<void()> &task)
{
    if (running()) {
        task();
        endTurn(*m_shards[shard]);
    }
}

void ServerProcess::post(ledger::ShardIndex shard, Duration delay, std::function<void()> task)
{
    m_stage.timeline.after(delay, [this, shard, epoch = m_epoch, task = std::move(task)] {
        if (epoch == m_epoch) {
            turn(shard, task);
        }
    });
}

base::Instant ServerProcess::arrival(base::Instant &lane, Duration longest)
{
    lane = std::max(lane, m_stage.timeline.now() + m_stage.delay(Duration(5), longest));
    return lane;
}

void ServerProcess::answer(ledger::ShardIndex shard, std::vector<ledger::Committed> &&committed,
                           std::vector<ledger::NotCommitted> &&refused)
{
    Host &host = *m_shards[shard];
    const base::Instant when = arrival(host.answersLane, std::chrono::milliseconds(m_stage.faults ? 5 : 1));
    post(shard, when - m_stage.timeline.now(), [&host, committed = std::move(committed), refused = std::move(refused)] {
        if (!committed.empty()) {
            host.sink.onCommitted(committed);
        }
        if (!refused.empty()) {
            host.sink.onNotCommitted(refused);
        }
    });
}

void ServerProcess::touch(Link &link)
{
    std::shared_ptr<Link> touched = link.shared_from_this();
    if (std::find(m_touched.begin(), m_touched.end(), touched) == m_touched.end()) {
        m_touched.push_back(std::move(touched));
    }
}

void ServerProcess::move(Link &link, ledger::ShardIndex shard)
{
    post(shard, m_stage.delay(Duration(10), m_stage.options.mailMax),
         [moved = link.shared_from_this(), shard] { moved->arriveAt(shard); });
}

void ServerProcess::forget(Link &link)
{
    link.dropServerSide();
    std::erase(m_links, link.shared_from_this());
}

void ServerProcess::endTurn(Host &host)
{
    host.shard->router().endTurn();
    const std::vector<std::shared_ptr<Link>> touched = std::move(m_touched);
    m_touched.clear();
    for (const std::shared_ptr<Link> &link : touched) {
        link->onTurnEnd();
    }
    for (std::size_t to = 0; to < host.mail.size(); ++to) {
        if (host.mail[to].empty()) {
            continue;
        }
        auto letters = std::make_shared<std::vector<router::Envelope>>(std::move(host.mail[to]));
        host.mail[to].clear();
        const Duration longest = m_stage.faults ? m_stage.options.mailMax : std::chrono::milliseconds(1);
        const base::Instant when = arrival(host.lanes[to], longest);
        Host &receiver = *m_shards[to];
        post(receiver.index, when - m_stage.timeline.now(), [&receiver, letters] {
            for (router::Envelope &letter : *letters) {
                receiver.shard->router().onEnvelope(std::move(letter));
            }
        });
    }
    const std::optional<base::Instant> next = host.shard->router().nextWake();
    if (next && (host.wakeAt <= m_stage.timeline.now() || *next < host.wakeAt)) {
        host.wakeAt = std::max(*next, m_stage.timeline.now() + Duration(1));
        post(host.index, host.wakeAt - m_stage.timeline.now(), [&host] { host.shard->router().tick(); });
    }
}

} // namespace godwit::sim
