// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The other end of the bench: a process of its own, so that its memory, CPU and descriptors are not counted.
#pragma once

#include <cstdint>

namespace godwit::net::bench
{

/// What the client does next; sent over a pipe, answered with one byte.
struct Order {
    enum class Kind : std::uint8_t {
        OpenPlain, ///< opens `count` connections and leaves them alone
        OpenTls,   ///< the same with a handshake
        CloseAll,
        Echo, ///< `count` messages there and back on each of the last `width` connections, one at a time on each
        Quit,
    };
    Kind kind = Kind::Quit;
    std::uint16_t port = 0;
    std::uint32_t count = 0;
    std::uint32_t width = 0;
};

/// Runs orders until Quit or the end of the pipe.
void runClient(int orders, int answers);

} // namespace godwit::net::bench
