// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bridge/Reframer.h"

#include "xml/NamespaceSet.h"
#include "xml/XmlWriter.h"

namespace godwit::bridge
{

namespace
{

constexpr std::string_view saslNamespace = "urn:ietf:params:xml:ns:xmpp-sasl";

/// What stands where an address was that is none. Left out, the stanza would be one to or from our own account.
constexpr std::string_view noAddress = "@";

} // namespace

class Reframer::FromClient final : public xml::StreamHandler
{
public:
    explicit FromClient(Reframer &reframer)
        : m_to(reframer)
    {
    }
    void onStreamOpen(xml::StreamHeader &&header) override
    {
        m_to.m_clientOpened = true;
        m_to.m_framing->open(header);
    }
    void onStanza(xml::Stanza &&stanza) override { check(m_to.m_framing->stanza(stanza)); }
    void onMalformedStanza(xml::MalformedStanza &&malformed) override
    {
        // The server answers it with jid-malformed, as if it had seen the address that it was.
        xml::Stanza stanza = std::move(malformed.stanza);
        const std::string_view missing = stanza.root().hasAttribute("to") ? "from" : "to";
        const std::size_t name = 1 + xml::elementName(stanza.kind).size();
        std::string bytes = stanza.bytes;
        bytes.insert(name, " " + std::string(missing) + "='" + std::string(noAddress) + '\'');
        xml::Nonza whole;
        if (xml::parseDocument(bytes, xml::contentNamespace, whole.tree)) {
            onNonza(std::move(whole));
        }
    }
    void onNonza(xml::Nonza &&nonza) override { check(m_to.m_framing->nonza(nonza.root())); }
    void onStreamClose() override { m_to.closeForClient(); }
    void onXmlFault(xml::XmlFault, std::string detail) override
    {
        m_to.fail(base::Error(base::ErrorCode::InvalidInput, "the client's stream: " + detail));
    }

private:
    void check(const base::Result<base::Ok> &done)
    {
        if (!done) {
            m_to.fail(done.error());
        }
    }

    Reframer &m_to;
};

class Reframer::FromServer final : public xml::StreamHandler
{
public:
    explicit FromServer(Reframer &reframer)
        : m_to(reframer)
    {
    }
    void onStreamOpen(xml::StreamHeader &&header) override { m_to.m_stream.open(header); }
    void onStanza(xml::Stanza &&stanza) override { m_to.m_stream.written(stanza.bytes); }
    void onMalformedStanza(xml::MalformedStanza &&malformed) override
    {
        // Another server's idea of an address is passed on as it is, where it is still there.
        if (const std::string_view text = m_to.m_framing->text(); !text.empty()) {
            m_to.m_stream.written(text);
            return;
        }
        // It is counted (XEP-0198) and comes from nobody.
        std::string empty;
        xml::XmlWriter(empty)
            .open(xml::elementName(malformed.stanza.kind))
            .attribute("from", noAddress)
            .attribute("type", "error")
            .attributeIf("id", malformed.stanza.id)
            .close();
        m_to.m_stream.written(empty);
    }
    void onNonza(xml::Nonza &&nonza) override
    {
        // RFC 6120 §6.4.6: the client begins its stream anew behind this.
        if (nonza.root().is("success", saslNamespace)) {
            m_to.m_parser.restart();
        }
        m_to.m_stream.nonza(nonza.root());
    }
    void onStreamClose() override
    {
        m_to.m_serverClosed = true;
        m_to.m_stream.close();
    }
    void onXmlFault(xml::XmlFault, std::string detail) override
    {
        m_to.fail(base::Error(base::ErrorCode::InvalidInput, std::move(detail)));
    }

private:
    Reframer &m_to;
};

Reframer::Reframer(Wire wire)
    : m_parser(m_pool, xml::StreamParser::Framing::Continuous)
    , m_framing(wire == Wire::Compact ? makeCompactFraming() : makeXmlFraming(m_pool))
{
    m_parser.setLimits(&receiveLimits);
}

base::Result<base::Ok> Reframer::fromClient(std::string_view bytes)
{
    FromClient handler(*this);
    m_parser.feed(bytes, handler);
    return outcome();
}

base::Result<base::Ok> Reframer::fromServer(std::string_view message)
{
    FromServer handler(*this);
    if (base::Result<base::Ok> read = m_framing->read(message, handler); !read) {
        fail(read.error());
    }
    return outcome();
}

void Reframer::closeForClient()
{
    if (m_clientOpened && !std::exchange(m_clientClosed, true)) {
        m_framing->close();
    }
}

base::Result<base::Ok> Reframer::outcome()
{
    return m_failure ? base::Result<base::Ok>(*m_failure) : base::Result<base::Ok>(base::Ok());
}

void Reframer::fail(base::Error error)
{
    if (!m_failure) {
        m_failure = std::move(error);
    }
}

} // namespace godwit::bridge
