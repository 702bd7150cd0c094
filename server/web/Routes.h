// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What the paths of the HTTP ports lead to, and which methods each has.
#pragma once

#include "http/Request.h"
#include "http/Response.h"

#include <optional>
#include <string_view>

namespace godwit::web
{

enum class Resource : std::uint8_t { WebSocket, Bosh, HostMeta, HostMetaJson, WebClient, File, Server };

struct Route {
    Resource resource;
    std::string_view path;
    std::string_view methods; ///< for Allow, "GET, HEAD, OPTIONS"
};

/// Of every file that is served.
inline constexpr Route fileRoute{Resource::File, {}, "GET, HEAD, OPTIONS"};

/// The asterisk of OPTIONS is the server itself (RFC 9110 §9.3.7).
std::optional<Route> findRoute(std::string_view path);
bool hasMethod(const Route &route, http::Method method);
http::Response methodNotAllowed(const Route &route);
/// The same path at another origin, "https://example.org:5443". Not for ever: the configuration may change.
http::Response redirect(std::string_view origin, const http::Request &request);

} // namespace godwit::web
