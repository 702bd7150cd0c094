// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/Cbor.h"

#include "compact/Limits.h"

namespace godwit::compact
{

namespace
{

constexpr unsigned oneByte = 24;
constexpr unsigned eightBytes = 27;

} // namespace

void appendLongHead(std::string &out, Major major, std::uint64_t argument)
{
    unsigned width = 0;
    while (width < 3 && (argument >> (8u << width)) != 0) {
        ++width;
    }
    char bytes[9];
    bytes[0] = initial(major, oneByte + width);
    const std::size_t count = std::size_t{1} << width;
    for (std::size_t i = 0; i < count; ++i) {
        bytes[1 + i] = static_cast<char>((argument >> (8 * (count - 1 - i))) & 0xff);
    }
    out.append(bytes, 1 + count);
}

void appendText(std::string &out, std::string_view text)
{
    appendHead(out, Major::Text, text.size());
    out.append(text);
}

void appendNull(std::string &out)
{
    out += initial(Major::Simple, simpleNull);
}

/// A head whose argument is read already when the first byte holds it.
bool CborReader::readLong(Head &head)
{
    m_bytes.remove_prefix(1);
    const auto info = static_cast<unsigned>(head.argument);
    if (info <= inlineMax) {
        return isAllowed(head.major, info);
    }
    if (info > eightBytes || (head.major == Major::Simple && info > oneByte)) {
        return fail("a float, a simple value or a length that is not definite");
    }
    return readArgument(info, head.argument) && isAllowed(head.major, head.argument);
}

bool CborReader::readArgument(unsigned info, std::uint64_t &argument)
{
    const std::size_t count = std::size_t{1} << (info - oneByte);
    if (m_bytes.size() < count) {
        return fail("ends early");
    }
    argument = 0;
    for (std::size_t i = 0; i < count; ++i) {
        argument = (argument << 8) | static_cast<unsigned char>(m_bytes[i]);
    }
    m_bytes.remove_prefix(count);
    const bool shortest = count == 1 ? argument > inlineMax : (argument >> (4 * count)) != 0;
    return shortest || fail("a head that is longer than it must be");
}

bool CborReader::isAllowed(Major major, std::uint64_t argument)
{
    switch (major) {
    case Major::Unsigned:
        return argument <= unsignedMax || fail("an integer above 2^53 - 1");
    case Major::Negative:
        return argument <= negativeMax || fail("an integer below -2^32");
    case Major::Bytes:
    case Major::Text:
    case Major::Array:
        return argument <= m_bytes.size() || fail("a length beyond the end");
    case Major::Map:
        return argument <= m_bytes.size() / 2 || fail("a length beyond the end");
    case Major::Tag:
        return argument == tagSeconds || argument == tagFraction || argument == tagCharacters ||
               (argument >= tagBase64Url && argument <= tagHex) || argument == tagUuid || fail("an unknown tag");
    case Major::Simple:
        return (argument >= simpleFalse && argument <= simpleNull) ||
               (argument >= simpleOffer && argument <= simpleMax) || fail("an unknown simple value");
    }
    return false;
}

} // namespace godwit::compact
