// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/Forms.h"

#include "base/Assert.h"
#include "base/LittleWords.h"
#include "compact/Cbor.h"
#include "compact/Limits.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace godwit::compact
{

namespace
{

/// Shorter strings gain nothing worth the look.
constexpr std::size_t formBytesMin = 12;
constexpr std::size_t hexMin = 16;

constexpr std::string_view hexDigits = "0123456789abcdef";
constexpr std::string_view base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64UrlDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Hexadecimal digits are taken eight at a time: a word of eight characters, the first one lowest.
constexpr std::uint64_t eachByte = 0x0101'0101'0101'0101;

/// Where the four words of a UUID's digits are; those in the middle are of two groups.
struct UuidPlaces {
    std::size_t first;
    std::size_t second; ///< of the last four digits
};
constexpr std::array<UuidPlaces, 4> uuidWords{UuidPlaces{0, 4}, {9, 14}, {19, 24}, {28, 32}};

/// The four bytes that eight digits say. `errors` gets bits when one is no digit in lower case.
std::uint32_t bytesOf(std::uint64_t digits, std::uint64_t &errors)
{
    const std::uint64_t letters = (digits >> 6) & eachByte;
    const std::uint64_t values = (digits & eachByte * 0x0f) + letters * 9;
    // '0' to '9' are 0x30 and more, 'a' to 'f' 0x61 and more. Of letters the value is 10 at least, of others 9 at most.
    errors |= (digits & eachByte * 0xf0) ^ (eachByte * 0x30 + letters * 0x30);
    errors |= values & eachByte * 0x10;
    errors |= ((values + eachByte * 6) & eachByte * 0x10) ^ (letters << 4);
    std::uint64_t bytes = (values << 4 | values >> 8) & 0x00ff'00ff'00ff'00ff;
    bytes = (bytes | bytes >> 8) & 0x0000'ffff'0000'ffff;
    return static_cast<std::uint32_t>(bytes | bytes >> 16);
}

std::uint64_t digitsOf(std::uint32_t bytes)
{
    std::uint64_t values = bytes;
    values = (values | values << 16) & 0x0000'ffff'0000'ffff;
    values = (values | values << 8) & 0x00ff'00ff'00ff'00ff;
    values = (values >> 4 & 0x000f'000f'000f'000f) | (values & 0x000f'000f'000f'000f) << 8;
    const std::uint64_t letters = ((values + eachByte * 6) >> 4) & eachByte;
    return values + eachByte * '0' + letters * ('a' - '0' - 10);
}

/// What a character may be part of, as bits.
enum Class : std::uint8_t { isHex = 1, isBase64 = 2, isBase64Url = 4 };

struct Letter {
    std::uint8_t classes = 0;
    std::uint8_t hex = 0;
    std::uint8_t base64 = 0;
};

constexpr std::array<Letter, 256> letters()
{
    std::array<Letter, 256> table{};
    const auto note = [&table](std::string_view digits, Class what, std::uint8_t Letter::*value) {
        for (std::size_t i = 0; i < digits.size(); ++i) {
            Letter &letter = table[static_cast<unsigned char>(digits[i])];
            letter.classes |= what;
            letter.*value = static_cast<std::uint8_t>(i);
        }
    };
    note(hexDigits, isHex, &Letter::hex);
    note(base64Digits, isBase64, &Letter::base64);
    note(base64UrlDigits, isBase64Url, &Letter::base64);
    return table;
}

constexpr auto letterTable = letters();

/// The two digits of each byte.
constexpr std::array<char, 512> hexPairs()
{
    std::array<char, 512> pairs{};
    for (std::size_t i = 0; i < pairs.size() / 2; ++i) {
        pairs[2 * i] = hexDigits[i >> 4];
        pairs[2 * i + 1] = hexDigits[i & 0x0f];
    }
    return pairs;
}

constexpr auto hexPairTable = hexPairs();

void putHex(char *to, char byte)
{
    std::memcpy(to, hexPairTable.data() + std::size_t{2} * static_cast<unsigned char>(byte), 2);
}

const Letter &letter(char character)
{
    return letterTable[static_cast<unsigned char>(character)];
}

void appendHexForm(std::string &out, std::string_view text)
{
    appendHead(out, Major::Tag, tagHex);
    appendHead(out, Major::Bytes, text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        out += static_cast<char>((letter(text[i]).hex << 4) | letter(text[i + 1]).hex);
    }
}

std::uint32_t bitsOf(char digit)
{
    return letter(digit).base64;
}

/// `digits` without padding. False, with nothing appended, when bits that say nothing are set.
bool appendBase64Form(std::string &out, std::string_view digits, std::uint64_t tag)
{
    const std::size_t rest = digits.size() % 4;
    const unsigned unused = rest == 2 ? 0x0fu : (rest == 3 ? 0x03u : 0u);
    if (rest == 1 || (letter(digits.back()).base64 & unused) != 0) {
        return false;
    }
    appendHead(out, Major::Tag, tag);
    const std::size_t size = digits.size() * 3 / 4;
    appendHead(out, Major::Bytes, size);
    const std::size_t begin = out.size();
    out.resize(begin + size);
    char *to = out.data() + begin;
    for (; digits.size() >= 4; digits.remove_prefix(4)) {
        const std::uint32_t bits =
            bitsOf(digits[0]) << 18 | bitsOf(digits[1]) << 12 | bitsOf(digits[2]) << 6 | bitsOf(digits[3]);
        *to++ = static_cast<char>(bits >> 16);
        *to++ = static_cast<char>(bits >> 8);
        *to++ = static_cast<char>(bits);
    }
    if (rest > 0) {
        const std::uint32_t bits =
            bitsOf(digits[0]) << 12 | bitsOf(digits[1]) << 6 | (rest == 3 ? bitsOf(digits[2]) : 0);
        *to++ = static_cast<char>(bits >> 10);
        if (rest == 3) {
            *to = static_cast<char>(bits >> 2);
        }
    }
    return true;
}

bool appendInstantForm(std::string &out, std::string_view text)
{
    const std::optional<Instant> instant = instantOf(text);
    if (!instant) {
        return false;
    }
    if (instant->digits == 0) {
        appendHead(out, Major::Tag, tagSeconds);
    } else {
        appendHead(out, Major::Tag, tagFraction);
        appendHead(out, Major::Array, 2);
        appendHead(out, Major::Negative, instant->digits - 1);
    }
    appendHead(out, Major::Unsigned, instant->count);
    return true;
}

void appendSixBits(std::string &text, std::string_view bytes, std::string_view digits)
{
    const auto bitsAt = [&bytes](std::size_t index) {
        return index < bytes.size() ? std::uint32_t{static_cast<unsigned char>(bytes[index])} : 0;
    };
    const std::size_t begin = text.size();
    text.resize(begin + (bytes.size() * 4 + 2) / 3);
    char *to = text.data() + begin;
    char *const end = text.data() + text.size();
    for (; to < end; bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 3))) {
        const std::uint32_t bits = bitsAt(0) << 16 | bitsAt(1) << 8 | bitsAt(2);
        const std::size_t count = std::min<std::size_t>(static_cast<std::size_t>(end - to), 4);
        for (std::size_t i = 0; i < count; ++i) {
            *to++ = digits[(bits >> (18 - 6 * i)) & 0x3f];
        }
    }
}

} // namespace

