// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What is taken for a body has children that stand alone: each reads as one element wherever it is put.

#include "FuzzTarget.h"

#include "bosh/Body.h"

#include <string>

using namespace godwit;

namespace
{

constexpr xml::XmlLimits limits{4'096, 16, 16, 200};

class Counter final : public xml::StreamHandler
{
public:
    void onStreamOpen(xml::StreamHeader &&) override {}
    void onStanza(xml::Stanza &&) override { ++elements; }
    void onMalformedStanza(xml::MalformedStanza &&) override { ++elements; }
    void onNonza(xml::Nonza &&) override { ++elements; }
    void onStreamClose() override { ++ends; }
    void onXmlFault(xml::XmlFault, std::string) override { ++faults; }

    int elements = 0;
    int ends = 0;
    int faults = 0;
};

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static xml::ParserPool pool;
    const std::string_view input = fuzz::view(data, size);
    const std::string within =
        "<body xmlns='http://jabber.org/protocol/httpbind' rid='1'>" + std::string(input) + "</body>";
    for (const std::string_view text : {input, std::string_view(within)}) {
        const base::Result<bosh::Body> body = bosh::parseBody(text, pool, limits);
        if (!body) {
            continue;
        }
        for (const std::string &child : body->children) {
            GW_ASSERT(child.size() <= limits.stanzaBytesMax);
            xml::StreamParser parser(pool, xml::StreamParser::Framing::Continuous);
            Counter counter;
            parser.feed("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
                        counter);
            parser.feed(child, counter);
            GW_ASSERT(counter.elements + counter.faults == 1 && counter.ends == 0 && parser.heldBytes() == 0);
        }
    }
    return 0;
}
