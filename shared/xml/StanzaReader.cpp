// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "xml/StanzaReader.h"

#include "xml/DocumentEditor.h"
#include "xml/StanzaTypes.h"
#include "xml/XmlWriter.h"

#include <utility>

namespace godwit::xml
{

namespace
{

void appendAttribute(std::string &out, std::string_view prefix, std::string_view name, std::string_view value)
{
    out += ' ';
    if (!prefix.empty()) {
        out += prefix;
        out += ':';
    }
    out += name;
    out += "='";
    appendEscapedAttribute(out, value);
    out += '\'';
}

/// The attributes that kept bytes have in front, in their order.
bool isLeading(std::string_view name, std::string_view ns)
{
    if (ns.empty()) {
        return name == "from" || name == "to" || name == "id" || name == "type";
    }
    return name == "lang" && ns == xmlNamespace;
}

} // namespace

StanzaReader::StanzaReader(ElementParser &parser, std::string_view element, const NamespaceSet &inherited)
    : m_parser(parser)
    , m_element(element)
    , m_inherited(inherited)
{
}

bool StanzaReader::read()
{
    if (!m_parser.facts().verbatim && !rewrite()) {
        return false;
    }
    m_stanza.kind = m_parser.facts().kind;
    m_parser.builder().copyTo(m_stanza.tree, 1, stampRoom);
    const ElementView root = m_stanza.tree.root();
    m_stanza.id = root.attribute("id");
    m_stanza.type = readType(m_stanza.kind, root.attribute("type"));
    readAddresses();
    keepBytes();
    return true;
}

/// The long way: the tree is written without any of the sender's prefixes and read again.
bool StanzaReader::rewrite()
{
    XmlWriter(m_canonical).element(m_parser.builder().document().root(), contentNamespace);
    m_neutral.defaultNs = contentNamespace;
    m_neutral.contentNs = contentNamespace;
    m_neutral.language = m_inherited.language;
    m_element = m_canonical;
    return m_parser.parse(m_element, {}, m_neutral) && m_parser.facts().isStanza && m_parser.facts().verbatim;
}

void StanzaReader::readAddresses()
{
    const bool fromIsGood = readAddress("from", m_stanza.from);
    const bool toIsGood = readAddress("to", m_stanza.to);
    if (!fromIsGood || !toIsGood) {
        m_reason = !toIsGood ? "the address in 'to' is not valid" : "the address in 'from' is not valid";
    }
}

bool StanzaReader::readAddress(std::string_view name, jid::Jid &address)
{
    const ElementView root = m_stanza.tree.root();
    if (!root.hasAttribute(name)) {
        return true;
    }
    const std::string_view written = root.attribute(name);
    base::Result<jid::Jid> parsed = jid::Jid::parse(written);
    DocumentEditor editor(m_stanza.tree);
    if (!parsed) {
        editor.removeRootAttribute(name);
        return false;
    }
    address = std::move(parsed).value();
    if (address.text() != written) {
        editor.setRootAttribute(name, address.text());
    }
    return true;
}

void StanzaReader::keepBytes()
{
    const ElementParser::Facts &facts = m_parser.facts();
    const std::string_view inner = m_element.substr(facts.innerBegin, facts.innerEnd - facts.innerBegin);
    const ElementView root = m_stanza.tree.root();
    const std::string_view name = elementName(m_stanza.kind);
    std::string &bytes = m_stanza.bytes;
    bytes.reserve(m_element.size() + m_stanza.from.text().size() + m_inherited.language.size() + 2 * stampRoom);
    bytes += '<';
    bytes += name;
    for (const std::string_view leading : {"from", "to", "id", "type"}) {
        if (root.hasAttribute(leading)) {
            appendAttribute(bytes, {}, leading, root.attribute(leading));
        }
    }
    if (root.hasAttribute("lang", xmlNamespace)) {
        appendAttribute(bytes, "xml", "lang", root.attribute("lang", xmlNamespace));
    }
    appendOtherAttributes();
    appendDeclarations();
    bytes += '>';
    const auto shift = static_cast<std::ptrdiff_t>(bytes.size()) - static_cast<std::ptrdiff_t>(facts.innerBegin);
    bytes += inner;
    bytes += "</";
    bytes += name;
    bytes += '>';
    DocumentEditor(m_stanza.tree).rebaseRaw(shift, bytes.size());
}

void StanzaReader::appendOtherAttributes()
{
    const Document &tree = m_stanza.tree;
    for (std::uint32_t i = 0; i < tree.node(0).attributeCount; ++i) {
        const Document::Attribute &attribute = tree.attribute(i);
        const std::string_view name = tree.text(attribute.name);
        if (!isLeading(name, tree.text(attribute.ns))) {
            appendAttribute(m_stanza.bytes, tree.text(attribute.prefix), name, tree.text(attribute.value));
        }
    }
}

void StanzaReader::appendDeclarations()
{
    const DocumentBuilder &builder = m_parser.builder();
    for (const ElementParser::Declaration &declaration : m_parser.declared()) {
        if (declaration.prefix.size > 0) {
            appendAttribute(m_stanza.bytes, "xmlns", builder.text(declaration.prefix), builder.text(declaration.ns));
        }
    }
    for (const ElementParser::Declaration &declaration : m_parser.inherited()) {
        appendAttribute(m_stanza.bytes, "xmlns", builder.text(declaration.prefix), builder.text(declaration.ns));
    }
}

} // namespace godwit::xml
