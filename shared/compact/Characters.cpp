// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/Characters.h"

#include "base/Utf8.h"
#include "xml/Document.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace godwit::compact
{

namespace
{

constexpr std::uint64_t highBits = 0x8080'8080'8080'8080;
constexpr std::uint64_t lowBits = 0x0101'0101'0101'0101;

enum Class : std::uint8_t { beginsName = 1, continuesName = 2, isAllowed = 4 };

constexpr std::array<std::uint8_t, 128> classes()
{
    std::array<std::uint8_t, 128> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const char c = static_cast<char>(i);
        const bool isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        const bool isOther = (c >= '0' && c <= '9') || c == '-' || c == '.';
        const bool isText = i >= 0x20 || c == '\t' || c == '\n' || c == '\r';
        table[i] = static_cast<std::uint8_t>((isLetter ? beginsName | continuesName : 0) |
                                             (isOther ? continuesName : 0) | (isText ? isAllowed : 0));
    }
    return table;
}

constexpr auto classOf = classes();

/// Does the text begin with eight bytes of ASCII from U+0020 on?
bool beginsPlain(std::string_view text)
{
    std::uint64_t word = 0;
    if (text.copy(reinterpret_cast<char *>(&word), sizeof word) < sizeof word) {
        return false;
    }
    // A byte below 0x20 borrows when 0x20 is taken from it; one above 0x7f has its high bit set already.
    return ((word | (word - lowBits * 0x20)) & highBits) == 0;
}

/// One character that is not plain ASCII, taken from the front.
bool takeOther(std::string_view &text)
{
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x80) {
        text.remove_prefix(1);
        return (classOf[first] & isAllowed) != 0;
    }
    const char32_t codePoint = base::decodeUtf8(text);
    return codePoint != base::invalidCodePoint && codePoint != 0xfffe && codePoint != 0xffff;
}

} // namespace

bool isXmlText(std::string_view text)
{
    while (!text.empty()) {
        if (beginsPlain(text)) {
            text.remove_prefix(sizeof(std::uint64_t));
        } else if (!takeOther(text)) {
            return false;
        }
    }
    return true;
}

bool isName(std::string_view text)
{
    const auto hasClass = [](char character, Class wanted) {
        const auto byte = static_cast<unsigned char>(character);
        return byte >= 0x80 || (classOf[byte] & wanted) != 0;
    };
    if (text.empty() || !hasClass(text.front(), beginsName) ||
        !std::ranges::all_of(text, [&](char character) { return hasClass(character, continuesName); })) {
        return false;
    }
    if (base::isAscii(text)) {
        return true;
    }
    // Which letters beyond ASCII a name may have depends on the edition; the parser that will read it decides.
    xml::Document document;
    std::string element = "<";
    element += text;
    element += "/>";
    return xml::parseDocument(element, {}, document);
}

} // namespace godwit::compact
