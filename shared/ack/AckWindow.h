// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What was put on a wire and is not acknowledged yet, in order, under a count that wraps at 2^32 (XEP-0198 §4).
// The server keeps one for each session, the app one for what it sends, links between nodes one for each direction.
#pragma once

#include "base/Ring.h"

#include <cstdint>
#include <utility>

namespace godwit::ack
{

/// What an acknowledgement turned out to be.
enum class AckOutcome : unsigned char {
    Advanced, ///< it covers entries that were not covered before
    Repeated, ///< the same count again: nothing moves
    Stale,    ///< a count from before the last one: nothing moves
    TooHigh,  ///< it claims what was never sent: the peer's books are wrong, and the stream ends (XEP-0198 §4)
};

/// A first-in, first-out window of entries of type Entry; costs no allocation while it is unused.
template <class Entry>
class AckWindow
{
public:
    AckWindow() = default;
    /// Starts the count at `h`, as if h entries had been sent and acknowledged.
    explicit AckWindow(std::uint32_t h)
        : m_acknowledged(h)
    {
    }

    /// Puts an entry behind the others; it is acknowledged by the count that is sent() afterwards.
    void push(Entry entry) { m_entries.push(std::move(entry)); }

    /// Takes a count `h` from the peer. `onAcknowledged(Entry &&)` gets each entry that it newly covers, oldest first.
    template <class OnAcknowledged>
    AckOutcome acknowledge(std::uint32_t h, OnAcknowledged &&onAcknowledged)
    {
        const std::uint32_t advance = h - m_acknowledged;
        if (advance == 0) {
            return AckOutcome::Repeated;
        }
        if (advance > m_entries.size()) {
            return advance > 0x8000'0000u ? AckOutcome::Stale : AckOutcome::TooHigh;
        }
        for (std::uint32_t i = 0; i < advance; ++i) {
            ++m_acknowledged;
            onAcknowledged(m_entries.pop());
        }
        return AckOutcome::Advanced;
    }

    /// The last count that the peer gave.
    std::uint32_t acknowledged() const noexcept { return m_acknowledged; }
    /// The count that covers everything sent.
    std::uint32_t sent() const noexcept { return m_acknowledged + static_cast<std::uint32_t>(m_entries.size()); }
    std::size_t size() const noexcept { return m_entries.size(); }
    bool empty() const noexcept { return m_entries.empty(); }
    /// The i-th unacknowledged entry, 0 the oldest.
    const Entry &at(std::size_t i) const { return m_entries.at(i); }
    Entry &at(std::size_t i) { return m_entries.at(i); }

private:
    base::Ring<Entry> m_entries;
    std::uint32_t m_acknowledged = 0;
};

} // namespace godwit::ack
