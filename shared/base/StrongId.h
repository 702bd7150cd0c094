// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Numbers that cannot be mixed up: an identifier, epoch or sequence number is a type of its own.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace godwit::base
{

/// A number with a meaning; `Tag` makes the type. Ordered and hashable, without arithmetic.
template <class Tag, class Rep = std::uint64_t>
struct StrongId {
    Rep value{};

    constexpr StrongId() = default;
    constexpr explicit StrongId(Rep number)
        : value(number)
    {
    }
    friend constexpr auto operator<=>(StrongId, StrongId) = default;
};

} // namespace godwit::base

template <class Tag, class Rep>
struct std::hash<godwit::base::StrongId<Tag, Rep>> {
    std::size_t operator()(godwit::base::StrongId<Tag, Rep> id) const noexcept { return std::hash<Rep>{}(id.value); }
};
