// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A request as it was read: its line, its header fields, its body.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::http
{

/// The methods that something here answers. Others are `Other`: known to HTTP or not, no resource of ours has them.
enum class Method : std::uint8_t { Get, Head, Post, Put, Options, Other };

struct Field {
    std::string name; ///< in small letters in a request
    std::string value;
};

struct Request {
    Method method = Method::Other;
    std::uint8_t minorVersion = 1; ///< of HTTP/1
    bool keepAlive = true;         ///< the client may send another request on this connection
    bool upgrade = false;          ///< it asks for another protocol (RFC 9110 §7.8)
    std::string path;              ///< "/http-bind", as it was sent: not decoded, never empty
    std::string query;             ///< behind the question mark
    std::vector<Field> fields;
    std::string body;

    /// The value of a field by its name in small letters; empty when there is none. Several are not joined: the first.
    std::string_view field(std::string_view name) const;
    std::size_t count(std::string_view name) const;
    /// Whether the comma-separated list in all fields of that name has `token`, compared without regard to case.
    bool lists(std::string_view name, std::string_view token) const;
};

/// Compares ASCII text without regard to case.
bool equalIgnoringCase(std::string_view a, std::string_view b);

} // namespace godwit::http
