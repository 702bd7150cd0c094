// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "wire/WebSocketWire.h"

#include "wire/Framed.h"
#include "wire/FramingFault.h"
#include "xml/XmlWriter.h"

#include <utility>

namespace godwit::wire
{

WebSocketWire::WebSocketWire(xml::ParserPool &pool, std::optional<websocket::CompressionTerms> compression)
    : m_parser(pool, xml::StreamParser::Framing::Framed)
    , m_framing(websocket::MessageKind::Text, compression)
{
}

void WebSocketWire::feed(std::string_view bytes, xml::StreamHandler &handler)
{
    if (m_framing.ended()) {
        return;
    }
    m_handler = &handler;
    m_framing.feed(bytes, *this);
    m_handler = nullptr;
    if (const std::optional<websocket::CloseCode> failure = m_framing.failure()) {
        reportFraming(*failure, handler);
    }
}

void WebSocketWire::onMessage(std::string_view message)
{
    m_parser.feed(message, *m_handler);
}

void WebSocketWire::stop()
{
    m_parser.stop();
    m_framing.stop();
}

std::string WebSocketWire::takeRest()
{
    return m_framing.takeRest();
}

void WebSocketWire::restart()
{
    m_parser.restart();
}

void WebSocketWire::setLimits(const xml::XmlLimits *limits)
{
    m_parser.setLimits(limits);
    m_framing.setMessageBytesMax(limits->stanzaBytesMax);
}

void WebSocketWire::moveTo(xml::ParserPool &pool)
{
    m_parser.moveTo(pool);
}

std::size_t WebSocketWire::heldBytes() const
{
    return m_framing.heldBytes();
}

void WebSocketWire::open(std::string &out, const xml::StreamHeader &header)
{
    const std::size_t from = out.size();
    xml::XmlWriter writer(out);
    writer.open("open", framingNamespace);
    for (const auto &[name, value] : {std::pair<std::string_view, const std::string &>("from", header.from),
                                      {"to", header.to},
                                      {"id", header.id},
                                      {"version", header.version},
                                      {"xml:lang", header.language}}) {
        if (!value.empty()) {
            writer.attribute(name, value);
        }
    }
    writer.close();
    m_framing.sealMessage(out, from);
}

void WebSocketWire::stanza(std::string &out, Pieces pieces)
{
    const std::size_t from = out.size();
    for (std::string_view piece : pieces) {
        out += piece;
    }
    sealStanza(out, from);
}

void WebSocketWire::sealStanza(std::string &out, std::size_t from)
{
    xml::declareContent(out, from);
    m_framing.sealMessage(out, from);
}

void WebSocketWire::nonza(std::string &out, Pieces pieces)
{
    const std::size_t from = out.size();
    for (std::string_view piece : pieces) {
        out += piece;
    }
    m_framing.sealMessage(out, from);
}

void WebSocketWire::streamElement(std::string &out, StreamElement element)
{
    const std::size_t from = out.size();
    appendStreamElement(out, element);
    m_framing.sealMessage(out, from);
}

void WebSocketWire::close(std::string &out)
{
    const std::size_t from = out.size();
    xml::XmlWriter(out).open("close", framingNamespace).close();
    m_framing.sealMessage(out, from);
    m_framing.close(out, m_framing.failure().value_or(websocket::CloseCode::Normal));
}

void WebSocketWire::whitespace(std::string &out)
{
    m_framing.ping(out);
}

void WebSocketWire::takeReplies(std::string &out)
{
    m_framing.takeReplies(out);
}

} // namespace godwit::wire
