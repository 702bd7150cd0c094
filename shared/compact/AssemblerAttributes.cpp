// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The attributes of an element that is being assembled: their rules, their order in kept bytes, their prefixes.

#include "compact/AssemblerPieces.h"

#include "base/Assert.h"
#include "xml/XmlWriter.h"

#include <algorithm>
#include <array>
#include <utility>

namespace godwit::compact
{

namespace
{

/// What is written around the parts of an attribute.
constexpr std::size_t attributeMarks = 5;
/// Prefixes in force at one place: with more, the parser that reads kept bytes again refuses them
/// (xml/ElementParser.cpp).
constexpr std::uint32_t prefixesMax = 128;

} // namespace

bool Assembler::repeats(std::string_view name, std::string_view ns) const
{
    const xml::Document::Node &node = self();
    for (std::uint32_t i = 0; i < node.attributeCount; ++i) {
        const xml::Document::Attribute &other = attributeAt(node.firstAttribute + i);
        if (other.name.size == name.size() && text(other.name) == name && text(other.ns) == ns) {
            return true;
        }
    }
    return false;
}

std::optional<std::uint32_t> Assembler::ownAttribute(std::string_view name) const
{
    const xml::Document::Node &node = self();
    for (std::uint32_t i = node.firstAttribute; i < node.firstAttribute + node.attributeCount; ++i) {
        const xml::Document::Attribute &attribute = attributeAt(i);
        if (attribute.ns.size == 0 && text(attribute.name) == name) {
            return i;
        }
    }
    return std::nullopt;
}

bool Assembler::attribute(std::string_view name, std::string_view ns, std::string_view value)
{
    GW_ASSERT(m_open.back().tagOpen);
    if (ns == xmlnsNamespace || (ns.empty() && name == "xmlns")) {
        return fail("an attribute named like a declaration");
    }
    if (repeats(name, ns)) {
        return fail("an attribute twice");
    }
    if (ns.empty()) {
        return field(name, value);
    }
    if (!hasRoom()) {
        return false;
    }
    addAttribute(name, ns, value);
    return true;
}

bool Assembler::field(std::string_view name, std::string_view value)
{
    if (!hasRoom()) {
        return false;
    }
    if (isStanzaRoot() && (name == "from" || name == "to")) {
        stanzaAddress(name, value);
    } else {
        addAttribute(name, {}, value);
    }
    return true;
}

bool Assembler::hasRoom()
{
    return self().attributeCount < m_limits->attributesMax || failLimit("too many attributes");
}

void Assembler::addAttribute(std::string_view name, std::string_view ns, std::string_view value)
{
    Span storedNs;
    std::string prefix;
    if (!ns.empty()) {
        m_open.back().hasPrefixes = true;
        m_repeatedNs += ns.size();
        prefix = prefixFor(ns);
        storedNs = ns == xml::xmlNamespace ? xmlNs : m_builder.storeBehind(ns);
    }
    if (isStanzaRoot()) {
        const std::size_t leading = leadingOf(name, ns);
        if (leading < leadingCount) {
            m_leading[leading] = self().attributeCount + 1;
        }
    }
    const Written written = writeAttribute(prefix, name, value);
    const Span stored = written.isVerbatim ? written.value : m_builder.storeBehind(value);
    m_builder.attribute(written.name, storedNs, written.prefix, stored);
}

std::size_t Assembler::leadingOf(std::string_view name, std::string_view ns)
{
    if (!ns.empty()) {
        return ns == xml::xmlNamespace && name == "lang" ? std::size_t{Language} : leadingCount;
    }
    constexpr std::array<std::string_view, Language> names{"from", "to", "id", "type"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        // Most are told by their size and first letter.
        if (name.size() == names[i].size() && name.front() == names[i].front() && name == names[i]) {
            return i;
        }
    }
    return leadingCount;
}

Assembler::Written Assembler::writeAttribute(std::string_view prefix, std::string_view name, std::string_view value)
{
    Written written;
    Pieces out(*this, prefix.size() + name.size() + value.size() + attributeMarks);
    out.put(' ');
    if (!prefix.empty()) {
        written.prefix = out.put(prefix);
        out.put(':');
    }
    written.name = out.put(name);
    out.put("='");
    const std::optional<Span> place = out.putEscaped(value, xml::appendEscapedAttribute, 1);
    written.value = place.value_or(Span{});
    written.isVerbatim = place.has_value();
    out.put('\'');
    return written;
}

/// Prefixes belong to one element: ns0 for the first namespace of its attributes, ns1 for the next.
std::string Assembler::prefixFor(std::string_view ns) const
{
    if (ns == xml::xmlNamespace) {
        return "xml";
    }
    const xml::Document::Node &node = self();
    for (std::uint32_t i = 0; i < node.attributeCount; ++i) {
        const xml::Document::Attribute &other = attributeAt(node.firstAttribute + i);
        if (text(other.ns) == ns) {
            return std::string(text(other.prefix));
        }
    }
    return "ns" + std::to_string(node.attributeCount);
}

/// As StanzaReader does it: the tree has the prepared address; one that is none is left out, and said in reason().
void Assembler::stanzaAddress(std::string_view name, std::string_view value)
{
    base::Result<jid::Jid> parsed = jid::Jid::parse(value);
    if (!parsed) {
        m_reason =
            name == "to" || m_reason.empty() ? "the address in '" + std::string(name) + "' is not valid" : m_reason;
        return;
    }
    jid::Jid &address = name == "to" ? m_to : m_from;
    address = std::move(parsed).value();
    addAttribute(name, {}, address.text());
}

/// Kept bytes begin with the attributes of a stanza in their order, then the others.
void Assembler::sortRootAttributes()
{
    const std::uint32_t count = self().attributeCount;
    if (count < 2) {
        return;
    }
    // They lie one behind the other; where each begins, and where the last one ends.
    m_begins.clear();
    for (std::uint32_t i = 0; i < count; ++i) {
        const xml::Document::Attribute &attribute = attributeAt(i);
        m_begins.push_back((attribute.prefix.size > 0 ? attribute.prefix.begin : attribute.name.begin) - 1);
    }
    m_begins.push_back(static_cast<std::uint32_t>(m_builder.textSize()));
    std::string &sorted = m_escaped;
    sorted.clear();
    const auto append = [&](std::uint32_t index) {
        const std::uint32_t begin = m_begins[index];
        m_builder.moveAttribute(index, m_begins[0] + static_cast<std::uint32_t>(sorted.size()) - begin);
        sorted += m_builder.text().substr(begin, m_begins[index + 1] - begin);
    };
    for (const std::uint32_t leading : m_leading) {
        if (leading > 0) {
            append(leading - 1);
        }
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        if (std::ranges::find(m_leading, i + 1) == m_leading.end()) {
            append(i);
        }
    }
    m_builder.rewrite(m_begins[0], sorted);
}

bool Assembler::declarePrefixes()
{
    const xml::Document::Node &node = self();
    for (std::uint32_t i = 0; i < node.attributeCount; ++i) {
        const xml::Document::Attribute &attribute = attributeAt(node.firstAttribute + i);
        const std::string_view ns = text(attribute.ns);
        if (ns.empty() || ns == xml::xmlNamespace) {
            continue;
        }
        bool isDeclared = false;
        for (std::uint32_t j = 0; j < i; ++j) {
            isDeclared = isDeclared || text(attributeAt(node.firstAttribute + j).ns) == ns;
        }
        if (!isDeclared) {
            // A copy: the prefix lies in what is written to.
            writeAttribute("xmlns", std::string(text(attribute.prefix)), ns);
            ++m_prefixes;
        }
    }
    return m_prefixes <= prefixesMax || failLimit("too many namespaces of attributes");
}

} // namespace godwit::compact
