// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What is kept of a stanza is a stanza that says the same, on this stream and on one between servers, and after each
// of the changes that a server makes.

#include "FuzzTarget.h"

#include "xml/Stanza.h"
#include "xml/StreamParser.h"

#include <optional>

using namespace godwit::xml;

namespace
{

class LastStanza final : public StreamHandler
{
public:
    void onStreamOpen(StreamHeader &&) override {}
    void onStanza(Stanza &&stanza) override { last = std::move(stanza); }
    void onMalformedStanza(MalformedStanza &&stanza) override { last = std::move(stanza.stanza); }
    void onNonza(Nonza &&) override {}
    void onStreamClose() override {}
    void onXmlFault(XmlFault, std::string) override {}

    std::optional<Stanza> last;
};

std::optional<Stanza> readUnder(std::string_view header, std::string_view bytes)
{
    static ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    LastStanza handler;
    parser.feed(header, handler);
    parser.feed(bytes, handler);
    return std::move(handler.last);
}

void check(const Stanza &stanza)
{
    const auto again = parseStanza(stanza.bytes);
    GW_ASSERT(again.ok());
    GW_ASSERT(again->bytes == stanza.bytes);
    GW_ASSERT(sameInfoset(again->root(), stanza.root()));
    GW_ASSERT(again->from == stanza.from && again->to == stanza.to && again->id == stanza.id);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    std::optional<Stanza> stanza = readUnder("<stream:stream xmlns='jabber:client' xmlns:p='urn:p' "
                                             "xmlns:stream='http://etherx.jabber.org/streams' xml:lang='en'>",
                                             godwit::fuzz::view(data, size));
    if (!stanza) {
        return 0;
    }
    check(*stanza);
    const std::optional<Stanza> relayed = readUnder(
        "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>", stanza->bytes);
    GW_ASSERT(relayed && relayed->bytes == stanza->bytes);
    stanza->from = godwit::jid::Jid::fromPrepared("me@example.org/it's <me>");
    restamp(*stanza);
    check(*stanza);
    if (const ElementView child = stanza->root().child()) {
        removeChild(*stanza, child);
        check(*stanza);
    }
    return 0;
}
