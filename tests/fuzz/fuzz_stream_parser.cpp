// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A stream means the same however it is cut; the bounds hold; nothing is held after an end.

#include "FuzzTarget.h"

#include "xml/StreamParser.h"
#include "xml/XmlWriter.h"

#include <string>
#include <vector>

using namespace godwit::xml;

namespace
{

constexpr XmlLimits limits{4'096, 16, 16, 200};

class Recorder final : public StreamHandler
{
public:
    explicit Recorder(StreamParser &parser)
        : m_parser(parser)
    {
    }
    void onStreamOpen(StreamHeader &&header) override { events.push_back("open " + header.contentNs + header.to); }
    void onStanza(Stanza &&stanza) override { events.push_back(std::move(stanza.bytes)); }
    void onMalformedStanza(MalformedStanza &&stanza) override { events.push_back("bad " + stanza.stanza.bytes); }
    void onNonza(Nonza &&nonza) override
    {
        std::string text = "nonza ";
        XmlWriter(text).element(nonza.root(), {});
        events.push_back(std::move(text));
        if (nonza.root().name() == "auth") {
            m_parser.restart();
        }
    }
    void onStreamClose() override { events.emplace_back("close"); }
    void onXmlFault(XmlFault fault, std::string) override
    {
        GW_ASSERT(!failed);
        failed = true;
        events.push_back("fault " + std::to_string(static_cast<int>(fault)));
    }

    std::vector<std::string> events;
    bool failed = false;

private:
    StreamParser &m_parser;
};

std::vector<std::string> read(std::string_view input, std::size_t pieceBytes)
{
    static ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    parser.setLimits(&limits);
    Recorder recorder(parser);
    for (std::size_t at = 0; at < input.size(); at += pieceBytes) {
        parser.feed(input.substr(at, pieceBytes), recorder);
        GW_ASSERT(parser.heldBytes() <= limits.stanzaBytesMax);
        GW_ASSERT(!recorder.failed || parser.heldBytes() == 0);
        GW_ASSERT(pool.lent() == 0);
    }
    return std::move(recorder.events);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view input = godwit::fuzz::view(data, size);
    const std::string open = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";
    const std::string within = open + std::string(input);
    for (const std::string_view text : {input, std::string_view(within)}) {
        const std::vector<std::string> whole = read(text, text.size() + 1);
        GW_ASSERT(read(text, 1) == whole);
        GW_ASSERT(read(text, 7) == whole);
    }
    static ParserPool pool;
    StreamParser framed(pool, StreamParser::Framing::Framed);
    framed.setLimits(&limits);
    Recorder recorder(framed);
    framed.feed("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", recorder);
    framed.feed(input, recorder);
    return 0;
}
