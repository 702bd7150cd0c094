// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "shard/Shard.h"

namespace godwit::shard
{

Shard::Shard(router::RouterOptions options, router::RouterServices services, PasswordHasher &hasher,
             const std::shared_ptr<const stream::NegotiationOptions> &negotiation, xml::XmlLimits limits,
             std::vector<std::unique_ptr<modules::Module>> pluginModules)
    : m_services(services)
    , m_hasher(hasher)
    , m_limits(limits)
    , m_router(std::move(options), services, modules::allModules(std::move(pluginModules)))
    , m_negotiation(withModuleFeatures(negotiation))
{
}

void Shard::setNegotiation(const std::shared_ptr<const stream::NegotiationOptions> &options)
{
    m_negotiation = withModuleFeatures(options);
}

std::shared_ptr<const stream::NegotiationOptions>
Shard::withModuleFeatures(const std::shared_ptr<const stream::NegotiationOptions> &options) const
{
    auto complete = std::make_shared<stream::NegotiationOptions>(*options);
    complete->moduleFeatures += m_router.hooks().streamFeatures();
    complete->moduleBindFeatures = m_router.hooks().bindFeatures();
    return complete;
}

} // namespace godwit::shard
