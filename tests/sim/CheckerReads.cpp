// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What the checker learns from what clients send, at the moment the server reads it, and what it then expects.

#include "Checker.h"
#include "base/Number.h"

namespace godwit::sim
{

void Checker::onRead(Conversation &conversation, std::string_view frame)
{
    if (!conversation.session) {
        return;
    }
    SessionBook &session = *conversation.session;
    const std::string_view name = nameOf(frame);
    if (name == "message" || name == "iq" || name == "presence") {
        onStanzaRead(session, name, frame);
    } else if (name == "enable") {
        session.countsRead = true;
    } else if (name == "a") {
        onAckRead(conversation, frame);
    } else if (name == "resume") {
        onResumeRead(conversation, frame);
    } else if (name == "inactive") {
        m_stage.saw(Event::Inactive);
    }
}

void Checker::onStanzaRead(SessionBook &session, std::string_view name, std::string_view frame)
{
    if (name == "message") {
        onMessageRead(frame);
    } else if (name == "presence") {
        onPresenceRead(session, frame);
    } else {
        m_stage.saw(Event::IqBehindMessage, session.countsRead && !settled(session, session.read) ? 1 : 0);
        const std::string_view id = attributeOf(frame, "id");
        const bool answer = attributeOf(frame, "type") == "result";
        m_stage.saw(Event::StrayAnswer, answer && id == "stray" ? 1 : 0);
        if (id.starts_with("wish")) {
            onBlockingRead(session, frame);
        }
        m_stage.saw(Event::BarrierAnswered, answer && !id.empty() && id == session.barrier ? 1 : 0);
    }
    session.read += session.countsRead ? 1 : 0;
}

void Checker::onMessageRead(std::string_view frame)
{
    m_stage.saw(Event::NoStoreRead, contains(frame, "<no-store") ? 1 : 0);
    const int index = indexOf(textOf(frame, "body"));
    if (index < 0) {
        return;
    }
    Message &sent = message(index);
    if (sent.read) {
        m_stage.saw(Event::Resent);
        m_stage.saw(Event::ResentInFlight, sent.inFlight && sent.hasId ? 1 : 0);
        m_stage.saw(Event::ResentWithDelay, contains(frame, "urn:xmpp:delay") ? 1 : 0);
    }
    const bool barred = isBlocked(sent.sender, sent.recipient) || isBlocked(sent.recipient, sent.sender);
    m_stage.saw(Event::BarredRead, barred ? 1 : 0);
    sent.barred = barred && !sent.read;
    sent.mayVanish = sent.answers >= 0 && wishedBetween(sent.sender, sent.recipient);
    sent.read = true;
    sent.inFlight = !sent.durable;
    for (const Message &other : m_messages) {
        const bool before = other.answers >= 0 && other.inFlight && &other != &sent;
        const bool sameWay = other.sender == sent.sender && other.recipient == sent.recipient;
        m_stage.saw(Event::BehindLaterError, before && sameWay ? 1 : 0);
    }
}

void Checker::onPresenceRead(SessionBook &session, std::string_view frame)
{
    const std::string_view priority = textOf(frame, "priority");
    const bool negative = priority.starts_with('-');
    m_stage.saw(Event::NegativePriority, negative ? 1 : 0);
    ++session.presencesRead;
    session.wants = attributeOf(frame, "type").empty() && !negative;
    session.everTook = session.everTook || session.wants;
    if (!session.wants) {
        session.takes = false;
        session.expectDirect.clear();
    }
}

void Checker::onAckRead(Conversation &conversation, std::string_view frame)
{
    SessionBook &session = *conversation.session;
    const std::optional<std::uint32_t> told = base::readNumber<std::uint32_t>(attributeOf(frame, "h"));
    if (!told || !session.countsWritten) {
        return;
    }
    const std::uint32_t h = m_stage.counted(*told);
    const std::uint32_t ahead = h - session.acked;
    const std::uint32_t before = m_stage.options.session.countFrom + session.acked;
    if (ahead == 0) {
        m_stage.saw(Event::AckRepeated);
    } else if (ahead <= session.written - session.acked) {
        m_stage.saw(Event::CountWrapped, *told < before ? 1 : 0);
        session.acked = h;
    } else if (ahead > 0x8000'0000u) {
        m_stage.saw(Event::AckStale);
    } else {
        m_stage.saw(Event::AckTooHigh);
        conversation.tooHigh = true;
    }
}

void Checker::onResumeRead(Conversation &conversation, std::string_view frame)
{
    SessionBook &session = *conversation.session;
    const std::uint32_t h = m_stage.counted(base::readNumber<std::uint32_t>(attributeOf(frame, "h")).value_or(0));
    conversation.resumedAt = h;
    conversation.impossible = h - session.acked > session.written - session.acked;
    if (conversation.impossible) {
        m_stage.saw(Event::ResumeImpossible);
    } else {
        session.acked = h;
    }
}

bool Checker::settled(const SessionBook &session, std::uint32_t count) const
{
    for (std::uint32_t i = session.told; i < count && i < session.sent.size(); ++i) {
        const int index = session.sent[i];
        if (index < 0) {
            continue;
        }
        // Of one without an id that was sent twice it is not known which of the two is in the log, of an error that
        // met a blocking whether it is on its way.
        const Message &message = m_messages[static_cast<std::size_t>(index)];
        if (!message.hasId || (message.mayVanish && !message.durable) || !covers(session, index)) {
            return false;
        }
    }
    return true;
}

void Checker::onSession(const std::shared_ptr<SessionBook> &session)
{
    std::erase_if(m_sessions, [](const std::weak_ptr<SessionBook> &one) { return one.expired(); });
    m_sessions.push_back(session);
}

void Checker::expect(const ledger::LogRow &row, const Message &message)
{
    for (const std::weak_ptr<SessionBook> &weak : m_sessions) {
        const std::shared_ptr<SessionBook> session = weak.lock();
        // A client is not shown what it sent itself, but for what it sent to itself; that is left out here.
        if (!session || session->client == message.client) {
            continue;
        }
        const bool incoming = session->account == row.recipient;
        if (incoming && session->takes && !message.isFull()) {
            session->expectDirect.insert(row.seq);
        }
        // An error is a matter of who sent the message that it answers.
        const bool outgoing = session->account == row.sender && message.answers < 0;
        if (session->carbonsOn && (incoming || outgoing)) {
            session->expectAnyForm.insert(row.seq);
        }
    }
}

std::string Checker::unseen(const SessionBook &session) const
{
    const std::set<ledger::Seq> &first = session.expectDirect.empty() ? session.expectAnyForm : session.expectDirect;
    if (first.empty()) {
        return {};
    }
    return "client " + std::to_string(session.client) + " was not shown row " +
           std::to_string(first.begin()->value & 0xffff) +
           (session.expectDirect.empty() ? ", of which it should have a carbon" : ", which is for everybody");
}

} // namespace godwit::sim
