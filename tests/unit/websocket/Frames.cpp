// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Frames.h"

#include <cstdint>

namespace godwit::test
{

std::string frame(std::string_view payload, FrameSpec spec)
{
    constexpr std::string_view mask = "\x12\x34\x56\x78";
    std::string out;
    out += static_cast<char>((spec.fin ? 0x80U : 0U) | (spec.rsv << 4) | spec.opcode);
    const unsigned maskBit = spec.masked ? 0x80U : 0U;
    int lengthBytes = payload.size() < 126 ? 0 : payload.size() < 65'536 ? 2 : 8;
    lengthBytes = spec.lengthBytes > 0 ? spec.lengthBytes : lengthBytes;
    out += static_cast<char>(maskBit | (lengthBytes == 0   ? static_cast<unsigned>(payload.size())
                                        : lengthBytes == 2 ? 126U
                                                           : 127U));
    while (lengthBytes-- > 0) {
        out += static_cast<char>((static_cast<std::uint64_t>(payload.size()) >> (8 * lengthBytes)) & 0xff);
    }
    if (spec.masked) {
        out += mask;
    }
    for (std::size_t i = 0; i < payload.size(); ++i) {
        out += static_cast<char>(spec.masked ? payload[i] ^ mask[i % 4] : payload[i]);
    }
    return out;
}

std::string closeFrame(unsigned code, std::string_view reason)
{
    std::string payload;
    payload += static_cast<char>(code >> 8);
    payload += static_cast<char>(code & 0xff);
    payload += reason;
    return frame(payload, {.opcode = 8});
}

std::vector<ServerFrame> readFrames(std::string_view bytes)
{
    std::vector<ServerFrame> frames;
    const auto byte = [&bytes](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(bytes[i])); };
    while (!bytes.empty()) {
        if (bytes.size() < 2 || (byte(0) & 0x80) == 0 || (byte(1) & 0x80) != 0) {
            return {};
        }
        std::size_t size = byte(1);
        std::size_t head = 2;
        const int lengthBytes = size == 126 ? 2 : size == 127 ? 8 : 0;
        if (lengthBytes > 0) {
            size = 0;
            for (int i = 0; i < lengthBytes; ++i) {
                size = (size << 8) | byte(head++);
            }
        }
        if (bytes.size() < head + size) {
            return {};
        }
        frames.push_back({byte(0) & 0x0f, (byte(0) >> 4) & 7, std::string(bytes.substr(head, size))});
        bytes.remove_prefix(head + size);
    }
    return frames;
}

unsigned closeCode(const ServerFrame &frame)
{
    if (frame.opcode != 8 || frame.payload.size() < 2) {
        return 0;
    }
    return (static_cast<unsigned>(static_cast<unsigned char>(frame.payload[0])) << 8) |
           static_cast<unsigned char>(frame.payload[1]);
}

} // namespace godwit::test
