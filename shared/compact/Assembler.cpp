// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/Assembler.h"

#include "base/Assert.h"
#include "xml/DocumentEditor.h"
#include "xml/StanzaTypes.h"
#include "xml/XmlWriter.h"

#include <algorithm>
#include <utility>

namespace godwit::compact
{

namespace
{

using Span = xml::Document::Span;

constexpr std::string_view xmlnsNamespace = "http://www.w3.org/2000/xmlns/";
constexpr std::string_view declaration = " xmlns='";
/// The namespaces that kept bytes do not say are at the front of the text.
constexpr Span contentNs{0, xml::contentNamespace.size()};
constexpr Span xmlNs{contentNs.size, xml::xmlNamespace.size()};
/// Room for the `from` that the server stamps next, so that it costs no allocation.
constexpr std::size_t stampRoom = 96;
/// A frame that was larger than this gives its memory back.
constexpr std::size_t keptBytesMax = 65'536;
/// What kept bytes may have, or the parser that reads them again refuses them (xml/ElementParser.cpp): prefixes in
/// force at one place, and what namespaces take when each use of one is counted.
constexpr std::uint32_t prefixesMax = 128;
constexpr std::size_t repetitionMax = 16;
constexpr std::size_t repetitionBase = 16'384;

std::optional<xml::StanzaKind> kindOf(std::string_view name, std::string_view ns)
{
    if (ns != xml::contentNamespace) {
        return std::nullopt;
    }
    for (const xml::StanzaKind kind : {xml::StanzaKind::Message, xml::StanzaKind::Presence, xml::StanzaKind::Iq}) {
        if (name == xml::elementName(kind)) {
            return kind;
        }
    }
    return std::nullopt;
}

} // namespace

void Assembler::begin(const Limits &limits, std::string_view language)
{
    m_limits = &limits;
    m_language = language;
    m_builder.clear();
    m_builder.store(xml::contentNamespace);
    m_builder.store(xml::xmlNamespace);
    m_open.clear();
    m_leading.fill(0);
    m_elements = 0;
    m_prefixes = 0;
    m_repeatedNs = 0;
    m_kind.reset();
    m_from = jid::Jid();
    m_to = jid::Jid();
    m_reason.clear();
    m_fault = nullptr;
    m_overLimit = false;
}

void Assembler::shrink()
{
    if (bytes().capacity() > keptBytesMax) {
        *this = Assembler();
    }
}

bool Assembler::fail(const char *fault)
{
    m_fault = fault;
    return false;
}

bool Assembler::failLimit(const char *fault)
{
    m_overLimit = true;
    return fail(fault);
}

bool Assembler::open(std::string_view name, std::string_view ns)
{
    return ns == xmlnsNamespace ? fail("the namespace of declarations") : push(name, ns, {});
}

bool Assembler::open(const ElementEntry &entry)
{
    return push(entry.name, entry.ns, entry.startTag);
}

bool Assembler::openInside(std::string_view name)
{
    GW_ASSERT(!m_open.empty());
    return push(name, std::nullopt, {});
}

bool Assembler::push(std::string_view name, std::optional<std::string_view> ns, std::string_view startTag)
{
    if (m_open.size() >= m_limits->depthMax) {
        return failLimit("elements too deep inside each other");
    }
    if (++m_elements > m_limits->elementsMax) {
        return failLimit("too many elements");
    }
    if (!finishTag()) {
        return false;
    }
    Open opened;
    opened.prefixesAround = m_prefixes;
    opened.node = static_cast<std::uint32_t>(m_builder.document().nodeCount());
    bool isInherited = false;
    if (m_open.empty()) {
        m_kind = kindOf(name, *ns);
        opened.isContent = m_kind.has_value();
        opened.defaultNs = opened.isContent ? contentNs : Span{};
    } else {
        const Open &parent = m_open.back();
        // Inside a stanza the content namespace has one name, whatever the stream was called where it came from.
        isInherited = !ns || *ns == text(parent.ns) || (parent.isContent && *ns == xml::serverNamespace);
        opened.isContent = parent.isContent && isInherited;
        opened.ns = parent.ns;
        opened.defaultNs = parent.defaultNs;
        opened.isPrefixed = isInherited && parent.isPrefixed;
    }
    if (!isInherited) {
        opened.isPrefixed = *ns == xml::xmlNamespace;
        m_repeatedNs += ns->size();
    } else if (opened.isPrefixed) {
        m_repeatedNs += opened.ns.size;
    }
    writeStartTag(opened, name, isInherited ? std::nullopt : ns, startTag);
    m_open.push_back(opened);
    return true;
}

/// Writes it up to the attributes and opens the element in the tree. Without a namespace when it is in that of the
/// element around it; then there is nothing to declare.
void Assembler::writeStartTag(Open &opened, std::string_view name, std::optional<std::string_view> ns,
                              std::string_view startTag)
{
    std::string &out = bytes();
    const auto rawBegin = static_cast<std::uint32_t>(size());
    const auto at = static_cast<std::uint32_t>(out.size());
    const auto nameSize = static_cast<std::uint32_t>(name.size());
    if (opened.isPrefixed) {
        out += "<xml:";
        out += name;
        opened.name = Span{at + 5, nameSize};
        opened.ns = xmlNs;
        m_builder.open(opened.name, opened.ns, Span{at + 1, 3}, rawBegin);
        return;
    }
    opened.name = Span{at + 1, nameSize};
    const bool isDeclared = ns && *ns != text(opened.defaultNs);
    if (isDeclared && !startTag.empty()) {
        out += startTag;
        const auto nsSize = static_cast<std::uint32_t>(ns->size());
        opened.ns = Span{at + static_cast<std::uint32_t>(startTag.size()) - 1 - nsSize, nsSize};
    } else {
        out += '<';
        out += name;
        if (isDeclared) {
            out += declaration;
            opened.ns = placeFor(*ns);
            xml::appendEscapedAttribute(out, *ns);
            opened.ns = isVerbatim(opened.ns) ? opened.ns : m_builder.storeBehind(*ns);
            out += '\'';
        } else if (ns) {
            opened.ns = opened.defaultNs;
        }
    }
    opened.defaultNs = isDeclared ? opened.ns : opened.defaultNs;
    m_builder.open(opened.name, opened.ns, {}, rawBegin);
}

Assembler::Span Assembler::placeFor(std::string_view text) const
{
    const auto begin = static_cast<std::uint32_t>(m_builder.document().textSize());
    return Span{begin, static_cast<std::uint32_t>(text.size())};
}

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

std::optional<std::string_view> Assembler::ownAttribute(std::string_view name) const
{
    const xml::Document::Node &node = self();
    for (std::uint32_t i = 0; i < node.attributeCount; ++i) {
        const xml::Document::Attribute &attribute = attributeAt(node.firstAttribute + i);
        if (attribute.ns.size == 0 && text(attribute.name) == name) {
            return text(attribute.value);
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
    if (self().attributeCount >= m_limits->attributesMax) {
        return failLimit("too many attributes");
    }
    if (isStanzaRoot() && ns.empty() && (name == "from" || name == "to")) {
        return stanzaAddress(name, value);
    }
    addAttribute(name, ns, value);
    return true;
}

void Assembler::addAttribute(std::string_view name, std::string_view ns, std::string_view value)
{
    m_repeatedNs += ns.size();
    Span storedNs;
    std::string prefix;
    if (!ns.empty()) {
        m_open.back().hasPrefixes = true;
        prefix = prefixFor(ns);
        storedNs = ns == xml::xmlNamespace ? xmlNs : m_builder.storeBehind(ns);
    }
    if (!isStanzaRoot()) {
        const Written written = writeAttribute(prefix, name, value);
        const Span stored = written.isVerbatim ? written.value : m_builder.storeBehind(value);
        m_builder.attribute(written.name, storedNs, written.prefix, stored);
        return;
    }
    // The root of a stanza has its attributes in an order of their own, so they are written when all are known.
    const std::size_t leading = leadingOf(name, ns);
    if (leading < leadingCount) {
        m_leading[leading] = self().attributeCount + 1;
    }
    const Span storedPrefix = prefix.empty() ? Span{} : m_builder.storeBehind(prefix);
    const Span storedName = m_builder.storeBehind(name);
    m_builder.attribute(storedName, storedNs, storedPrefix, m_builder.storeBehind(value));
}

std::size_t Assembler::leadingOf(std::string_view name, std::string_view ns)
{
    if (!ns.empty()) {
        return ns == xml::xmlNamespace && name == "lang" ? std::size_t{Language} : leadingCount;
    }
    constexpr std::array<std::string_view, Language> names{"from", "to", "id", "type"};
    const auto found = std::ranges::find(names, name);
    return found != names.end() ? static_cast<std::size_t>(found - names.begin()) : leadingCount;
}

Assembler::Written Assembler::writeAttribute(std::string_view prefix, std::string_view name, std::string_view value)
{
    std::string &out = bytes();
    Written written;
    out += ' ';
    if (!prefix.empty()) {
        written.prefix = placeFor(prefix);
        out += prefix;
        out += ':';
    }
    written.name = placeFor(name);
    out += name;
    out += "='";
    written.value = placeFor(value);
    xml::appendEscapedAttribute(out, value);
    written.isVerbatim = isVerbatim(written.value);
    out += '\'';
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
bool Assembler::stanzaAddress(std::string_view name, std::string_view value)
{
    base::Result<jid::Jid> parsed = jid::Jid::parse(value);
    if (!parsed) {
        m_reason =
            name == "to" || m_reason.empty() ? "the address in '" + std::string(name) + "' is not valid" : m_reason;
        return true;
    }
    jid::Jid &address = name == "to" ? m_to : m_from;
    address = std::move(parsed).value();
    addAttribute(name, {}, address.text());
    return true;
}

bool Assembler::characters(std::string_view data)
{
    if (data.empty()) {
        return true;
    }
    if (!finishTag()) {
        return false;
    }
    const Span place = placeFor(data);
    xml::appendEscapedText(bytes(), data);
    m_builder.characters(isVerbatim(place) ? place : m_builder.storeBehind(data));
    return checkSize();
}

bool Assembler::finishTag()
{
    if (m_open.empty() || !m_open.back().tagOpen) {
        return true;
    }
    if (!finishAttributes()) {
        return false;
    }
    bytes() += '>';
    return checkSize();
}

bool Assembler::finishAttributes()
{
    m_open.back().tagOpen = false;
    if (isStanzaRoot()) {
        if (!m_language.empty() && m_leading[Language] == 0) {
            // RFC 6120 §4.7.4: the stream's language is that of each stanza which names none.
            addAttribute("lang", xml::xmlNamespace, m_language);
        }
        writeRootAttributes();
    }
    return !m_open.back().hasPrefixes || declarePrefixes();
}

/// Kept bytes begin with the attributes of a stanza in their order, then the others.
void Assembler::writeRootAttributes()
{
    const std::uint32_t count = self().attributeCount;
    std::uint32_t written = 0;
    bool isAllWritten = true;
    const auto write = [&](std::uint32_t index) {
        isAllWritten = writeRootAttribute(index) && isAllWritten;
        ++written;
    };
    for (const std::uint32_t leading : m_leading) {
        if (leading > 0) {
            write(leading - 1);
        }
    }
    for (std::uint32_t i = 0; written < count; ++i) {
        if (std::ranges::find(m_leading, i + 1) == m_leading.end()) {
            write(i);
        }
    }
    if (isAllWritten) {
        m_builder.dropBehind();
    }
}

/// False when the tree still needs what waited for being written.
bool Assembler::writeRootAttribute(std::uint32_t index)
{
    xml::Document::Attribute attribute = attributeAt(index);
    const Written written = writeAttribute(text(attribute.prefix), text(attribute.name), text(attribute.value));
    attribute.prefix = written.prefix;
    attribute.name = written.name;
    attribute.value = written.isVerbatim ? written.value : attribute.value;
    m_builder.setAttribute(index, attribute);
    return written.isVerbatim && (attribute.ns.size == 0 || attribute.ns.begin == xmlNs.begin);
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
            std::string &out = bytes();
            const std::string prefix(text(attribute.prefix));
            out += " xmlns:";
            out += prefix;
            out += "='";
            xml::appendEscapedAttribute(out, ns);
            out += '\'';
            ++m_prefixes;
        }
    }
    return m_prefixes <= prefixesMax || failLimit("too many namespaces of attributes");
}

bool Assembler::checkRepetition()
{
    return m_repeatedNs <= size() * repetitionMax + repetitionBase || failLimit("namespaces repeated too often");
}

bool Assembler::close()
{
    const bool isRoot = m_open.size() == 1;
    std::string &out = bytes();
    if (m_open.back().tagOpen && !isRoot) {
        if (!finishAttributes()) {
            return false;
        }
        out += "/>";
    } else {
        if (!finishTag()) {
            return false;
        }
        const Open &closed = m_open.back();
        out += closed.isPrefixed ? "</xml:" : "</";
        // The text must not move while it is appended to itself.
        out.reserve(out.size() + closed.name.size + 1);
        out += text(closed.name);
        out += '>';
    }
    m_builder.close(static_cast<std::uint32_t>(size()));
    m_prefixes = m_open.back().prefixesAround;
    m_open.pop_back();
    return checkSize() && (!isRoot || checkRepetition());
}

xml::Document Assembler::takeDocument()
{
    m_builder.finish();
    return m_builder.copy();
}

xml::Stanza Assembler::takeStanza()
{
    GW_ASSERT(m_kind && m_open.empty());
    const auto leading = [this](Leading which) {
        const std::uint32_t index = m_leading[which];
        return index > 0 ? text(attributeAt(index - 1).value) : std::string_view();
    };
    xml::Stanza stanza;
    stanza.kind = *m_kind;
    stanza.id = leading(Id);
    stanza.type = xml::readType(stanza.kind, leading(Type));
    stanza.from = std::move(m_from);
    stanza.to = std::move(m_to);
    stanza.bytes.reserve(size() + 2 * stampRoom);
    stanza.bytes.append(bytes(), textBegin);
    m_builder.finish();
    xml::DocumentEditor(stanza.tree).copyWithRoom(m_builder.document(), stampRoom);
    return stanza;
}

} // namespace godwit::compact
