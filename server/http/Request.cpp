// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "http/Request.h"

#include <algorithm>

namespace godwit::http
{

namespace
{

char small(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace

bool equalIgnoringCase(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, {}, small, small);
}

std::string_view Request::field(std::string_view name) const
{
    const auto found = std::ranges::find(fields, name, &Field::name);
    return found == fields.end() ? std::string_view() : std::string_view(found->value);
}

std::size_t Request::count(std::string_view name) const
{
    return static_cast<std::size_t>(std::ranges::count(fields, name, &Field::name));
}

bool Request::lists(std::string_view name, std::string_view token) const
{
    for (const Field &field : fields) {
        std::string_view rest = field.name == name ? std::string_view(field.value) : std::string_view();
        while (!rest.empty()) {
            const std::size_t comma = rest.find(',');
            if (equalIgnoringCase(trimmed(rest.substr(0, comma)), token)) {
                return true;
            }
            rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        }
    }
    return false;
}

} // namespace godwit::http
