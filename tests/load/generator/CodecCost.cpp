// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "CodecCost.h"

#include "BestRounds.h"
#include "CompactWire.h"
#include "Deflate.h"
#include "WebSocketWire.h"

#include "xml/StreamParser.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace godwit::load
{

namespace
{

constexpr std::size_t turns = 300; // of all codecs, a few milliseconds each

/// A codec of the product or of zlib fails on stanzas that have just passed through it: a bug, and no figure.
void must(bool good)
{
    if (!good) {
        std::fputs("godwit-load: a codec fails on a stanza of the conversation\n", stderr);
        std::abort();
    }
}

class Reader final : public xml::StreamHandler
{
public:
    void onStreamOpen(xml::StreamHeader &&) override {}
    void onStanza(xml::Stanza &&stanza) override
    {
        const xml::Stanza taken = std::move(stanza);
        bytes += taken.bytes.size();
    }
    void onMalformedStanza(xml::MalformedStanza &&) override { must(false); }
    void onNonza(xml::Nonza &&) override { must(false); }
    void onStreamClose() override {}
    void onXmlFault(xml::XmlFault, std::string) override { must(false); }

    std::size_t bytes = 0;
};

/// As they go over WebSocket.
std::vector<std::string> framed(const std::vector<Conversation::Said> &said)
{
    std::vector<std::string> all;
    for (const Conversation::Said &one : said) {
        all.push_back(withClientNamespace(one.stanza));
    }
    return all;
}

void read(CompactEnd &to, std::string &buffer)
{
    std::string_view message = buffer;
    while (!message.empty()) {
        must(static_cast<bool>(to.decoder.next(message)));
    }
    buffer.clear();
}

void converse(CompactEnd &phone, CompactEnd &server, const std::vector<Conversation::Said> &said)
{
    std::string buffer;
    phone.encoder.open(buffer, {});
    read(server, buffer);
    server.encoder.open(buffer, {});
    read(phone, buffer);
    for (const Conversation::Said &one : said) {
        CompactEnd &from = one.byPhone ? phone : server;
        must(static_cast<bool>(from.encoder.written(buffer, one.stanza)));
        read(one.byPhone ? server : phone, buffer);
    }
}

} // namespace

CodecCosts costsOf(const std::vector<Conversation::Said> &said)
{
    const std::vector<std::string> messages = framed(said);
    CodecCosts costs;
    BestRounds rounds;
    xml::ParserPool pool;
    Reader reader;
    rounds.add([&] {
        xml::StreamParser parser(pool, xml::StreamParser::Framing::Framed);
        parser.feed("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", reader);
        for (const std::string &message : messages) {
            parser.feed(message, reader);
        }
    });
    std::string frame;
    std::string restored;
    // A conversation pays for its connections on either wire, so both ends are made inside of a round.
    rounds.add([&] {
        Deflate phone;
        Deflate server;
        for (std::size_t i = 0; i < said.size(); ++i) {
            frame.clear();
            restored.clear();
            (said[i].byPhone ? phone : server).compress(messages[i], frame);
            must((said[i].byPhone ? server : phone).restore(frame, restored));
        }
        costs.deflate.heldBytes = phone.heldBytes();
    });
    rounds.add([&] {
        CompactEnd compactPhone;
        CompactEnd compactServer;
        converse(compactPhone, compactServer, said);
        costs.compact.heldBytes = sizeof compactPhone + compactPhone.encoder.heldBytes() +
                                  compactPhone.decoder.heldBytes() + compactPhone.exchange.ours.heldBytes() +
                                  compactPhone.exchange.theirs.heldBytes();
    });
    const std::vector<double> seconds = rounds.run(turns);
    const auto stanzas = static_cast<double>(said.size());
    costs.xml.cpuMicros = seconds[0] * 1e9 / stanzas;
    costs.deflate.cpuMicros = seconds[1] * 1e9 / stanzas;
    costs.compact.cpuMicros = seconds[2] * 1e9 / stanzas;
    return costs;
}

} // namespace godwit::load
