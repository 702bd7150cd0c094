// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "runtime/MemoryBudget.h"

namespace godwit::runtime
{

using Pressure = router::Router::Pressure;

MemoryBudget::MemoryBudget(std::uint64_t bytes, std::size_t shards)
    : m_bytes(bytes)
    , m_shards(shards)
{
}

Pressure MemoryBudget::report(std::size_t shard, router::Router::Load load)
{
    m_shards[shard].flowing.store(load.flowing, std::memory_order_relaxed);
    m_shards[shard].kept.store(load.kept, std::memory_order_relaxed);
    std::uint64_t flowing = 0;
    std::uint64_t kept = 0;
    for (const Sum &sum : m_shards) {
        flowing += sum.flowing.load(std::memory_order_relaxed);
        kept += sum.kept.load(std::memory_order_relaxed);
    }
    if (flowing + kept <= m_bytes) {
        return Pressure::None;
    }
    // A little above, so that logins are refused before reading waits (rule 16).
    const bool far = flowing > m_bytes + m_bytes / 8;
    return far && load.flowing > m_bytes / m_shards.size() ? Pressure::NoReading : Pressure::NoLogins;
}

} // namespace godwit::runtime
