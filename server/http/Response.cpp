// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "http/Response.h"

namespace godwit::http
{

std::string_view words(Status status)
{
    switch (status) {
    case Status::Continue:
        return "Continue";
    case Status::SwitchingProtocols:
        return "Switching Protocols";
    case Status::Ok:
        return "OK";
    case Status::NoContent:
        return "No Content";
    case Status::NotModified:
        return "Not Modified";
    case Status::TemporaryRedirect:
        return "Temporary Redirect";
    case Status::BadRequest:
        return "Bad Request";
    case Status::Forbidden:
        return "Forbidden";
    case Status::NotFound:
        return "Not Found";
    case Status::MethodNotAllowed:
        return "Method Not Allowed";
    case Status::RequestTimeout:
        return "Request Timeout";
    case Status::ContentTooLarge:
        return "Content Too Large";
    case Status::UriTooLong:
        return "URI Too Long";
    case Status::UpgradeRequired:
        return "Upgrade Required";
    case Status::HeaderFieldsTooLarge:
        return "Request Header Fields Too Large";
    case Status::InternalServerError:
        return "Internal Server Error";
    case Status::NotImplemented:
        return "Not Implemented";
    case Status::ServiceUnavailable:
        return "Service Unavailable";
    case Status::VersionNotSupported:
        return "HTTP Version Not Supported";
    }
    return {};
}

Response plainResponse(Status status, std::string_view text)
{
    Response response;
    response.status = status;
    response.fields.push_back({"Content-Type", "text/plain; charset=utf-8"});
    response.body = text.empty() ? words(status) : text;
    response.body += '\n';
    return response;
}

void appendResponse(std::string &out, const Response &response, BodySent body, std::string_view date)
{
    out += "HTTP/1.1 ";
    out += std::to_string(static_cast<unsigned>(response.status));
    out += ' ';
    out += words(response.status);
    out += "\r\nDate: ";
    out += date;
    for (const Field &field : response.fields) {
        out += "\r\n";
        out += field.name;
        out += ": ";
        out += field.value;
    }
    // RFC 9110 §8.6: none in these three, where there is never a body.
    const bool bodiless = response.status == Status::SwitchingProtocols || response.status == Status::NoContent ||
                          response.status == Status::NotModified;
    if (!bodiless) {
        out += "\r\nContent-Length: ";
        out += std::to_string(response.body.size());
    }
    if (response.close) {
        out += "\r\nConnection: close";
    }
    out += "\r\n\r\n";
    if (!bodiless && body == BodySent::Yes) {
        out += response.body;
    }
}

} // namespace godwit::http
