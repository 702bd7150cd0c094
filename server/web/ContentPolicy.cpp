// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "web/ContentPolicy.h"

#include <string_view>

namespace godwit::web
{

namespace
{

/// Two style sheets without a rule, the empty one and one of a comment, which the tools put in that converse.js is
/// built with; and style attributes, of which its templates are full: those style one element and reach no other.
constexpr std::string_view styles = "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' "
                                    "'sha256-JRf3eZJIF59VkE1tlxlBPiCQXjGJ1uE88pEYh49RtTY='; "
                                    "style-src-attr 'unsafe-inline'; ";

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
    return "default-src 'none'; script-src 'self'; " + std::string(styles) +
           "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; manifest-src 'self'; " +
           "worker-src 'self'; " + connect + "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
}

} // namespace godwit::web
