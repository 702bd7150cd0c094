// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The one place that builds and wires: store, shards, listeners, certificates; and takes them down in order.
#pragma once

#include "base/Clock.h"
#include "base/Random.h"
#include "base/Result.h"
#include "config/Config.h"
#include "crypto/HashingPool.h"
#include "crypto/StanzaIdCipher.h"
#include "net/TlsContext.h"
#include "plugins/PluginFolder.h"
#include "runtime/AddressGate.h"
#include "runtime/ShardThread.h"
#include "store/sqlite/SqliteEngine.h"

#include <memory>
#include <string>
#include <vector>

namespace godwit
{

/// Sums of the shards' counters.
struct ServerFigures {
    std::uint64_t sessions = 0;
    std::uint64_t streams = 0;
    std::uint64_t logins = 0;
    std::uint64_t loginsFailed = 0;
    std::uint64_t resumptions = 0;
    std::uint64_t stanzasIn = 0;
    std::uint64_t stored = 0;
    std::uint64_t refused = 0;
    std::uint64_t resends = 0;
    std::uint64_t inFlight = 0;
    store::SqliteFigures store;
};

/// A running server. Made, stopped and asked on one thread that is none of the shards'.
class Server
{
public:
    /// Opens the store, starts the shards and listens. Everything that cannot be had is named in the error.
    static base::Result<std::unique_ptr<Server>> start(const config::Config &config);
    /// Stops in order (DELIVERY.md, "Time, versions, stopping") if stop() was not called.
    ~Server();

    /// Takes over what may change while it runs: certificates, TLS policy, mechanisms, log level. What cannot change
    /// is logged and stays as it was.
    base::Result<base::Ok> reload(const config::Config &config);
    /// Closes streams, commits what came in, closes the store.
    void stop();

    ServerFigures figures();
    /// The address of each listener, with its real port: "c2s 127.0.0.1:5222".
    const std::vector<std::string> &addresses() const noexcept { return m_addresses; }
    store::SqliteEngine &engine() noexcept { return *m_engine; }
    crypto::HashingPool &hashing() noexcept { return *m_hashing; }
    /// An account was removed: its sessions end. Any thread but the shards'.
    void accountRemoved(const std::string &account);
    const config::Config &config() const noexcept { return m_config; }

private:
    class StoreMail;
    class SinkRelay;

    explicit Server(const config::Config &config);
    base::Result<base::Ok> loadPlugins();
    base::Result<base::Ok> openStore();
    base::Result<base::Ok> loadWeb();
    base::Result<base::Ok> startShards();
    base::Result<base::Ok> listen();
    base::Result<base::Ok> listenOn(const config::ListenAddress &address, runtime::ClientPeer::Opening opening,
                                    const char *name);
    base::Result<std::shared_ptr<const net::TlsContext>> loadTls(const config::Config &config) const;
    std::shared_ptr<const stream::NegotiationOptions> negotiationOptions(const config::Config &config) const;
    router::RouterOptions routerOptions() const;
    std::shared_ptr<const runtime::HttpOptions> httpOptions() const;
    base::Result<std::shared_ptr<const web::StaticFiles>> loadFiles(const std::string &folder) const;
    void buildShard(ledger::ShardIndex index);
    void drain();
    void waitForPeers();
    void warnOfPlaintext() const;
    void warnOfUnknownModules() const;

    config::Config m_config;
    base::SystemClock m_clock;
    base::SystemRandom m_random;
    std::unique_ptr<plugins::PluginFolder> m_plugins; ///< outlives the shards, which have its modules
    std::unique_ptr<crypto::HashingPool> m_hashing;
    std::unique_ptr<store::SqliteEngine> m_engine;
    std::unique_ptr<crypto::StanzaIdCipher> m_stanzaIds;
    std::unique_ptr<runtime::AddressGate> m_gate;
    std::unique_ptr<runtime::MemoryBudget> m_budget;
    runtime::ShardOptions m_shardOptions;
    std::shared_ptr<const web::StaticFiles> m_files;
    std::shared_ptr<const net::TlsContext> m_tls;
    std::vector<std::unique_ptr<runtime::ShardThread>> m_shards;
    std::vector<std::unique_ptr<StoreMail>> m_mail;  ///< one for each shard; outlives the engine
    std::vector<std::unique_ptr<SinkRelay>> m_sinks; ///< likewise
    std::vector<std::unique_ptr<ledger::LogStore>> m_logs;
    std::vector<std::unique_ptr<accounts::AccountStore>> m_accounts;
    std::vector<std::string> m_addresses;
    bool m_stopped = false;
};

} // namespace godwit