bool appendForm(std::string &out, std::string_view text)
{
    const std::size_t size = text.size();
    if (size < formBytesMin) {
        return false;
    }
    if (text[4] == '-' && text[10] == 'T') {
        return appendInstantForm(out, text);
    }
    std::string_view digits = text;
    for (int padding = 0; padding < 2 && size % 4 == 0 && digits.ends_with('='); ++padding) {
        digits.remove_suffix(1);
    }
    unsigned classes = isHex | isBase64 | isBase64Url;
    // Four at a time: what has a form is longer, and most of what has none says so in its first word.
    std::string_view left = digits;
    for (; left.size() >= 4 && classes != 0; left.remove_prefix(4)) {
        classes &= letter(left[0]).classes & letter(left[1]).classes & letter(left[2]).classes &
                   unsigned{letter(left[3]).classes};
    }
    for (const char digit : left) {
        classes &= letter(digit).classes;
    }
    if (classes == 0) {
        return false;
    }
    if (digits.size() == size && size % 2 == 0 && size >= hexMin && (classes & isHex) != 0) {
        appendHexForm(out, text);
        return true;
    }
    if (size % 4 == 0 && (classes & isBase64) != 0) {
        return appendBase64Form(out, digits, tagBase64);
    }
    return digits.size() == size && (classes & isBase64Url) != 0 && appendBase64Form(out, digits, tagBase64Url);
}

std::optional<Uuid> uuidOf(std::string_view text)
{
    if (text.size() != uuidSize || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') {
        return std::nullopt;
    }
    Uuid bytes{};
    std::uint64_t errors = 0;
    char *to = bytes.data();
    for (const UuidPlaces &places : uuidWords) {
        const std::uint64_t first = base::littleWord<std::uint32_t>(text.data() + places.first);
        const std::uint64_t second = base::littleWord<std::uint32_t>(text.data() + places.second);
        base::putLittleWord(to, bytesOf(first | second << 32, errors));
        to += sizeof(std::uint32_t);
    }
    return errors == 0 ? std::optional(bytes) : std::nullopt;
}

std::optional<std::uint64_t> decimalOf(std::string_view text)
{
    constexpr std::size_t digitsMax = 16;
    if (text.empty() || text.size() > digitsMax || (text.front() == '0' && text.size() > 1)) {
        return std::nullopt;
    }
    std::uint64_t number = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') {
            return std::nullopt;
        }
        number = number * 10 + static_cast<unsigned>(digit - '0');
    }
    return number <= unsignedMax ? std::optional(number) : std::nullopt;
}

void appendUuid(std::string &text, std::string_view bytes)
{
    GW_ASSERT(bytes.size() == uuidBytes);
    char written[uuidSize];
    const char *from = bytes.data();
    for (const UuidPlaces &places : uuidWords) {
        const std::uint64_t digits = digitsOf(base::littleWord<std::uint32_t>(from));
        base::putLittleWord(written + places.first, static_cast<std::uint32_t>(digits));
        base::putLittleWord(written + places.second, static_cast<std::uint32_t>(digits >> 32));
        from += sizeof(std::uint32_t);
    }
    for (const std::size_t hyphen : {8, 13, 18, 23}) {
        written[hyphen] = '-';
    }
    text.append(written, uuidSize);
}

void appendHex(std::string &text, std::string_view bytes)
{
    const std::size_t begin = text.size();
    text.resize(begin + 2 * bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        putHex(text.data() + begin + 2 * i, bytes[i]);
    }
}

void appendBase64(std::string &text, std::string_view bytes)
{
    appendSixBits(text, bytes, base64Digits);
    text.append((3 - bytes.size() % 3) % 3, '=');
}

void appendBase64Url(std::string &text, std::string_view bytes)
{
    appendSixBits(text, bytes, base64UrlDigits);
}

void appendDecimal(std::string &text, std::uint64_t number)
{
    char digits[20];
    const std::to_chars_result result = std::to_chars(digits, digits + sizeof digits, number);
    text.append(digits, result.ptr);
}

} // namespace godwit::compact
