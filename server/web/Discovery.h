// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// How a client finds the other wires: /.well-known/host-meta and its JSON (XEP-0156), and what a page from here asks.
#pragma once

#include "http/Response.h"

#include <string>
#include <string_view>

namespace godwit::web
{

inline constexpr std::string_view webSocketPath = "/xmpp-websocket";
inline constexpr std::string_view boshPath = "/http-bind";
inline constexpr std::string_view hostMetaPath = "/.well-known/host-meta";
inline constexpr std::string_view hostMetaJsonPath = "/.well-known/host-meta.json";
inline constexpr std::string_view webClientPath = "/web-client.json";

/// Where the wires are reached: "wss://example.org:5443/xmpp-websocket"; empty where there is none.
struct WireAddresses {
    std::string webSocket;
    std::string bosh;
};

http::Response hostMeta(const WireAddresses &addresses);
http::Response hostMetaJson(const WireAddresses &addresses);
/// What a web client that is served from here must know: {"domain", "websocket", "bosh"}, the latter relative to this
/// document, since whoever got the page from here reaches the wires the same way.
http::Response webClient(std::string_view domain);

} // namespace godwit::web
