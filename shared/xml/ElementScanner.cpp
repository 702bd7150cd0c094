// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "xml/ElementScanner.h"

#include <cstring>

namespace godwit::xml
{

namespace
{

constexpr std::string_view cdataOpening = "[CDATA[";
constexpr std::uint32_t hashSeed = 2166136261u;

constexpr bool isSpace(char letter)
{
    return letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r';
}

/// What can never be part of a name; the parser judges the rest.
constexpr bool endsName(char letter)
{
    return isSpace(letter) || letter == '>' || letter == '/';
}

constexpr bool isForbiddenInName(char letter)
{
    return letter == '<' || letter == '=' || letter == '"' || letter == '\'' || letter == '&';
}

constexpr std::uint32_t mix(std::uint32_t hash, char letter)
{
    return (hash ^ static_cast<unsigned char>(letter)) * 16777619u;
}

} // namespace

/// One call of scan(): a cursor over its bytes. Each step takes at least one byte or changes the state.
class ElementScanner::Run
{
public:
    Run(ElementScanner &scanner, std::string_view bytes, const XmlLimits &limits)
        : m_scanner(scanner)
        , m_at(bytes.data())
        , m_end(bytes.data() + bytes.size())
        , m_limits(limits)
    {
    }

    Verdict run()
    {
        Verdict verdict = Verdict::NeedMore;
        while (verdict == Verdict::NeedMore && m_at != m_end) {
            verdict = step();
        }
        return verdict;
    }
    const char *at() const { return m_at; }

private:
    Verdict step()
    {
        switch (m_scanner.m_state) {
        case State::Start:
        case State::Prolog:
            return prolog();
        case State::Declaration:
            return declaration();
        case State::Markup:
            return markup();
        case State::Name:
            return startName();
        case State::InTag:
            return inTag();
        case State::Slash:
            return *m_at++ == '>' ? closeElement() : Verdict::Malformed;
        case State::Quoted:
            return quoted();
        case State::Text:
            return text();
        case State::EndName:
            return endName();
        case State::EndTag:
            return endTag();
        case State::Bang:
            return bang();
        case State::Cdata:
            return cdata();
        }
        return Verdict::Malformed;
    }

    Verdict prolog()
    {
        const char letter = *m_at++;
        if (letter == '<') {
            m_scanner.m_state = State::Markup;
            return Verdict::NeedMore;
        }
        return m_scanner.m_state == State::Prolog && isSpace(letter) ? Verdict::NeedMore : Verdict::Malformed;
    }

    Verdict declaration()
    {
        const char letter = *m_at++;
        if (letter == '>' && m_scanner.m_matched == 1) {
            m_scanner.m_declared = true;
            m_scanner.m_state = State::Prolog;
        }
        m_scanner.m_matched = letter == '?' ? 1 : 0;
        return letter == '<' ? Verdict::Malformed : Verdict::NeedMore;
    }

    Verdict markup()
    {
        const char letter = *m_at;
        if (letter == '/') {
            ++m_at;
            m_scanner.m_hash = hashSeed;
            m_scanner.m_state = State::EndName;
            return m_scanner.m_until == Until::HeaderEnd ? Verdict::Malformed : Verdict::NeedMore;
        }
        if (letter == '!') {
            ++m_at;
            m_scanner.m_matched = 0;
            m_scanner.m_state = State::Bang;
            return m_scanner.m_open.empty() ? Verdict::Restricted : Verdict::NeedMore;
        }
        if (letter == '?') {
            ++m_at;
            m_scanner.m_matched = 0;
            m_scanner.m_state = State::Declaration;
            const bool allowed = m_scanner.m_until == Until::HeaderEnd && !m_scanner.m_declared;
            return allowed ? Verdict::NeedMore : Verdict::Restricted;
        }
        if (endsName(letter) || isForbiddenInName(letter)) {
            return Verdict::Malformed;
        }
        if (m_scanner.m_open.size() >= m_limits.depthMax || m_scanner.m_elements >= m_limits.elementsMax) {
            return Verdict::TooLarge;
        }
        ++m_scanner.m_elements;
        m_scanner.m_attributes = 0;
        m_scanner.m_hash = hashSeed;
        m_scanner.m_state = State::Name;
        return Verdict::NeedMore;
    }

