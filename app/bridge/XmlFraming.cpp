// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bridge/Framing.h"
#include "xml/NamespaceSet.h"
#include "xml/XmlWriter.h"

#include <optional>

namespace godwit::bridge
{

namespace
{

/// Passes on what a parser finds, and keeps its fault.
class Relay final : public xml::StreamHandler
{
public:
    explicit Relay(xml::StreamHandler &handler)
        : m_handler(handler)
    {
    }
    void onStreamOpen(xml::StreamHeader &&header) override { m_handler.onStreamOpen(std::move(header)); }
    void onStanza(xml::Stanza &&stanza) override { m_handler.onStanza(std::move(stanza)); }
    void onMalformedStanza(xml::MalformedStanza &&stanza) override { m_handler.onMalformedStanza(std::move(stanza)); }
    void onNonza(xml::Nonza &&nonza) override { m_handler.onNonza(std::move(nonza)); }
    void onStreamClose() override { m_handler.onStreamClose(); }
    void onXmlFault(xml::XmlFault fault, std::string detail) override
    {
        const bool large = fault == xml::XmlFault::TooLarge;
        failure = base::Error(large ? base::ErrorCode::LimitExceeded : base::ErrorCode::InvalidInput, detail);
    }

    std::optional<base::Error> failure;

private:
    xml::StreamHandler &m_handler;
};

class XmlFraming final : public Framing
{
public:
    explicit XmlFraming(xml::ParserPool &pool)
        : m_parser(pool, xml::StreamParser::Framing::Framed)
    {
        m_parser.setLimits(&receiveLimits);
    }

    MessageKind kind() const override { return MessageKind::Text; }

    void open(const xml::StreamHeader &header) override
    {
        xml::XmlWriter(m_messages.emplace_back())
            .open("open", xml::framingNamespace)
            .attributeIf("from", header.from)
            .attributeIf("to", header.to)
            .attributeIf("version", header.version)
            .attributeIf("xml:lang", header.language)
            .close();
    }

    base::Result<base::Ok> stanza(const xml::Stanza &stanza) override
    {
        xml::declareContent(m_messages.emplace_back(stanza.bytes));
        return base::Ok();
    }

    base::Result<base::Ok> nonza(xml::ElementView element) override
    {
        xml::XmlWriter(m_messages.emplace_back()).element(element, {});
        return base::Ok();
    }

    void close() override { xml::XmlWriter(m_messages.emplace_back()).open("close", xml::framingNamespace).close(); }

    base::Result<base::Ok> read(std::string_view message, xml::StreamHandler &handler) override
    {
        Relay relay(handler);
        m_text = message;
        m_parser.feed(message, relay);
        m_text = {};
        return relay.failure ? base::Result<base::Ok>(*relay.failure) : base::Result<base::Ok>(base::Ok());
    }

    std::string_view text() const override { return m_text; }

private:
    xml::StreamParser m_parser;
    std::string_view m_text;
};

} // namespace

std::unique_ptr<Framing> makeXmlFraming(xml::ParserPool &pool)
{
    return std::make_unique<XmlFraming>(pool);
}

} // namespace godwit::bridge
