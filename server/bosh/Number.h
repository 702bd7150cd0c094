// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace godwit::bosh
{

/// The number that the text is, in decimal digits and nothing else; nothing when it is none or too large.
template <class Number>
std::optional<Number> readNumber(std::string_view text)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

} // namespace godwit::bosh
