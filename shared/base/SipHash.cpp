// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "base/SipHash.h"

#include <bit>
#include <cstring>

namespace godwit::base
{

namespace
{

/// A little-endian word of up to eight bytes, whatever the machine is.
std::uint64_t readWord(std::string_view bytes)
{
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    return word;
}

/// The same of eight bytes, in one load where the machine's order allows it.
std::uint64_t readWholeWord(std::string_view bytes)
{
    if constexpr (std::endian::native == std::endian::little) {
        std::uint64_t word = 0;
        bytes.copy(reinterpret_cast<char *>(&word), sizeof word);
        return word;
    } else {
        return readWord(bytes.substr(0, sizeof(std::uint64_t)));
    }
}

} // namespace

SipHash128::SipHash128(const SipKey &key)
{
    const std::string_view bytes(reinterpret_cast<const char *>(key.data()), key.size());
    const std::uint64_t k0 = readWholeWord(bytes);
    const std::uint64_t k1 = readWholeWord(bytes.substr(8));
    m_v0 = 0x736f6d6570736575u ^ k0;
    m_v1 = 0x646f72616e646f6du ^ k1 ^ 0xee;
    m_v2 = 0x6c7967656e657261u ^ k0;
    m_v3 = 0x7465646279746573u ^ k1;
}

void SipHash128::round()
{
    m_v0 += m_v1;
    m_v1 = std::rotl(m_v1, 13) ^ m_v0;
    m_v0 = std::rotl(m_v0, 32);
    m_v2 += m_v3;
    m_v3 = std::rotl(m_v3, 16) ^ m_v2;
    m_v0 += m_v3;
    m_v3 = std::rotl(m_v3, 21) ^ m_v0;
    m_v2 += m_v1;
    m_v1 = std::rotl(m_v1, 17) ^ m_v2;
    m_v2 = std::rotl(m_v2, 32);
}

void SipHash128::compress(std::uint64_t word)
{
    m_v3 ^= word;
    round();
    round();
    m_v0 ^= word;
}

void SipHash128::update(std::string_view bytes)
{
    const std::size_t held = m_length % 8;
    m_length += bytes.size();
    if (held > 0) {
        const std::size_t taken = bytes.size() < 8 - held ? bytes.size() : 8 - held;
        m_tail |= readWord(bytes.substr(0, taken)) << (8 * held);
        bytes.remove_prefix(taken);
        if (held + taken < 8) {
            return;
        }
        compress(m_tail);
        m_tail = 0;
    }
    while (bytes.size() >= 8) {
        compress(readWholeWord(bytes));
        bytes.remove_prefix(8);
    }
    m_tail = readWord(bytes);
}

void SipHash128::updateField(std::string_view bytes)
{
    const std::uint64_t size = bytes.size();
    char prefix[8];
    for (std::size_t i = 0; i < sizeof prefix; ++i) {
        prefix[i] = static_cast<char>((size >> (8 * i)) & 0xff);
    }
    update(std::string_view(prefix, sizeof prefix));
    update(bytes);
}

Hash128 SipHash128::finish()
{
    compress(m_tail | (m_length << 56));
    m_v2 ^= 0xee;
    for (int i = 0; i < 4; ++i) {
        round();
    }
    Hash128 hash;
    hash.low = m_v0 ^ m_v1 ^ m_v2 ^ m_v3;
    m_v1 ^= 0xdd;
    for (int i = 0; i < 4; ++i) {
        round();
    }
    hash.high = m_v0 ^ m_v1 ^ m_v2 ^ m_v3;
    return hash;
}

} // namespace godwit::base
