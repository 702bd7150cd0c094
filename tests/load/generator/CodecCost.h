// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// What it costs to code the stanzas of a conversation: writing at one end and reading at the other, with the product's
// parser and codec, and zlib as permessage-deflate has it.
#pragma once

#include "Conversation.h"

#include <cstddef>
#include <vector>

namespace godwit::load
{

struct CodecCost {
    double cpuMicros = 0;      ///< for 1,000 stanzas, both ends
    std::size_t heldBytes = 0; ///< by one end of a connection, both directions
};

struct CodecCosts {
    CodecCost xml;     ///< text is written for nothing, as the stanza keeps its bytes; it is read by the parser
    CodecCost deflate; ///< compressed and restored, with the context of what was before; without the parser
    CodecCost compact; ///< written from kept bytes to frames, and read to stanzas
};
[[nodiscard]] CodecCosts costsOf(const std::vector<Conversation::Said> &said);

} // namespace godwit::load
