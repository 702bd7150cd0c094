// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/Assembler.h"

#include "base/Assert.h"
#include "xml/PlainText.h"
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
constexpr std::string_view xmlTag = "<xml:";
/// What is written around the parts of an attribute, and around the name in an end tag.
constexpr std::size_t attributeMarks = 5;
constexpr std::size_t endTagMarks = 7;
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

/// What is put is good as long as the room that was asked for; a text with escapes asks for its own.
class Assembler::Pieces
{
public:
    Pieces(Assembler &assembler, std::size_t size)
        : m_assembler(assembler)
        , m_builder(assembler.m_builder)
        , m_at(m_builder.room(size))
    {
    }
    ~Pieces() { m_builder.wrote(m_size); }
    Pieces(const Pieces &) = delete;
    Pieces &operator=(const Pieces &) = delete;

    Span put(std::string_view text)
    {
        text.copy(m_at + m_size, text.size());
        return took(text.size());
    }
    void put(char letter) { m_at[m_size++] = letter; }
    /// Where the text was put as it is; nothing when it needed escapes. `behind` is how much will be put behind it.
    std::optional<Span> putEscaped(std::string_view text, void (*append)(std::string &, std::string_view),
                                   std::size_t behind)
    {
        if (xml::copyPlain(m_at + m_size, text)) {
            return took(text.size());
        }
        std::string &escaped = m_assembler.m_escaped;
        escaped.clear();
        append(escaped, text);
        m_builder.wrote(std::exchange(m_size, 0));
        m_at = m_builder.room(escaped.size() + behind);
        const Span place = put(escaped);
        // Escapes only make text longer: its characters were checked, so none is left out.
        return escaped.size() == text.size() ? std::optional(place) : std::nullopt;
    }

private:
    Span took(std::size_t size)
    {
        const Span place{static_cast<std::uint32_t>(m_builder.textSize() + m_size), static_cast<std::uint32_t>(size)};
        m_size += size;
        return place;
    }

    Assembler &m_assembler;
    xml::DocumentBuilder &m_builder;
    char *m_at;
    std::size_t m_size = 0;
};

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
    stanza.bytes.reserve(size() + 2 * stampRoom);
    stanza.bytes = m_builder.text().substr(textBegin);
    m_builder.finish();
    m_builder.copyTo(stanza.tree, 1, stampRoom);
}

} // namespace godwit::compact
