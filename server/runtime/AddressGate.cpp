// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "runtime/AddressGate.h"

namespace godwit::runtime
{

AddressGate::AddressGate(const base::SipKey &secret, std::uint32_t connectionsMax)
    : m_secret(secret)
    , m_max(connectionsMax)
{
}

std::atomic<std::uint32_t> &AddressGate::place(const net::SocketAddress &address)
{
    const auto key = address.limitKey();
    base::SipHash128 hash(m_secret);
    hash.update(std::string_view(reinterpret_cast<const char *>(key.data()), key.size()));
    return m_counts[hash.finish().low % places];
}

bool AddressGate::enter(const net::SocketAddress &address)
{
    if (address.isLoopback()) {
        return true;
    }
    std::atomic<std::uint32_t> &count = place(address);
    if (count.fetch_add(1, std::memory_order_relaxed) >= m_max) {
        count.fetch_sub(1, std::memory_order_relaxed);
        return false;
    }
    return true;
}

void AddressGate::leave(const net::SocketAddress &address)
{
    if (!address.isLoopback()) {
        place(address).fetch_sub(1, std::memory_order_relaxed);
    }
}

} // namespace godwit::runtime
