// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Where an account lives: its bare JID hashes to a slot, a slot has one home node, and in it one home shard
// (DESIGN section 4). The function is named and fixed, since stored data and other nodes depend on it.
#pragma once

#include <cstdint>
#include <string_view>

namespace godwit::ring
{

inline constexpr std::uint32_t slotCountDefault = 4096;

/// "siphash128-zero-low64": SipHash-2-4-128 under the all-zero key over the prepared bare JID's bytes, low 64 bits,
/// modulo the slot count. Test vectors: tests/unit/ring.
std::uint32_t slotOf(std::string_view bareJid, std::uint32_t slotCount = slotCountDefault);

/// The shard of a slot in a process of `shardCount` shards.
constexpr std::uint32_t shardOf(std::uint32_t slot, std::uint32_t shardCount)
{
    return slot % shardCount;
}

} // namespace godwit::ring
