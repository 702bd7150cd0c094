// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Server.h"

#include "base/Log.h"
#include "net/Listener.h"
#include "web/ContentPolicy.h"

#include <algorithm>
#include <filesystem>
#include <sys/resource.h>
#include <thread>

namespace godwit
{

using base::Error;
using base::ErrorCode;
using base::LogLevel;
using base::Ok;
using base::Result;

/// Hands the store's answers to a shard's thread.
class Server::StoreMail final : public store::Executor
{
public:
    explicit StoreMail(runtime::ShardThread &thread)
        : m_thread(thread)
    {
    }
    void post(store::Task task) override { m_thread.post(net::Task(std::move(task))); }

private:
    runtime::ShardThread &m_thread;
};

/// The store is given its sink before the router exists, and may answer after it is gone.
class Server::SinkRelay final : public ledger::LogSink
{
public:
    explicit SinkRelay(runtime::ShardThread &thread)
        : m_thread(thread)
    {
    }
    void onCommitted(std::span<const ledger::Committed> batch) override
    {
        if (m_thread.built()) {
            m_thread.shard().router().onCommitted(batch);
        }
    }
    void onNotCommitted(std::span<const ledger::NotCommitted> batch) override
    {
        if (m_thread.built()) {
            m_thread.shard().router().onNotCommitted(batch);
        }
    }

private:
    runtime::ShardThread &m_thread;
};

namespace
{

/// Descriptors that are not for clients: databases, listeners, epoll sets, the admin socket.
constexpr std::uint64_t ownDescriptors = 128;

/// What is configured, or what the process's descriptors allow.
std::uint32_t connectionsMax(const config::Limits &limits)
{
    rlimit descriptors{};
    std::uint64_t most = UINT32_MAX;
    if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0 && descriptors.rlim_cur > ownDescriptors) {
        most = std::min<std::uint64_t>(most, descriptors.rlim_cur - ownDescriptors);
    }
    return static_cast<std::uint32_t>(limits.connectionsMax == 0 ? most : std::min(most, limits.connectionsMax));
}

} // namespace

Server::Server(const config::Config &config)
    : m_config(config)
{
}

Server::~Server()
{
    stop();
}

Result<std::unique_ptr<Server>> Server::start(const config::Config &config)
{
    std::unique_ptr<Server> server(new Server(config));
    for (const auto step :
         {&Server::loadPlugins, &Server::loadWeb, &Server::openStore, &Server::startShards, &Server::listen}) {
        Result<Ok> done = (server.get()->*step)();
        if (!done) {
            return done.error();
        }
    }
    return server;
}

Result<Ok> Server::loadPlugins()
{
    if (m_config.modules.pluginDir.empty()) {
        return Ok{};
    }
    auto plugins = plugins::PluginFolder::load(m_config.modules.pluginDir);
    if (!plugins) {
        return plugins.error();
    }
    m_plugins = std::move(*plugins);
    return Ok{};
}

Result<std::shared_ptr<const web::StaticFiles>> Server::loadFiles(const std::string &folder) const
{
    if (folder.empty()) {
        return std::shared_ptr<const web::StaticFiles>();
    }
    auto files = web::StaticFiles::load(folder, m_config.limits.webBytesMax);
    if (!files) {
        return Error(files.error().code(), "web.folder", files.error());
    }
    return files;
}

Result<Ok> Server::loadWeb()
{
    auto files = loadFiles(m_config.web.folder);
    if (!files) {
        return files.error();
    }
    m_files = std::move(*files);
    return Ok{};
}

