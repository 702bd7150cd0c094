// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/KeptReader.h"

#include "xml/Document.h"

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

bool isSpace(char character)
{
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

bool endsName(char character)
{
    return isSpace(character) || character == '=' || character == '/' || character == '>';
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
    m_rest = bytes;
    m_defaultNs = m_builder.store(defaultNs);
    while (m_rest.size() > 1) {
        const bool isMarkup = m_rest.front() == '<';
        if (m_open.empty() && (!isMarkup || m_builder.document().nodeCount() > 0)) {
            return false;
        }
        if (!isMarkup ? !characters() : (m_rest[1] == '/' ? !endTag() : !startTag())) {
            return false;
        }
    }
    return m_rest.empty() && m_open.empty() && m_builder.document().nodeCount() > 0;
}

void KeptReader::skipSpace()
{
    while (!m_rest.empty() && isSpace(m_rest.front())) {
        m_rest.remove_prefix(1);
    }
}

std::string_view KeptReader::takeName()
{
    std::size_t size = 0;
    while (size < m_rest.size() && !endsName(m_rest[size])) {
        ++size;
    }
    const std::string_view name = m_rest.substr(0, size);
    m_rest.remove_prefix(size);
    return name;
}

bool KeptReader::startTag()
{
    m_rest.remove_prefix(1);
    const std::string_view name = takeName();
    if (name.empty() || name.front() == '!' || name.front() == '?' || name.find(':') != std::string_view::npos) {
        return false;
    }
    Span ns = m_open.empty() ? m_defaultNs : m_open.back().ns;
    m_attributes.clear();
    while (true) {
        skipSpace();
        if (m_rest.starts_with("/>")) {
            m_rest.remove_prefix(2);
            openElement(name, ns);
            m_builder.close();
            m_open.pop_back();
            return true;
        }
        if (m_rest.starts_with('>')) {
            m_rest.remove_prefix(1);
            return openElement(name, ns);
        }
        if (!readAttribute(ns)) {
            return false;
        }
    }
}

bool KeptReader::openElement(std::string_view name, Span ns)
{
    const Span stored = m_builder.store(name);
    m_builder.open(stored, ns, {});
    for (const Attribute &attribute : m_attributes) {
        const Span language = attribute.isLanguage ? m_builder.store(xml::xmlNamespace) : Span{};
        m_builder.attribute(attribute.name, language, {}, attribute.value);
    }
    m_open.push_back(Open{stored, ns});
    return true;
}

bool KeptReader::readAttribute(Span &ns)
{
    std::string_view name = takeName();
    skipSpace();
    if (name.empty() || !m_rest.starts_with('=')) {
        return false;
    }
    m_rest.remove_prefix(1);
    skipSpace();
    if (m_rest.empty() || (m_rest.front() != '\'' && m_rest.front() != '"')) {
        return false;
    }
    const std::size_t end = m_rest.find(m_rest.front(), 1);
    if (end == std::string_view::npos) {
        return false;
    }
    const std::string_view value = m_rest.substr(1, end - 1);
    m_rest.remove_prefix(end + 1);
    for (const char character : value) {
        if (character == '\t' || character == '\n' || character == '\r' || character == '<') {
            return false;
        }
    }
    if (name == "xmlns") {
        return resolve(value, ns);
    }
    Attribute attribute;
    attribute.isLanguage = name == "xml:lang";
    if (attribute.isLanguage) {
        name.remove_prefix(4);
    } else if (name.find(':') != std::string_view::npos) {
        return false;
    }
    attribute.name = m_builder.store(name);
    if (!resolve(value, attribute.value)) {
        return false;
    }
    m_attributes.push_back(attribute);
    return true;
}

bool KeptReader::endTag()
{
    m_rest.remove_prefix(2);
    const std::string_view name = takeName();
    skipSpace();
    if (!m_rest.starts_with('>') || name != m_builder.text(m_open.back().name)) {
        return false;
    }
    m_rest.remove_prefix(1);
    m_builder.close();
    m_open.pop_back();
    return true;
}

bool KeptReader::characters()
{
    std::string_view text = m_rest.substr(0, m_rest.find('<'));
    m_rest.remove_prefix(text.size());
    if (text.find('\r') != std::string_view::npos) {
        return false;
    }
    while (!text.empty()) {
        const std::size_t begin = text.find('&');
        m_builder.characters(text.substr(0, begin));
        if (begin == std::string_view::npos) {
            return true;
        }
        const std::size_t end = text.find(';', begin);
        if (end == std::string_view::npos || !appendReference(text.substr(begin + 1, end - begin - 1))) {
            return false;
        }
        text.remove_prefix(end + 1);
    }
    return true;
}

bool KeptReader::appendReference(std::string_view name)
{
    if (name.starts_with('#')) {
        char bytes[4];
        const std::size_t size = encode(name, bytes);
        m_builder.characters(std::string_view(bytes, size));
        return size > 0;
    }
    for (const Reference &reference : references) {
        if (reference.name == name) {
            m_builder.characters(reference.text);
            return true;
        }
    }
    return false;
}

bool KeptReader::resolve(std::string_view text, Span &stored)
{
    const std::size_t first = text.find('&');
    stored = m_builder.store(text.substr(0, first));
    if (first != std::string_view::npos) {
        text.remove_prefix(first);
    }
    while (first != std::string_view::npos && !text.empty()) {
        // Stored one behind the other, the parts are one text.
        const std::size_t end = text.find(';');
        std::string_view part;
        char bytes[4];
        if (text.front() != '&') {
            part = text.substr(0, text.find('&'));
            text.remove_prefix(part.size());
        } else if (end == std::string_view::npos) {
            return false;
        } else {
            const std::string_view name = text.substr(1, end - 1);
            if (name.starts_with('#')) {
                part = std::string_view(bytes, encode(name, bytes));
            }
            for (const Reference &reference : references) {
                part = reference.name == name ? reference.text : part;
            }
            if (part.empty()) {
                return false;
            }
            text.remove_prefix(end + 1);
        }
        stored.size += m_builder.store(part).size;
    }
    return true;
}

} // namespace godwit::compact
