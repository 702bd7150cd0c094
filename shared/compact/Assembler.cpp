// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/Assembler.h"

#include "base/Assert.h"
#include "compact/AssemblerPieces.h"
#include "xml/StanzaTypes.h"
#include "xml/XmlWriter.h"

#include <utility>

namespace godwit::compact
{

namespace
{

constexpr std::string_view declaration = " xmlns='";
constexpr std::string_view xmlTag = "<xml:";
/// What is written around the name in an end tag.
constexpr std::size_t endTagMarks = 7;
/// A frame that was larger than this gives its memory back.
constexpr std::size_t keptBytesMax = 65'536;
/// What kept bytes may have, or the parser that reads them again refuses them (xml/ElementParser.cpp): what namespaces
/// take when each use of one is counted.
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
    if (m_builder.textCapacity() > keptBytesMax) {
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
    const auto rawBegin = static_cast<std::uint32_t>(size());
    const bool isDeclared = ns && !opened.isPrefixed && *ns != text(opened.defaultNs);
    const std::size_t nsSize = isDeclared ? declaration.size() + ns->size() + 1 : 0;
    Pieces out(*this, startTag.size() + name.size() + nsSize + xmlTag.size());
    Span prefix;
    if (isDeclared && !startTag.empty()) {
        const Span tag = out.put(startTag);
        opened.name = Span{tag.begin + 1, static_cast<std::uint32_t>(name.size())};
        const auto size = static_cast<std::uint32_t>(ns->size());
        opened.ns = Span{tag.begin + tag.size - 1 - size, size};
    } else if (opened.isPrefixed) {
        prefix = Span{out.put(xmlTag).begin + 1, 3};
        opened.name = out.put(name);
        opened.ns = xmlNs;
    } else {
        out.put('<');
        opened.name = out.put(name);
        opened.ns = ns ? opened.defaultNs : opened.ns;
        if (isDeclared) {
            out.put(declaration);
            const std::optional<Span> place = out.putEscaped(*ns, xml::appendEscapedAttribute, 1);
            opened.ns = place ? *place : m_builder.storeBehind(*ns);
            out.put('\'');
        }
    }
    opened.defaultNs = isDeclared ? opened.ns : opened.defaultNs;
    m_builder.open(opened.name, opened.ns, prefix, rawBegin);
}

bool Assembler::characters(std::string_view data)
{
    if (data.empty()) {
        return true;
    }
    if (!finishTag()) {
        return false;
    }
    const std::optional<Span> place = Pieces(*this, data.size()).putEscaped(data, xml::appendEscapedText, 0);
    m_builder.characters(place ? *place : m_builder.storeBehind(data));
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
    Pieces(*this, 1).put('>');
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
        sortRootAttributes();
    }
    return !m_open.back().hasPrefixes || declarePrefixes();
}

bool Assembler::checkRepetition()
{
    return m_repeatedNs <= size() * repetitionMax + repetitionBase || failLimit("namespaces repeated too often");
}

bool Assembler::close()
{
    const bool isRoot = m_open.size() == 1;
    if (m_open.back().tagOpen && !isRoot) {
        if (!finishAttributes()) {
            return false;
        }
        Pieces(*this, 2).put("/>");
    } else {
        if (!finishTag()) {
            return false;
        }
        const Open &closed = m_open.back();
        Pieces out(*this, closed.name.size + endTagMarks);
        out.put(closed.isPrefixed ? "</xml:" : "</");
        out.put(text(closed.name));
        out.put('>');
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

void Assembler::takeStanza(xml::Stanza &stanza)
{
    GW_ASSERT(m_kind && m_open.empty());
    const auto leading = [this](Leading which) {
        const std::uint32_t index = m_leading[which];
        return index > 0 ? text(attributeAt(index - 1).value) : std::string_view();
    };
    stanza.kind = *m_kind;
    stanza.id = leading(Id);
    stanza.type = xml::readType(stanza.kind, leading(Type));
    stanza.from = std::move(m_from);
    stanza.to = std::move(m_to);
    stanza.bytes.reserve(size() + 2 * xml::stampRoom);
    stanza.bytes = m_builder.text().substr(textBegin);
    m_builder.finish();
    m_builder.copyTo(stanza.tree, 1, xml::stampRoom);
}

} // namespace godwit::compact
