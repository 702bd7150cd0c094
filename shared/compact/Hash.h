// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A hash for tables of a few hundred strings of our own protocol, where chains are short whatever goes in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace godwit::compact
{

inline std::uint32_t shortHash(std::string_view text, std::uint64_t seed = 0)
{
    constexpr std::uint64_t factor = 0x9e37'79b9'7f4a'7c15;
    std::uint64_t hash = seed ^ text.size();
    const char *at = text.data();
    std::size_t left = text.size();
    std::uint64_t word = 0;
    for (; left > sizeof word; left -= sizeof word, at += sizeof word) {
        std::memcpy(&word, at, sizeof word);
        hash = (hash ^ word) * factor;
        hash ^= hash >> 32;
    }
    // The last word may have bytes in common with the one before; the size is in the hash already.
    if (text.size() >= sizeof word) {
        std::memcpy(&word, at + left - sizeof word, sizeof word);
    } else if (left >= sizeof(std::uint32_t)) {
        std::uint32_t front = 0;
        std::uint32_t back = 0;
        std::memcpy(&front, at, sizeof front);
        std::memcpy(&back, at + left - sizeof back, sizeof back);
        word = front | std::uint64_t{back} << 32;
    } else if (left > 0) {
        const auto byte = [at](std::size_t index) { return std::uint64_t{static_cast<unsigned char>(at[index])}; };
        word = byte(0) | byte(left / 2) << 8 | byte(left - 1) << 16;
    }
    hash = (hash ^ word) * factor;
    return static_cast<std::uint32_t>(hash >> 32);
}

} // namespace godwit::compact
