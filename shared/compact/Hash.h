// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A hash for tables of a few hundred strings of our own protocol, where chains are short whatever goes in.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace godwit::compact
{

inline std::uint32_t shortHash(std::string_view text, std::uint64_t seed = 0)
{
    constexpr std::uint64_t factor = 0x9e37'79b9'7f4a'7c15;
    std::uint64_t hash = seed ^ text.size();
    while (text.size() >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), sizeof word);
        hash = (hash ^ word) * factor;
        hash ^= hash >> 32;
        text.remove_prefix(sizeof word);
    }
    std::uint64_t last = 0;
    if (!text.empty()) {
        std::memcpy(&last, text.data(), text.size());
    }
    hash = (hash ^ last) * factor;
    return static_cast<std::uint32_t>(hash >> 32);
}

} // namespace godwit::compact
