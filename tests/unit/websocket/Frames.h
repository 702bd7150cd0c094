// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Frames of a client, made by hand so that they can be wrong; and those of a server, read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace godwit::test
{

struct FrameSpec {
    unsigned opcode = 1;
    bool fin = true;
    unsigned rsv = 0;
    bool masked = true;
    int lengthBytes = 0; ///< 2 or 8: a longer form of the length than needed
};

std::string frame(std::string_view payload, FrameSpec spec = {});
std::string closeFrame(unsigned code, std::string_view reason = {});

struct ServerFrame {
    unsigned opcode = 0;
    unsigned rsv = 0;
    std::string payload;
};
/// All frames in `bytes`; nothing when they are no whole, final and unmasked frames.
std::vector<ServerFrame> readFrames(std::string_view bytes);
/// The code of a close frame; 0 when it has none.
unsigned closeCode(const ServerFrame &frame);

} // namespace godwit::test
