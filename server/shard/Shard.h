// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// One home shard without its I/O: the router with its accounts, the parsers of its streams, and what a stream asks of
// its surroundings. The server binds it to a thread with sockets and a database, the simulator to a fake world.
#pragma once

#include "accounts/AccountStore.h"
#include "base/Lifetime.h"
#include "crypto/ScramKeys.h"
#include "router/Router.h"
#include "stream/NegotiationHost.h"
#include "stream/NegotiationOptions.h"
#include "xml/StreamParser.h"

#include <functional>
#include <memory>
#include <string>

namespace godwit::shard
{

/// Makes keys out of passwords somewhere else than on the shard's thread; answers on it, exactly once.
class PasswordHasher
{
public:
    virtual ~PasswordHasher() = default;
    virtual void derive(stream::HashingRequest request,
                        std::function<void(base::Result<accounts::ScramKeys>)> done) = 0;
};

/// Numbers of what happens at the edge of the shard.
struct ShardCounters {
    std::uint64_t streams = 0;
    std::uint64_t logins = 0;
    std::uint64_t loginsFailed = 0;
    std::uint64_t resumptions = 0;
};

class Shard
{
public:
    /// `pluginModules` start behind the built-in ones, before discovery.
    Shard(router::RouterOptions options, router::RouterServices services, PasswordHasher &hasher,
          const std::shared_ptr<const stream::NegotiationOptions> &negotiation, xml::XmlLimits limits,
          std::vector<std::unique_ptr<modules::Module>> pluginModules = {});

    router::Router &router() noexcept { return m_router; }
    xml::ParserPool &parsers() noexcept { return m_parsers; }
    const xml::XmlLimits *limits() const noexcept { return &m_limits; }
    router::ShardLink &link() noexcept { return m_services.link; }
    accounts::AccountStore &accounts() noexcept { return m_services.accounts; }
    base::Random &random() noexcept { return m_services.random; }
    PasswordHasher &hasher() noexcept { return m_hasher; }
    /// Where a stream composes what it sends; empty between calls into streams, kept for its capacity.
    std::string &scratch() noexcept { return m_scratch; }
    ShardCounters &counters() noexcept { return m_counters; }

    const std::shared_ptr<const stream::NegotiationOptions> &negotiation() const noexcept { return m_negotiation; }
    /// New streams are negotiated by these from now on (reload).
    void setNegotiation(const std::shared_ptr<const stream::NegotiationOptions> &options);

private:
    std::shared_ptr<const stream::NegotiationOptions>
    withModuleFeatures(const std::shared_ptr<const stream::NegotiationOptions> &options) const;

    router::RouterServices m_services;
    PasswordHasher &m_hasher;
    xml::XmlLimits m_limits;
    xml::ParserPool m_parsers;
    router::Router m_router;
    std::shared_ptr<const stream::NegotiationOptions> m_negotiation;
    std::string m_scratch;
    ShardCounters m_counters;
};

} // namespace godwit::shard
