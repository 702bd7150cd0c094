// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What is under way on the current stream and what the server's counts say about it (XEP-0198 §4, §5). The only place
// of the app that decides what was accepted.
#pragma once

#include "ack/AckWindow.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace godwit::outbox
{

/// A value without I/O. Rows are rows of the outbox; 0 stands for a stanza that is not from the outbox but counts.
class Transit
{
public:
    using Rows = std::vector<std::int64_t>;
    struct Verdict {
        ack::AckOutcome outcome;
        Rows accepted; ///< in order; empty unless outcome is Advanced
    };

    /// A new stream: counts start at zero, nothing is under way.
    void begin();
    /// A stanza was written.
    void written(std::int64_t row);
    /// <a h/> on a running stream.
    Verdict acknowledged(std::uint32_t h);
    /// <resumed h/>: what h does not cover is not under way any more (it is to be written again, and counted again).
    /// The server's next counts go on from its h, whatever it was. After TooHigh nothing may be written: the stream ends.
    Verdict resumed(std::uint32_t h);
    /// <failed/>, with the h that some servers give. A count that cannot be right is not used.
    Verdict resumeFailed(std::optional<std::uint32_t> h);

    /// The count that covers everything written.
    std::uint32_t sent() const { return m_window.sent(); }
    std::size_t underWay() const { return m_window.size(); }

private:
    ack::AckWindow<std::int64_t> m_window;
};

} // namespace godwit::outbox
