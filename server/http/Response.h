// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "http/Request.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::http
{

enum class Status : std::uint16_t {
    Continue = 100,
    SwitchingProtocols = 101,
    Ok = 200,
    NoContent = 204,
    NotModified = 304,
    TemporaryRedirect = 307,
    BadRequest = 400,
    Forbidden = 403,
    NotFound = 404,
    MethodNotAllowed = 405,
    RequestTimeout = 408,
    ContentTooLarge = 413,
    UriTooLong = 414,
    UpgradeRequired = 426,
    HeaderFieldsTooLarge = 431,
    InternalServerError = 500,
    NotImplemented = 501,
    ServiceUnavailable = 503,
    VersionNotSupported = 505,
};

/// "Not Found".
std::string_view words(Status status);

/// An answer but for what the connection adds: length, date, whether it stays open.
struct Response {
    Status status = Status::Ok;
    std::vector<Field> fields;
    std::string body;
    bool close = false; ///< the connection ends behind it
};

/// A short text for people with the words of the status, or with `text`.
Response plainResponse(Status status, std::string_view text = {});

enum class BodySent : std::uint8_t { Yes, No };

/// Appends the response as it goes on the wire. `body` No: the head alone, with the length that the body has (HEAD).
void appendResponse(std::string &out, const Response &response, BodySent body, std::string_view date);

} // namespace godwit::http
