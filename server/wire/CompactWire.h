// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The compact wire (shared/README.md) over WebSocket: binary messages of frames. Bytes are those behind the handshake,
// as with WebSocketWire; a message that stop() cut goes into the rest with what is unread of it. Frames that go out at
// once share a message (rule 2).
#pragma once

#include "compact/Decoder.h"
#include "compact/Encoder.h"
#include "websocket/Framing.h"
#include "wire/Wire.h"

#include <optional>

namespace godwit::wire
{

class CompactWire final : public Wire, private websocket::MessageHandler
{
public:
    CompactWire();

    void feed(std::string_view bytes, xml::StreamHandler &handler) override;
    void stop() override { m_stopped = true; }
    std::string takeRest() override;
    void restart() override { m_awaitsOpen = true; }
    void setLimits(const xml::XmlLimits *limits) override;
    void moveTo(xml::ParserPool &) override {}
    std::size_t heldBytes() const override;

    void open(std::string &out, const xml::StreamHeader &header) override;
    void stanza(std::string &out, Pieces pieces) override;
    void sealStanza(std::string &out, std::size_t from) override;
    void nonza(std::string &out, Pieces pieces) override;
    void streamElement(std::string &out, StreamElement element) override;
    void close(std::string &out) override;
    /// A ping (rule 16).
    void whitespace(std::string &out) override;
    void takeReplies(std::string &out) override;
    void dropReplies() override { m_framing.dropReplies(); }
    void seal(std::string &out, std::string *taken) override;
    std::size_t openBytes() const override;
    bool lost() const override { return m_broken || (m_framing.ended() && !m_framing.failure()); }

private:
    void onMessage(std::string_view message) override;
    void read(std::string_view &message);
    void dispatch(compact::Frame &&frame);
    void onOpen(compact::Open &&open);
    void fail(const base::Error &error);
    void element(std::string &out, std::string_view written);
    void bound(std::string &out, std::size_t from);
    void endMessage(std::string &out);
    void controlled(const std::string &out);

    compact::Limits m_limits;
    compact::Exchange m_exchange;
    compact::Encoder m_encoder;
    compact::Decoder m_decoder;
    websocket::Framing m_framing;
    xml::StreamHandler *m_handler = nullptr; ///< within feed()
    std::uint32_t m_from = 0;                ///< where in the output the frames begin that have no message yet
    std::uint32_t m_open = 0; ///< how long the message is that was taken last; 0 when something is behind it
    std::optional<websocket::CloseCode> m_refused;
    bool m_awaitsOpen : 1 = true; ///< rule 6: the next frame opens a stream
    bool m_stopped : 1 = false;
    bool m_ended : 1 = false;  ///< the peer closed its stream, or broke a rule
    bool m_broken : 1 = false; ///< something of ours could not be written
};

} // namespace godwit::wire
