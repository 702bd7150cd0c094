// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The client's side of WebSocket framing (RFC 6455 §5). Like the scanner it trusts the server as far as it can, and is
// not the product's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace godwit::load
{

enum class Opcode : std::uint8_t { Continuation = 0, Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };

struct WebSocketMessage {
    Opcode opcode = Opcode::Text;
    bool compressed = false; ///< RSV1 (RFC 7692)
    std::string_view payload;
};

/// Appends one masked frame that holds the whole message.
void appendFrame(std::string &out, const WebSocketMessage &message, std::uint32_t mask);

class FrameReader
{
public:
    /// Called for each whole message and control frame; the view is valid during the call only. Returning false ends
    /// the feed at once.
    using Sink = std::function<bool(const WebSocketMessage &)>;

    /// Returns false for what is no frame of a server: a mask, a length over messageBytesMax, a fragment of nothing.
    [[nodiscard]] bool feed(std::string_view chunk, const Sink &sink);

    /// Forgets everything, for a new connection.
    void reset() { *this = FrameReader(); }

    static constexpr std::size_t messageBytesMax = 8U << 20;

private:
    enum class Step { Went, NeedMore, Stop, Broken };

    Step step(std::string_view &text, const Sink &sink);
    Step finish(const WebSocketMessage &frame, bool final, const Sink &sink);

    std::string m_rest;    // bytes of an unfinished frame
    std::string m_message; // fragments so far
    WebSocketMessage m_first;
    bool m_inMessage = false;
};

} // namespace godwit::load
