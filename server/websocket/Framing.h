// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The server's side of WebSocket framing (RFC 6455 §5 to §7) behind the handshake, without I/O: bytes to messages,
// messages to frames, pings answered, the closing handshake. Frames are read by wslay, whose reader of 4 KiB exists
// only while a message is unfinished; an idle connection holds none.
#pragma once

#include "websocket/Compression.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace godwit::websocket
{

/// RFC 6455 §7.4.1, those that we send.
enum class CloseCode : std::uint16_t {
    Normal = 1000,
    GoingAway = 1001,
    ProtocolError = 1002,
    UnsupportedData = 1003,
    InvalidPayload = 1007,
    PolicyViolation = 1008,
    TooBig = 1009,
};

enum class MessageKind : std::uint8_t { Text, Binary };

class MessageHandler
{
public:
    /// A whole message of the kind that was agreed on; text is UTF-8. May call Framing::stop().
    virtual void onMessage(std::string_view message) = 0;

protected:
    ~MessageHandler() = default;
};

class Framing
{
public:
    /// Messages of the other kind are refused with 1003.
    explicit Framing(MessageKind kind, std::optional<CompressionTerms> compression = std::nullopt);
    ~Framing();
    Framing(const Framing &) = delete;
    Framing &operator=(const Framing &) = delete;

    /// Bound of a message, after restoring a compressed one: 1009 beyond it.
    void setMessageBytesMax(std::size_t bytes) noexcept { m_messageBytesMax = static_cast<std::uint32_t>(bytes); }
    /// Reads frames. A rest that stop() left and nobody took is read first. Nothing is read after the end.
    void feed(std::string_view bytes, MessageHandler &handler);
    /// From within the handler: no frame behind the current message is read, and `unread`, the end of the current one,
    /// will be read again: takeRest() begins with a frame of it.
    void stop(std::string_view unread = {});
    std::string takeRest();
    /// Bytes held for a message that is not complete.
    std::size_t heldBytes() const noexcept;

    /// What we have to say at once: answers to pings, to a close or to what broke the rules. Appended and forgotten.
    void takeReplies(std::string &out);
    /// They are not said.
    void dropReplies();
    /// The peer closed, or broke the rules: nothing more comes in.
    bool ended() const noexcept { return m_ended; }
    /// How it broke the rules.
    std::optional<CloseCode> failure() const noexcept { return m_failure; }

    /// Makes a frame of what `out` has from `from` on. Nothing goes out behind our close.
    void sealMessage(std::string &out, std::size_t from);
    /// `out` ends with a message of `size` bytes that sealMessage() made, not compressed: says that `added` more belong
    /// to it, which follow.
    void extendMessage(std::string &out, std::size_t size, std::size_t added) const;
    /// What a message of `size` bytes that is not compressed comes to, with its head.
    static std::size_t sealedBytes(std::size_t size) noexcept;
    void ping(std::string &out);
    /// Our close, once.
    void close(std::string &out, CloseCode code);

private:
    struct Reader;
    struct Pending {
        std::string rest;
        std::string replies;
    };

    void read(Reader &reader, MessageHandler &handler);
    bool onFrame(Reader &reader, MessageHandler &handler);
    bool beginFrame(Reader &reader);
    void endMessage(Reader &reader, MessageHandler &handler);
    void onControl(Reader &reader);
    void onClose(std::string_view payload);
    void fail(CloseCode code);
    Pending &pending();

    std::unique_ptr<Reader> m_reader; ///< while a message is unfinished
    std::unique_ptr<Pending> m_pending;
    std::unique_ptr<Compression> m_compression;
    std::uint32_t m_messageBytesMax = 65'536;
    std::optional<CloseCode> m_failure;
    MessageKind m_kind;
    bool m_ended : 1 = false;
    bool m_closeSent : 1 = false;
    bool m_stopped : 1 = false;
};

} // namespace godwit::websocket
