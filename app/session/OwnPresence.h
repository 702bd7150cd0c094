// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "ack/AckPrefix.h"

#include <cstdint>

namespace godwit::session
{

/// Whether the server knows that we are available. QXmpp says so once a stream and believes counts that run ahead of
/// its own (README.md), so after a torn connection it takes for said what never arrived: we would be offline for
/// everybody until the stream after that. Counts wrap at 2^32. A value without I/O.
class OwnPresence
{
public:
    /// A stream that counts from zero.
    void began() { *this = {}; }
    /// A stanza goes out.
    void wrote(bool ownPresence)
    {
        ++m_count;
        if (ownPresence && m_step == Step::Unsaid) {
            m_step = Step::Said;
            m_at = m_count;
        }
    }
    void acknowledged(std::uint32_t h)
    {
        if (m_step == Step::Said && !ack::after(m_at, h)) {
            m_step = Step::Known;
        }
    }
    /// The stream goes on behind the `h` stanzas that the server had.
    void resumed(std::uint32_t h)
    {
        acknowledged(h);
        m_count = h;
        if (m_step == Step::Said) {
            m_step = Step::Unsaid;
        }
    }
    /// It has to be said on this connection.
    bool isMissing() const { return m_step == Step::Unsaid; }

private:
    enum class Step : unsigned char { Unsaid, Said, Known };

    std::uint32_t m_count = 0;
    std::uint32_t m_at = 0; ///< the count that covers it
    Step m_step = Step::Unsaid;
};

} // namespace godwit::session
