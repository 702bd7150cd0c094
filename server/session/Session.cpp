// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "session/Session.h"

#include "base/Log.h"
#include "xml/XmlWriter.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace godwit::session
{

namespace
{

constexpr std::string_view smNs = "urn:xmpp:sm:3";
constexpr std::string_view csiNs = "urn:xmpp:csi:0";
constexpr std::size_t tokenBytes = 12;

std::optional<std::uint32_t> readCount(std::string_view text)
{
    std::uint32_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return count;
}

/// Whether number a comes after number b on a counter that wraps.
bool after(std::uint32_t a, std::uint32_t b)
{
    return a != b && a - b < 0x8000'0000u;
}

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
    if (const std::optional<std::uint32_t> wanted = readCount(request.attribute("max"))) {
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

// Outbound ------------------------------------------------------------------------------------------------------------

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
        return weight != Weight::Must;
    }
    if (m_output && !m_resuming) {
        m_output->stanza(bytes);
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
    wantEndOfTurn();
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

// Proofs --------------------------------------------------------------------------------------------------------------

void Session::onAck(xml::ElementView ack)
{
    const std::optional<std::uint32_t> h = readCount(ack.attribute("h"));
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
}

// Ends and resumption -------------------------------------------------------------------------------------------------

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
    if (m_output) {
        SessionOutput &old = *m_output;
        m_output = nullptr;
        old.end(EndReason::Resumed);
        m_readingPaused = false;
        m_ackBy = base::Instant{};
        m_silentAt = base::Instant{};
    }
    m_resuming = true;
    proveBefore();
    if (!proved.empty()) {
        m_host.onProved(*this, proved);
    }
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
