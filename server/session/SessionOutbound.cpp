// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What goes out, what waits until it can, and what goes out again when a stream is resumed.

#include "session/Session.h"

#include <algorithm>

namespace godwit::session
{

std::size_t Session::room() const noexcept
{
    if (!m_output || m_ended || m_resuming || m_window.rows() >= m_limits.unprovedMax || lags()) {
        return 0;
    }
    return m_limits.unprovedMax - m_window.rows();
}

bool Session::lags() const
{
    return m_output && m_output->waitingBytes() > m_limits.waitingBytesMax;
}

void Session::pushedRow(ledger::Seq seq, ledger::RowForm form, ledger::Gap gap)
{
    m_window.pushRow(seq, form, gap);
    wantEndOfTurn();
}

ledger::Seq Session::lowestRow() const
{
    const ledger::Seq lowest = m_window.lowestRow();
    const ledger::Seq before = m_before ? m_before->lowestRow() : ledger::Seq();
    if (before == ledger::Seq() || (lowest != ledger::Seq() && lowest < before)) {
        return lowest;
    }
    return before;
}

bool Session::write(std::string_view bytes, Weight weight, std::string_view sender)
{
    if (m_ended || (!m_output && !resumable())) {
        return false;
    }
    const bool busy = !m_output || m_inactive || lags();
    if (weight == Weight::ChatState && busy) {
        return true;
    }
    if (weight == Weight::Presence && busy && m_output) {
        holdPresence(bytes, sender);
        return true;
    }
    if (m_output && m_output->waitingBytes() > m_limits.outputBytesMax) {
        end(EndReason::ResourceConstraint);
        return false;
    }
    if (!m_output && m_window.keptBytes() + bytes.size() > m_limits.keptBytesMax) {
        // Nobody can acknowledge what is never written.
        noteUnkept(m_window.sent() + 1);
        return weight != Weight::Must;
    }
    if (m_output && !m_resuming) {
        m_output->stanza(bytes);
        if (lags()) {
            wantEndOfTurn();
        }
    }
    pushKept(bytes, ledger::Seq(), weight);
    return true;
}

void Session::writeProving(std::string_view bytes, ledger::Seq seq)
{
    if (m_output && !m_resuming) {
        m_output->stanza(bytes);
    }
    if (m_enabled) {
        pushKept(bytes, seq, Weight::Must);
    } else if (!m_ended) {
        m_window.pushKept({}, seq);
        wantEndOfTurn();
    }
}

void Session::pushKept(std::string_view bytes, ledger::Seq proves, Weight weight)
{
    if (!m_enabled) {
        return;
    }
    // Without a resumption only who sent an IQ wants to hear what became of it (DELIVERY.md rule 2).
    const bool wanted = resumable() ? weight != Weight::ChatState : bytes.starts_with("<iq");
    const bool keep = wanted && m_window.keptBytes() + bytes.size() <= m_limits.keptBytesMax;
    m_window.pushKept(keep ? std::string(bytes) : std::string(), proves);
    if (wanted && !keep) {
        noteUnkept(m_window.sent());
    }
    wantEndOfTurn();
}

void Session::noteUnkept(std::uint32_t count)
{
    m_unkept = true;
    m_unkeptUpTo = count;
}

bool Session::missesUnkept() const
{
    return m_unkept && ack::after(m_unkeptUpTo, m_window.acknowledged());
}

void Session::holdPresence(std::string_view bytes, std::string_view sender)
{
    if (!m_held) {
        m_held = std::make_unique<std::vector<HeldPresence>>();
    }
    const auto found =
        std::find_if(m_held->begin(), m_held->end(), [&](const HeldPresence &held) { return held.sender == sender; });
    if (found != m_held->end()) {
        found->bytes = bytes;
        return;
    }
    m_held->push_back(HeldPresence{std::string(sender), std::string(bytes)});
    if (m_held->size() >= m_limits.heldPresencesMax && !lags()) {
        flushHeld();
    }
}

void Session::flushHeld()
{
    if (!m_held || !m_output) {
        return;
    }
    const std::unique_ptr<std::vector<HeldPresence>> held = std::move(m_held);
    for (const HeldPresence &presence : *held) {
        m_output->stanza(presence.bytes);
        pushKept(presence.bytes, ledger::Seq(), Weight::Presence);
    }
}

void Session::setInactive(bool inactive)
{
    m_inactive = inactive;
    if (!inactive) {
        flushHeld();
    }
}

void Session::onOutputDrained()
{
    goOn();
}

/// There may be room again for what was held back.
void Session::goOn()
{
    if (m_held && !m_inactive && !lags()) {
        flushHeld();
    }
    if (room() > 0) {
        m_host.onRoom(*this);
    }
}

// Resumption ----------------------------------------------------------------------------------------------------------

Session::ResumeVerdict Session::beginResume(std::uint32_t h)
{
    if (m_ended || m_resuming || !resumable()) {
        return ResumeVerdict::Impossible;
    }
    // A count from before the last one asks for stanzas that are gone; one that is too high was never sent. Neither
    // stream can be continued truthfully, and the log delivers again to the session that is bound instead.
    std::vector<ledger::SeqRange> proved;
    const ack::AckOutcome outcome = m_window.acknowledge(h, proved);
    if (outcome == ack::AckOutcome::Stale || outcome == ack::AckOutcome::TooHigh) {
        return ResumeVerdict::Impossible;
    }
    proveBefore();
    if (!proved.empty()) {
        m_host.onProved(*this, proved);
    }
    // What the count proves is proved all the same; the rest comes to the session that is bound instead.
    if (missesUnkept()) {
        goOn();
        return ResumeVerdict::Impossible;
    }
    if (m_output) {
        SessionOutput &old = *m_output;
        m_output = nullptr;
        old.end(EndReason::Resumed);
        m_readingPaused = false;
        m_ackBy = base::Instant{};
        m_silentAt = base::Instant{};
    }
    m_resuming = true;
    return ResumeVerdict::Accepted;
}

void Session::abandonResume()
{
    m_resuming = false;
    if (!m_ended && !m_output) {
        m_detachedUntil = m_clock.now() + m_resumeFor;
        m_host.wakeAt(*this, m_detachedUntil);
    }
}

std::vector<std::string> Session::takeOwedStanzas()
{
    std::vector<std::string> owed;
    // Whoever says goodbye has read what it was given, and answered what it wanted to answer.
    if (m_closedInOrder) {
        return owed;
    }
    for (ledger::OutgoingWindow::Unproved &entry : m_window.takeUnproved()) {
        if (!entry.what.isRow() && entry.kept.proves == ledger::Seq() && !entry.kept.bytes.empty()) {
            owed.push_back(std::move(entry.kept.bytes));
        }
    }
    return owed;
}

std::vector<ledger::Seq> Session::unprovedRows() const
{
    return m_window.rowSeqs();
}

std::vector<ledger::OutgoingWindow::Unproved> Session::startReplay(SessionOutput &output)
{
    GW_ASSERT(m_resuming && allResolved());
    m_resuming = false;
    m_output = &output;
    m_detachedUntil = base::Instant{};
    m_answerWanted = false;
    std::vector<ledger::OutgoingWindow::Unproved> unproved = m_window.takeUnproved();
    m_requestedUpTo = m_window.sent();
    m_requestWanted = false;
    m_requestAt = base::Instant{};
    expectSign();
    limitReading();
    return unproved;
}

void Session::replayKept(ledger::OutgoingWindow::Kept &&kept)
{
    if (kept.bytes.empty()) {
        return;
    }
    m_output->stanza(kept.bytes);
    m_window.pushKept(std::move(kept.bytes), kept.proves);
    wantEndOfTurn();
}

void Session::finishReplay()
{
    if (room() > 0) {
        m_host.onRoom(*this);
    }
}

} // namespace godwit::session
