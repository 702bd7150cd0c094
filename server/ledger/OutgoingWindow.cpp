// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "ledger/OutgoingWindow.h"

#include <algorithm>

namespace godwit::ledger
{

Outgoing Outgoing::row(Seq seq, RowForm form, Gap gap)
{
    GW_ASSERT(seq.value >> seqBits == 0);
    return Outgoing(static_cast<std::uint64_t>(form) << formShift | static_cast<std::uint64_t>(gap) << seqBits |
                    seq.value);
}

void OutgoingWindow::pushRow(Seq seq, RowForm form, Gap gap)
{
    m_window.push(Outgoing::row(seq, form, gap));
    ++m_rows;
}

void OutgoingWindow::pushKept(std::string bytes, Seq proves)
{
    m_keptBytes += bytes.size();
    m_kept.push(Kept{std::move(bytes), proves});
    m_window.push(Outgoing::kept());
}

void OutgoingWindow::addProof(std::vector<SeqRange> &proved, Seq seq, Gap gap) const
{
    if (gap == Gap::No && !proved.empty() && proved.back().high < seq) {
        proved.back().high = seq;
        return;
    }
    proved.push_back(SeqRange{seq, seq});
}

ack::AckOutcome OutgoingWindow::acknowledge(std::uint32_t h, std::vector<SeqRange> &proved)
{
    // A kept archive result in between has its own place in the log, so rows are not joined across it.
    bool joinable = false;
    return m_window.acknowledge(h, [&](Outgoing &&entry) {
        if (entry.isRow()) {
            --m_rows;
            addProof(proved, entry.seq(), joinable ? entry.gap() : Gap::Before);
            joinable = true;
            return;
        }
        const Kept kept = m_kept.pop();
        m_keptBytes -= kept.bytes.size();
        if (kept.proves != Seq()) {
            addProof(proved, kept.proves, Gap::Before);
            joinable = false;
        }
    });
}

std::vector<OutgoingWindow::Unproved> OutgoingWindow::takeUnproved()
{
    std::vector<Unproved> unproved;
    unproved.reserve(m_window.size());
    for (std::size_t i = 0; i < m_window.size(); ++i) {
        const Outgoing entry = m_window.at(i);
        unproved.push_back(Unproved{entry, entry.isRow() ? Kept{} : m_kept.pop()});
    }
    m_window = ack::AckWindow<Outgoing>(m_window.acknowledged());
    m_keptBytes = 0;
    m_rows = 0;
    return unproved;
}

bool OutgoingWindow::holdsRow(Seq seq) const
{
    for (std::size_t i = 0; i < m_window.size(); ++i) {
        if (m_window.at(i).isRow() && m_window.at(i).seq() == seq) {
            return true;
        }
    }
    return false;
}

std::vector<Seq> OutgoingWindow::rowSeqs() const
{
    std::vector<Seq> seqs;
    seqs.reserve(m_rows);
    for (std::size_t i = 0; i < m_window.size(); ++i) {
        if (m_window.at(i).isRow()) {
            seqs.push_back(m_window.at(i).seq());
        }
    }
    return seqs;
}

Seq OutgoingWindow::lowestRow() const
{
    Seq lowest;
    for (std::size_t i = 0; i < m_window.size(); ++i) {
        if (m_window.at(i).isRow() && (lowest == Seq() || m_window.at(i).seq() < lowest)) {
            lowest = m_window.at(i).seq();
        }
    }
    return lowest;
}

} // namespace godwit::ledger
