// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "wire/XmlWire.h"

#include "xml/XmlWriter.h"

namespace godwit::wire
{

namespace
{

void appendAttribute(std::string &out, std::string_view name, std::string_view value)
{
    if (value.empty()) {
        return;
    }
    out += ' ';
    out += name;
    out += "='";
    xml::appendEscapedAttribute(out, value);
    out += '\'';
}

void appendAll(std::string &out, Pieces pieces)
{
    for (std::string_view piece : pieces) {
        out += piece;
    }
}

} // namespace

XmlWire::XmlWire(xml::ParserPool &pool)
    : m_parser(pool, xml::StreamParser::Framing::Continuous)
{
}

void XmlWire::feed(std::string_view bytes, xml::StreamHandler &handler)
{
    m_parser.feed(bytes, handler);
}

void XmlWire::stop()
{
    m_parser.stop();
}

std::string XmlWire::takeRest()
{
    return m_parser.takeRest();
}

void XmlWire::restart()
{
    m_parser.restart();
}

void XmlWire::setLimits(const xml::XmlLimits *limits)
{
    m_parser.setLimits(limits);
}

void XmlWire::moveTo(xml::ParserPool &pool)
{
    m_parser.moveTo(pool);
}

std::size_t XmlWire::heldBytes() const
{
    return m_parser.heldBytes();
}

void XmlWire::open(std::string &out, const xml::StreamHeader &header)
{
    out += "<?xml version='1.0'?><stream:stream xmlns='";
    out += header.contentNs.empty() ? clientNamespace : std::string_view(header.contentNs);
    out += "' xmlns:stream='";
    out += streamsNamespace;
    out += '\'';
    appendAttribute(out, "from", header.from);
    appendAttribute(out, "to", header.to);
    appendAttribute(out, "id", header.id);
    appendAttribute(out, "version", header.version);
    appendAttribute(out, "xml:lang", header.language);
    out += '>';
}

void XmlWire::stanza(std::string &out, Pieces pieces)
{
    appendAll(out, pieces);
}

void XmlWire::nonza(std::string &out, Pieces pieces)
{
    appendAll(out, pieces);
}

void XmlWire::streamElement(std::string &out, StreamElement element)
{
    out += "<stream:";
    out += element.name;
    out += '>';
    out += element.content;
    out += "</stream:";
    out += element.name;
    out += '>';
}

void XmlWire::close(std::string &out)
{
    out += "</stream:stream>";
}

void XmlWire::whitespace(std::string &out)
{
    out += ' ';
}

} // namespace godwit::wire
