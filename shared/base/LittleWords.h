// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Bytes as words of which the first byte is the lowest, whatever the machine is: for looking at eight bytes at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace godwit::base
{

template <class Word>
Word littleWord(const char *bytes)
{
    Word word = 0;
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(&word, bytes, sizeof word);
    } else {
        for (std::size_t i = sizeof word; i-- > 0;) {
            word = static_cast<Word>(word << 8 | static_cast<unsigned char>(bytes[i]));
        }
    }
    return word;
}

template <class Word>
void putLittleWord(char *bytes, Word word)
{
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(bytes, &word, sizeof word);
    } else {
        for (std::size_t i = 0; i < sizeof word; ++i) {
            bytes[i] = static_cast<char>(word >> (8 * i) & 0xff);
        }
    }
}

} // namespace godwit::base
