// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace godwit::xml
{

/// The content namespace as it is called inside a Stanza's tree, whatever the stream calls it (kept bytes are neutral).
inline constexpr std::string_view contentNamespace = "jabber:client";
inline constexpr std::string_view serverNamespace = "jabber:server";
inline constexpr std::string_view streamNamespace = "http://etherx.jabber.org/streams";
inline constexpr std::string_view framingNamespace = "urn:ietf:params:xml:ns:xmpp-framing";

/// What elements inherit from the header of their stream. Most clients send the same header, so streams share these.
struct NamespaceSet {
    std::string rootName; ///< qualified name of the header, for its end tag; empty for framed streams
    std::string defaultNs;
    std::string contentNs; ///< what makes a message, presence or iq a stanza
    std::string language;
    std::vector<std::pair<std::string, std::string>> prefixes; ///< prefix and namespace

    friend bool operator==(const NamespaceSet &, const NamespaceSet &) = default;
};

} // namespace godwit::xml
