// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Result.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

struct sockaddr;

namespace godwit::net
{

/// An IPv4 or IPv6 address with a port, in 24 bytes. IPv4 is kept in its IPv6-mapped form, so that one peer has one
/// address whether it came to an IPv4 or to a dual-stack socket.
class SocketAddress
{
public:
    SocketAddress() noexcept = default;

    /// `host` is a numeric address without brackets ("127.0.0.1", "::", "fe80::1%eth0"), "*" for all addresses, or
    /// "localhost" for 127.0.0.1; no look-ups are made. Fails with InvalidInput.
    static base::Result<SocketAddress> parse(std::string_view host, std::uint16_t port);
    /// Reads "address:port" or "[address]:port". Fails with InvalidInput.
    static base::Result<SocketAddress> parse(std::string_view text);
    static SocketAddress fromNative(const sockaddr *native) noexcept;

    bool isIPv4() const noexcept;
    bool isLoopback() const noexcept;
    bool isAny() const noexcept;
    std::uint16_t port() const noexcept { return m_port; }
    void setPort(std::uint16_t port) noexcept { m_port = port; }

    /// "192.0.2.1" or "2001:db8::1".
    std::string host() const;
    /// "192.0.2.1:5222" or "[2001:db8::1]:5222".
    std::string text() const;
    /// What limits per address count by: the address for IPv4, the /64 network for IPv6, where one host has it all.
    std::array<std::uint8_t, 16> limitKey() const noexcept;

    /// Room for a native address of either family.
    struct Native {
        alignas(8) std::array<std::byte, 32> bytes{};
        std::uint32_t size = 0;

        const sockaddr *get() const noexcept { return reinterpret_cast<const sockaddr *>(bytes.data()); }
    };
    Native native() const noexcept;

    friend bool operator==(const SocketAddress &, const SocketAddress &) = default;

private:
    std::array<std::uint8_t, 16> m_bytes{};
    std::uint32_t m_scope = 0;
    std::uint16_t m_port = 0;
};

} // namespace godwit::net
