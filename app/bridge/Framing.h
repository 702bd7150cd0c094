// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// How the elements of a stream are put into messages of a WebSocket and taken out again. One for each subprotocol.
#pragma once

#include "base/Result.h"
#include "xml/StreamParser.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace godwit::bridge
{

enum class MessageKind : std::uint8_t { Text, Binary };

/// A value without I/O, of one connection.
class Framing
{
public:
    virtual ~Framing() = default;

    virtual MessageKind kind() const = 0;

    // What the client says, in its order; takeMessages() gives what it comes to. An error ends the connection.
    virtual void open(const xml::StreamHeader &header) = 0;
    virtual base::Result<base::Ok> stanza(const xml::Stanza &stanza) = 0;
    virtual base::Result<base::Ok> nonza(xml::ElementView element) = 0;
    virtual void close() = 0;
    virtual std::vector<std::string> takeMessages() { return std::exchange(m_messages, {}); }

    /// Reads one message of the server. InvalidInput or LimitExceeded when it breaks the rules; nothing more can be
    /// read then. The handler's onXmlFault() is never called.
    virtual base::Result<base::Ok> read(std::string_view message, xml::StreamHandler &handler) = 0;
    /// The text of the element that the handler is being told of, as it was sent; empty where there is none.
    virtual std::string_view text() const { return {}; }

protected:
    std::vector<std::string> m_messages;
};

/// RFC 7395, subprotocol `xmpp`. The pool must outlive it.
std::unique_ptr<Framing> makeXmlFraming(xml::ParserPool &pool);
/// The compact wire of shared/README.md, subprotocol `godwit.v1`.
std::unique_ptr<Framing> makeCompactFraming();

/// What one element of a server may hold: rosters and archives are large, and it is our own server that sends them.
inline constexpr xml::XmlLimits receiveLimits{
    .stanzaBytesMax = 4'194'304, .depthMax = 128, .attributesMax = 256, .elementsMax = 200'000};

} // namespace godwit::bridge
