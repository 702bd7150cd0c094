// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "runtime/AddressGate.h"

namespace godwit::runtime
{

namespace
{

/// Adds one unless `max` is reached.
bool countUp(std::atomic<std::uint32_t> &count, std::uint32_t max)
{
    if (count.fetch_add(1, std::memory_order_relaxed) < max) {
        return true;
    }
    count.fetch_sub(1, std::memory_order_relaxed);
    return false;
}

} // namespace

AddressGate::AddressGate(const base::SipKey &secret, Limits limits)
    : m_secret(secret)
    , m_limits(limits)
{
}

AddressGate::Counts &AddressGate::place(const net::SocketAddress &address)
{
    const auto key = address.limitKey();
    base::SipHash128 hash(m_secret);
    hash.update(std::string_view(reinterpret_cast<const char *>(key.data()), key.size()));
    return m_counts[hash.finish().low % places];
}

bool AddressGate::enter(const net::SocketAddress &address)
{
    if (!countUp(m_total, m_limits.total)) {
        return false;
    }
    if (address.isLoopback()) {
        return true;
    }
    Counts &counts = place(address);
    if (countUp(counts.all, m_limits.perAddress)) {
        if (countUp(counts.handshakes, m_limits.handshakes)) {
            return true;
        }
        counts.all.fetch_sub(1, std::memory_order_relaxed);
    }
    m_total.fetch_sub(1, std::memory_order_relaxed);
    return false;
}

void AddressGate::pass(const net::SocketAddress &address)
{
    if (!address.isLoopback()) {
        place(address).handshakes.fetch_sub(1, std::memory_order_relaxed);
    }
}

void AddressGate::leave(const net::SocketAddress &address, Progress progress)
{
    m_total.fetch_sub(1, std::memory_order_relaxed);
    if (address.isLoopback()) {
        return;
    }
    place(address).all.fetch_sub(1, std::memory_order_relaxed);
    if (progress == Progress::Handshake) {
        place(address).handshakes.fetch_sub(1, std::memory_order_relaxed);
    }
}

} // namespace godwit::runtime
