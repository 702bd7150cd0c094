// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What all sessions of the process hold in memory, against its budget (DELIVERY.md rule 16). Each shard tells its own
// sum now and then and is told what follows; without a lock.
#pragma once

#include "router/Router.h"

#include <atomic>
#include <cstdint>
#include <vector>

namespace godwit::runtime
{

class MemoryBudget
{
public:
    MemoryBudget(std::uint64_t bytes, std::size_t shards);

    /// Any thread, each for its own shard. Above the budget new sessions are refused. Reading waits only for what
    /// leaves without being read for (kept bytes need acknowledgements), and only in shards that have more than their
    /// share.
    router::Router::Pressure report(std::size_t shard, router::Router::Load load);

private:
    struct Sum {
        std::atomic<std::uint64_t> flowing{0};
        std::atomic<std::uint64_t> kept{0};
    };
    std::uint64_t m_bytes;
    std::vector<Sum> m_shards;
};

} // namespace godwit::runtime
