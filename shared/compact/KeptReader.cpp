// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/KeptReader.h"

#include "xml/Document.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace godwit::compact
{

namespace
{

struct Reference {
    std::string_view name;
    std::string_view text;
};

constexpr std::array references{
    Reference{"lt", "<"}, Reference{"gt", ">"}, Reference{"amp", "&"}, Reference{"apos", "'"}, Reference{"quot", "\""},
};

enum Class : std::uint8_t { isSpace = 1, endsName = 2 };

constexpr std::array<std::uint8_t, 256> classes()
{
    std::array<std::uint8_t, 256> table{};
    for (const char character : {' ', '\t', '\n', '\r'}) {
        table[static_cast<unsigned char>(character)] = isSpace | endsName;
    }
    for (const char character : {'=', '/', '>', ':'}) {
        table[static_cast<unsigned char>(character)] = endsName;
    }
    return table;
}

constexpr auto classOf = classes();

bool is(char character, Class what)
{
    return (classOf[static_cast<unsigned char>(character)] & what) != 0;
}

void skipSpace(std::string_view &rest)
{
    while (!rest.empty() && is(rest.front(), isSpace)) {
        rest.remove_prefix(1);
    }
}

/// Takes a name up to its colon or its end.
std::string_view takeName(std::string_view &rest)
{
    const char *begin = rest.data();
    const char *end = begin + rest.size();
    const char *at = begin;
    while (at != end && !is(*at, endsName)) {
        ++at;
    }
    const std::string_view name(begin, static_cast<std::size_t>(at - begin));
    rest = std::string_view(at, static_cast<std::size_t>(end - at));
    return name;
}

/// Takes the next character when it is this one.
bool take(std::string_view &rest, char character)
{
    const bool isThere = !rest.empty() && rest.front() == character;
    rest.remove_prefix(isThere ? 1 : 0);
    return isThere;
}

/// A character reference without its '&' and ';', in UTF-8; 0 for one that is none.
std::size_t encode(std::string_view name, char (&bytes)[4])
{
    const bool isHex = name.starts_with("#x");
    const std::string_view digits = name.substr(isHex ? 2 : 1);
    std::uint32_t code = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, isHex ? 16 : 10);
    if (error != std::errc() || end != digits.data() + digits.size() || code == 0 || code > 0x10ffff) {
        return 0;
    }
    if (code < 0x80) {
        bytes[0] = static_cast<char>(code);
        return 1;
    }
    const std::size_t size = code < 0x800 ? 2 : (code < 0x1'0000 ? 3 : 4);
    for (std::size_t i = size; i-- > 1; code >>= 6) {
        bytes[i] = static_cast<char>(0x80 | (code & 0x3f));
    }
    bytes[0] = static_cast<char>((0xf00u >> size) | code);
    return size;
}

} // namespace

bool KeptReader::read(std::string_view bytes, std::string_view defaultNs)
{
    m_builder.clear();
    m_open.clear();
    m_bytes = bytes;
    m_isPlain = true;
    for (const char character : {'&', '\t', '\n', '\r'}) {
        m_isPlain = m_isPlain && bytes.find(character) == std::string_view::npos;
    }
    m_builder.store(bytes);
    m_defaultNs = m_builder.store(defaultNs);
    m_languageNs = {};
    std::string_view rest = bytes;
    while (rest.size() > 1) {
        const bool isMarkup = rest.front() == '<';
        if (m_open.empty() && (!isMarkup || m_builder.document().nodeCount() > 0)) {
            return false;
        }
        if (!isMarkup ? !characters(rest) : (rest[1] == '/' ? !endTag(rest) : !startTag(rest))) {
            return false;
        }
    }
    m_builder.finish();
    return rest.empty() && m_open.empty() && m_builder.document().nodeCount() > 0;
}

bool KeptReader::startTag(std::string_view &rest)
{
    rest.remove_prefix(1);
    const std::string_view name = takeName(rest);
    if (name.empty() || name.front() == '!' || name.front() == '?') {
        return false;
    }
    Span ns = m_open.empty() ? m_defaultNs : m_open.back().ns;
    m_attributes.clear();
    while (true) {
        skipSpace(rest);
        if (take(rest, '>')) {
            openElement(name, ns);
            m_open.push_back(Open{place(name), ns});
            return true;
        }
        if (take(rest, '/')) {
            openElement(name, ns);
            m_builder.close();
            return take(rest, '>');
        }
        if (!attribute(rest, ns)) {
            return false;
        }
    }
}

void KeptReader::openElement(std::string_view name, Span ns)
{
    m_builder.open(place(name), ns, {});
    for (const Attribute &attribute : m_attributes) {
        if (attribute.isLanguage && m_languageNs.size == 0) {
            m_languageNs = m_builder.store(xml::xmlNamespace);
        }
        m_builder.attribute(attribute.name, attribute.isLanguage ? m_languageNs : Span{}, {}, attribute.value);
    }
}

bool KeptReader::attribute(std::string_view &rest, Span &ns)
{
    Attribute attribute;
    std::string_view name = takeName(rest);
    if (name == "xml" && take(rest, ':')) {
        name = takeName(rest);
        attribute.isLanguage = name == "lang";
        if (!attribute.isLanguage) {
            return false;
        }
    }
    skipSpace(rest);
    // A colon ends the name of any other attribute with a prefix, and of declarations.
    if (name.empty() || !take(rest, '=')) {
        return false;
    }
    skipSpace(rest);
    if (!attributeValue(rest, attribute.value)) {
        return false;
    }
    if (name == "xmlns") {
        ns = attribute.value;
        return true;
    }
    attribute.name = place(name);
    m_attributes.push_back(attribute);
    return true;
}

bool KeptReader::attributeValue(std::string_view &rest, Span &value) const
{
    if (rest.empty() || (rest.front() != '\'' && rest.front() != '"')) {
        return false;
    }
    const char quote = rest.front();
    rest.remove_prefix(1);
    if (!m_isPlain) {
        return specialValue(rest, quote, value);
    }
    const std::size_t size = rest.find(quote);
    if (size == std::string_view::npos) {
        return false;
    }
    value = place(rest.substr(0, size));
    rest.remove_prefix(size + 1);
    return true;
}

/// A value that may have references, or white space of which a parser makes something else.
bool KeptReader::specialValue(std::string_view &rest, char quote, Span &value) const
{
    const std::string_view written = rest.substr(0, rest.find(quote));
    rest.remove_prefix(written.size());
    value = place(written);
    const bool isKnown = written.find_first_of("<\t\n\r") == std::string_view::npos;
    const bool isSimple = written.find('&') == std::string_view::npos;
    return take(rest, quote) && isKnown && (isSimple || resolve(written, value));
}

bool KeptReader::endTag(std::string_view &rest)
{
    if (m_open.empty()) {
        return false;
    }
    rest.remove_prefix(2);
    const std::string_view name = m_builder.text(m_open.back().name);
    if (!rest.starts_with(name)) {
        return false;
    }
    rest.remove_prefix(name.size());
    skipSpace(rest);
    m_builder.close();
    m_open.pop_back();
    return take(rest, '>');
}

bool KeptReader::characters(std::string_view &rest)
{
    const std::string_view text = rest.substr(0, rest.find('<'));
    rest.remove_prefix(text.size());
    Span stored = place(text);
    if (!m_isPlain && (text.find('\r') != std::string_view::npos ||
                       (text.find('&') != std::string_view::npos && !resolve(text, stored)))) {
        return false;
    }
    m_builder.characters(stored);
    return true;
}

bool KeptReader::resolve(std::string_view text, Span &stored) const
{
    // Stored one behind the other, the parts are one text.
    stored = m_builder.storeBehind({});
    while (!text.empty()) {
        const std::size_t size = std::min(text.find('&'), text.size());
        stored.size += m_builder.storeBehind(text.substr(0, size)).size;
        text.remove_prefix(size);
        if (text.empty()) {
            return true;
        }
        const std::size_t end = text.find(';');
        if (end == std::string_view::npos) {
            return false;
        }
        const std::string_view name = text.substr(1, end - 1);
        text.remove_prefix(end + 1);
        char bytes[4];
        std::string_view part;
        if (name.starts_with('#')) {
            part = std::string_view(bytes, encode(name, bytes));
        }
        for (const Reference &reference : references) {
            part = reference.name == name ? reference.text : part;
        }
        if (part.empty()) {
            return false;
        }
        stored.size += m_builder.storeBehind(part).size;
    }
    return true;
}

} // namespace godwit::compact
