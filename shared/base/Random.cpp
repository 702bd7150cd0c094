// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "base/Random.h"

#include "base/Assert.h"
#include "base/Base64.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace godwit::base
{

std::uint64_t Random::number()
{
    std::uint8_t bytes[8];
    fill(bytes);
    std::uint64_t number = 0;
    std::memcpy(&number, bytes, sizeof number);
    return number;
}

std::string Random::token(std::size_t bytes)
{
    std::vector<std::uint8_t> raw(bytes);
    fill(raw);
    return encodeBase64Url(raw);
}

void SystemRandom::fill(std::span<std::uint8_t> bytes)
{
    while (!bytes.empty()) {
        const ssize_t got = getrandom(bytes.data(), bytes.size(), 0);
        if (got < 0) {
            GW_ASSERT(errno == EINTR);
            continue;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(got));
    }
}

std::uint64_t SeededRandom::next()
{
    m_state += 0x9e3779b97f4a7c15u;
    std::uint64_t mixed = m_state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
}

void SeededRandom::fill(std::span<std::uint8_t> bytes)
{
    while (!bytes.empty()) {
        const std::uint64_t word = next();
        const std::size_t taken = std::min(bytes.size(), sizeof word);
        std::memcpy(bytes.data(), &word, taken);
        bytes = bytes.subspan(taken);
    }
}

} // namespace godwit::base
