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
    struct Limits {
        std::uint32_t perAddress = 1'000; ///< an IPv6 /64 counts as one; loopback addresses are not limited
        std::uint32_t handshakes = 200;   ///< of these, connections that are not logged in yet
        std::uint32_t total = 19'000;
    };
    AddressGate(const base::SipKey &secret, Limits limits);

    /// Counts a connection; false when the address has its share or the process has enough.
    bool enter(const net::SocketAddress &address);
    /// It logged in, once, before it leaves.
    void pass(const net::SocketAddress &address);
    enum class Progress : std::uint8_t { Handshake, Passed };
    void leave(const net::SocketAddress &address, Progress progress);

private:
    struct Counts {
        std::atomic<std::uint32_t> all{0};
        std::atomic<std::uint32_t> handshakes{0};
    };
    Counts &place(const net::SocketAddress &address);

    static constexpr std::size_t places = 16'384;
    base::SipKey m_secret;
    Limits m_limits;
    std::atomic<std::uint32_t> m_total{0};
    std::array<Counts, places> m_counts{};
};

} // namespace godwit::runtime
