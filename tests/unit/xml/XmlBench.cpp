// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Prints what one chat message costs on its way in: nanoseconds and heap allocations, by size and by path.

#include "xml/StreamParser.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>

namespace
{

std::size_t allocations = 0;

} // namespace

void *operator new(std::size_t size)
{
    ++allocations;
    void *memory = std::malloc(size);
    if (!memory) {
        std::abort();
    }
    return memory;
}

void operator delete(void *memory) noexcept
{
    std::free(memory);
}

void operator delete(void *memory, std::size_t) noexcept
{
    std::free(memory);
}

namespace
{

using namespace godwit::xml;

class CountingHandler final : public StreamHandler
{
public:
    void onStreamOpen(StreamHeader &&) override {}
    void onStanza(Stanza &&stanza) override
    {
        Stanza mine = std::move(stanza);
        bytes += mine.bytes.size();
        ++stanzas;
    }
    void onMalformedStanza(MalformedStanza &&) override { ++faults; }
    void onNonza(Nonza &&) override { ++nonzas; }
    void onStreamClose() override {}
    void onXmlFault(XmlFault, std::string) override { ++faults; }

    std::size_t stanzas = 0;
    std::size_t nonzas = 0;
    std::size_t faults = 0;
    std::size_t bytes = 0;
};

constexpr std::string_view header = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                                    "xmlns:stream='http://etherx.jabber.org/streams' to='example.org' version='1.0' "
                                    "xml:lang='en'>";

void measure(const char *name, const std::string &stanza)
{
    constexpr int rounds = 200'000;
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    CountingHandler handler;
    parser.feed(header, handler);
    for (int i = 0; i < 1'000; ++i) {
        parser.feed(stanza, handler);
    }
    const std::size_t before = allocations;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) {
        parser.feed(stanza, handler);
    }
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    std::printf("%-28s %5zu bytes %8.0f ns %6.1f allocations%s\n", name, stanza.size(), took.count() / rounds,
                static_cast<double>(allocations - before) / rounds, handler.faults > 0 ? "  FAULTS" : "");
}

} // namespace

int main()
{
    const std::string chat =
        "<message xml:lang='en' to='juliet.capulet@example.org/balcony' type='chat' "
        "id='4c1a7f6e-0d5b-4b7e-9d0a-3b5a0d2f6e11'><body>Wherefore art thou, and is it not late?</body>"
        "<origin-id xmlns='urn:xmpp:sid:0' id='4c1a7f6e-0d5b-4b7e-9d0a-3b5a0d2f6e11'/>"
        "<request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>";
    measure("chat message", chat);
    measure("chat message, rewritten",
            "<c:message xmlns:c='jabber:client'" + chat.substr(8, chat.size() - 8 - 10) + "</c:message>");
    measure("receipt", "<message to='romeo@example.net/orchard' id='r7'><received xmlns='urn:xmpp:receipts' "
                       "id='4c1a7f6e-0d5b'/></message>");
    measure("ack request", "<r xmlns='urn:xmpp:sm:3'/>");
    measure("ping", "<iq type='get' id='p1'><ping xmlns='urn:xmpp:ping'/></iq>");
    measure("encrypted, 4 KiB", "<message to='juliet@example.org' type='chat' id='e1'><encrypted "
                                "xmlns='eu.siacs.conversations.axolotl'><header sid='12345'/><payload>" +
                                    std::string(4'096, 'A') + "</payload></encrypted></message>");
    return 0;
}
