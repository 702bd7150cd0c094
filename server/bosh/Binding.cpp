// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bosh/Binding.h"

#include "base/Assert.h"
#include "xml/XmlWriter.h"

#include <algorithm>
#include <utility>

namespace godwit::bosh
{

namespace
{

constexpr std::string_view streamEnd = "</stream:stream>";
/// What an empty answer that asks for the same request again looks like (XEP-0124 §17.3).
constexpr std::string_view recoverable = "<body xmlns='http://jabber.org/protocol/httpbind' type='error'/>";

std::string secondsOf(base::Duration time)
{
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count());
}

} // namespace

Binding::Binding(const BindingLimits &limits, BindingHost &host, const base::Clock &clock, std::string sid)
    : m_limits(limits)
    , m_host(host)
    , m_clock(clock)
    , m_sid(std::move(sid))
    , m_patience(limits.inactivity)
{
}

void Binding::begin(Body &&body, const Ticket &ticket)
{
    m_to = std::move(body.to);
    m_from = std::move(body.from);
    m_language = std::move(body.language);
    m_keys.begin(body);
    m_acks = body.ack == "1";
    m_hold = std::min(body.hold.value_or(1), m_limits.holdMax);
    m_wait = std::min<base::Duration>(std::chrono::seconds(body.wait.value_or(60)), m_limits.waitMax);
    if (m_wait == base::Duration::zero()) {
        m_hold = 0;
    }
    m_requests = m_hold + 1;
    m_createdBy = body.rid;
    m_next = body.rid + 1;
    m_reading = true;
    m_host.feed(streamHeader());
    for (const std::string &child : body.children) {
        m_host.feed(child);
    }
    m_reading = false;
    m_held.push_back(Held{body.rid, ticket, m_host.received(), m_clock.now(), false, false});
    advance();
}

std::string Binding::streamHeader() const
{
    std::string header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'";
    appendAttribute(header, "to", m_to);
    if (!m_from.empty()) {
        appendAttribute(header, "from", m_from);
    }
    if (!m_language.empty()) {
        appendAttribute(header, "xml:lang", m_language);
    }
    header += " version='1.0'>";
    return header;
}

void Binding::request(Body &&body, const Ticket &ticket)
{
    if (m_over) {
        m_host.answer(ticket, terminateBody("item-not-found"));
        return;
    }
    if (repeated(body, ticket)) {
        return;
    }
    // XEP-0124 §14.2: a rid outside the window is not of this client.
    if (body.rid < m_next || body.rid >= m_next + m_requests) {
        m_host.answer(ticket, terminateBody("item-not-found"));
        breakOff("item-not-found");
        return;
    }
    const bool last = body.type == "terminate" || body.pause.has_value();
    if (m_waiting.size() + m_held.size() >= m_requests + (last ? 1 : 0)) {
        // An answer that only waits for its time is given now, which makes room (XEP-0124 §11).
        const bool room = !m_held.empty() && m_host.resolved(m_held.front().mark);
        if (!room) {
            m_host.answer(ticket, terminateBody("policy-violation"));
            breakOff("policy-violation");
            return;
        }
        answerOldest();
    }
    m_idleSince = base::Instant{};
    const std::uint64_t rid = body.rid;
    m_waiting.emplace(rid, Waiting{std::move(body), ticket});
    advance();
}

/// A request whose answer was lost, or whose connection was (XEP-0124 §14.3).
bool Binding::repeated(const Body &body, const Ticket &ticket)
{
    const auto answered = std::ranges::find(m_answered, body.rid, &Answered::rid);
    if (answered != m_answered.end() && !answered->text.empty()) {
        m_host.answer(ticket, answered->text);
        return true;
    }
    Ticket *first = nullptr;
    if (const auto waiting = m_waiting.find(body.rid); waiting != m_waiting.end()) {
        first = &waiting->second.ticket;
    } else if (const auto held = std::ranges::find(m_held, body.rid, &Held::rid); held != m_held.end()) {
        first = &held->ticket;
    }
    if (!first) {
        return false;
    }
    m_host.answer(std::exchange(*first, ticket), std::string(recoverable));
    return true;
}

void Binding::advance()
{
    if (m_reading || m_over) {
        return;
    }
    readNext();
    answerWhatCanBe();
    watchActivity();
}

