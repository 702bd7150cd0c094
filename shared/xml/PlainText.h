// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Most text has no character that XML wants written in another way. It is looked at eight bytes at a time.
#pragma once

#include "base/LittleWords.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace godwit::xml
{

namespace plain
{

constexpr std::uint64_t eachByte(std::uint64_t byte)
{
    return 0x0101'0101'0101'0101 * byte;
}

/// Not 0 when a byte of the word is 0.
constexpr std::uint64_t zeroBytes(std::uint64_t word)
{
    return (word - eachByte(0x01)) & ~word & eachByte(0x80);
}

} // namespace plain

/// 0 when these eight bytes are ASCII from U+0020 on and none of & < > " '. Otherwise the lowest bit that is set
/// belongs to the lowest byte that is not (those above it may say so without being it).
inline std::uint64_t otherBytes(std::uint64_t word)
{
    using namespace plain;
    // '&' and '\'' differ in the lowest bit, '<' and '>' in the next one.
    const std::uint64_t references = zeroBytes((word | eachByte(0x01)) ^ eachByte('\'')) |
                                     zeroBytes((word | eachByte(0x02)) ^ eachByte('>')) |
                                     zeroBytes(word ^ eachByte('"'));
    // A byte below 0x20 borrows when 0x20 is taken from it; one above 0x7f has its high bit set already.
    const std::uint64_t others = ((word - eachByte(0x20)) | word) & eachByte(0x80);
    return references | others;
}

inline bool isPlainWord(std::uint64_t word)
{
    return otherBytes(word) == 0;
}

/// Are the sixteen bytes from here plain? All of them are looked at at once where the machine can.
inline bool arePlain(const char *bytes)
{
    using Bytes = signed char __attribute__((vector_size(16)));
    using Words = std::int64_t __attribute__((vector_size(16)));
    Bytes text;
    std::memcpy(&text, bytes, sizeof text);
    // As signed numbers, those beyond ASCII are below 0x20, too.
    const Words others =
        reinterpret_cast<Words>((text < 0x20) | ((text | 0x01) == '\'') | ((text | 0x02) == '>') | (text == '"'));
    return (others[0] | others[1]) == 0;
}

inline std::uint64_t wordAt(const char *bytes)
{
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

/// The first eight bytes, the first one lowest, and zeros behind the end of a shorter text.
inline std::uint64_t frontWord(std::string_view text)
{
    if (text.size() >= sizeof(std::uint64_t)) {
        return base::littleWord<std::uint64_t>(&text.front());
    }
    std::uint64_t word = 0;
    for (std::size_t i = std::min(text.size(), sizeof word); i-- > 0;) {
        word = word << 8 | static_cast<unsigned char>(text[i]);
    }
    return word;
}

/// How many bytes at the front are such; those behind, fewer than eight or not plain, are for the caller to look at.
inline std::size_t plainSize(std::string_view text)
{
    constexpr std::size_t step = sizeof(std::uint64_t);
    std::size_t size = 0;
    for (; size + step <= text.size(); size += step) {
        if (!isPlainWord(wordAt(text.data() + size))) {
            return size;
        }
    }
    // The last word may have bytes in common with the one before.
    const bool isWhole = size > 0 && isPlainWord(wordAt(text.data() + text.size() - step));
    return isWhole ? text.size() : size;
}

/// How many bytes at the front are plain, to the byte.
inline std::size_t plainFront(std::string_view text)
{
    constexpr std::size_t step = sizeof(std::uint64_t);
    std::size_t size = 0;
    while (size < text.size()) {
        // What is missing of the last word is not plain.
        const std::uint64_t word = frontWord(text.substr(size));
        if (const std::uint64_t others = otherBytes(word); others != 0) {
            return size + static_cast<std::size_t>(std::countr_zero(others)) / 8;
        }
        size += step;
    }
    return size;
}

/// Is it plain from its begin to its end?
inline bool isPlain(std::string_view text)
{
    constexpr std::size_t step = sizeof(std::uint64_t);
    if (text.size() < step) {
        std::uint64_t word = plain::eachByte('a');
        for (const char letter : text) {
            word = word << 8 | static_cast<unsigned char>(letter);
        }
        return isPlainWord(word);
    }
    // The last step may have bytes in common with the one before.
    const char *from = text.data();
    const char *const end = from + text.size();
    if (text.size() < 2 * step) {
        return isPlainWord(wordAt(from)) && isPlainWord(wordAt(end - step));
    }
    for (; end - from > static_cast<std::ptrdiff_t>(2 * step); from += 2 * step) {
        if (!arePlain(from)) {
            return false;
        }
    }
    return arePlain(end - 2 * step);
}

/// Copies a text that is plain from its begin to its end; false, with some of it copied, when it is not.
inline bool copyPlain(char *to, std::string_view text)
{
    constexpr std::size_t step = sizeof(std::uint64_t);
    if (text.empty()) {
        return true;
    }
    const char *from = text.data();
    if (text.size() < step) {
        std::uint64_t word = plain::eachByte('a');
        std::memcpy(&word, from, text.size());
        std::memcpy(to, from, text.size());
        return isPlainWord(word);
    }
    const char *last = from + text.size() - step;
    for (; from < last; from += step, to += step) {
        const std::uint64_t word = wordAt(from);
        std::memcpy(to, &word, step);
        if (!isPlainWord(word)) {
            return false;
        }
    }
    // The last word may have bytes in common with the one before.
    const std::uint64_t word = wordAt(last);
    std::memcpy(to - (from - last), &word, step);
    return isPlainWord(word);
}

} // namespace godwit::xml
