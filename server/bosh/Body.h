// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The <body/> that wraps what goes over HTTP (XEP-0124, XEP-0206).
#pragma once

#include "base/Result.h"
#include "xml/StreamParser.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::bosh
{

inline constexpr std::string_view bindNamespace = "http://jabber.org/protocol/httpbind";

/// What a client sent.
struct Body {
    std::uint64_t rid = 0;
    std::string sid; ///< empty in the request that creates a session
    std::string to;
    std::string from;
    std::string language;
    std::string type;
    std::string key;
    std::string newKey;
    std::string ack;     ///< as it was sent
    std::string version; ///< the highest of BOSH that the client knows; empty: older than versions
    std::string content; ///< the media type that it wants its answers to have
    std::optional<std::uint32_t> wait;
    std::optional<std::uint32_t> hold;
    std::optional<std::uint32_t> pause; ///< seconds
    bool restart = false;               ///< xmpp:restart (XEP-0206 §5)
    std::vector<std::string> children;  ///< each an element on its own, namespaces declared; of the content namespace
                                        ///< without a declaration

    std::optional<std::uint64_t> acknowledged() const;
};

/// InvalidInput when it is no such element. The limits are those of one child; the whole is bounded by HTTP.
base::Result<Body> parseBody(std::string_view text, xml::ParserPool &pool, const xml::XmlLimits &limits);

/// What we answer.
struct Answer {
    std::string attributes; ///< " name='value'" each
    std::string_view content;
};
std::string writeBody(const Answer &answer);
void appendAttribute(std::string &attributes, std::string_view name, std::string_view value);

/// A body that ends a session, or says that there is none.
std::string terminateBody(std::string_view condition);

} // namespace godwit::bosh
