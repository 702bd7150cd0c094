// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Scanner.h"

#include <array>
#include <utility>

namespace godwit::load
{

namespace
{

constexpr std::string_view streamTag = "stream:stream";

/// Position of the `>` that ends the tag beginning at `from`, quotes respected; npos when it has not come yet.
std::size_t endOfTag(std::string_view text, std::size_t from)
{
    char quote = 0;
    for (std::size_t i = from; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != 0) {
            quote = c == quote ? '\0' : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            return i;
        }
    }
    return std::string_view::npos;
}

bool endsName(char c)
{
    return c == ' ' || c == '>' || c == '/' || c == '\t' || c == '\n' || c == '\r';
}

/// End of the markup at `from` that is no tag (instruction, comment, CDATA), npos when unfinished, 0 when it is a tag.
std::size_t endOfOther(std::string_view text, std::size_t from)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kinds{
        {{"<?", "?>"}, {"<!--", "-->"}, {"<![CDATA[", "]]>"}}};
    for (const auto &[open, close] : kinds) {
        const std::string_view here = text.substr(from, open.size());
        if (here == open) {
            const std::size_t end = text.find(close, from + open.size());
            return end == std::string_view::npos ? end : end + close.size() - 1;
        }
        if (here.size() < open.size() && open.starts_with(here)) {
            return std::string_view::npos;
        }
    }
    return 0;
}

} // namespace

bool Scanner::feed(std::string_view chunk, const Sink &sink)
{
    std::string owned;
    std::string_view text = chunk;
    if (!m_rest.empty()) {
        owned = std::move(m_rest);
        owned.append(chunk);
        text = owned;
    }
    m_rest.clear();
    Step last = Step::Went;
    while (last == Step::Went) {
        last = step(text, sink);
    }
    if (last == Step::Broken || last == Step::Stop) {
        reset();
        return last == Step::Stop;
    }
    // Whitespace between stanzas (a keepalive) needs no keeping.
    const std::size_t keepFrom = m_depth > 0 ? m_start : m_at;
    if (text.size() - keepFrom > elementBytesMax) {
        reset();
        return false;
    }
    m_rest.assign(text.substr(keepFrom));
    m_at -= keepFrom;
    m_start = 0;
    return true;
}

void Scanner::reset()
{
    m_rest.clear();
    m_rest.shrink_to_fit();
    m_at = 0;
    m_start = 0;
    m_depth = 0;
}

Scanner::Step Scanner::step(std::string_view text, const Sink &sink)
{
    const std::size_t open = text.find('<', m_at);
    if (open == std::string_view::npos) {
        m_at = text.size();
        return Step::NeedMore;
    }
    m_at = open;
    if (open + 1 >= text.size()) {
        return Step::NeedMore;
    }
    if (text[open + 1] == '?' || text[open + 1] == '!') {
        const std::size_t end = endOfOther(text, open);
        if (end == std::string_view::npos) {
            return Step::NeedMore;
        }
        if (end == 0) {
            return Step::Broken;
        }
        m_at = end + 1;
        return Step::Went;
    }
    const std::size_t end = endOfTag(text, open);
    return end == std::string_view::npos ? Step::NeedMore : finishTag(text, end, sink);
}

Scanner::Step Scanner::finishTag(std::string_view text, std::size_t end, const Sink &sink)
{
    const std::string_view tag = text.substr(m_at, end + 1 - m_at);
    if (m_depth == 0) {
        m_start = m_at;
    }
    m_at = end + 1;
    if (tag[1] == '/') {
        if (m_depth == 0) {
            return sink(Piece::StreamClose, tag) ? Step::Went : Step::Stop;
        }
        --m_depth;
    } else if (m_depth == 0 && elementName(tag) == streamTag) {
        // A header inside a stream is its restart after authentication.
        return sink(Piece::StreamOpen, tag) ? Step::Went : Step::Stop;
    } else if (tag[tag.size() - 2] != '/') {
        ++m_depth;
    }
    if (m_depth > 0) {
        return Step::Went;
    }
    return sink(Piece::Element, text.substr(m_start, m_at - m_start)) ? Step::Went : Step::Stop;
}

std::string_view elementName(std::string_view element)
{
    if (element.size() < 2 || element.front() != '<') {
        return {};
    }
    std::size_t end = 1;
    while (end < element.size() && !endsName(element[end])) {
        ++end;
    }
    return element.substr(1, end - 1);
}

std::string_view attribute(std::string_view element, std::string_view name)
{
    std::size_t at = elementName(element).size() + 1;
    while (at < element.size()) {
        while (at < element.size() && (element[at] == ' ' || element[at] == '\n' || element[at] == '\t')) {
            ++at;
        }
        if (at >= element.size() || element[at] == '>' || element[at] == '/') {
            break;
        }
        const std::size_t equals = element.find('=', at);
        if (equals == std::string_view::npos || equals + 1 >= element.size()) {
            break;
        }
        const char quote = element[equals + 1];
        const std::size_t close = element.find(quote, equals + 2);
        if (close == std::string_view::npos) {
            break;
        }
        if (element.substr(at, equals - at) == name) {
            return element.substr(equals + 2, close - equals - 2);
        }
        at = close + 1;
    }
    return {};
}

std::string_view descendant(std::string_view element, std::string_view name)
{
    std::size_t at = 1;
    while ((at = element.find('<', at)) != std::string_view::npos) {
        const std::size_t end = at + 1 + name.size();
        if (end < element.size() && element.substr(at + 1, name.size()) == name && endsName(element[end])) {
            return element.substr(at);
        }
        ++at;
    }
    return {};
}

std::string_view textOf(std::string_view element)
{
    const std::size_t end = endOfTag(element, 0);
    if (end == std::string_view::npos || element[end - 1] == '/') {
        return {};
    }
    const std::size_t next = element.find('<', end);
    return element.substr(end + 1, next == std::string_view::npos ? next : next - end - 1);
}

std::string_view contentOf(std::string_view element)
{
    const std::size_t end = endOfTag(element, 0);
    const std::size_t close = element.rfind("</");
    if (end == std::string_view::npos || element[end - 1] == '/' || close == std::string_view::npos || close <= end) {
        return {};
    }
    return element.substr(end + 1, close - end - 1);
}

std::string escape(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '&':
            out += "&amp;";
            break;
        case '\'':
            out += "&apos;";
            break;
        case '"':
            out += "&quot;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string unescape(std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, char>, 5> named{
        {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&apos;", '\''}, {"&quot;", '"'}}};
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        std::size_t step = 1;
        char c = text[i];
        for (const auto &[entity, meaning] : named) {
            if (c == '&' && text.substr(i, entity.size()) == entity) {
                step = entity.size();
                c = meaning;
                break;
            }
        }
        out += c;
        i += step;
    }
    return out;
}

} // namespace godwit::load
