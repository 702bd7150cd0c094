// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "WebSocketFrames.h"

#include <array>
#include <cstring>
#include <utility>

namespace godwit::load
{

namespace
{

constexpr unsigned finBit = 0x80;
constexpr unsigned compressedBit = 0x40;
constexpr unsigned maskBit = 0x80;
constexpr unsigned opcodeBits = 0x0f;

void xorMask(char *bytes, std::size_t size, std::uint32_t mask)
{
    std::array<char, 8> key;
    std::memcpy(key.data(), &mask, 4);
    std::memcpy(key.data() + 4, &mask, 4);
    std::uint64_t wide = 0;
    std::memcpy(&wide, key.data(), sizeof wide);
    std::size_t i = 0;
    for (; i + sizeof wide <= size; i += sizeof wide) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes + i, sizeof word);
        word ^= wide;
        std::memcpy(bytes + i, &word, sizeof word);
    }
    for (; i < size; ++i) {
        bytes[i] = static_cast<char>(bytes[i] ^ key[i % 4]);
    }
}

} // namespace

void appendFrame(std::string &out, const WebSocketMessage &message, std::uint32_t mask)
{
    const std::size_t size = message.payload.size();
    out +=
        static_cast<char>(finBit | (message.compressed ? compressedBit : 0U) | static_cast<unsigned>(message.opcode));
    unsigned lengthBytes = 0;
    if (size < 126) {
        out += static_cast<char>(maskBit | size);
    } else {
        lengthBytes = size < 65'536 ? 2 : 8;
        out += static_cast<char>(maskBit | (lengthBytes == 2 ? 126U : 127U));
    }
    while (lengthBytes > 0) {
        out += static_cast<char>((static_cast<std::uint64_t>(size) >> (8 * --lengthBytes)) & 0xff);
    }
    std::array<char, 4> key;
    std::memcpy(key.data(), &mask, key.size());
    out.append(key.data(), key.size());
    const std::size_t from = out.size();
    out.append(message.payload);
    xorMask(out.data() + from, size, mask);
}

bool FrameReader::feed(std::string_view chunk, const Sink &sink)
{
    std::string owned;
    std::string_view text = chunk;
    if (!m_rest.empty()) {
        owned = std::exchange(m_rest, {});
        owned.append(chunk);
        text = owned;
    }
    Step last = Step::Went;
    while (last == Step::Went) {
        last = step(text, sink);
    }
    if (last == Step::NeedMore) {
        m_rest.assign(text);
    } else {
        reset();
    }
    return last != Step::Broken;
}

FrameReader::Step FrameReader::step(std::string_view &text, const Sink &sink)
{
    if (text.size() < 2) {
        return Step::NeedMore;
    }
    const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const std::size_t lengthCode = byte(1) & ~maskBit;
    const std::size_t lengthBytes = lengthCode < 126 ? 0 : lengthCode == 126 ? 2 : 8;
    if ((byte(1) & maskBit) != 0) {
        return Step::Broken;
    }
    if (text.size() < 2 + lengthBytes) {
        return Step::NeedMore;
    }
    std::size_t size = lengthBytes == 0 ? lengthCode : 0;
    for (std::size_t i = 0; i < lengthBytes; ++i) {
        size = (size << 8) | byte(2 + i);
    }
    if (size > messageBytesMax || m_message.size() + size > messageBytesMax) {
        return Step::Broken;
    }
    if (text.size() < 2 + lengthBytes + size) {
        return Step::NeedMore;
    }
    WebSocketMessage frame;
    frame.opcode = static_cast<Opcode>(byte(0) & opcodeBits);
    frame.compressed = (byte(0) & compressedBit) != 0;
    frame.payload = text.substr(2 + lengthBytes, size);
    const bool final = (byte(0) & finBit) != 0;
    text.remove_prefix(2 + lengthBytes + size);
    return finish(frame, final, sink);
}

FrameReader::Step FrameReader::finish(const WebSocketMessage &frame, bool final, const Sink &sink)
{
    const bool control = frame.opcode >= Opcode::Close;
    const bool continues = frame.opcode == Opcode::Continuation;
    if (!control && continues != m_inMessage) {
        return Step::Broken;
    }
    if (control || (final && !continues)) {
        return sink(frame) ? Step::Went : Step::Stop;
    }
    if (!continues) {
        m_first = frame;
        m_inMessage = true;
    }
    m_message.append(frame.payload);
    if (!final) {
        return Step::Went;
    }
    m_inMessage = false;
    const std::string whole = std::exchange(m_message, {});
    return sink({m_first.opcode, m_first.compressed, whole}) ? Step::Went : Step::Stop;
}

} // namespace godwit::load
