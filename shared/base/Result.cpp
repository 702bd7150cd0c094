// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "base/Result.h"

#include <cstdio>
#include <cstdlib>

namespace godwit::base
{

void assertionFailed(const char *expression, const char *file, int line) noexcept
{
    std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, expression);
    std::abort();
}

std::string_view name(ErrorCode code) noexcept
{
    switch (code) {
    case ErrorCode::InvalidInput:
        return "invalid-input";
    case ErrorCode::LimitExceeded:
        return "limit-exceeded";
    case ErrorCode::NotFound:
        return "not-found";
    case ErrorCode::AlreadyExists:
        return "already-exists";
    case ErrorCode::NotAuthorized:
        return "not-authorized";
    case ErrorCode::Unavailable:
        return "unavailable";
    case ErrorCode::ResourceFull:
        return "resource-full";
    case ErrorCode::Conflict:
        return "conflict";
    case ErrorCode::Corrupt:
        return "corrupt";
    case ErrorCode::TooNew:
        return "too-new";
    case ErrorCode::Io:
        return "io";
    case ErrorCode::Cancelled:
        return "cancelled";
    }
    return "unknown";
}

Error::Error(ErrorCode code, std::string context)
    : m_code(code)
    , m_context(std::move(context))
{
}

Error::Error(ErrorCode code, std::string context, Error cause)
    : m_code(code)
    , m_context(std::move(context))
    , m_cause(std::make_unique<Error>(std::move(cause)))
{
}

Error::Error(const Error &other)
    : m_code(other.m_code)
    , m_context(other.m_context)
    , m_cause(other.m_cause ? std::make_unique<Error>(*other.m_cause) : nullptr)
{
}

Error &Error::operator=(const Error &other)
{
    *this = Error(other);
    return *this;
}

std::string Error::text() const
{
    std::string text = m_context;
    for (const Error *below = cause(); below; below = below->cause()) {
        text += ": ";
        text += below->context();
    }
    return text;
}

} // namespace godwit::base
