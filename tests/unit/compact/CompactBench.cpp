// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Prints what a chat costs, a thousand stanzas of it: bytes and microseconds of CPU, as XML, as XML through deflate (as
// permessage-deflate does it, context kept), and on the compact wire. Writing and reading are one end each. What a
// server does is measured: it writes what stanzas keep, and reads to stanzas; each way's best round of many. XML is
// written for nothing, as that is what stanzas keep. `godwit-load bytes` says the same of a conversation through a
// server.

#include "BestRounds.h"

#include "compact/Decoder.h"
#include "compact/Encoder.h"
#include "xml/Stanza.h"
#include "xml/StreamParser.h"

#include <zlib.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace
{

using namespace godwit;

constexpr int roundsUsual = 400;
constexpr int stanzasPerChat = 320;

constexpr int stanzasPerTurn = 4;

/// The stanzas that one end of a chat sends: messages with all that modern clients put in, receipts, markers, typing.
class Chat
{
public:
    std::vector<std::string> stanzas()
    {
        std::vector<std::string> all;
        for (int i = 0; i < stanzasPerChat / stanzasPerTurn; ++i) {
            const std::string id = uuid();
            const std::string theirs = uuid();
            m_received.push_back(theirs);
            all.push_back(head({}) + "><composing xmlns='http://jabber.org/protocol/chatstates'/>"
                                     "<no-store xmlns='urn:xmpp:hints'/></message>");
            all.push_back(head(id) + "><body>" + words() + "</body><origin-id xmlns='urn:xmpp:sid:0' id='" + id +
                          "'/><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
                          "<active xmlns='http://jabber.org/protocol/chatstates'/></message>");
            all.push_back(head(uuid()) + "><received xmlns='urn:xmpp:receipts' id='" + theirs +
                          "'/><store xmlns='urn:xmpp:hints'/></message>");
            all.push_back(head(uuid()) + "><displayed xmlns='urn:xmpp:chat-markers:0' id='" + theirs +
                          "'/><store xmlns='urn:xmpp:hints'/></message>");
        }
        return all;
    }

    /// The id of the other end's message before each turn.
    const std::vector<std::string> &received() const { return m_received; }

private:
    std::string head(const std::string &id)
    {
        return "<message to='juliet.capulet@example.org' type='chat'" + (id.empty() ? id : " id='" + id + '\'');
    }

    std::string uuid()
    {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string text = "xxxxxxxx-xxxx-4xxx-9xxx-xxxxxxxxxxxx";
        for (char &letter : text) {
            letter = letter == 'x' ? digits[m_random() % digits.size()] : letter;
        }
        return text;
    }

    /// Some words of 36 characters and more.
    std::string words()
    {
        constexpr std::string_view known[] = {"shall", "we",  "meet",  "at",    "the",   "station", "tonight", "or",
                                              "later", "not", "quite", "there", "yes",   "I",       "know",    "that",
                                              "train", "was", "late",  "again", "sorry", "see",     "you",     "soon"};
        std::string text;
        while (text.size() < 36) {
            text += text.empty() ? "" : " ";
            text += known[m_random() % std::size(known)];
        }
        return text;
    }

    std::mt19937 m_random{7};
    std::vector<std::string> m_received;
};

class CountingHandler final : public xml::StreamHandler
{
public:
    void onStreamOpen(xml::StreamHeader &&) override {}
    void onStanza(xml::Stanza &&stanza) override
    {
        const xml::Stanza mine = std::move(stanza);
        bytes += mine.bytes.size();
    }
    void onMalformedStanza(xml::MalformedStanza &&) override { std::abort(); }
    void onNonza(xml::Nonza &&) override {}
    void onStreamClose() override {}
    void onXmlFault(xml::XmlFault, std::string) override { std::abort(); }

    std::size_t bytes = 0;
};

/// Both ends of permessage-deflate in one direction.
class Deflate
{
public:
    Deflate()
    {
        if (deflateInit2(&m_out, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
            inflateInit2(&m_in, -15) != Z_OK) {
            std::abort();
        }
    }
    ~Deflate()
    {
        deflateEnd(&m_out);
        inflateEnd(&m_in);
    }
    Deflate(const Deflate &) = delete;
    Deflate &operator=(const Deflate &) = delete;

    /// The bytes of a message, and the time that either end takes.
    std::size_t pass(std::string &message)
    {
        m_out.next_in = reinterpret_cast<Bytef *>(message.data());
        m_out.avail_in = static_cast<uInt>(message.size());
        m_out.next_out = m_buffer;
        m_out.avail_out = sizeof m_buffer;
        deflate(&m_out, Z_SYNC_FLUSH);
        const std::size_t size = sizeof m_buffer - m_out.avail_out;
        m_in.next_in = m_buffer;
        m_in.avail_in = static_cast<uInt>(size);
        m_in.next_out = m_back;
        m_in.avail_out = sizeof m_back;
        inflate(&m_in, Z_SYNC_FLUSH);
        // RFC 7692 §7.2.1: the last four bytes of the flush are not sent.
        return size - 4;
    }

private:
    z_stream m_out{};
    z_stream m_in{};
    Bytef m_buffer[8'192];
    Bytef m_back[8'192];
};

/// Of a thousand stanzas.
struct Cost {
    double bytes = 0;
    double micros = 0;
};

void print(const char *what, Cost cost)
{
    std::printf("%-44s %9.0f bytes %9.0f us\n", what, cost.bytes, cost.micros);
}

/// Each codes the chat once and gives its bytes.
std::size_t readXml(const std::vector<std::string> &chat, xml::ParserPool &pool, CountingHandler &handler)
{
    xml::StreamParser parser(pool, xml::StreamParser::Framing::Framed);
    parser.feed("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", handler);
    std::size_t bytes = 0;
    for (const std::string &stanza : chat) {
        std::string framed = stanza;
        framed.insert(8, " xmlns='jabber:client'");
        parser.feed(framed, handler);
        bytes += stanza.size();
    }
    return bytes;
}

std::size_t passDeflate(std::vector<std::string> &chat)
{
    Deflate deflate;
    std::size_t bytes = 0;
    for (std::string &stanza : chat) {
        bytes += deflate.pass(stanza);
    }
    return bytes;
}

/// One end of a connection; what the other end would do to it is done by hand.
struct End {
    compact::Exchange exchange;

    /// The other end's message was read, and what was offered to it was released.
    void turn(compact::Offers &heard, compact::Offers &said, const std::string &id)
    {
        const auto bytes = compact::uuidOf(id);
        heard.offer(std::string_view(bytes->data(), bytes->size()));
        said.release(said.count());
    }
};

/// The chat in frames; `write` writes one stanza.
template <class Write>
std::string encodeAll(const std::vector<xml::Stanza> &stanzas, const Chat &chat, Write write)
{
    End end;
    compact::Encoder encoder(end.exchange);
    std::string message;
    encoder.open(message, {});
    for (std::size_t i = 0; i < stanzas.size(); ++i) {
        if (i % stanzasPerTurn == 0) {
            end.turn(end.exchange.theirs, end.exchange.ours, chat.received().at(i / stanzasPerTurn));
        }
        if (!write(encoder, message, stanzas[i])) {
            std::abort();
        }
    }
    return message;
}

void decodeAll(std::string_view message, const Chat &chat)
{
    End end;
    compact::Decoder decoder(end.exchange);
    int frames = -1; // the open
    while (!message.empty()) {
        if (frames >= 0 && frames % stanzasPerTurn == 0) {
            const auto turn = static_cast<std::size_t>(frames / stanzasPerTurn);
            end.turn(end.exchange.ours, end.exchange.theirs, chat.received().at(turn));
        }
        if (!decoder.next(message)) {
            std::abort();
        }
        ++frames;
    }
}

/// What a round of each way takes, by the names below.
enum Way : std::uint8_t { ReadXml, PassDeflate, WriteTrees, WriteKept, ReadCompact, wayCount };

std::array<Cost, wayCount> measure(const Chat &turns, std::vector<std::string> chat, std::size_t rounds)
{
    std::vector<xml::Stanza> stanzas;
    for (const std::string &stanza : chat) {
        stanzas.push_back(std::move(*xml::parseStanza(stanza)));
    }
    const auto fromTree = [](compact::Encoder &encoder, std::string &message, const xml::Stanza &stanza) {
        return encoder.element(message, stanza.root()).ok();
    };
    const auto fromBytes = [](compact::Encoder &encoder, std::string &message, const xml::Stanza &stanza) {
        return encoder.written(message, stanza.bytes).ok();
    };
    const std::string message = encodeAll(stanzas, turns, fromBytes);
    xml::ParserPool pool;
    CountingHandler handler;
    std::array<std::size_t, wayCount> bytes{};
    bytes[ReadCompact] = message.size();
    load::BestRounds best;
    best.add([&] { bytes[ReadXml] = readXml(chat, pool, handler); });
    best.add([&] { bytes[PassDeflate] = passDeflate(chat); });
    best.add([&] { bytes[WriteTrees] = encodeAll(stanzas, turns, fromTree).size(); });
    best.add([&] { bytes[WriteKept] = encodeAll(stanzas, turns, fromBytes).size(); });
    best.add([&] { decodeAll(message, turns); });
    const std::vector<double> seconds = best.run(rounds);
    std::array<Cost, wayCount> costs;
    for (std::size_t i = 0; i < costs.size(); ++i) {
        costs[i] = {static_cast<double>(bytes[i]) * 1e3 / stanzasPerChat, seconds[i] * 1e9 / stanzasPerChat};
    }
    return costs;
}

} // namespace

/// The number of rounds may be said.
int main(int argc, char **argv)
{
    Chat chat;
    const std::vector<std::string> stanzas = chat.stanzas();
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 0;
    const auto costs = measure(chat, stanzas, static_cast<std::size_t>(rounds > 0 ? rounds : roundsUsual));
    print("XML, read", costs[ReadXml]);
    print("deflate alone, written and read", costs[PassDeflate]);
    print("compact, written from trees", costs[WriteTrees]);
    print("compact, written from kept bytes", costs[WriteKept]);
    print("compact, read to stanzas", costs[ReadCompact]);
    const Cost both{costs[PassDeflate].bytes, costs[ReadXml].micros + costs[PassDeflate].micros};
    const Cost compact{costs[WriteKept].bytes, costs[WriteKept].micros + costs[ReadCompact].micros};
    print("XML and deflate, written and read", both);
    print("compact, written and read", compact);
    std::printf("%-44s %9.3f       %9.3f\n", "compact / XML and deflate", compact.bytes / both.bytes,
                compact.micros / both.micros);
    return 0;
}
