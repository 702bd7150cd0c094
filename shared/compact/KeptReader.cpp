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

enum Class : std::uint8_t { isSpace = 1, endsName = 2, isColon = 4, endsValue = 8 };

constexpr std::array<std::uint8_t, 256> classes()
{
    std::array<std::uint8_t, 256> table{};
    const auto note = [&table](std::string_view characters, std::uint8_t what) {
        for (const char character : characters) {
            table[static_cast<unsigned char>(character)] |= what;
        }
    };
    note(" \t\n\r", isSpace | endsName);
    note("=/>", endsName);
    note(":", isColon);
    // A value is looked at up to a quote or to what the parser would make something else of.
    note("'\"&<\t\n\r", endsValue);
    return table;
}

constexpr auto classOf = classes();

bool is(char character, std::uint8_t what)
{
    return (classOf[static_cast<unsigned char>(character)] & what) != 0;
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
    m_rest = bytes;
    m_isPlain = true;
    for (const char character : {'&', '\t', '\n', '\r'}) {
        m_isPlain = m_isPlain && bytes.find(character) == std::string_view::npos;
    }
    m_builder.store(bytes);
    m_defaultNs = m_builder.store(defaultNs);
    m_languageNs = {};
    while (m_rest.size() > 1) {
        const bool isMarkup = m_rest.front() == '<';
        if (m_open.empty() && (!isMarkup || m_builder.document().nodeCount() > 0)) {
            return false;
        }
        if (!isMarkup ? !characters() : (m_rest[1] == '/' ? !endTag() : !startTag())) {
            return false;
        }
    }
    m_builder.finish();
    return m_rest.empty() && m_open.empty() && m_builder.document().nodeCount() > 0;
}

void KeptReader::skipSpace()
{
    while (!m_rest.empty() && is(m_rest.front(), isSpace)) {
        m_rest.remove_prefix(1);
    }
}

std::string_view KeptReader::takeName()
{
    std::size_t size = 0;
    while (size < m_rest.size() && !is(m_rest[size], endsName | isColon)) {
        ++size;
    }
    const std::string_view name(m_rest.data(), size);
    m_rest.remove_prefix(size);
    return name;
}

bool KeptReader::startTag()
{
    m_rest.remove_prefix(1);
    const std::string_view name = takeName();
    if (name.empty() || name.front() == '!' || name.front() == '?') {
        return false;
    }
    Span ns = m_open.empty() ? m_defaultNs : m_open.back().ns;
    m_attributes.clear();
    while (true) {
        skipSpace();
        if (take('>')) {
            openElement(name, ns);
            m_open.push_back(Open{place(name), ns});
            return true;
        }
        if (take('/')) {
            openElement(name, ns);
            m_builder.close();
            return take('>');
        }
        if (!readAttribute(ns)) {
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

bool KeptReader::readAttribute(Span &ns)
{
    Attribute attribute;
    std::string_view name = takeName();
    if (name == "xml" && take(':')) {
        name = takeName();
        attribute.isLanguage = name == "lang";
        if (!attribute.isLanguage) {
            return false;
        }
    }
    skipSpace();
    // A colon stops the name of any other attribute with a prefix, and of declarations.
    if (name.empty() || !take('=')) {
        return false;
    }
    skipSpace();
    if (!attributeValue(attribute.value)) {
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

bool KeptReader::attributeValue(Span &value)
{
    const bool isQuoted = !m_rest.empty() && (m_rest.front() == '\'' || m_rest.front() == '"');
    if (!isQuoted) {
        return false;
    }
    const char quote = m_rest.front();
    m_rest.remove_prefix(1);
    if (m_isPlain) {
        value = place(m_rest.substr(0, m_rest.find(quote)));
        m_rest.remove_prefix(value.size);
        return take(quote);
    }
    bool hasReferences = false;
    std::size_t size = 0;
    for (; size < m_rest.size() && m_rest[size] != quote; ++size) {
        const char character = m_rest[size];
        if (is(character, endsValue)) {
            hasReferences = hasReferences || character == '&';
            if (character != '&' && character != '\'' && character != '"') {
                return false;
            }
        }
    }
    const std::string_view written(m_rest.data(), size);
    m_rest.remove_prefix(size);
    value = place(written);
    return take(quote) && (!hasReferences || resolve(written, value));
}

bool KeptReader::endTag()
{
    if (m_open.empty()) {
        return false;
    }
    m_rest.remove_prefix(2);
    const std::string_view name = m_builder.text(m_open.back().name);
    if (!m_rest.starts_with(name)) {
        return false;
    }
    m_rest.remove_prefix(name.size());
    skipSpace();
    m_builder.close();
    m_open.pop_back();
    return take('>');
}

bool KeptReader::characters()
{
    const std::string_view text = m_rest.substr(0, m_rest.find('<'));
    m_rest.remove_prefix(text.size());
    Span stored = place(text);
    if (!m_isPlain && (text.find('\r') != std::string_view::npos ||
                       (text.find('&') != std::string_view::npos && !resolve(text, stored)))) {
        return false;
    }
    m_builder.characters(stored);
    return true;
}

bool KeptReader::resolve(std::string_view text, Span &stored)
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
