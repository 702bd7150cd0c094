// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The session itself, what comes in on it, and how it ends.

#include "session/Session.h"

#include "base/Number.h"
#include "xml/XmlWriter.h"

#include <algorithm>

namespace godwit::session
{

using ack::after;

namespace
{

constexpr std::string_view smNs = "urn:xmpp:sm:3";
constexpr std::string_view csiNs = "urn:xmpp:csi:0";

} // namespace

Session::Session(SessionId id, jid::Jid jid, SessionHost &host, const SessionLimits &limits, const base::Clock &clock,
                 base::Random &random)
    : m_id(id)
    , m_jid(std::move(jid))
    , m_host(host)
    , m_limits(limits)
    , m_clock(clock)
    , m_random(random)
    , m_inbound(limits.countFrom)
    , m_window(limits.countFrom)
{
}

void Session::attach(SessionOutput &output)
{
    GW_ASSERT(m_output == nullptr);
    m_output = &output;
    expectSign();
    limitReading();
}

// Inbound -------------------------------------------------------------------------------------------------------------

void Session::receive(xml::Stanza &&stanza)
{
    const std::uint32_t number = m_inbound.receive();
    m_heardAt = m_clock.now();
    m_uncommittedBytes += stanza.bytes.size();
    limitReading();
    if (takeBarrierAnswer(stanza)) {
        resolve(number, stanza.bytes.size());
        return;
    }
    m_host.onStanza(*this, std::move(stanza), number);
}

void Session::refuse(std::size_t bytes, std::string_view errorReply)
{
    const std::uint32_t number = m_inbound.receive();
    m_uncommittedBytes += bytes;
    if (!errorReply.empty()) {
        write(errorReply, Weight::Must, {});
    }
    resolve(number, bytes);
}

void Session::resolve(std::uint32_t number, std::size_t bytes)
{
    GW_ASSERT(bytes <= m_uncommittedBytes);
    m_uncommittedBytes -= bytes;
    const bool moved = m_inbound.resolve(number);
    m_baseResolved = m_baseResolved || !after(m_inboundBase, m_inbound.resolved());
    limitReading();
    if (moved && m_answerWanted) {
        wantEndOfTurn();
    }
    if (moved && m_output) {
        m_output->onResolved();
    }
}

void Session::limitReading()
{
    const bool full =
        m_inbound.unresolved() >= m_limits.uncommittedStanzasMax || m_uncommittedBytes >= m_limits.uncommittedBytesMax;
    // Reading goes on at half, so that it does not flap with each commit.
    const bool roomy = m_inbound.unresolved() <= m_limits.uncommittedStanzasMax / 2 &&
                       m_uncommittedBytes <= m_limits.uncommittedBytesMax / 2;
    if (!m_output) {
        return;
    }
    if ((full || m_readingHeld) && !m_readingPaused) {
        m_readingPaused = true;
        m_output->pauseReading();
    } else if (roomy && !m_readingHeld && m_readingPaused) {
        m_readingPaused = false;
        m_output->resumeReading();
    }
}

void Session::setReading(Reading reading)
{
    m_readingHeld = reading == Reading::Held;
    limitReading();
}

std::size_t Session::flowingBytes() const noexcept
{
    return m_uncommittedBytes + (m_output ? m_output->waitingBytes() : 0);
}

std::size_t Session::keptBytes() const noexcept
{
    std::size_t bytes = m_window.keptBytes() + (m_before ? m_before->keptBytes() : 0);
    if (m_held) {
        for (const HeldPresence &presence : *m_held) {
            bytes += presence.bytes.size();
        }
    }
    return bytes;
}

std::uint32_t Session::handled() const noexcept
{
    return m_limits.countFrom + (m_baseResolved ? m_inbound.resolved() - m_inboundBase : 0);
}

bool Session::resolvedUpTo(std::uint32_t count) const noexcept
{
    return !after(count, m_inbound.resolved());
}

void Session::proveWritten(std::uint32_t count)
{
    if (!m_enabled && !m_ended && !m_resuming) {
        proveUpTo(count);
    }
}

bool Session::receive(const xml::Nonza &nonza)
{
    const xml::ElementView element = nonza.root();
    m_heardAt = m_clock.now();
    if (element.ns() == csiNs && (element.name() == "active" || element.name() == "inactive")) {
        setInactive(element.name() == "inactive");
        return true;
    }
    if (element.ns() != smNs) {
        return false;
    }
    if (element.name() == "enable") {
        enable(element);
    } else if (element.name() == "a") {
        onAck(element);
    } else if (element.name() == "r") {
        onAckRequest();
    } else if (element.name() == "resume") {
        // XEP-0198 §5: only before binding.
        refuseNonza();
    } else {
        return false;
    }
    return true;
}

void Session::enable(xml::ElementView request)
{
    if (m_enabled) {
        refuseNonza();
        return;
    }
    AckWish wish;
    const std::string_view resume = request.attribute("resume");
    wish.resume = resume == "true" || resume == "1";
    if (const std::optional<std::uint32_t> wanted = base::readNumber<std::uint32_t>(request.attribute("max"))) {
        wish.max = std::chrono::seconds(*wanted);
    }
    m_output->nonza(enableInside(wish));
    if (m_before) {
        // The barrier that stood behind these rows is void; an ack proves them too.
        m_requestWanted = true;
        m_requestBy = m_clock.now() + m_limits.ackRequestDelay;
        m_host.wakeAt(*this, m_requestBy);
        if (room() > 0) {
            m_host.onRoom(*this);
        }
    }
}

std::string Session::enableInside(const AckWish &wish)
{
    m_enabled = true;
    m_inboundBase = m_inbound.received();
    m_baseResolved = allResolved();
    if (m_window.size() > 0) {
        m_before = std::make_unique<ledger::OutgoingWindow>(std::move(m_window));
    }
    m_window = ledger::OutgoingWindow(m_limits.countFrom);
    m_requestedUpTo = m_limits.countFrom;
    m_barrierId.clear();
    std::string answer;
    xml::XmlWriter writer(answer);
    writer.open("enabled", smNs);
    if (wish.resume && m_limits.resumeTimeout > base::Duration::zero()) {
        m_resumptionId = m_random.token(tokenBytes);
        m_resumeFor = m_limits.resumeTimeout;
        if (wish.max && wish.max->count() > 0) {
            m_resumeFor = std::min<base::Duration>(m_resumeFor, *wish.max);
        }
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(m_resumeFor).count();
        writer.attribute("id", m_resumptionId).attribute("resume", "true").attribute("max", std::to_string(seconds));
    }
    writer.close();
    return answer;
}

void Session::refuseNonza()
{
    m_output->nonza("<failed xmlns='urn:xmpp:sm:3'><unexpected-request "
                    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
}

void Session::onAckRequest()
{
    if (!m_enabled) {
        // slixmpp asks once just before it enables, and takes <failed/> for the answer to that.
        return;
    }
    m_answerUpTo = m_inbound.received();
    // Also when an earlier request was answered in part and waits for the rest: this one has a time limit of its own.
    if (!m_answerWanted || m_answerBy == base::Instant{}) {
        m_answerWanted = true;
        m_answerBy = m_clock.now() + m_limits.ackAnswerDelayMax;
        if (!allResolved()) {
            m_host.wakeAt(*this, m_answerBy);
        }
    }
    if (allResolved()) {
        wantEndOfTurn();
    }
}

void Session::answerAckRequest()
{
    std::string answer = "<a xmlns='urn:xmpp:sm:3' h='";
    answer += std::to_string(handled());
    answer += "'/>";
    m_output->nonza(answer);
    // What is not durable yet gets another answer when it is (rule 5).
    m_answerWanted = after(m_answerUpTo, m_inbound.resolved());
    m_answerBy = base::Instant{};
}

void Session::onAck(xml::ElementView ack)
{
    const std::optional<std::uint32_t> h = base::readNumber<std::uint32_t>(ack.attribute("h"));
    if (!m_enabled || !h) {
        return;
    }
    m_ackBy = base::Instant{};
    const ack::AckOutcome outcome = proveUpTo(*h);
    // A count that cannot be proves nothing, not even that the client read the stream up to <enabled/>.
    if (!m_ended && (outcome == ack::AckOutcome::Advanced || outcome == ack::AckOutcome::Repeated)) {
        proveBefore();
    }
    if (m_output && after(m_requestedUpTo, m_window.acknowledged())) {
        expectAck();
    }
}

// Ends ----------------------------------------------------------------------------------------------------------------

void Session::onStreamClosed()
{
    m_closedInOrder = true;
    end(EndReason::ClosedByPeer);
}

void Session::onConnectionLost()
{
    m_output = nullptr;
    if (m_ended) {
        return;
    }
    if (!resumable()) {
        end(EndReason::ClosedByPeer);
        return;
    }
    m_readingPaused = false;
    m_answerWanted = false;
    m_inactive = false;
    m_ackBy = base::Instant{};
    m_silentAt = base::Instant{};
    m_held.reset();
    m_detachedUntil = m_clock.now() + m_resumeFor;
    m_host.wakeAt(*this, m_detachedUntil);
    m_host.onDetached(*this);
}

void Session::end(EndReason reason)
{
    if (m_ended) {
        return;
    }
    m_ended = true;
    if (m_output) {
        SessionOutput &output = *m_output;
        m_output = nullptr;
        output.end(reason);
    }
    m_host.onEnded(*this, reason);
}

} // namespace godwit::session
