// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace godwit::bosh
{

/// An answer on its way back over HTTP.
struct Reply {
    /// All but Ok are for clients that are older than terminal conditions, and for requests that are no client's
    /// (XEP-0124 §17).
    enum class Status : std::uint8_t { Ok, BadRequest, Forbidden, NotFound };

    std::string text;
    std::string content; ///< its media type; empty: "text/xml; charset=utf-8"
    Status status = Status::Ok;
    bool closes = false; ///< the connection ends behind it
};

/// `content` of a client (XEP-0124 §7.1) where it can stand in a field of HTTP and is not the usual one; else empty.
std::string usableMediaType(std::string_view content);
/// What the condition of a terminated session is in HTTP (XEP-0124 §17.1).
Reply::Status statusOf(std::string_view condition);

} // namespace godwit::bosh
