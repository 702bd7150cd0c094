// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "websocket/Framing.h"

#include "base/Assert.h"
#include "base/Utf8.h"

#include <wslay/wslay.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace godwit::websocket
{

namespace
{

constexpr unsigned finBit = 0x80;
constexpr char maskBit = '\x80';
constexpr std::size_t maskBytes = 4;
/// Below it compression makes messages longer.
constexpr std::size_t compressBytesMin = 64;

/// The head of a frame of ours: final, unmasked (RFC 6455 §5.2).
std::string frameHead(unsigned opcode, unsigned rsv, std::size_t size)
{
    std::string head;
    head += static_cast<char>(finBit | (rsv << 4) | opcode);
    int lengthBytes = 0;
    if (size < 126) {
        head += static_cast<char>(size);
    } else if (size < 65'536) {
        head += static_cast<char>(126);
        lengthBytes = 2;
    } else {
        head += static_cast<char>(127);
        lengthBytes = 8;
    }
    while (lengthBytes-- > 0) {
        head += static_cast<char>((static_cast<std::uint64_t>(size) >> (8 * lengthBytes)) & 0xff);
    }
    return head;
}

/// What a client would have sent to say this: masked with zeros.
std::string clientFrame(unsigned opcode, std::string_view payload)
{
    std::string frame = frameHead(opcode, WSLAY_RSV_NONE, payload.size());
    frame[1] = static_cast<char>(frame[1] | maskBit);
    frame.append(maskBytes, '\0');
    frame += payload;
    return frame;
}

unsigned opcodeOf(MessageKind kind)
{
    return kind == MessageKind::Text ? WSLAY_TEXT_FRAME : WSLAY_BINARY_FRAME;
}

/// Without a mask.
std::size_t headBytes(std::uint64_t size)
{
    const std::size_t length = size < 126 ? 0 : size < 65'536 ? 2 : 8;
    return 2 + length;
}

std::size_t headBytes(const wslay_frame_iocb &frame)
{
    return headBytes(frame.payload_length) + (frame.mask != 0 ? maskBytes : 0);
}

/// RFC 6455 §7.4: codes that a peer may send.
bool mayBeSent(unsigned code)
{
    return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
           (code >= 3000 && code <= 4999);
}

} // namespace

/// wslay's state of a frame, and the message so far.
struct Framing::Reader {
    Reader()
    {
        const wslay_frame_callbacks callbacks{nullptr, &Reader::give, nullptr};
        const int status = wslay_frame_context_init(&native, &callbacks, this);
        GW_ASSERT(status == 0);
    }
    Reader(const Reader &) = delete;
    Reader &operator=(const Reader &) = delete;
    ~Reader() { wslay_frame_context_free(native); }

    static ssize_t give(std::uint8_t *to, std::size_t room, int, void *self)
    {
        Reader &reader = *static_cast<Reader *>(self);
        const std::size_t size = std::min(room, reader.input.size());
        if (size == 0) {
            return -1;
        }
        std::memcpy(to, reader.input.data(), size);
        reader.input.remove_prefix(size);
        reader.unread += size;
        return static_cast<ssize_t>(size);
    }
    bool idle() const { return unread == 0 && !inMessage; }

    wslay_frame_context_ptr native = nullptr;
    std::string_view input;
    std::size_t unread = 0; ///< given to wslay, and no part of a frame that is read
    wslay_frame_iocb frame{};
    std::uint64_t frameLeft = 0;
    std::string message;
    std::string control;
    bool inFrame = false;
    bool inMessage = false; ///< a fragment was read, and not the last one
    bool compressed = false;
};

Framing::Framing(MessageKind kind, std::optional<CompressionTerms> compression)
    : m_compression(compression ? std::make_unique<Compression>(*compression) : nullptr)
    , m_kind(kind)
{
}

Framing::~Framing() = default;

Framing::Pending &Framing::pending()
{
    if (!m_pending) {
        m_pending = std::make_unique<Pending>();
    }
    return *m_pending;
}

void Framing::stop(std::string_view unread)
{
    m_stopped = true;
    if (!unread.empty()) {
        pending().rest = clientFrame(opcodeOf(m_kind), unread);
    }
}

std::string Framing::takeRest()
{
    return m_pending ? std::exchange(m_pending->rest, {}) : std::string();
}

void Framing::takeReplies(std::string &out)
{
    if (!m_pending) {
        return;
    }
    out += m_pending->replies;
    dropReplies();
}

void Framing::dropReplies()
{
    if (!m_pending) {
        return;
    }
    m_pending->replies.clear();
    if (m_pending->rest.empty()) {
        m_pending.reset();
    }
}

std::size_t Framing::heldBytes() const noexcept
{
    return m_reader ? m_reader->message.size() + m_reader->control.size() + m_reader->unread : 0;
}

void Framing::feed(std::string_view bytes, MessageHandler &handler)
{
    m_stopped = false;
    if (m_ended) {
        return;
    }
    std::string joined = takeRest();
    if (!joined.empty()) {
        joined += bytes;
        bytes = joined;
    }
    if (bytes.empty()) {
        return;
    }
    std::unique_ptr<Reader> reader = m_reader ? std::move(m_reader) : std::make_unique<Reader>();
    reader->input = bytes;
    read(*reader, handler);
    if (m_ended) {
        return;
    }
    if (m_stopped) {
        // What wslay has read behind the message is the end of what it was given now.
        const std::size_t left = std::min(bytes.size(), reader->input.size() + reader->unread);
        if (left > 0) {
            pending().rest.append(bytes.substr(bytes.size() - left));
        }
        return;
    }
    if (!reader->idle()) {
        reader->input = {};
        m_reader = std::move(reader);
    }
}

void Framing::read(Reader &reader, MessageHandler &handler)
{
    while (!m_ended && !m_stopped) {
        wslay_frame_iocb part{};
        const ssize_t count = wslay_frame_recv(reader.native, &part);
        if (count == WSLAY_ERR_WANT_READ) {
            return;
        }
        if (count < 0) {
            fail(CloseCode::ProtocolError);
            return;
        }
        reader.frame = part;
        if (!reader.inFrame && !beginFrame(reader)) {
            return;
        }
        std::string &text = wslay_is_ctrl_frame(part.opcode) ? reader.control : reader.message;
        text.append(reinterpret_cast<const char *>(part.data), part.data_length);
        reader.frameLeft -= part.data_length;
        if (reader.frameLeft == 0 && !onFrame(reader, handler)) {
            return;
        }
    }
}

/// Judges the head of a frame, before anything of it is kept.
bool Framing::beginFrame(Reader &reader)
{
    const wslay_frame_iocb &frame = reader.frame;
    const bool control = wslay_is_ctrl_frame(frame.opcode) != 0;
    const bool continues = frame.opcode == WSLAY_CONTINUATION_FRAME;
    const bool known = continues || frame.opcode == WSLAY_TEXT_FRAME || frame.opcode == WSLAY_BINARY_FRAME ||
                       frame.opcode == WSLAY_CONNECTION_CLOSE || frame.opcode == WSLAY_PING ||
                       frame.opcode == WSLAY_PONG;
    // The first frame of a message says that it is compressed (RFC 7692 §6).
    const bool rsvAllowed =
        frame.rsv == WSLAY_RSV_NONE || (frame.rsv == WSLAY_RSV1_BIT && m_compression && !control && !continues);
    if (frame.mask == 0 || !known || !rsvAllowed || (!control && continues != reader.inMessage) ||
        (control && (frame.payload_length > 125 || frame.fin == 0))) {
        fail(CloseCode::ProtocolError);
        return false;
    }
    if (!control && !continues) {
        if ((frame.opcode == WSLAY_TEXT_FRAME) != (m_kind == MessageKind::Text)) {
            fail(CloseCode::UnsupportedData);
            return false;
        }
        reader.compressed = frame.rsv == WSLAY_RSV1_BIT;
    }
    if (!control && frame.payload_length > m_messageBytesMax - reader.message.size()) {
        fail(CloseCode::TooBig);
        return false;
    }
    reader.inFrame = true;
    reader.frameLeft = frame.payload_length;
    return true;
}

/// A frame is complete.
bool Framing::onFrame(Reader &reader, MessageHandler &handler)
{
    const std::size_t size = headBytes(reader.frame) + static_cast<std::size_t>(reader.frame.payload_length);
    reader.unread -= std::min(reader.unread, size);
    reader.inFrame = false;
    if (wslay_is_ctrl_frame(reader.frame.opcode)) {
        onControl(reader);
    } else if (reader.frame.fin == 0) {
        reader.inMessage = true;
    } else {
        reader.inMessage = false;
        endMessage(reader, handler);
    }
    return !m_ended;
}

void Framing::endMessage(Reader &reader, MessageHandler &handler)
{
    std::string message = std::exchange(reader.message, {});
    if (reader.compressed) {
        const Compression::Outcome outcome = m_compression->restore(message, m_messageBytesMax);
        if (outcome != Compression::Outcome::Done) {
            fail(outcome == Compression::Outcome::TooLong ? CloseCode::TooBig : CloseCode::InvalidPayload);
            return;
        }
    }
    if (m_kind == MessageKind::Text && !base::isValidUtf8(message)) {
        fail(CloseCode::InvalidPayload);
        return;
    }
    handler.onMessage(message);
}

void Framing::onControl(Reader &reader)
{
    const std::string payload = std::exchange(reader.control, {});
    if (reader.frame.opcode == WSLAY_PING && !m_closeSent) {
        std::string &replies = pending().replies;
        replies += frameHead(WSLAY_PONG, WSLAY_RSV_NONE, payload.size());
        replies += payload;
    } else if (reader.frame.opcode == WSLAY_CONNECTION_CLOSE) {
        onClose(payload);
    }
}

/// RFC 6455 §5.5.1: answered in kind, unless it is the answer to ours.
void Framing::onClose(std::string_view payload)
{
    const auto byte = [payload](std::size_t i) { return static_cast<unsigned char>(payload[i]); };
    const unsigned code = payload.size() < 2 ? 0 : (static_cast<unsigned>(byte(0)) << 8) | byte(1);
    if (payload.size() == 1 || (payload.size() >= 2 && !mayBeSent(code))) {
        fail(CloseCode::ProtocolError);
        return;
    }
    if (payload.size() > 2 && !base::isValidUtf8(payload.substr(2))) {
        fail(CloseCode::InvalidPayload);
        return;
    }
    m_ended = true;
    if (!m_closeSent) {
        m_closeSent = true;
        std::string &replies = pending().replies;
        replies += frameHead(WSLAY_CONNECTION_CLOSE, WSLAY_RSV_NONE, payload.empty() ? 0 : 2);
        replies += payload.substr(0, 2);
    }
}

void Framing::fail(CloseCode code)
{
    m_ended = true;
    m_failure = code;
}

void Framing::sealMessage(std::string &out, std::size_t from)
{
    if (m_closeSent) {
        out.resize(from);
        return;
    }
    unsigned rsv = WSLAY_RSV_NONE;
    if (m_compression && out.size() - from >= compressBytesMin) {
        std::string compressed;
        m_compression->compress(std::string_view(out).substr(from), compressed);
        out.replace(from, std::string::npos, compressed);
        rsv = WSLAY_RSV1_BIT;
    }
    out.insert(from, frameHead(opcodeOf(m_kind), rsv, out.size() - from));
}

void Framing::extendMessage(std::string &out, std::size_t size, std::size_t added) const
{
    out.replace(out.size() - sealedBytes(size), headBytes(size),
                frameHead(opcodeOf(m_kind), WSLAY_RSV_NONE, size + added));
}

std::size_t Framing::sealedBytes(std::size_t size) noexcept
{
    return headBytes(size) + size;
}

void Framing::ping(std::string &out)
{
    if (!m_closeSent) {
        out += frameHead(WSLAY_PING, WSLAY_RSV_NONE, 0);
    }
}

void Framing::close(std::string &out, CloseCode code)
{
    if (m_closeSent) {
        return;
    }
    m_closeSent = true;
    out += frameHead(WSLAY_CONNECTION_CLOSE, WSLAY_RSV_NONE, 2);
    out += static_cast<char>(static_cast<unsigned>(code) >> 8);
    out += static_cast<char>(static_cast<unsigned>(code) & 0xff);
}

} // namespace godwit::websocket
