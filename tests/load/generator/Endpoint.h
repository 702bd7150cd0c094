// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// What all sessions of a run have in common.
#pragma once

#include "Sasl.h"

#include <cstdint>
#include <string>

namespace godwit::load
{

/// How stanzas travel: an XML stream over TCP, XML over WebSocket (RFC 7395), BOSH (XEP-0124), the compact wire.
enum class WireKind { Tcp, WebSocket, Bosh, Compact };

/// Bytes at the sockets of the sessions that count here: what TCP carries, without its own headers.
struct Traffic {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    [[nodiscard]] std::uint64_t total() const { return sent + received; }
};

struct Endpoint {
    std::string host = "127.0.0.1";
    std::uint16_t port = 5222;
    std::string domain = "localhost";
    Mechanism mechanism = Mechanism::Plain;
    WireKind wire = WireKind::Tcp;
    bool compression = false; ///< WebSocket: offers permessage-deflate and fails without it
    bool streamManagement = true;
    bool resumption = true;
    int sendBuffer = 0;                   ///< bytes of SO_SNDBUF, 0 = the system's
    std::string presence = "<presence/>"; ///< said after the login, when it is not empty
    Traffic *traffic = nullptr;           ///< where bytes are counted
};

} // namespace godwit::load
