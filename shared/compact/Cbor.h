// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The part of CBOR (RFC 8949) that the compact wire uses: rule 3 of the specification. Heads are written and read here;
// what they mean is for others.
#pragma once

#include "base/Assert.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace godwit::compact
{

enum class Major : std::uint8_t { Unsigned, Negative, Bytes, Text, Array, Map, Tag, Simple };

/// The first bytes of an item. The argument is a number, a length or a count; of Negative it is n in −1 − n.
struct Head {
    Major major = Major::Unsigned;
    std::uint64_t argument = 0;

    bool is(Major expected, std::uint64_t value) const { return major == expected && argument == value; }
};

/// Arguments of Major::Simple and Major::Tag.
inline constexpr std::uint64_t simpleFalse = 20;
inline constexpr std::uint64_t simpleTrue = 21;
inline constexpr std::uint64_t simpleNull = 22;
inline constexpr std::uint64_t simpleOffer = 128; ///< and up to 255: the offer in slot 0 to 127
inline constexpr std::uint64_t simpleMax = 255;
inline constexpr std::uint64_t tagSeconds = 1;
inline constexpr std::uint64_t tagFraction = 4;
inline constexpr std::uint64_t tagCharacters = 6;
inline constexpr std::uint64_t tagBase64Url = 21;
inline constexpr std::uint64_t tagBase64 = 22;
inline constexpr std::uint64_t tagHex = 23;
inline constexpr std::uint64_t tagUuid = 37;

/// The largest argument that the first byte of an item holds.
inline constexpr unsigned inlineMax = 23;

/// The first byte of an item.
inline char initial(Major major, unsigned info)
{
    return static_cast<char>((static_cast<unsigned>(major) << 5) | info);
}
/// Appends a head of more than one byte.
void appendLongHead(std::string &out, Major major, std::uint64_t argument);
/// Appends a head in its shortest form.
inline void appendHead(std::string &out, Major major, std::uint64_t argument)
{
    if (argument <= inlineMax) {
        out += initial(major, static_cast<unsigned>(argument));
    } else {
        appendLongHead(out, major, argument);
    }
}
void appendText(std::string &out, std::string_view text);
void appendNull(std::string &out);

/// Takes items from the front of bytes that it does not own. Everything that rule 3 forbids is a fault here, so a head
/// that was read is one that may occur, and the bytes or items that it announces can be there.
class CborReader
{
public:
    explicit CborReader(std::string_view bytes)
        : m_bytes(bytes)
    {
    }

    /// False with fault() set when there is no good head.
    bool read(Head &head)
    {
        // Most heads are one byte: a number, or a length that the rest of the bytes has.
        if (m_bytes.empty()) {
            return fail("ends early");
        }
        const auto first = static_cast<unsigned char>(m_bytes.front());
        head.major = static_cast<Major>(first >> 5);
        head.argument = first & 0x1fu;
        const bool isNumber = head.major <= Major::Negative;
        const bool fits = head.major <= Major::Array && head.argument < m_bytes.size();
        if (head.argument > inlineMax || !(isNumber || fits)) {
            return readLong(head);
        }
        m_bytes.remove_prefix(1);
        return true;
    }
    /// The next `size` bytes, which a head of Bytes or Text has announced.
    std::string_view take(std::uint64_t size)
    {
        GW_ASSERT(size <= m_bytes.size());
        const std::string_view taken = m_bytes.substr(0, static_cast<std::size_t>(size));
        m_bytes.remove_prefix(taken.size());
        return taken;
    }
    /// The next item is a byte string of 16 bytes.
    bool atUuid() const { return m_bytes.size() > 16 && m_bytes.front() == '\x50'; }
    bool atFalse() const { return !m_bytes.empty() && m_bytes.front() == '\xf4'; }
    bool atNull() const { return !m_bytes.empty() && m_bytes.front() == '\xf6'; }
    std::string_view rest() const { return m_bytes; }
    const char *fault() const { return m_fault; }

private:
    bool fail(const char *fault)
    {
        m_fault = fault;
        return false;
    }
    bool readLong(Head &head);
    bool readArgument(unsigned info, std::uint64_t &argument);
    bool isAllowed(Major major, std::uint64_t argument);

    std::string_view m_bytes;
    const char *m_fault = nullptr;
};

} // namespace godwit::compact
