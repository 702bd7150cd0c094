// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Random bytes as an input, so that a simulated run is repeated by its seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace godwit::base
{

class Random
{
public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::uint8_t> bytes) = 0;

    std::uint64_t number();
    /// `bytes` random bytes in base64url without padding: an identifier nobody can guess.
    std::string token(std::size_t bytes);
};

/// The operating system's generator (getrandom). Thread-safe.
class SystemRandom final : public Random
{
public:
    void fill(std::span<std::uint8_t> bytes) override;
};

/// A generator that gives the same bytes for the same seed (splitmix64); not for secrets.
class SeededRandom final : public Random
{
public:
    explicit SeededRandom(std::uint64_t seed)
        : m_state(seed)
    {
    }
    void fill(std::span<std::uint8_t> bytes) override;
    std::uint64_t next();
    /// A number in [0, bound); bound > 0.
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }

private:
    std::uint64_t m_state;
};

} // namespace godwit::base
