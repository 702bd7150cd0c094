// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// How a client finds the other wires (XEP-0156): /.well-known/host-meta and its JSON.
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

/// Where the wires are reached: "wss://example.org:5443/xmpp-websocket"; empty where there is none.
struct WireAddresses {
    std::string webSocket;
    std::string bosh;
};

http::Response hostMeta(const WireAddresses &addresses);
http::Response hostMetaJson(const WireAddresses &addresses);

} // namespace godwit::web
