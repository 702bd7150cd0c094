// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Errors as values. `Result<T>` holds a T or an Error; an Error says what kind of failure it is (for code that
// decides), in which words (for people), and what caused it.
#pragma once

#include "base/Assert.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace godwit::base
{

/// What code may decide on. The words belong in Error::context.
enum class ErrorCode : unsigned char {
    InvalidInput,  ///< a peer's or a person's input breaks a rule
    LimitExceeded, ///< a configured bound was reached
    NotFound,      ///< what was asked for does not exist
    AlreadyExists, ///< what was to be made is there
    NotAuthorized, ///< credentials or rights do not suffice
    Unavailable,   ///< a service, disk or peer cannot be reached now; later it may
    ResourceFull,  ///< disk, quota or memory is exhausted
    Conflict,      ///< somebody else changed it first
    Corrupt,       ///< stored data does not read as it was written
    TooNew,        ///< a file was written by a newer version
    Io,            ///< the operating system reported a failure
    Cancelled,     ///< the asker went away or the process stops
};

/// The lower-case name of a code, for logs.
std::string_view name(ErrorCode code) noexcept;

/// A failure: code, words, and the failure below it if there was one.
class Error
{
public:
    Error(ErrorCode code, std::string context);
    Error(ErrorCode code, std::string context, Error cause);
    Error(const Error &other);
    Error &operator=(const Error &other);
    Error(Error &&) noexcept = default;
    Error &operator=(Error &&) noexcept = default;
    ~Error() = default;

    ErrorCode code() const noexcept { return m_code; }
    const std::string &context() const noexcept { return m_context; }
    const Error *cause() const noexcept { return m_cause.get(); }
    /// "context: cause's context: ..." for a log or a person.
    std::string text() const;

private:
    ErrorCode m_code;
    std::string m_context;
    std::unique_ptr<Error> m_cause;
};

/// The success of a function that has nothing to return.
struct Ok {
};

/// A value or an Error. Reading the wrong one is a broken invariant.
template <class T>
class [[nodiscard]] Result
{
public:
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error))
    {
    }

    bool ok() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    T &value() &
    {
        GW_ASSERT(ok());
        return *std::get_if<0>(&m_state);
    }
    const T &value() const &
    {
        GW_ASSERT(ok());
        return *std::get_if<0>(&m_state);
    }
    T &&value() &&
    {
        GW_ASSERT(ok());
        return std::move(*std::get_if<0>(&m_state));
    }
    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }
    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T &&operator*() && { return std::move(*this).value(); }

    const Error &error() const &
    {
        GW_ASSERT(!ok());
        return *std::get_if<1>(&m_state);
    }
    Error &&error() &&
    {
        GW_ASSERT(!ok());
        return std::move(*std::get_if<1>(&m_state));
    }

private:
    std::variant<T, Error> m_state;
};

} // namespace godwit::base
