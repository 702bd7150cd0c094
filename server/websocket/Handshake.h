// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The opening handshake of a WebSocket (RFC 6455 §4.2), with the subprotocol that both sides must name (RFC 7395 §3.1)
// and compression (RFC 7692 §5).
#pragma once

#include "http/Request.h"
#include "http/Response.h"
#include "websocket/Compression.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace godwit::websocket
{

struct Subprotocol {
    std::string_view name;
    bool compressible = true; ///< with permessage-deflate, where that is on
};

/// What this server offers.
struct HandshakeOptions {
    std::span<const Subprotocol> subprotocols; ///< in our order of preference
    bool compression = false;
    Takeover takeover = Takeover::No;
};

struct Handshake {
    http::Response response; ///< 101, or why not
    std::string subprotocol; ///< empty when it failed
    std::optional<CompressionTerms> compression;

    bool accepted() const noexcept { return !subprotocol.empty(); }
};

Handshake answerHandshake(const http::Request &request, const HandshakeOptions &options);

} // namespace godwit::websocket
