// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "CodecCost.h"

#include "CompactWire.h"
#include "Deflate.h"
#include "WebSocketWire.h"

#include "xml/StreamParser.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>

namespace godwit::load
{

namespace
{

constexpr double measuredSeconds = 0.3; // of CPU for each codec

double cpuSeconds()
{
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

/// Micros of CPU for 1,000 of the `count` stanzas that a round codes.
double timed(std::size_t count, const std::function<void()> &round)
{
    round(); // the first one warms caches and allocators
    const double begin = cpuSeconds();
    double took = 0;
    double rounds = 0;
    do {
        round();
        ++rounds;
        took = cpuSeconds() - begin;
    } while (took < measuredSeconds);
    return took * 1e9 / (rounds * static_cast<double>(count));
}

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

CodecCost costOfXml(const std::vector<Conversation::Said> &said)
{
    const std::vector<std::string> messages = framed(said);
    xml::ParserPool pool;
    Reader reader;
    CodecCost cost;
    cost.cpuMicros = timed(said.size(), [&] {
        xml::StreamParser parser(pool, xml::StreamParser::Framing::Framed);
        parser.feed("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", reader);
        for (const std::string &message : messages) {
            parser.feed(message, reader);
        }
    });
    return cost;
}

CodecCost costOfDeflate(const std::vector<Conversation::Said> &said)
{
    const std::vector<std::string> messages = framed(said);
    CodecCost cost;
    Deflate phone;
    Deflate server;
    std::string frame;
    std::string restored;
    cost.cpuMicros = timed(said.size(), [&] {
        for (std::size_t i = 0; i < said.size(); ++i) {
            frame.clear();
            restored.clear();
            (said[i].byPhone ? phone : server).compress(messages[i], frame);
            must((said[i].byPhone ? server : phone).restore(frame, restored));
        }
    });
    cost.heldBytes = phone.heldBytes();
    return cost;
}

CodecCost costOfCompact(const std::vector<Conversation::Said> &said)
{
    CodecCost cost;
    cost.cpuMicros = timed(said.size(), [&] {
        CompactEnd phone;
        CompactEnd server;
        converse(phone, server, said);
        cost.heldBytes = sizeof phone + phone.encoder.heldBytes() + phone.decoder.heldBytes() +
                         phone.exchange.ours.heldBytes() + phone.exchange.theirs.heldBytes();
    });
    return cost;
}

} // namespace godwit::load
