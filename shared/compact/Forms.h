// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Strings that are really something else: ids, times, base64. Each has a form of fewer bytes (rule 10), and is written
// in it only when the form gives back the very same characters.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace godwit::compact
{

/// Appends the text as one of the tags 1, 4, 21, 22 and 23 when that is shorter and says it exactly;
/// false, with nothing appended, when it does not.
bool appendForm(std::string &out, std::string_view text);

/// The number whose decimal digits the text is, none besides, at most unsignedMax.
std::optional<std::uint64_t> decimalOf(std::string_view text);

inline constexpr std::size_t uuidBytes = 16;
using Uuid = std::array<char, uuidBytes>;
/// As text.
inline constexpr std::size_t uuidSize = 36;
/// The bytes of a UUID in lower case.
std::optional<Uuid> uuidOf(std::string_view text);

// Back: each appends to `text`.
void appendUuid(std::string &text, std::string_view bytes);
void appendHex(std::string &text, std::string_view bytes);
void appendBase64(std::string &text, std::string_view bytes);
void appendBase64Url(std::string &text, std::string_view bytes);
void appendDecimal(std::string &text, std::uint64_t number);

/// A point of time as XEP-0082 writes it: count ÷ 10^digits seconds after 1970, `digits` of them behind the point.
struct Instant {
    std::uint64_t count = 0;
    unsigned digits = 0;
};
std::optional<Instant> instantOf(std::string_view text);
/// False when it is beyond secondsMax or has more than fractionDigitsMax digits.
bool appendInstant(std::string &text, Instant instant);

} // namespace godwit::compact
