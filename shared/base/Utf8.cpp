// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "base/Utf8.h"

#include "base/Assert.h"

#include <QChar>

#include <cstdint>
#include <cstring>

namespace godwit::base
{

char32_t decodeUtf8(std::string_view &text)
{
    GW_ASSERT(!text.empty());
    const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) {
        text.remove_prefix(1);
        return first;
    }
    if (first < 0xc2 || first > 0xf4) {
        return invalidCodePoint;
    }
    const std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (text.size() < length) {
        return invalidCodePoint;
    }
    char32_t point = first & (0xffu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) {
            return invalidCodePoint;
        }
        point = (point << 6) | (byte(i) & 0x3fu);
    }
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    const bool surrogate = point >= 0xd800 && point <= 0xdfff;
    if (overlong || surrogate || point > 0x10ffff) {
        return invalidCodePoint;
    }
    text.remove_prefix(length);
    return point;
}

bool isValidUtf8(std::string_view text)
{
    while (!text.empty()) {
        if (decodeUtf8(text) == invalidCodePoint) {
            return false;
        }
    }
    return true;
}

bool isAscii(std::string_view text)
{
    while (text.size() >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), sizeof word);
        if ((word & 0x8080'8080'8080'8080u) != 0) {
            return false;
        }
        text.remove_prefix(sizeof word);
    }
    for (const char letter : text) {
        if (static_cast<unsigned char>(letter) >= 0x80) {
            return false;
        }
    }
    return true;
}

bool isNameLetter(char32_t codePoint)
{
    switch (QChar::category(codePoint)) {
    case QChar::Letter_Uppercase:
    case QChar::Letter_Lowercase:
    case QChar::Letter_Titlecase:
    case QChar::Letter_Other:
    case QChar::Number_Letter:
        return true;
    default:
        return false;
    }
}

} // namespace godwit::base
