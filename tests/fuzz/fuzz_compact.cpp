// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What comes out of a message of the compact wire can be kept, parsed and sent again, and says the same; what does not
// come out is refused with a reason.

#include "FuzzTarget.h"

#include "compact/Decoder.h"
#include "compact/Encoder.h"
#include "xml/Stanza.h"

using namespace godwit;
using namespace godwit::compact;

namespace
{

/// Two ends, both opened.
struct Connection {
    Connection()
    {
        // The reading end has offered some ids, which the input may name.
        std::string message;
        Encoder offering(there);
        offering.open(message, {});
        GW_ASSERT(offering.written(message, "<message id='8bd3a61e-0c37-4c4a-9a5d-6a0d6ed3dd0e'/>").ok());
        std::string opening;
        encoder.open(opening, {});
        std::string_view rest = opening;
        GW_ASSERT(decoder.next(rest).ok() && rest.empty());
    }

    Exchange here;
    Exchange there;
    Encoder encoder{here};
    Decoder decoder{there};
};

void check(const xml::Stanza &stanza)
{
    const auto again = xml::parseStanza(stanza.bytes);
    GW_ASSERT(again.ok());
    GW_ASSERT(again->bytes == stanza.bytes);
    GW_ASSERT(xml::sameInfoset(again->root(), stanza.root()));
    GW_ASSERT(again->from == stanza.from && again->to == stanza.to && again->id == stanza.id);
}

/// The element through another connection.
void sendOn(Connection &connection, xml::ElementView element)
{
    std::string message;
    GW_ASSERT(connection.encoder.element(message, element).ok());
    std::string_view rest = message;
    const auto frame = connection.decoder.next(rest);
    GW_ASSERT(frame.ok() && *frame && rest.empty());
    if (const auto *stanza = std::get_if<xml::Stanza>(&**frame)) {
        GW_ASSERT(xml::sameInfoset(stanza->root(), element));
    } else if (const auto *nonza = std::get_if<xml::Nonza>(&**frame)) {
        GW_ASSERT(xml::sameInfoset(nonza->root(), element));
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    Connection read;
    Connection sent;
    std::string_view rest = fuzz::view(data, size);
    while (!rest.empty()) {
        const auto frame = read.decoder.next(rest);
        if (!frame) {
            GW_ASSERT(!frame.error().context().empty());
            break;
        }
        if (!*frame) {
            break;
        }
        if (const auto *stanza = std::get_if<xml::Stanza>(&**frame)) {
            check(*stanza);
            sendOn(sent, stanza->root());
        } else if (const auto *malformed = std::get_if<xml::MalformedStanza>(&**frame)) {
            check(malformed->stanza);
        } else if (const auto *nonza = std::get_if<xml::Nonza>(&**frame)) {
            sendOn(sent, nonza->root());
        }
    }
    return 0;
}
