// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// XML over WebSocket (RFC 7395): each message is one complete element with its namespaces, <open/> and <close/> take
// the place of the stream's tags. Bytes are those behind the handshake, frames and all, so that a stream treats this
// wire like any other.
#pragma once

#include "websocket/Framing.h"
#include "wire/Wire.h"

#include <memory>
#include <optional>

namespace godwit::wire
{

/// RFC 7395 §3.3.1, and the name of the subprotocol (§3.1).
inline constexpr std::string_view framingNamespace = "urn:ietf:params:xml:ns:xmpp-framing";
inline constexpr std::string_view xmppSubprotocol = "xmpp";

class WebSocketWire final : public Wire, private websocket::MessageHandler
{
public:
    WebSocketWire(xml::ParserPool &pool, std::optional<websocket::CompressionTerms> compression);

    void feed(std::string_view bytes, xml::StreamHandler &handler) override;
    void stop() override;
    std::string takeRest() override;
    void restart() override;
    void setLimits(const xml::XmlLimits *limits) override;
    void moveTo(xml::ParserPool &pool) override;
    std::size_t heldBytes() const override;

    void open(std::string &out, const xml::StreamHeader &header) override;
    void stanza(std::string &out, Pieces pieces) override;
    void sealStanza(std::string &out, std::size_t from) override;
    void nonza(std::string &out, Pieces pieces) override;
    void streamElement(std::string &out, StreamElement element) override;
    void close(std::string &out) override;
    /// A ping: white space between messages is not allowed (RFC 7395 §3.8).
    void whitespace(std::string &out) override;
    void takeReplies(std::string &out) override;
    void dropReplies() override { m_framing.dropReplies(); }
    bool lost() const override { return m_framing.ended() && !m_framing.failure(); }

private:
    void onMessage(std::string_view message) override;

    xml::StreamParser m_parser;
    websocket::Framing m_framing;
    xml::StreamHandler *m_handler = nullptr; ///< within feed()
};

/// Every idle session on a WebSocket has one.
static_assert(sizeof(WebSocketWire) <= 80);

} // namespace godwit::wire