/// Reads the requests whose turn it is, as far as the stream takes them.
void Binding::readNext()
{
    while (!m_ended) {
        const auto next = m_waiting.find(m_next);
        if (next == m_waiting.end()) {
            return;
        }
        if ((!next->second.judged && !judge(next->second)) || !readCurrent()) {
            return;
        }
    }
}

/// False when the session is over by it.
bool Binding::judge(Waiting &current)
{
    current.judged = true;
    if (!m_keys.accepts(current.body)) {
        breakOff("item-not-found");
        return false;
    }
    takeProofs(current.body);
    if (pollsTooOften(current.body)) {
        breakOff("policy-violation");
        return false;
    }
    return true;
}

/// False when the stream takes no more now.
bool Binding::readCurrent()
{
    Waiting &current = m_waiting.find(m_next)->second;
    m_reading = true;
    while (current.nextChild < current.body.children.size() && m_host.reads() && !m_ended) {
        const std::string child = std::move(current.body.children[current.nextChild++]);
        m_host.feed(child);
    }
    if (current.body.restart && m_host.reads() && !m_ended) {
        m_host.feed(streamHeader());
    }
    m_reading = false;
    if (current.nextChild < current.body.children.size() && !m_ended) {
        return false;
    }
    Held held{m_next, current.ticket, m_host.received(), m_clock.now() + m_wait, current.body.type == "terminate",
              false};
    if (const std::optional<std::uint32_t> pause = current.body.pause) {
        held.pause = true;
        m_patience = std::min<base::Duration>(std::chrono::seconds(*pause), m_limits.pauseMax);
    } else {
        m_patience = m_limits.inactivity;
    }
    m_held.push_back(held);
    m_waiting.erase(m_next);
    ++m_next;
    return true;
}

/// DELIVERY.md rule 14.
void Binding::takeProofs(const Body &body)
{
    if (!m_acks) {
        // No more than m_requests are out at a time, this one among them.
        if (body.rid > m_requests) {
            prove(body.rid - m_requests);
        }
        return;
    }
    prove(body.acknowledged().value_or(body.rid - 1));
}

void Binding::prove(std::uint64_t rid)
{
    std::optional<std::uint32_t> count;
    while (!m_answered.empty() && m_answered.front().rid <= rid) {
        count = m_answered.front().written;
        m_answered.pop_front();
    }
    if (count) {
        m_host.proved(*count);
    }
}

/// XEP-0124 §12: a session that is not held open may not ask all the time.
bool Binding::pollsTooOften(const Body &body)
{
    const base::Instant before = std::exchange(m_emptyAt, base::Instant{});
    if (m_hold > 0 || !body.children.empty() || !body.type.empty() || body.restart || body.pause) {
        return false;
    }
    m_emptyAt = m_clock.now();
    return before != base::Instant{} && m_emptyAt < before + m_limits.polling;
}

void Binding::answerWhatCanBe()
{
    while (!m_held.empty() && !m_ended && m_host.resolved(m_held.front().mark)) {
        if (m_held.front().terminate) {
            // Everything is durable that came before the farewell; the stream may write its own.
            m_reading = true;
            m_host.feed(streamEnd);
            m_reading = false;
            break;
        }
        if (!mustAnswer()) {
            return;
        }
        answerOldest();
    }
    if (m_ended && !(m_held.empty() && m_waiting.empty())) {
        terminateAll();
    }
}

bool Binding::mustAnswer() const
{
    const Held &oldest = m_held.front();
    if (!m_out.empty() || std::ranges::any_of(m_held, &Held::pause)) {
        return true;
    }
    if (m_hold == 0) {
        // Nothing is held, but a stream that is about to say something (a password is hashed) is waited for.
        return m_host.reads();
    }
    return m_held.size() > m_hold || oldest.until <= m_clock.now();
}

std::string Binding::attributesFor(const Held &held)
{
    std::string attributes;
    if (held.rid == m_createdBy) {
        creationAttributes(attributes);
    }
    if (m_acks) {
        // The highest rid up to which all is durable (XEP-0124 §9.1), when that is not this one.
        std::uint64_t highest = held.rid;
        for (const Held &later : m_held) {
            if (later.rid > highest && m_host.resolved(later.mark)) {
                highest = later.rid;
            }
        }
        if (highest != held.rid || held.rid == m_createdBy) {
            appendAttribute(attributes, "ack", std::to_string(highest));
        }
    }
    return attributes;
}

