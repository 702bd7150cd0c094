// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "web/OriginPolicy.h"

#include <algorithm>

namespace godwit::web
{

OriginPolicy::OriginPolicy(std::vector<std::string> allowed)
    : m_allowed(std::move(allowed))
    , m_any(std::ranges::find(m_allowed, "*") != m_allowed.end())
{
}

bool OriginPolicy::knows(std::string_view origin) const
{
    return m_any || std::ranges::any_of(m_allowed, [origin](const std::string &allowed) {
               return http::equalIgnoringCase(allowed, origin);
           });
}

bool OriginPolicy::allows(const http::Request &request) const
{
    return request.count("origin") == 0 || knows(request.field("origin"));
}

void OriginPolicy::open(const http::Request &request, http::Response &response) const
{
    const std::string_view origin = request.field("origin");
    if (m_any) {
        response.fields.push_back({"Access-Control-Allow-Origin", "*"});
    } else if (!origin.empty() && knows(origin)) {
        response.fields.push_back({"Access-Control-Allow-Origin", std::string(origin)});
        // A cache must not give one page's answer to another.
        response.fields.push_back({"Vary", "Origin"});
    }
}

http::Response OriginPolicy::preflight(const http::Request &request, std::string_view methods) const
{
    http::Response response;
    response.status = http::Status::NoContent;
    open(request, response);
    response.fields.push_back({"Access-Control-Allow-Methods", std::string(methods)});
    response.fields.push_back({"Access-Control-Allow-Headers", "Content-Type"});
    response.fields.push_back({"Access-Control-Max-Age", "86400"});
    response.fields.push_back({"Allow", std::string(methods)});
    return response;
}

} // namespace godwit::web
