// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The answers of an HTTP/1.1 server, as far as WebSocket's handshake and BOSH need them: a status line, fields, and a
// body of a length that is told.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace godwit::load
{

struct HttpResponse {
    unsigned status = 0;
    std::string head; ///< status line and fields
    std::string body;

    /// Value of a field, whatever the case of its name; a null view when it is not there.
    [[nodiscard]] std::string_view field(std::string_view name) const;
};

class HttpReader
{
public:
    enum class Outcome { Response, NeedMore, Broken };

    /// Takes bytes off the front of `bytes`, up to the end of one response, which is then in response().
    [[nodiscard]] Outcome feed(std::string_view &bytes);
    [[nodiscard]] const HttpResponse &response() const { return m_response; }
    /// Forgets an unfinished response, for a new connection.
    void reset() { *this = HttpReader(); }

    static constexpr std::size_t headBytesMax = 65'536;
    static constexpr std::size_t bodyBytesMax = 8U << 20;

private:
    [[nodiscard]] bool readHead();

    HttpResponse m_response;
    std::string m_head;
    std::size_t m_left = 0; // of the body
    bool m_inBody = false;
};

} // namespace godwit::load
