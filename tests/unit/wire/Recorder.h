// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "wire/Wire.h"

#include <string>
#include <vector>

namespace godwit::test
{

/// Notes what it is told, one line an event.
struct Recorder : xml::StreamHandler {
    std::vector<std::string> events;
    wire::Wire *stopAfterNonza = nullptr;

    void onStreamOpen(xml::StreamHeader &&header) override { events.push_back("open " + header.to); }
    void onStanza(xml::Stanza &&stanza) override { events.push_back(stanza.bytes); }
    void onMalformedStanza(xml::MalformedStanza &&) override { events.emplace_back("malformed"); }
    void onNonza(xml::Nonza &&nonza) override
    {
        events.push_back("nonza " + std::string(nonza.root().name()));
        if (stopAfterNonza) {
            stopAfterNonza->stop();
        }
    }
    void onStreamClose() override { events.emplace_back("close"); }
    void onXmlFault(xml::XmlFault fault, std::string) override
    {
        events.push_back("fault " + std::to_string(static_cast<int>(fault)));
    }
};

using Events = std::vector<std::string>;

inline std::string fault(xml::XmlFault which)
{
    return "fault " + std::to_string(static_cast<int>(which));
}

} // namespace godwit::test
