// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "HttpReader.h"

#include "base/Number.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace godwit::load
{

namespace
{

constexpr std::string_view headEnd = "\r\n\r\n";

bool sameLetters(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

} // namespace

std::string_view HttpResponse::field(std::string_view name) const
{
    std::string_view rest = head;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find("\r\n"), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 2, rest.size()));
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos && sameLetters(line.substr(0, colon), name)) {
            const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
            const std::size_t last = line.find_last_not_of(" \t");
            return begin == std::string_view::npos ? line.substr(line.size()) : line.substr(begin, last + 1 - begin);
        }
    }
    return {};
}

HttpReader::Outcome HttpReader::feed(std::string_view &bytes)
{
    if (!m_inBody) {
        // The end of the head may be cut anywhere.
        const std::size_t from = m_head.size() < headEnd.size() ? 0 : m_head.size() - headEnd.size() + 1;
        const std::size_t before = m_head.size();
        m_head.append(bytes);
        const std::size_t end = m_head.find(headEnd, from);
        if (end == std::string::npos) {
            bytes = {};
            return m_head.size() > headBytesMax ? Outcome::Broken : Outcome::NeedMore;
        }
        bytes.remove_prefix(end + headEnd.size() - before);
        m_head.resize(end);
        if (!readHead()) {
            return Outcome::Broken;
        }
        m_inBody = true;
    }
    const std::size_t part = std::min(m_left, bytes.size());
    m_response.body.append(bytes.substr(0, part));
    bytes.remove_prefix(part);
    m_left -= part;
    m_inBody = m_left > 0;
    return m_inBody ? Outcome::NeedMore : Outcome::Response;
}

bool HttpReader::readHead()
{
    m_response = HttpResponse();
    m_response.head = std::exchange(m_head, {});
    const std::string_view head = m_response.head;
    const std::string_view digits = head.size() < 12 ? std::string_view() : head.substr(9, 3);
    const auto status = base::readNumber<unsigned>(digits);
    if (!head.starts_with("HTTP/1.") || !status) {
        return false;
    }
    m_response.status = *status;
    m_left = 0;
    if (*status < 200 || *status == 204) {
        return true;
    }
    const auto length = base::readNumber<std::size_t>(m_response.field("content-length"));
    m_left = length.value_or(0);
    return length && *length <= bodyBytesMax;
}

} // namespace godwit::load
