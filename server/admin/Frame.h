// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What goes over the local socket: frames of fields. Both ends are godwitd, of the same version or not.
//
//   frame  =  size of the rest (4 bytes, big-endian) | field*
//   field  =  size (4 bytes, big-endian) | bytes
//
// A request's fields are the protocol's number, the operation's name, its arguments; an answer's are "ok" and results,
// or the name of an error code and words. Numbers are decimal text.
#pragma once

#include "base/Result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::admin
{

/// Changes when a request or answer changes in a way that the other end would misread.
inline constexpr std::string_view protocolNumber = "1";
/// Bytes of a frame behind its size; room for a full put().
inline constexpr std::size_t frameBytesMax = 4'194'304;
inline constexpr std::size_t frameFieldsMax = 65'536;

/// Writes a frame field by field.
class FrameWriter
{
public:
    FrameWriter &text(std::string_view field);
    FrameWriter &number(std::uint64_t field) { return text(std::to_string(field)); }
    /// The whole frame.
    std::string take();

private:
    std::string m_bytes = std::string(4, '\0');
};

/// Reads the fields of a frame in order. A field that is missing or no number reads as empty or 0 and spoils ok().
class FrameReader
{
public:
    explicit FrameReader(std::vector<std::string> fields);

    std::string text();
    std::uint64_t number();
    /// A count of what follows: more than `most` spoils ok() and reads as 0.
    std::size_t count(std::size_t most);
    bool ok() const noexcept { return m_ok; }
    bool atEnd() const noexcept { return m_next == m_fields.size(); }

private:
    std::vector<std::string> m_fields;
    std::size_t m_next = 0;
    bool m_ok = true;
};

/// Collects bytes until a frame is whole.
class FrameBuffer
{
public:
    void append(std::string_view bytes) { m_bytes += bytes; }
    /// The next frame's fields, or nothing yet. InvalidInput and LimitExceeded for bytes that are no frame: nothing
    /// behind them can be read either.
    base::Result<std::optional<std::vector<std::string>>> next();

private:
    std::string m_bytes;
};

} // namespace godwit::admin
