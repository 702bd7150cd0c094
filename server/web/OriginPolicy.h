// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Which web pages may speak to this server from a browser (RFC 6454, the CORS protocol). Nobody is logged in by a
// cookie here, so a page gets no more than what its user types into it; that is why any origin is allowed unless a list
// says otherwise. Programs that are no browsers send no origin and are not concerned.
#pragma once

#include "http/Request.h"
#include "http/Response.h"

#include <string>
#include <string_view>
#include <vector>

namespace godwit::web
{

class OriginPolicy
{
public:
    /// "https://chat.example.org", or "*" for any.
    explicit OriginPolicy(std::vector<std::string> allowed);

    bool allows(const http::Request &request) const;
    /// Lets the page read the response.
    void open(const http::Request &request, http::Response &response) const;
    /// Answers the question before the request (OPTIONS).
    http::Response preflight(const http::Request &request, std::string_view methods) const;

private:
    bool knows(std::string_view origin) const;

    std::vector<std::string> m_allowed;
    bool m_any = false;
};

} // namespace godwit::web
