// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <string_view>

namespace godwit::base
{

/// What decodeUtf8() gives for bytes that are not UTF-8.
inline constexpr char32_t invalidCodePoint = 0xffff'ffff;

/// Takes one code point from the front of `text`, which must not be empty. On invalid bytes the answer is
/// invalidCodePoint and `text` is left alone.
char32_t decodeUtf8(std::string_view &text);

bool isValidUtf8(std::string_view text);

/// True when every byte is below 0x80.
bool isAscii(std::string_view text);

/// True for letters that every edition of XML 1.0 and Namespaces lets begin a name (general categories Lu, Ll, Lt, Lo
/// and Nl). Asked for code points beyond ASCII only.
bool isNameLetter(char32_t codePoint);

} // namespace godwit::base
