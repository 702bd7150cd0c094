// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <chrono>
#include <cstdint>

namespace godwit::session
{

/// How long to wait before the next try to connect: doubling from one second to a minute, each wait shortened by up to
/// a half at random, so that a server that comes back is not met by everybody at once.
class Backoff
{
public:
    static constexpr std::chrono::milliseconds firstWait{1000};
    static constexpr std::chrono::milliseconds longestWait{60000};

    /// `random` is any number.
    std::chrono::milliseconds next(std::uint32_t random)
    {
        const auto full = m_wait;
        m_wait = std::min(m_wait * 2, longestWait);
        const auto half = full.count() / 2;
        return std::chrono::milliseconds(full.count() - static_cast<std::int64_t>(random % 1024) * half / 1024);
    }
    /// The connection worked.
    void reset() { m_wait = firstWait; }

private:
    std::chrono::milliseconds m_wait = firstWait;
};

} // namespace godwit::session
