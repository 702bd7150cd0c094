// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The receiving side of XEP-0198: stanzas are counted as they come in and resolved in any order; the count that may be
// told to the peer is that of the longest resolved prefix (DELIVERY.md rule 5).
#pragma once

#include "base/Assert.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace godwit::ack
{

/// Whether stanza `a` of a stream comes after stanza `b`; half of all numbers do.
constexpr bool after(std::uint32_t a, std::uint32_t b)
{
    return a != b && a - b < 0x8000'0000u;
}

/// A stanza's place on its stream, counted from 1 modulo 2^32 since XEP-0198 was enabled.
class AckPrefix
{
public:
    AckPrefix() = default;
    explicit AckPrefix(std::uint32_t h)
        : m_resolved(h)
        , m_received(h)
    {
    }

    /// Counts a stanza that came in and returns its number.
    std::uint32_t receive()
    {
        m_open.push_back(false);
        return ++m_received;
    }

    /// The stanza with this number is durable, answered or refused. Returns true when the prefix moved.
    bool resolve(std::uint32_t number)
    {
        const std::size_t index = m_begin + (number - m_resolved - 1);
        GW_ASSERT(number - m_resolved - 1 < unresolved());
        GW_ASSERT(!m_open[index]);
        m_open[index] = true;
        bool moved = false;
        while (m_begin < m_open.size() && m_open[m_begin]) {
            ++m_begin;
            ++m_resolved;
            moved = true;
        }
        if (m_begin == m_open.size()) {
            m_open.clear();
            m_begin = 0;
        } else if (m_begin >= compactAt) {
            m_open.erase(m_open.begin(), m_open.begin() + static_cast<std::ptrdiff_t>(m_begin));
            m_begin = 0;
        }
        return moved;
    }

    /// The h that may be told to the peer.
    std::uint32_t resolved() const noexcept { return m_resolved; }
    std::uint32_t received() const noexcept { return m_received; }
    /// How many stanzas lie between the two.
    std::uint32_t unresolved() const noexcept { return m_received - m_resolved; }

private:
    /// Resolved flags in front of the vector are dropped in strides of this many.
    static constexpr std::size_t compactAt = 256;

    std::vector<bool> m_open;
    std::size_t m_begin = 0;
    std::uint32_t m_resolved = 0;
    std::uint32_t m_received = 0;
};

} // namespace godwit::ack
