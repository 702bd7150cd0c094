// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/StartTag.h"

#include <array>
#include <utility>

namespace godwit::store
{

namespace
{

constexpr std::array<std::pair<std::string_view, char>, 5> entities{
    {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};

std::string unescape(std::string_view text)
{
    std::string plain;
    while (!text.empty()) {
        std::size_t used = 1;
        char character = text.front();
        for (const auto &[entity, meant] : entities) {
            if (text.starts_with(entity)) {
                used = entity.size();
                character = meant;
            }
        }
        plain.push_back(character);
        text.remove_prefix(used);
    }
    return plain;
}

bool isSpace(char character)
{
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

} // namespace

std::string startTagAttribute(std::string_view keptBytes, std::string_view name)
{
    std::size_t at = keptBytes.find_first_of(" \t\r\n>");
    while (at != std::string_view::npos && at < keptBytes.size() && keptBytes[at] != '>') {
        if (isSpace(keptBytes[at]) || keptBytes[at] == '/') {
            ++at;
            continue;
        }
        const std::size_t equals = keptBytes.find('=', at);
        if (equals == std::string_view::npos || equals + 1 >= keptBytes.size()) {
            break;
        }
        const char quote = keptBytes[equals + 1];
        const std::size_t end = keptBytes.find(quote, equals + 2);
        if (end == std::string_view::npos) {
            break;
        }
        if (keptBytes.substr(at, equals - at) == name) {
            return unescape(keptBytes.substr(equals + 2, end - equals - 2));
        }
        at = end + 1;
    }
    return {};
}

} // namespace godwit::store
