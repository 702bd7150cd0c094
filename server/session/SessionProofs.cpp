// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What the client is known to have, how it is asked for that and for a sign of life, and when.

#include "session/Session.h"

#include "base/Log.h"
#include "xml/XmlWriter.h"

namespace godwit::session
{

using ack::after;

void Session::proveBefore()
{
    // Whatever the client counts now, it read the stream up to <enabled/>.
    if (!m_before) {
        return;
    }
    std::vector<ledger::SeqRange> proved;
    m_before->acknowledge(m_before->sent(), proved);
    m_before.reset();
    m_host.onProved(*this, proved);
}

ack::AckOutcome Session::proveUpTo(std::uint32_t h)
{
    std::vector<ledger::SeqRange> proved;
    const ack::AckOutcome outcome = m_window.acknowledge(h, proved);
    if (outcome == ack::AckOutcome::TooHigh) {
        m_wrongAck = h;
        end(EndReason::AckTooHigh);
    }
    if (outcome != ack::AckOutcome::Advanced) {
        return outcome;
    }
    // Not for ever: counts wrap.
    m_unkept = missesUnkept();
    if (!proved.empty()) {
        m_host.onProved(*this, proved);
    }
    goOn();
    if (m_window.size() > 0) {
        wantEndOfTurn();
    }
    return outcome;
}

void Session::requestAck()
{
    m_requestWanted = false;
    m_requestAt = m_clock.now() + m_limits.ackRequestDelay;
    m_requestedUpTo = m_window.sent();
    m_output->nonza("<r xmlns='urn:xmpp:sm:3'/>");
    if (m_ackBy == base::Instant{}) {
        expectAck();
    }
}

void Session::expectAck()
{
    m_ackBy = m_clock.now() + m_limits.ackTimeout;
    if (m_ackWake == base::Instant{}) {
        m_ackWake = m_ackBy;
        m_host.wakeAt(*this, m_ackWake);
    }
}

/// The peer is gone, or as good as gone. It may come back and resume.
void Session::onAckTimeout()
{
    SessionOutput &output = *m_output;
    output.end(EndReason::ConnectionDead);
    onConnectionLost();
}

// Signs of life -------------------------------------------------------------------------------------------------------

void Session::expectSign()
{
    m_heardAt = m_clock.now();
    if (m_limits.idleProbeTime.count() > 0) {
        m_silentAt = m_heardAt + m_limits.idleProbeTime;
        m_host.wakeAt(*this, m_silentAt);
    }
}

void Session::askForSign()
{
    const base::Instant now = m_clock.now();
    if (m_heardAt + m_limits.idleProbeTime <= now) {
        if (m_enabled) {
            requestAck();
        } else if (m_barrierId.empty() && !m_output->proves()) {
            sendBarrier();
        }
        m_silentAt = now + m_limits.idleProbeTime;
    } else {
        m_silentAt = m_heardAt + m_limits.idleProbeTime;
    }
    m_host.wakeAt(*this, m_silentAt);
}

void Session::sendBarrier()
{
    m_barrierId = m_random.token(tokenBytes);
    m_barrierCount = m_window.sent();
    m_barrierDeadline = m_clock.now() + m_limits.barrierTimeout;
    std::string ping;
    xml::XmlWriter writer(ping);
    writer.open("iq")
        .attribute("from", m_jid.domain())
        .attribute("to", m_jid.text())
        .attribute("id", m_barrierId)
        .attribute("type", "get");
    writer.open("ping", "urn:xmpp:ping").close().close();
    m_output->stanza(ping);
    m_host.wakeAt(*this, m_barrierDeadline);
}

bool Session::takeBarrierAnswer(const xml::Stanza &stanza)
{
    if (m_barrierId.empty() || stanza.kind != xml::StanzaKind::Iq || stanza.id != m_barrierId ||
        (stanza.type != xml::StanzaType::Result && stanza.type != xml::StanzaType::Error)) {
        return false;
    }
    m_barrierId.clear();
    proveUpTo(m_barrierCount);
    return true;
}

void Session::onBarrierTimeout()
{
    if (m_output->unacknowledgedBytes() > 0) {
        m_output->end(EndReason::ConnectionDead);
        m_output = nullptr;
        end(EndReason::ConnectionDead);
        return;
    }
    if (!m_weakProof) {
        m_weakProof = true;
        base::log(base::LogLevel::Warning, "session",
                  "a client answers no ping: what its kernel took counts as received from now on",
                  {{"jid", m_jid.text()}});
    }
    m_barrierId.clear();
    proveUpTo(m_barrierCount);
}

// Time ----------------------------------------------------------------------------------------------------------------

void Session::wantEndOfTurn()
{
    if (!m_endOfTurnWanted && !m_ended) {
        m_endOfTurnWanted = true;
        m_host.atEndOfTurn(*this);
    }
}

void Session::endTurn()
{
    m_endOfTurnWanted = false;
    if (m_ended || !m_output || m_resuming) {
        return;
    }
    if (lags()) {
        // When the system takes all of this turn at once, nothing was drained and nobody says that there is room.
        m_lagged = true;
        m_host.wakeAt(*this, m_clock.now());
    }
    if (m_answerWanted) {
        answerAckRequest();
    }
    if (m_window.size() == 0) {
        return;
    }
    if (!m_enabled) {
        if (m_output->proves()) {
            return;
        }
        if (m_weakProof) {
            m_host.wakeAt(*this, m_clock.now() + m_limits.ackRequestDelay);
        } else if (m_barrierId.empty()) {
            sendBarrier();
        }
        return;
    }
    const std::uint32_t unasked = m_window.sent() - m_requestedUpTo;
    const bool asked = after(m_requestedUpTo, m_window.acknowledged());
    // In one send with a row, unless none comes in time.
    if (unasked >= m_limits.unprovedMax / 2 || (unasked > 0 && !asked && m_clock.now() >= m_requestAt)) {
        requestAck();
    } else if (unasked > 0 && !asked && !m_requestWanted) {
        m_requestWanted = true;
        m_requestBy = m_clock.now() + m_limits.ackRequestDelay;
        m_host.wakeAt(*this, m_requestBy);
    }
}

void Session::tick()
{
    if (m_ended) {
        return;
    }
    const base::Instant now = m_clock.now();
    if (!m_output) {
        if (!m_resuming && m_detachedUntil != base::Instant{} && now >= m_detachedUntil) {
            end(EndReason::ResumeTimeout);
        }
        return;
    }
    if (m_resuming) {
        return;
    }
    if (m_answerWanted && m_answerBy != base::Instant{} && now >= m_answerBy) {
        answerAckRequest();
    }
    if (m_requestWanted && now >= m_requestBy) {
        m_requestWanted = false;
        if (m_window.sent() != m_requestedUpTo || m_before) {
            requestAck();
        }
    }
    if (m_ackWake != base::Instant{} && now >= m_ackWake) {
        m_ackWake = base::Instant{};
        const bool due = m_ackBy != base::Instant{} && now >= m_ackBy;
        // While its bytes are not read it may have answered long ago.
        if (due && !m_readingPaused) {
            onAckTimeout();
            return;
        }
        if (due) {
            expectAck();
        } else if (m_ackBy != base::Instant{}) {
            m_ackWake = m_ackBy;
            m_host.wakeAt(*this, m_ackWake);
        }
    }
    if (m_silentAt != base::Instant{} && now >= m_silentAt) {
        askForSign();
    }
    if (!m_barrierId.empty() && now >= m_barrierDeadline) {
        onBarrierTimeout();
    } else if (m_weakProof && m_window.size() > 0) {
        if (m_output->unacknowledgedBytes() == 0) {
            proveUpTo(m_window.sent());
        } else {
            m_host.wakeAt(*this, now + m_limits.ackRequestDelay);
        }
    }
    if (m_lagged && !lags()) {
        m_lagged = false;
        goOn();
    }
}

} // namespace godwit::session
