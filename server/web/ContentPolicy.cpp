// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "web/ContentPolicy.h"

#include <string_view>

namespace godwit::web
{

namespace
{

/// "https://example.org:5443/http-bind" → "https://example.org:5443".
std::string_view originOf(std::string_view address)
{
    return address.substr(0, address.find('/', address.find("//") + 2));
}

} // namespace

std::string contentSecurityPolicy(const WireAddresses &addresses)
{
    // Not every browser takes 'self' for the WebSockets of a page's own address.
    std::string connect = "connect-src 'self'";
    for (const std::string_view address : {std::string_view(addresses.webSocket), std::string_view(addresses.bosh)}) {
        if (!address.empty()) {
            connect.append(1, ' ').append(originOf(address));
        }
    }
    // Style attributes, which converse.js has in its templates, can neither run nor load anything.
    return "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; "
           "media-src 'self' blob:; font-src 'self'; manifest-src 'self'; worker-src 'self'; " +
           connect + "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
}

} // namespace godwit::web
