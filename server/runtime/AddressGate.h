// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// How many connections an address has, over all shards, without a lock: counters in a table that addresses hash to
// under a secret. Two addresses that meet in a place are counted together, so the limit may bite early, never late.
#pragma once

#include "base/SipHash.h"
#include "net/SocketAddress.h"

#include <array>
#include <atomic>
#include <cstdint>

namespace godwit::runtime
{

class AddressGate
{
public:
    /// `connectionsMax` for each address (an IPv6 /64 counts as one); loopback addresses are not limited.
    AddressGate(const base::SipKey &secret, std::uint32_t connectionsMax);

    /// Counts a connection; false when the address has its share.
    bool enter(const net::SocketAddress &address);
    void leave(const net::SocketAddress &address);

private:
    std::atomic<std::uint32_t> &place(const net::SocketAddress &address);

    static constexpr std::size_t places = 16'384;
    base::SipKey m_secret;
    std::uint32_t m_max;
    std::array<std::atomic<std::uint32_t>, places> m_counts{};
};

} // namespace godwit::runtime
