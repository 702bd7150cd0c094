// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "net/SocketAddress.h"

#include "base/Number.h"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace godwit::net
{

namespace
{

constexpr std::array<std::uint8_t, 12> mappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

base::Error badAddress(std::string_view text)
{
    return base::Error(base::ErrorCode::InvalidInput, "'" + std::string(text) + "' is not a numeric address");
}

} // namespace

base::Result<SocketAddress> SocketAddress::parse(std::string_view host, std::uint16_t port)
{
    SocketAddress address;
    address.m_port = port;
    if (host == "*") {
        return address;
    }
    const std::size_t percent = host.find('%');
    const std::string number(host == "localhost" ? std::string_view("127.0.0.1") : host.substr(0, percent));
    in_addr four{};
    if (percent == std::string_view::npos && inet_pton(AF_INET, number.c_str(), &four) == 1) {
        std::ranges::copy(mappedPrefix, address.m_bytes.begin());
        std::memcpy(address.m_bytes.data() + mappedPrefix.size(), &four, 4);
        return address;
    }
    if (inet_pton(AF_INET6, number.c_str(), address.m_bytes.data()) != 1) {
        return badAddress(host);
    }
    if (percent != std::string_view::npos) {
        const std::string zone(host.substr(percent + 1));
        const auto index = base::readNumber<std::uint32_t>(zone);
        address.m_scope = index ? *index : if_nametoindex(zone.c_str());
        if (address.m_scope == 0) {
            return badAddress(host);
        }
    }
    return address;
}

base::Result<SocketAddress> SocketAddress::parse(std::string_view text)
{
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return badAddress(text);
    }
    std::string_view host = text.substr(0, colon);
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return badAddress(text);
    }
    const auto port = base::readNumber<std::uint16_t>(text.substr(colon + 1));
    return port ? parse(host, *port) : badAddress(text);
}

SocketAddress SocketAddress::fromNative(const sockaddr *native) noexcept
{
    SocketAddress address;
    if (native->sa_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, native, sizeof four);
        std::ranges::copy(mappedPrefix, address.m_bytes.begin());
        std::memcpy(address.m_bytes.data() + mappedPrefix.size(), &four.sin_addr, 4);
        address.m_port = ntohs(four.sin_port);
    } else if (native->sa_family == AF_INET6) {
        sockaddr_in6 six{};
        std::memcpy(&six, native, sizeof six);
        std::memcpy(address.m_bytes.data(), &six.sin6_addr, 16);
        address.m_scope = six.sin6_scope_id;
        address.m_port = ntohs(six.sin6_port);
    }
    return address;
}

bool SocketAddress::isIPv4() const noexcept
{
    return std::equal(mappedPrefix.begin(), mappedPrefix.end(), m_bytes.begin());
}

bool SocketAddress::isLoopback() const noexcept
{
    if (isIPv4()) {
        return m_bytes[12] == 127;
    }
    return std::all_of(m_bytes.begin(), m_bytes.end() - 1, [](std::uint8_t byte) { return byte == 0; }) &&
           m_bytes[15] == 1;
}

bool SocketAddress::isAny() const noexcept
{
    const auto first = m_bytes.begin() + (isIPv4() ? 12 : 0);
    return std::all_of(first, m_bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

std::string SocketAddress::host() const
{
    char text[INET6_ADDRSTRLEN] = {};
    if (isIPv4()) {
        inet_ntop(AF_INET, m_bytes.data() + mappedPrefix.size(), text, sizeof text);
    } else {
        inet_ntop(AF_INET6, m_bytes.data(), text, sizeof text);
    }
    return text;
}

std::string SocketAddress::text() const
{
    const std::string port = ":" + std::to_string(m_port);
    return isIPv4() ? host() + port : "[" + host() + "]" + port;
}

std::array<std::uint8_t, 16> SocketAddress::limitKey() const noexcept
{
    std::array<std::uint8_t, 16> key = m_bytes;
    if (!isIPv4()) {
        std::fill(key.begin() + 8, key.end(), std::uint8_t{0});
    }
    return key;
}

SocketAddress::Native SocketAddress::native() const noexcept
{
    Native native;
    static_assert(sizeof(sockaddr_in6) <= sizeof native.bytes);
    if (isIPv4()) {
        sockaddr_in four{};
        four.sin_family = AF_INET;
        four.sin_port = htons(m_port);
        std::memcpy(&four.sin_addr, m_bytes.data() + mappedPrefix.size(), 4);
        std::memcpy(native.bytes.data(), &four, sizeof four);
        native.size = sizeof four;
    } else {
        sockaddr_in6 six{};
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(m_port);
        six.sin6_scope_id = m_scope;
        std::memcpy(&six.sin6_addr, m_bytes.data(), 16);
        std::memcpy(native.bytes.data(), &six, sizeof six);
        native.size = sizeof six;
    }
    return native;
}

} // namespace godwit::net