void Binding::creationAttributes(std::string &attributes) const
{
    appendAttribute(attributes, "xmlns:xmpp", "urn:xmpp:xbosh");
    appendAttribute(attributes, "xmlns:stream", "http://etherx.jabber.org/streams");
    appendAttribute(attributes, "sid", m_sid);
    if (!m_streamId.empty()) {
        appendAttribute(attributes, "authid", m_streamId);
    }
    appendAttribute(attributes, "from", m_to);
    appendAttribute(attributes, "ver", "1.11");
    appendAttribute(attributes, "wait", secondsOf(m_wait));
    appendAttribute(attributes, "hold", std::to_string(m_hold));
    appendAttribute(attributes, "requests", std::to_string(m_requests));
    appendAttribute(attributes, "inactivity", secondsOf(m_limits.inactivity));
    appendAttribute(attributes, "maxpause", secondsOf(m_limits.pauseMax));
    appendAttribute(attributes, "polling", secondsOf(m_limits.polling));
    appendAttribute(attributes, "xmpp:version", "1.0");
    appendAttribute(attributes, "xmpp:restartlogic", "true");
}

void Binding::answerOldest()
{
    const Held held = m_held.front();
    m_held.pop_front();
    std::string content = std::exchange(m_out, {});
    std::string text = writeBody({attributesFor(held), content});
    m_answered.push_back(Answered{held.rid, m_host.written(), text});
    // XEP-0124 §14.3: as many as may be out at a time are kept for a repetition; older ones for their proof alone.
    if (m_answered.size() > m_requests) {
        m_answered[m_answered.size() - m_requests - 1].text.clear();
    }
    m_host.answer(held.ticket, std::move(text));
}

void Binding::end(std::string_view condition)
{
    if (!m_ended) {
        m_ended = true;
        m_condition = condition;
    }
}

/// The last words go to the oldest request; all others hear that it is over.
void Binding::terminateAll()
{
    std::string attributes;
    if (!m_held.empty() && m_held.front().rid == m_createdBy) {
        creationAttributes(attributes);
    }
    appendAttribute(attributes, "type", "terminate");
    if (!m_condition.empty()) {
        appendAttribute(attributes, "condition", m_condition);
    }
    std::string text = writeBody({attributes, m_out});
    for (const Ticket &ticket : takeTickets()) {
        m_host.answer(ticket, std::exchange(text, terminateBody(m_condition)));
    }
    m_out.clear();
    m_over = true;
}

/// Of all requests without an answer, in the order of their rids.
std::vector<Ticket> Binding::takeTickets()
{
    std::vector<Ticket> tickets;
    tickets.reserve(m_held.size() + m_waiting.size());
    for (const Held &held : m_held) {
        tickets.push_back(held.ticket);
    }
    for (const auto &[rid, waiting] : m_waiting) {
        tickets.push_back(waiting.ticket);
    }
    m_held.clear();
    m_waiting.clear();
    return tickets;
}

/// Whoever breaks the rules, or is not who it should be, ends the session; the stream is treated as lost.
void Binding::breakOff(std::string_view condition)
{
    for (const Ticket &ticket : takeTickets()) {
        m_host.answer(ticket, terminateBody(condition));
    }
    m_over = true;
    m_host.lost();
}

/// XEP-0124 §10: without a request that can be answered the client has to come back in time.
void Binding::watchActivity()
{
    if (m_over) {
        return;
    }
    if (!m_held.empty()) {
        m_idleSince = base::Instant{};
        return;
    }
    const base::Instant now = m_clock.now();
    if (m_idleSince == base::Instant{}) {
        m_idleSince = now;
    } else if (now >= m_idleSince + m_patience) {
        breakOff("item-not-found");
    }
}

std::optional<base::Instant> Binding::deadline() const
{
    if (m_over) {
        return std::nullopt;
    }
    if (!m_held.empty()) {
        // One that waits for the disk is looked at when the disk has it.
        return m_host.resolved(m_held.front().mark) ? std::optional(m_held.front().until) : std::nullopt;
    }
    return m_idleSince == base::Instant{} ? std::nullopt : std::optional(m_idleSince + m_patience);
}

} // namespace godwit::bosh