    /// Takes the name's bytes; true when its end is in sight.
    bool takeName()
    {
        std::uint32_t hash = m_scanner.m_hash;
        while (m_at != m_end && !endsName(*m_at) && !isForbiddenInName(*m_at)) {
            hash = mix(hash, *m_at++);
        }
        m_scanner.m_hash = hash;
        return m_at != m_end;
    }

    Verdict startName()
    {
        if (!takeName()) {
            return Verdict::NeedMore;
        }
        if (isForbiddenInName(*m_at)) {
            return Verdict::Malformed;
        }
        m_scanner.m_open.push_back(m_scanner.m_hash);
        m_scanner.m_state = State::InTag;
        return Verdict::NeedMore;
    }

    Verdict inTag()
    {
        while (m_at != m_end) {
            const char letter = *m_at++;
            if (letter == '>') {
                m_scanner.m_state = State::Text;
                return m_scanner.m_until == Until::HeaderEnd ? Verdict::Complete : Verdict::NeedMore;
            }
            if (letter == '/') {
                m_scanner.m_state = State::Slash;
                return Verdict::NeedMore;
            }
            if (letter == '\'' || letter == '"') {
                m_scanner.m_quote = letter;
                m_scanner.m_state = State::Quoted;
                return ++m_scanner.m_attributes > m_limits.attributesMax ? Verdict::TooLarge : Verdict::NeedMore;
            }
            if (letter == '<') {
                return Verdict::Malformed;
            }
        }
        return Verdict::NeedMore;
    }

    /// Moves behind the next `letter`, or to the end of the bytes.
    bool skipPast(char letter)
    {
        const void *found = std::memchr(m_at, letter, static_cast<std::size_t>(m_end - m_at));
        m_at = found ? static_cast<const char *>(found) + 1 : m_end;
        return found != nullptr;
    }

    Verdict quoted()
    {
        if (skipPast(m_scanner.m_quote)) {
            m_scanner.m_state = State::InTag;
        }
        return Verdict::NeedMore;
    }

    Verdict text()
    {
        if (skipPast('<')) {
            m_scanner.m_state = State::Markup;
        }
        return Verdict::NeedMore;
    }

    Verdict endName()
    {
        if (!takeName()) {
            return Verdict::NeedMore;
        }
        m_scanner.m_state = State::EndTag;
        const bool matches = m_scanner.m_open.empty() || m_scanner.m_open.back() == m_scanner.m_hash;
        return matches && !isForbiddenInName(*m_at) ? Verdict::NeedMore : Verdict::Malformed;
    }

    Verdict endTag()
    {
        const char letter = *m_at++;
        if (letter == '>') {
            return m_scanner.m_open.empty() ? Verdict::StreamEnd : closeElement();
        }
        return isSpace(letter) ? Verdict::NeedMore : Verdict::Malformed;
    }

    Verdict closeElement()
    {
        m_scanner.m_open.pop_back();
        m_scanner.m_state = State::Text;
        return m_scanner.m_open.empty() ? Verdict::Complete : Verdict::NeedMore;
    }

    Verdict bang()
    {
        if (*m_at++ != cdataOpening[m_scanner.m_matched]) {
            return Verdict::Restricted;
        }
        if (++m_scanner.m_matched == cdataOpening.size()) {
            m_scanner.m_matched = 0;
            m_scanner.m_state = State::Cdata;
        }
        return Verdict::NeedMore;
    }

    Verdict cdata()
    {
        const char letter = *m_at++;
        if (letter == '>' && m_scanner.m_matched == 2) {
            m_scanner.m_state = State::Text;
        } else if (letter == ']') {
            m_scanner.m_matched = m_scanner.m_matched < 2 ? m_scanner.m_matched + 1 : 2;
        } else {
            m_scanner.m_matched = 0;
        }
        return Verdict::NeedMore;
    }

    ElementScanner &m_scanner;
    const char *m_at;
    const char *m_end;
    const XmlLimits &m_limits;
};

void ElementScanner::reset(Until until)
{
    m_state = State::Start;
    m_until = until;
    m_quote = 0;
    m_matched = 0;
    m_declared = false;
    m_attributes = 0;
    m_elements = 0;
    m_hash = 0;
    m_open.clear();
}

ElementScanner::Verdict ElementScanner::scan(std::string_view bytes, const XmlLimits &limits, std::size_t &used)
{
    Run run(*this, bytes, limits);
    const Verdict verdict = run.run();
    used = static_cast<std::size_t>(run.at() - bytes.data());
    return verdict;
}

} // namespace godwit::xml
