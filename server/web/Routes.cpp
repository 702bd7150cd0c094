// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "web/Routes.h"

#include "web/Discovery.h"

#include <algorithm>
#include <array>

namespace godwit::web
{

namespace
{

constexpr std::array routes = {
    Route{Resource::WebSocket, webSocketPath, "GET, OPTIONS"},
    Route{Resource::Bosh, boshPath, "POST, OPTIONS"},
    Route{Resource::HostMeta, hostMetaPath, "GET, HEAD, OPTIONS"},
    Route{Resource::HostMetaJson, hostMetaJsonPath, "GET, HEAD, OPTIONS"},
    Route{Resource::WebClient, webClientPath, "GET, HEAD, OPTIONS"},
    Route{Resource::Server, "*", "OPTIONS"},
};

std::string_view nameOf(http::Method method)
{
    switch (method) {
    case http::Method::Get:
        return "GET";
    case http::Method::Head:
        return "HEAD";
    case http::Method::Post:
        return "POST";
    case http::Method::Put:
        return "PUT";
    case http::Method::Options:
        return "OPTIONS";
    case http::Method::Other:
        break;
    }
    return "?";
}

} // namespace

std::optional<Route> findRoute(std::string_view path)
{
    const auto *found = std::ranges::find(routes, path, &Route::path);
    return found == routes.end() ? std::nullopt : std::optional(*found);
}

bool hasMethod(const Route &route, http::Method method)
{
    return route.methods.find(nameOf(method)) != std::string_view::npos;
}

http::Response methodNotAllowed(const Route &route)
{
    http::Response response = http::plainResponse(http::Status::MethodNotAllowed);
    response.fields.push_back({"Allow", std::string(route.methods)});
    return response;
}

http::Response redirect(std::string_view origin, const http::Request &request)
{
    http::Response response = http::plainResponse(http::Status::TemporaryRedirect);
    std::string address(origin);
    address += request.path;
    if (!request.query.empty()) {
        address += '?' + request.query;
    }
    response.fields.push_back({"Location", std::move(address)});
    return response;
}

} // namespace godwit::web
