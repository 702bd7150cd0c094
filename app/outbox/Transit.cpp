// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "outbox/Transit.h"

namespace godwit::outbox
{

void Transit::begin()
{
    m_window = {};
}

void Transit::written(std::int64_t row)
{
    m_window.push(row);
}

Transit::Verdict Transit::acknowledged(std::uint32_t h)
{
    Rows accepted;
    const ack::AckOutcome outcome = m_window.acknowledge(h, [&](std::int64_t row) {
        if (row != 0) {
            accepted.push_back(row);
        }
    });
    return {.outcome = outcome, .accepted = std::move(accepted)};
}

Transit::Verdict Transit::resumed(std::uint32_t h)
{
    Verdict verdict = acknowledged(h);
    if (verdict.outcome != ack::AckOutcome::TooHigh) {
        m_window = ack::AckWindow<std::int64_t>(h);
    }
    return verdict;
}

Transit::Verdict Transit::resumeFailed(std::optional<std::uint32_t> h)
{
    Verdict verdict = h ? acknowledged(*h) : Verdict{.outcome = ack::AckOutcome::Repeated, .accepted = {}};
    m_window = {};
    return verdict;
}

} // namespace godwit::outbox
