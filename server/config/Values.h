// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// How single values of the configuration are written and read: times, sizes, listening addresses.
#pragma once

#include "base/Clock.h"
#include "config/Limits.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace godwit::config
{

/// Where a listener listens. The host is a numeric address without brackets, "*" or "localhost".
struct ListenAddress {
    std::string host;
    std::uint16_t port = 0;

    /// "192.0.2.1:5222", "[::]:5222".
    std::string text() const;
    friend bool operator==(const ListenAddress &, const ListenAddress &) = default;
};

/// Reads "address:port" with an IPv6 address in brackets; port 0 takes a free one.
std::optional<ListenAddress> parseListenAddress(std::string_view text);

/// Reads "250 ms", "30 s", "5 min", "2 h", "14 days" (also "sec", "seconds", "minutes", "hours", "day" ...).
std::optional<base::Duration> parseDuration(std::string_view text);
/// In the largest unit that divides it, so that parseDuration() reads the same.
std::string formatDuration(base::Duration duration);

/// Reads "10000", "64 KiB", "1 MiB", "2 GiB", "500 B"; only plain numbers for a count.
std::optional<std::uint64_t> parseNumber(std::string_view text, LimitUnit unit);
std::string formatNumber(std::uint64_t number, LimitUnit unit);

/// A domain as addresses have it, in small letters for one (RFC 7622 §3.2); nothing when it is none.
std::optional<std::string> prepareDomain(std::string_view text);

/// The one of `names` that a person most likely meant; nothing when none is near.
template <class Names>
std::optional<std::string_view> nearest(std::string_view wrong, const Names &names);

/// Single-character changes between two words.
std::size_t editDistance(std::string_view a, std::string_view b);

template <class Names>
std::optional<std::string_view> nearest(std::string_view wrong, const Names &names)
{
    std::optional<std::string_view> best;
    std::size_t least = wrong.size() / 3 + 2;
    for (const std::string_view name : names) {
        const std::size_t distance = editDistance(wrong, name);
        if (distance < least) {
            least = distance;
            best = name;
        }
    }
    return best;
}

} // namespace godwit::config
