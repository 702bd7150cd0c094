// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "xml/StreamParser.h"
#include "xml/XmlWriter.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace godwit::test
{

/// The name that the corpus has for a fault.
inline const char *faultName(xml::XmlFault fault)
{
    switch (fault) {
    case xml::XmlFault::NotWellFormed:
        return "not-well-formed";
    case xml::XmlFault::RestrictedXml:
        return "restricted-xml";
    case xml::XmlFault::BadNamespacePrefix:
        return "bad-namespace-prefix";
    case xml::XmlFault::InvalidNamespace:
        return "invalid-namespace";
    case xml::XmlFault::UnsupportedEncoding:
        return "unsupported-encoding";
    case xml::XmlFault::InvalidXml:
        return "invalid-xml";
    case xml::XmlFault::TooLarge:
        return "too-large";
    }
    return "";
}

/// Writes down what a StreamParser finds, one line an event.
class RecordingHandler : public xml::StreamHandler
{
public:
    void onStreamOpen(xml::StreamHeader &&header) override
    {
        events.push_back("open " + header.contentNs);
        headers.push_back(std::move(header));
        called();
    }
    void onStanza(xml::Stanza &&stanza) override
    {
        events.push_back("stanza " + stanza.bytes);
        stanzas.push_back(std::move(stanza));
        called();
    }
    void onMalformedStanza(xml::MalformedStanza &&stanza) override
    {
        events.push_back("malformed " + stanza.stanza.bytes);
        malformed.push_back(std::move(stanza));
        called();
    }
    void onNonza(xml::Nonza &&nonza) override
    {
        std::string text = "nonza ";
        xml::XmlWriter(text).element(nonza.root(), {});
        events.push_back(text);
        nonzas.push_back(std::move(nonza));
        called();
    }
    void onStreamClose() override
    {
        events.emplace_back("close");
        called();
    }
    void onXmlFault(xml::XmlFault xmlFault, std::string) override
    {
        events.push_back(std::string("fault ") + faultName(xmlFault));
        fault = xmlFault;
        called();
    }

    std::vector<std::string> events;
    std::vector<xml::StreamHeader> headers;
    std::vector<xml::Stanza> stanzas;
    std::vector<xml::MalformedStanza> malformed;
    std::vector<xml::Nonza> nonzas;
    std::optional<xml::XmlFault> fault;
    /// Runs after each event; for stop() and restart().
    std::function<void()> onEvent;

private:
    void called()
    {
        if (onEvent) {
            onEvent();
        }
    }
};

} // namespace godwit::test
