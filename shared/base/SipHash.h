// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// SipHash-2-4 with a 128-bit result (Aumasson and Bernstein, reference vectors in the test): a keyed hash that peers
// who do not know the key cannot make collide.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace godwit::base
{

using SipKey = std::array<std::uint8_t, 16>;

struct Hash128 {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    friend auto operator<=>(const Hash128 &, const Hash128 &) = default;
};

/// Feeds any number of parts, then gives the hash once. The result does not depend on how the input is cut.
class SipHash128
{
public:
    explicit SipHash128(const SipKey &key);
    void update(std::string_view bytes);
    /// A part with its length in front, so that ("ab","c") and ("a","bc") differ.
    void updateField(std::string_view bytes);
    Hash128 finish();

private:
    void compress(std::uint64_t word);
    void round();

    std::uint64_t m_v0, m_v1, m_v2, m_v3;
    std::uint64_t m_tail = 0;
    std::uint64_t m_length = 0;
};

} // namespace godwit::base

template <>
struct std::hash<godwit::base::Hash128> {
    std::size_t operator()(const godwit::base::Hash128 &value) const noexcept { return value.low; }
};