Result<Ok> Server::openStore()
{
    std::error_code failure;
    std::filesystem::create_directories(m_config.dataDir, failure);
    if (failure) {
        return Error(ErrorCode::Io, "the data folder " + m_config.dataDir + " cannot be made: " + failure.message());
    }
    store::SqliteOptions options;
    options.batchRowsMax = m_config.limits.batchRowsMax;
    options.batchBytesMax = m_config.limits.batchBytesMax;
    if (const std::optional<base::Duration> keep = m_config.retentionTime()) {
        options.retention.keep = std::chrono::ceil<std::chrono::seconds>(*keep);
        // Who keeps things for a short time wants them to go in time.
        options.retention.every = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(*keep),
                                             std::chrono::milliseconds(1'000), options.retention.every);
    }
    options.retention.keepKeys = std::chrono::ceil<std::chrono::hours>(m_config.limits.sentKeysMemory);
    options.retention.devicesMax = m_config.limits.devicesMax;
    options.retention.deviceAge = std::chrono::ceil<std::chrono::hours>(m_config.limits.deviceMemory);
    auto engine = store::openSqlite(m_config.sqlitePath(), options);
    if (!engine) {
        return engine.error();
    }
    m_engine = std::move(*engine);
    m_stanzaIds = std::make_unique<crypto::StanzaIdCipher>(m_engine->stanzaIdKey());
    return Ok{};
}

Result<std::shared_ptr<const net::TlsContext>> Server::loadTls(const config::Config &config) const
{
    net::TlsOptions options;
    options.alpn = {"xmpp-client", "http/1.1"};
    if (!config.tls.certificate.empty()) {
        auto pair = net::TlsContext::readFiles(config.tls.certificate, config.tls.key);
        if (!pair) {
            return pair.error();
        }
        options.identity = std::move(*pair);
    } else if (config.domain == "localhost" || config.domain.ends_with(".localhost")) {
        auto pair = net::makeSelfSigned(config.domain);
        if (!pair) {
            return pair.error();
        }
        options.identity = std::move(*pair);
    } else {
        return std::shared_ptr<const net::TlsContext>();
    }
    auto context = net::TlsContext::create(options);
    if (!context && !config.tls.certificate.empty()) {
        return Error(context.error().code(),
                     "tls.certificate " + config.tls.certificate + ", tls.key " + config.tls.key, context.error());
    }
    return context;
}

std::shared_ptr<const stream::NegotiationOptions> Server::negotiationOptions(const config::Config &config) const
{
    auto options = std::make_shared<stream::NegotiationOptions>();
    options->hosts.push_back({config.domain, stream::HostKind::Accounts});
    for (const std::string &host : config.auth.anonymousHosts) {
        options->hosts.push_back({host, stream::HostKind::Anonymous});
    }
    options->tls = config.tls.require ? stream::TlsPolicy::Required
                   : m_tls            ? stream::TlsPolicy::Optional
                                      : stream::TlsPolicy::Off;
    options->mechanisms.clear();
    for (const std::string &name : config.auth.mechanisms) {
        if (const auto mechanism = stream::saslMechanism(name)) {
            options->mechanisms.push_back(*mechanism);
        }
    }
    options->scramIterations = static_cast<std::uint32_t>(config.auth.scramIterations);
    const base::SipKey &secret = m_engine->dedupKey();
    options->decoySecret.assign(secret.begin(), secret.end());
    options->tokenLifetime = config.auth.tokenLifetime;
    options->tokensPerAccountMax = config.auth.tokensPerAccount;
    options->loginFailuresMax = static_cast<std::uint32_t>(config.limits.loginFailuresMax);
    options->handshakeBytesMax = config.limits.handshakeBytesMax;
    options->handshakeLimits.stanzaBytesMax = config.limits.preauthStanzaBytesMax;
    options->stanzaBytesMax = config.limits.stanzaBytesMax;
    options->idleTimeout = std::chrono::duration_cast<std::chrono::seconds>(config.limits.idleProbeTime);
    return options;
}

router::RouterOptions Server::routerOptions() const
{
    const config::Limits &limits = m_config.limits;
    router::RouterOptions options;
    options.hosts = {m_config.domain};
    options.anonymousHosts = m_config.auth.anonymousHosts;
    options.resendSecret = m_engine->dedupKey();
    options.sentKeysMax = limits.sentKeysMax;
    options.sessionsPerAccountMax = limits.sessionsPerAccountMax;
    options.resumableSessionsMax = limits.resumableSessionsMax;
    options.pendingMessagesMax = limits.pendingMessagesMax;
    options.recentBytesMax = limits.recentBytesMax;
    options.idleAccountsMax = limits.idleAccountsMax;
    options.disabledModules = m_config.modules.disabled;
    session::SessionLimits &session = options.session;
    session.unprovedMax = limits.unprovedMax;
    session.uncommittedStanzasMax = static_cast<std::uint32_t>(limits.uncommittedStanzasMax);
    session.uncommittedBytesMax = limits.uncommittedBytesMax;
    session.keptBytesMax = limits.keptBytesMax;
    session.waitingBytesMax = limits.waitingBytesMax;
    session.outputBytesMax = limits.sessionOutputBytesMax;
    session.heldPresencesMax = limits.heldPresencesMax;
    session.ackRequestDelay = limits.ackRequestInterval;
    session.ackAnswerDelayMax = limits.ackAnswerDelayMax;
    session.ackTimeout = limits.ackTimeout;
    session.barrierTimeout = limits.barrierTimeout;
    session.idleProbeTime = limits.idleProbeTime;
    session.resumeTimeout = m_config.streamManagement.resumeTimeout;
    options.moduleSettings["archive"]["page_max"] = std::to_string(limits.historyPageMax);
    options.moduleSettings["blocking"]["max"] = std::to_string(limits.blockedMax);
    options.contacts.itemsMax = limits.rosterItemsMax;
    options.contacts.groupsMax = limits.rosterGroupsMax;
    options.contacts.requestsMax = limits.pendingRequestsMax;
    options.contacts.presenceBytesMax = limits.presenceBytesMax;
    options.contacts.waitingStepsMax = limits.contactStepsMax;
    options.contacts.directedMax = limits.directedPresencesMax;
    return options;
}

std::shared_ptr<const runtime::HttpOptions> Server::httpOptions() const
{
    const config::Limits &limits = m_config.limits;
    auto shared = std::make_shared<runtime::HttpOptions>();
    runtime::HttpOptions &options = *shared;
    options.limits.request.targetBytesMax = limits.httpTargetBytesMax;
    options.limits.request.headerBytesMax = limits.httpHeaderBytesMax;
    options.limits.request.fieldsMax = limits.httpFieldsMax;
    options.limits.request.bodyBytesMax = limits.httpBodyBytesMax;
    options.limits.pipelinedMax = limits.httpPipelinedMax;
    options.limits.outputBytesMax = limits.httpOutputBytesMax;
    options.limits.headTime = limits.httpHeaderTime;
    options.limits.bodyTime = limits.httpBodyTime;
    options.limits.idleTime = limits.httpIdleTime;
    options.origins = web::OriginPolicy(m_config.http.origins);
    options.compression = m_config.webSocket.compression;
    options.takeover = m_config.webSocket.contextTakeover ? websocket::Takeover::Yes : websocket::Takeover::No;
    options.files = m_files;
    options.domain = m_config.domain;
    // XEP-0156 allows secure addresses only.
    std::string url = m_config.http.publicUrl;
    if (url.empty() && m_tls && !m_config.listen.https.empty()) {
        const std::uint16_t port = m_config.listen.https.front().port;
        url = "https://" + m_config.domain + (port == 443 ? "" : ":" + std::to_string(port));
    }
    if (!url.empty()) {
        options.addresses.bosh = url + std::string(web::boshPath);
        options.addresses.webSocket = "wss" + url.substr(5) + std::string(web::webSocketPath);
    }
    options.secureOrigin = url;
    options.contentPolicy = web::contentSecurityPolicy(options.addresses);
    return shared;
}

Result<Ok> Server::startShards()
{
    const config::Limits &limits = m_config.limits;
    auto tls = loadTls(m_config);
    if (!tls) {
        return tls.error();
    }
    m_tls = std::move(*tls);
    if (!m_tls && (m_config.tls.require || !m_config.listen.c2sTls.empty())) {
        return Error(ErrorCode::InvalidInput,
                     "there is no certificate for " + m_config.domain +
                         ": set tls.certificate and tls.key, or tls.require = false and listen.c2s_tls = [] for "
                         "a server that is reached over loopback only");
    }
    m_hashing = std::make_unique<crypto::HashingPool>(
        crypto::HashingPool::Options{static_cast<unsigned>(limits.hashingThreads), limits.hashingWaitingMax});
    base::SipKey gateSecret{};
    m_random.fill(gateSecret);
    m_gate = std::make_unique<runtime::AddressGate>(
        gateSecret, runtime::AddressGate::Limits{static_cast<std::uint32_t>(limits.connectionsPerAddressMax),
                                                 static_cast<std::uint32_t>(limits.handshakesPerAddressMax),
                                                 connectionsMax(limits)});
    m_shardOptions.handshakeTime = limits.handshakeTime;
    m_shardOptions.closeTime = limits.closeTime;
    m_shardOptions.sockets.backlog = static_cast<int>(limits.listenBacklog);
    m_shardOptions.sockets.receiveBytes = static_cast<int>(limits.socketInputBytes);
    m_shardOptions.sockets.keepAliveIdle = std::chrono::duration_cast<std::chrono::seconds>(limits.keepAliveIdle);
    m_shardOptions.sockets.keepAliveInterval =
        std::chrono::duration_cast<std::chrono::seconds>(limits.keepAliveInterval);
    m_shardOptions.sockets.userTimeout = std::chrono::duration_cast<std::chrono::milliseconds>(limits.sendTimeout);
    m_shardOptions.bosh.holdMax = static_cast<std::uint32_t>(limits.boshHoldMax);
    m_shardOptions.bosh.waitMax = limits.boshWaitMax;
    m_shardOptions.bosh.inactivity = limits.boshInactivity;
    m_shardOptions.bosh.pauseMax = limits.boshPauseMax;
    m_shardOptions.bosh.polling = limits.boshPolling;
    const std::size_t count = limits.shards > 0 ? limits.shards : std::max(1U, std::thread::hardware_concurrency());
    m_budget = std::make_unique<runtime::MemoryBudget>(limits.memoryBudgetBytes, count);
    for (std::size_t i = 0; i < count; ++i) {
        m_shards.push_back(std::make_unique<runtime::ShardThread>(
            static_cast<ledger::ShardIndex>(i), m_shards, m_shardOptions, m_clock, *m_hashing, *m_gate, *m_budget));
    }
    for (const auto &shard : m_shards) {
        Result<Ok> started = shard->start();
        if (!started) {
            return started.error();
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        m_mail.push_back(std::make_unique<StoreMail>(*m_shards[i]));
        m_sinks.push_back(std::make_unique<SinkRelay>(*m_shards[i]));
        m_logs.push_back(m_engine->logFor(*m_mail[i], *m_sinks[i]));
        m_accounts.push_back(m_engine->accountsFor(*m_mail[i]));
    }
    // Each on its own thread, all before the first client comes.
    for (std::size_t i = 0; i < count; ++i) {
        m_shards[i]->run([&] { buildShard(static_cast<ledger::ShardIndex>(i)); });
    }
    return Ok{};
}

void Server::buildShard(ledger::ShardIndex index)
{
    runtime::ShardThread &thread = *m_shards[index];
    const config::Limits &limits = m_config.limits;
    const xml::XmlLimits xmlLimits{limits.stanzaBytesMax, limits.depthMax, limits.attributesMax, limits.elementsMax};
    thread.setTls(m_tls);
    thread.setHttp(httpOptions());
    thread.build(std::make_unique<shard::Shard>(
        routerOptions(),
        router::RouterServices{m_clock, m_random, *m_logs[index], *m_accounts[index], *m_stanzaIds, thread}, thread,
        negotiationOptions(m_config), xmlLimits,
        m_plugins ? m_plugins->makeModules() : std::vector<std::unique_ptr<modules::Module>>()));
}

Result<Ok> Server::listenOn(const config::ListenAddress &wanted, runtime::ClientPeer::Opening opening, const char *name)
{
    auto address = net::SocketAddress::parse(wanted.host, wanted.port);
    if (!address) {
        return address.error();
    }
    // The shards share the address, and would share it with another server of the same user as well.
    if (net::Listener::isTaken(*address)) {
        return Error(ErrorCode::Conflict, "cannot listen on " + wanted.text() +
                                              ": it is taken by another server, or "
                                              "listed twice");
    }
    for (const auto &shard : m_shards) {
        std::optional<Error> failure;
        shard->run([&] {
            Result<net::SocketAddress> bound = shard->listen(*address, opening);
            if (bound.ok()) {
                // A free port is chosen once; the other shards share it.
                address->setPort(bound->port());
            } else {
                failure = bound.error();
            }
        });
        if (failure) {
            return Error(failure->code(), "cannot listen on " + wanted.text(), *failure);
        }
    }
    m_addresses.push_back(std::string(name) + ' ' + address->text());
    base::log(LogLevel::Info, "server", "listening", {{"wire", name}, {"address", address->text()}});
    return Ok{};
}

Result<Ok> Server::listen()
{
    for (const config::ListenAddress &address : m_config.listen.c2s) {
        Result<Ok> done = listenOn(address, runtime::ClientPeer::Opening::Plain, "c2s");
        if (!done) {
            return done;
        }
    }
    for (const config::ListenAddress &address : m_config.listen.c2sTls) {
        Result<Ok> done = listenOn(address, runtime::ClientPeer::Opening::DirectTls, "c2s_tls");
        if (!done) {
            return done;
        }
    }
    for (const config::ListenAddress &address : m_config.listen.http) {
        Result<Ok> done = listenOn(address, runtime::ClientPeer::Opening::Http, "http");
        if (!done) {
            return done;
        }
    }
    // By default it is on; without a certificate there is nothing that it could say.
    for (const config::ListenAddress &address : m_tls ? m_config.listen.https : std::vector<config::ListenAddress>()) {
        Result<Ok> done = listenOn(address, runtime::ClientPeer::Opening::Https, "https");
        if (!done) {
            return done;
        }
    }
    if (!m_config.listen.s2s.empty()) {
        base::log(LogLevel::Info, "server", "this listener is not built yet and stays off", {{"key", "s2s"}});
    }
    warnOfPlaintext();
    warnOfUnknownModules();
    return Ok{};
}

void Server::warnOfPlaintext() const
{
    if (m_config.tls.require) {
        return;
    }
    for (const auto *addresses : {&m_config.listen.c2s, &m_config.listen.http}) {
        for (const config::ListenAddress &address : *addresses) {
            const auto parsed = net::SocketAddress::parse(address.host, address.port);
            if (parsed.ok() && !parsed->isLoopback()) {
                base::log(
                    LogLevel::Warning, "server",
                    "tls.require = false on an address that others reach: passwords may cross the network in clear",
                    {{"address", address.text()}});
            }
        }
    }
}

/// A name that was mistyped would leave a module on that somebody wanted off.
void Server::warnOfUnknownModules() const
{
    std::vector<std::string> known;
    std::string words;
    for (const auto &module :
         modules::allModules(m_plugins ? m_plugins->makeModules() : std::vector<std::unique_ptr<modules::Module>>())) {
        known.emplace_back(module->info().name);
        words += (words.empty() ? "" : ", ") + known.back();
    }
    for (const std::vector<std::string> *names : {&m_config.modules.enabled, &m_config.modules.disabled}) {
        for (const std::string &name : *names) {
            if (std::find(known.begin(), known.end(), name) == known.end()) {
                base::log(LogLevel::Warning, "server", "the configuration names a module that there is not",
                          {{"name", name}, {"modules", words}});
            }
        }
    }
}

Result<Ok> Server::reload(const config::Config &config)
{
    config::Config next = m_config;
    next.tls = config.tls;
    next.log = config.log;
    next.auth = config.auth;
    next.http = config.http;
    next.webSocket = config.webSocket;
    next.web = config.web;
    // A host that the routers did not begin with is one of somebody else to them.
    next.auth.anonymousHosts = m_config.auth.anonymousHosts;
    auto tls = loadTls(next);
    if (!tls) {
        return tls.error();
    }
    if (!*tls && next.tls.require) {
        return Error(ErrorCode::InvalidInput, "there is no certificate, and tls.require is set");
    }
    if (!*tls && m_tls) {
        return Error(ErrorCode::InvalidInput,
                     "there is no certificate any more, and a running server does not give up TLS: start it again");
    }
    auto files = loadFiles(next.web.folder);
    if (!files) {
        return files.error();
    }
    m_tls = std::move(*tls);
    m_files = std::move(*files);
    m_config = std::move(next);
    base::setLogLevel(m_config.log.level);
    const std::shared_ptr<const stream::NegotiationOptions> options = negotiationOptions(m_config);
    const std::shared_ptr<const runtime::HttpOptions> http = httpOptions();
    for (const auto &shard : m_shards) {
        shard->run([&] {
            shard->setTls(m_tls);
            shard->setHttp(http);
            shard->shard().setNegotiation(options);
        });
    }
    warnOfPlaintext();
    base::log(LogLevel::Info, "server", "the configuration was read again",
              {{"note",
                "certificates, tls.require, log.level, [auth] without its hosts, [http], [websocket], [web]; the rest "
                "changes at the next start"}});
    return Ok{};
}

void Server::drain()
{
    const auto deadline = std::chrono::steady_clock::now() + m_config.limits.stopTime;
    std::uint64_t waiting = 1;
    while (waiting > 0 && std::chrono::steady_clock::now() < deadline) {
        waiting = 0;
        for (const auto &shard : m_shards) {
            shard->run([&] { waiting += shard->shard().router().inFlight(); });
        }
        if (waiting > 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    }
    if (waiting > 0) {
        base::log(LogLevel::Warning, "server", "stopping with messages that are not stored and were not accepted",
                  {{"messages", waiting}});
    }
}

void Server::stop()
{
    if (m_stopped) {
        return;
    }
    m_stopped = true;
    const bool running =
        !m_logs.empty() && std::all_of(m_shards.begin(), m_shards.end(), [](const auto &s) { return s->built(); });
    if (running) {
        for (const auto &shard : m_shards) {
            shard->run([&] {
                shard->stopListening();
                shard->pauseReading();
            });
        }
        drain();
        for (const auto &shard : m_shards) {
            shard->run([&] {
                shard->shard().router().endTurn();
                shard->abortNegotiations();
                shard->shard().router().endAll(session::EndReason::Shutdown);
            });
        }
        // The last words of BOSH sessions are on their way from shard to shard by now.
        for (const auto &shard : m_shards) {
            shard->run([&] { shard->endHttp(); });
        }
        waitForPeers();
    }
    for (const auto &shard : m_shards) {
        if (shard->running()) {
            shard->run([&] { shard->destroy(); });
        }
    }
    // The shards' loops still run: they take the store's last answers.
    m_logs.clear();
    m_accounts.clear();
    if (m_engine) {
        m_engine->close();
    }
    m_hashing.reset();
    for (const auto &shard : m_shards) {
        shard->stop();
    }
    m_engine.reset();
    if (running) {
        base::log(LogLevel::Info, "server", "stopped");
    }
}

void Server::waitForPeers()
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    std::size_t peers = 1;
    while (peers > 0 && std::chrono::steady_clock::now() < deadline) {
        peers = 0;
        for (const auto &shard : m_shards) {
            shard->run([&] { peers += shard->peerCount(); });
        }
        if (peers > 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    }
}

void Server::accountRemoved(const std::string &account)
{
    for (const auto &shard : m_shards) {
        shard->run([&] { shard->shard().router().onAccountRemoved(account); });
    }
}

ServerFigures Server::figures()
{
    ServerFigures sums;
    for (const auto &shard : m_shards) {
        shard->run([&] {
            const router::Router &router = shard->shard().router();
            const router::RouterCounters &counters = router.counters();
            const shard::ShardCounters &edge = shard->shard().counters();
            sums.sessions += router.sessionCount();
            sums.inFlight += router.inFlight();
            sums.stanzasIn += counters.stanzasIn;
            sums.stored += counters.stored;
            sums.refused += counters.refused;
            sums.resends += counters.resends;
            sums.streams += edge.streams;
            sums.logins += edge.logins;
            sums.loginsFailed += edge.loginsFailed;
            sums.resumptions += edge.resumptions;
        });
    }
    sums.store = m_engine->figures();
    return sums;
}

} // namespace godwit
