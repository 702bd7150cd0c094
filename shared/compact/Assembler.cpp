// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/Assembler.h"

#include "base/Assert.h"
#include "xml/DocumentEditor.h"
#include "xml/NamespaceSet.h"
#include "xml/StanzaTypes.h"
#include "xml/XmlWriter.h"

#include <utility>

namespace godwit::compact
{

namespace
{

constexpr std::string_view xmlnsNamespace = "http://www.w3.org/2000/xmlns/";
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
    m_bytes.clear();
    m_open.clear();
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
    if (m_bytes.capacity() > keptBytesMax) {
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
    if (ns == xmlnsNamespace) {
        return fail("the namespace of declarations");
    }
    if (!m_open.empty()) {
        const Open &parent = m_open.back();
        // Inside a stanza the content namespace has one name, whatever the stream was called where it came from.
        const bool saysContent = parent.isContent && ns == xml::serverNamespace;
        if (saysContent || ns == m_builder.text(parent.ns)) {
            const Span same = parent.ns;
            return push(m_builder.store(name), same);
        }
    }
    const Span stored = m_builder.store(ns);
    return push(m_builder.store(name), stored);
}

bool Assembler::openInside(std::string_view name)
{
    GW_ASSERT(!m_open.empty());
    const Span ns = m_open.back().ns;
    return push(m_builder.store(name), ns);
}

bool Assembler::push(Span name, Span ns)
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
    opened.name = name;
    opened.ns = ns;
    opened.node = static_cast<std::uint32_t>(m_builder.document().nodeCount());
    const std::string_view nsText = m_builder.text(ns);
    opened.isPrefixed = nsText == xml::xmlNamespace;
    opened.prefixesAround = m_prefixes;
    if (m_open.empty()) {
        m_kind = kindOf(m_builder.text(name), nsText);
        opened.isContent = m_kind.has_value();
        opened.defaultNs = opened.isContent ? ns : Span{};
    } else {
        opened.isContent = m_open.back().isContent && nsText == xml::contentNamespace;
        opened.defaultNs = m_open.back().defaultNs;
    }
    const Span prefix = opened.isPrefixed ? m_builder.store("xml") : Span{};
    m_builder.open(name, ns, prefix, static_cast<std::uint32_t>(m_bytes.size()));
    m_open.push_back(opened);
    return true;
}

bool Assembler::repeats(std::string_view name, std::string_view ns) const
{
    const xml::Document &document = m_builder.document();
    const xml::Document::Node &node = document.node(m_open.back().node);
    for (std::uint32_t i = 0; i < node.attributeCount; ++i) {
        const xml::Document::Attribute &other = document.attribute(node.firstAttribute + i);
        if (document.text(other.name) == name && document.text(other.ns) == ns) {
            return true;
        }
    }
    return false;
}

std::optional<std::string_view> Assembler::ownAttribute(std::string_view name) const
{
    const xml::Document &document = m_builder.document();
    const xml::ElementView self(&document, m_open.back().node);
    return self.hasAttribute(name) ? std::optional(self.attribute(name)) : std::nullopt;
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
    const xml::Document::Node &node = m_builder.document().node(m_open.back().node);
    if (node.attributeCount >= m_limits->attributesMax) {
        return failLimit("too many attributes");
    }
    if (m_kind && m_open.size() == 1 && ns.empty() && (name == "from" || name == "to")) {
        return stanzaAddress(name, value);
    }
    const Span prefix = ns.empty() ? Span{} : prefixFor(ns);
    const Span storedName = m_builder.store(name);
    const Span storedNs = ns.empty() ? Span{} : m_builder.store(ns);
    m_builder.attribute(storedName, storedNs, prefix, m_builder.store(value));
    return true;
}

/// Prefixes belong to one element: ns0 for the first namespace of its attributes, ns1 for the next.
Assembler::Span Assembler::prefixFor(std::string_view ns)
{
    if (ns == xml::xmlNamespace) {
        return m_builder.store("xml");
    }
    const xml::Document &document = m_builder.document();
    const xml::Document::Node &node = document.node(m_open.back().node);
    for (std::uint32_t i = 0; i < node.attributeCount; ++i) {
        const xml::Document::Attribute &other = document.attribute(node.firstAttribute + i);
        if (document.text(other.ns) == ns) {
            return other.prefix;
        }
    }
    return m_builder.store("ns" + std::to_string(node.attributeCount));
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
    const Span storedName = m_builder.store(name);
    m_builder.attribute(storedName, {}, {}, m_builder.store(address.text()));
    return true;
}

bool Assembler::characters(std::string_view text)
{
    if (text.empty()) {
        return true;
    }
    if (!finishTag()) {
        return false;
    }
    m_builder.characters(text);
    xml::appendEscapedText(m_bytes, text);
    return checkSize();
}

bool Assembler::finishTag()
{
    if (m_open.empty() || !m_open.back().tagOpen) {
        return true;
    }
    Open &self = m_open.back();
    self.tagOpen = false;
    if (m_open.size() == 1 && m_kind && !m_language.empty() && !repeats("lang", xml::xmlNamespace)) {
        // RFC 6120 §4.7.4: the stream's language is that of each stanza which names none.
        const Span name = m_builder.store("lang");
        const Span ns = m_builder.store(xml::xmlNamespace);
        const Span prefix = m_builder.store("xml");
        m_builder.attribute(name, ns, prefix, m_builder.store(m_language));
    }
    const xml::Document &document = m_builder.document();
    const xml::Document::Node &node = document.node(self.node);
    m_bytes += self.isPrefixed ? "<xml:" : "<";
    m_bytes += document.text(self.name);
    const bool isInherited = m_open.size() > 1 && self.ns.begin == m_open[m_open.size() - 2].ns.begin;
    m_repeatedNs += isInherited && !self.isPrefixed ? 0 : self.ns.size;
    if (!self.isPrefixed && document.text(self.ns) != document.text(self.defaultNs)) {
        m_bytes += " xmlns='";
        xml::appendEscapedAttribute(m_bytes, document.text(self.ns));
        m_bytes += '\'';
        self.defaultNs = self.ns;
    }
    const bool isRoot = m_open.size() == 1 && m_kind;
    if (isRoot) {
        writeAttributes(node, true);
    }
    writeAttributes(node, false);
    if (!declarePrefixes(node)) {
        return false;
    }
    m_bytes += '>';
    return checkSize();
}

/// Kept bytes begin with the attributes of a stanza in their order, then the others.
void Assembler::writeAttributes(const xml::Document::Node &node, bool leading)
{
    const xml::Document &document = m_builder.document();
    const bool isRoot = m_open.size() == 1 && m_kind;
    if (leading) {
        const xml::ElementView root(&document, m_open.back().node);
        for (const std::string_view name : {"from", "to", "id", "type", "lang"}) {
            for (std::uint32_t i = 0; i < node.attributeCount; ++i) {
                const xml::Document::Attribute &attribute = document.attribute(node.firstAttribute + i);
                const std::string_view ns = document.text(attribute.ns);
                if (document.text(attribute.name) == name && (name == "lang" ? ns == xml::xmlNamespace : ns.empty())) {
                    writeAttribute(attribute);
                }
            }
        }
        return;
    }
    for (std::uint32_t i = 0; i < node.attributeCount; ++i) {
        const xml::Document::Attribute &attribute = document.attribute(node.firstAttribute + i);
        const std::string_view name = document.text(attribute.name);
        const std::string_view ns = document.text(attribute.ns);
        const bool isLeading = ns.empty() ? name == "from" || name == "to" || name == "id" || name == "type"
                                          : name == "lang" && ns == xml::xmlNamespace;
        if (!isRoot || !isLeading) {
            writeAttribute(attribute);
        }
    }
}

void Assembler::writeAttribute(const xml::Document::Attribute &attribute)
{
    const xml::Document &document = m_builder.document();
    m_bytes += ' ';
    if (attribute.prefix.size > 0) {
        m_bytes += document.text(attribute.prefix);
        m_bytes += ':';
    }
    m_bytes += document.text(attribute.name);
    m_bytes += "='";
    xml::appendEscapedAttribute(m_bytes, document.text(attribute.value));
    m_bytes += '\'';
}

bool Assembler::declarePrefixes(const xml::Document::Node &node)
{
    const xml::Document &document = m_builder.document();
    for (std::uint32_t i = 0; i < node.attributeCount; ++i) {
        const xml::Document::Attribute &attribute = document.attribute(node.firstAttribute + i);
        const std::string_view ns = document.text(attribute.ns);
        m_repeatedNs += ns.size();
        if (ns.empty() || ns == xml::xmlNamespace) {
            continue;
        }
        bool isDeclared = false;
        for (std::uint32_t j = 0; j < i; ++j) {
            isDeclared = isDeclared || document.text(document.attribute(node.firstAttribute + j).ns) == ns;
        }
        if (!isDeclared) {
            m_bytes += " xmlns:";
            m_bytes += document.text(attribute.prefix);
            m_bytes += "='";
            xml::appendEscapedAttribute(m_bytes, ns);
            m_bytes += '\'';
            ++m_prefixes;
        }
    }
    return m_prefixes <= prefixesMax || failLimit("too many namespaces of attributes");
}

bool Assembler::checkRepetition()
{
    return m_repeatedNs <= m_bytes.size() * repetitionMax + repetitionBase ||
           failLimit("namespaces repeated too often");
}

bool Assembler::close()
{
    const bool isRoot = m_open.size() == 1;
    if (m_open.back().tagOpen) {
        if (!finishTag()) {
            return false;
        }
        if (!isRoot) {
            m_bytes.insert(m_bytes.size() - 1, 1, '/');
            m_prefixes = m_open.back().prefixesAround;
            m_builder.close(static_cast<std::uint32_t>(m_bytes.size()));
            m_open.pop_back();
            return true;
        }
    }
    const Open &self = m_open.back();
    m_bytes += self.isPrefixed ? "</xml:" : "</";
    m_bytes += m_builder.text(self.name);
    m_bytes += '>';
    m_builder.close(static_cast<std::uint32_t>(m_bytes.size()));
    m_prefixes = self.prefixesAround;
    m_open.pop_back();
    return checkSize() && (!isRoot || checkRepetition());
}

xml::Stanza Assembler::takeStanza()
{
    GW_ASSERT(m_kind && m_open.empty());
    xml::Stanza stanza;
    stanza.kind = *m_kind;
    xml::DocumentEditor(stanza.tree).copyWithRoom(m_builder.document(), stampRoom);
    const xml::ElementView root = stanza.tree.root();
    stanza.id = root.attribute("id");
    stanza.type = xml::readType(stanza.kind, root.attribute("type"));
    stanza.from = std::move(m_from);
    stanza.to = std::move(m_to);
    stanza.bytes.reserve(m_bytes.size() + 2 * stampRoom);
    stanza.bytes = m_bytes;
    return stanza;
}

} // namespace godwit::compact
