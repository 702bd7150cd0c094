// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The one reading of decimal numbers that peers, files and operators write.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace godwit::base
{

/// The number that the text is: decimal digits, a minus before them where Number has a sign, and nothing else. Nothing
/// when it is none, or is out of range.
template <class Number>
std::optional<Number> readNumber(std::string_view text)
{
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

} // namespace godwit::base
