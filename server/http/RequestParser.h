// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Bytes to requests: llhttp in its strict mode, and what it does not look at. One request at a time; whatever could
// make us and a proxy in front of us see different requests (RFC 9112 §11.2) is refused and ends the connection.
#pragma once

#include "http/Request.h"
#include "http/Response.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace godwit::http
{

/// Bounds on what an unfinished request may hold.
struct RequestLimits {
    std::size_t targetBytesMax = 8'192;  ///< 414 beyond it
    std::size_t headerBytesMax = 16'384; ///< line, fields, trailers and white space before them: 431
    std::size_t fieldsMax = 64;          ///< 431
    std::size_t bodyBytesMax = 262'144;  ///< 413
};

class RequestParser
{
public:
    enum class Outcome : std::uint8_t {
        NeedMore, ///< all bytes are used
        Head,     ///< request() has all but its body; call feed() again to read that
        Complete, ///< takeRequest(); the bytes behind it are not used
        Failed,   ///< failure() says how; nothing more can be read
    };

    /// The limits outlive the parser.
    explicit RequestParser(const RequestLimits &limits);
    ~RequestParser();

    /// Takes from the front of `bytes` what it uses.
    Outcome feed(std::string_view &bytes);
    const Request &request() const noexcept;
    /// Once complete; the parser waits for the next one.
    Request takeRequest();
    /// After Head: the client waits for our word before it sends its body (RFC 9110 §10.1.1).
    bool awaitsContinue() const noexcept;
    /// Something of a request is here.
    bool begun() const noexcept;
    Status failure() const noexcept;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace godwit::http
