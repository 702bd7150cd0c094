// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bridge/StreamWriter.h"

#include "xml/NamespaceSet.h"
#include "xml/XmlWriter.h"

namespace godwit::bridge
{

namespace
{

constexpr std::string_view managementNamespace = "urn:xmpp:sm:3";
constexpr std::string_view sasl2Namespace = "urn:xmpp:sasl:2";
constexpr std::string_view bind2Namespace = "urn:xmpp:bind:0";
constexpr std::string_view errorsNamespace = "urn:ietf:params:xml:ns:xmpp-streams";

/// <enabled/>, or what may hold one.
bool mayEnable(xml::ElementView element)
{
    return element.is("enabled", managementNamespace) || element.is("success", sasl2Namespace) ||
           element.is("bound", bind2Namespace);
}

/// Writes an element without the location in an <enabled/>, and without attributes that have a namespace, which none
/// of these elements has.
void writeWithoutLocation(xml::XmlWriter &writer, xml::ElementView element)
{
    const xml::Document &document = *element.document();
    const xml::Document::Node &node = document.node(element.index());
    writer.open(element.name(), element.ns());
    for (std::uint32_t i = 0; i < node.attributeCount; ++i) {
        const xml::Document::Attribute &attribute = document.attribute(node.firstAttribute + i);
        const std::string_view name = document.text(attribute.name);
        if (attribute.ns.size == 0 && !(name == "location" && element.ns() == managementNamespace)) {
            writer.attribute(name, document.text(attribute.value));
        }
    }
    for (xml::ElementView child : xml::children(element)) {
        if (mayEnable(child)) {
            writeWithoutLocation(writer, child);
        } else {
            writer.element(child, element.ns());
        }
    }
    writer.close();
}

} // namespace

void StreamWriter::open(const xml::StreamHeader &header)
{
    m_text += "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='";
    m_text += xml::streamNamespace;
    m_text += '\'';
    for (const auto &[name, value] : {std::pair<std::string_view, const std::string &>("from", header.from),
                                      {"to", header.to},
                                      {"id", header.id},
                                      {"version", header.version},
                                      {"xml:lang", header.language}}) {
        if (!value.empty()) {
            ((m_text += ' ') += name) += "='";
            xml::appendEscapedAttribute(m_text, value);
            m_text += '\'';
        }
    }
    m_text += '>';
    m_open = true;
}

void StreamWriter::nonza(xml::ElementView element)
{
    xml::XmlWriter writer(m_text);
    if (mayEnable(element)) {
        writeWithoutLocation(writer, element);
    } else if (element.is("error", xml::streamNamespace) && element.child("see-other-host", errorsNamespace)) {
        // To the client a server that goes away for a moment; it comes back by the bridge.
        writer.open("error", xml::streamNamespace).open("reset", errorsNamespace).close().close();
    } else {
        writer.element(element, xml::contentNamespace);
    }
}

void StreamWriter::close()
{
    if (std::exchange(m_open, false)) {
        m_text += "</stream:stream>";
    }
}

} // namespace godwit::bridge
