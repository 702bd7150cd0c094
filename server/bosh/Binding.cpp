// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bosh/Binding.h"

#include "base/Assert.h"
#include "base/Number.h"
#include "xml/XmlWriter.h"

#include <algorithm>
#include <utility>

namespace godwit::bosh
{

namespace
{

/// Answers kept besides those that XEP-0124 §14.3 asks for: a copy of a request may be long on its way over a
/// connection that its client has given up, and must not end the session.
constexpr std::size_t lateMax = 2;
constexpr std::string_view streamEnd = "</stream:stream>";
/// What an empty answer that asks for the same request again looks like (XEP-0124 §17.3).
constexpr std::string_view recoverable = "<body xmlns='http://jabber.org/protocol/httpbind' type='error'/>";

/// Of BOSH: ours, or the client's where that is older (XEP-0124 §7.2). Numbers, so that 1.6 is older than 1.11.
std::string commonVersion(std::string_view theirs)
{
    constexpr unsigned major = 1;
    constexpr unsigned minor = 11;
    const std::size_t point = theirs.find('.');
    const std::optional<unsigned> theirMajor = base::readNumber<unsigned>(theirs.substr(0, point));
    const std::optional<unsigned> theirMinor =
        point == std::string_view::npos ? std::nullopt : base::readNumber<unsigned>(theirs.substr(point + 1));
    if (theirMajor && theirMinor && std::pair(*theirMajor, *theirMinor) < std::pair(major, minor)) {
        return std::to_string(*theirMajor) + '.' + std::to_string(*theirMinor);
    }
    return std::to_string(major) + '.' + std::to_string(minor);
}

bool isLast(const Body &body)
{
    return body.type == "terminate" || body.pause.has_value();
}

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
    m_legacy = body.version.empty();
    m_version = commonVersion(body.version);
    m_content = usableMediaType(body.content);
    m_hold = std::min(body.hold.value_or(1), m_limits.holdMax);
    m_wait = std::min<base::Duration>(std::chrono::seconds(body.wait.value_or(60)), m_limits.waitMax);
    if (m_wait == base::Duration::zero()) {
        m_hold = 0;
    }
    m_requests = m_hold + 1;
    m_answered.setKept(m_requests + lateMax, m_acks);
    m_createdBy = body.rid;
    m_next = body.rid + 1;
    m_reading = true;
    m_host.feed(streamHeader());
    for (const std::string &child : body.children) {
        m_host.feed(child);
    }
    m_reading = false;
    m_held.push_back(Held{body.rid, ticket, {}, m_host.received(), m_clock.now(), false});
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
        refuse(ticket, "item-not-found");
        return;
    }
    if (repeated(body, ticket)) {
        return;
    }
    // XEP-0124 §14.2: a rid outside the window is not of this client.
    if (body.rid < m_next || body.rid >= m_next + outMax(body)) {
        refuse(ticket, "item-not-found");
        breakOff("item-not-found");
        return;
    }
    if (m_waiting.size() + m_held.size() >= m_requests + (isLast(body) || lastWaits() ? 1 : 0)) {
        // An answer that only waits for its time is given now, which makes room (XEP-0124 §11).
        const bool room = !m_held.empty() && m_host.resolved(m_held.front().mark);
        if (!room) {
            refuse(ticket, "policy-violation");
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

/// How many requests may be out when this one is, itself among them: one more than agreed for who pauses or leaves
/// (XEP-0124 §11).
std::uint32_t Binding::outMax(const Body &body) const
{
    return m_requests + (isLast(body) ? 1 : 0);
}

bool Binding::lastWaits() const
{
    return std::ranges::any_of(m_waiting, [](const auto &waiting) { return isLast(waiting.second.body); });
}

Binding::Known Binding::known(std::uint64_t rid)
{
    if (const AnswerBook::Entry *answered = m_answered.find(rid)) {
        return {&answered->key, answered, nullptr};
    }
    if (const auto waiting = m_waiting.find(rid); waiting != m_waiting.end()) {
        return {&waiting->second.body.key, nullptr, &waiting->second.ticket};
    }
    if (const auto held = std::ranges::find(m_held, rid, &Held::rid); held != m_held.end()) {
        return {&held->key, nullptr, &held->ticket};
    }
    return {};
}

/// A request whose answer was lost, or whose connection was (XEP-0124 §14.3).
bool Binding::repeated(const Body &body, const Ticket &ticket)
{
    const Known first = known(body.rid);
    if (!first.key) {
        return false;
    }
    if (m_keys.used() && *first.key != body.key) {
        // Whoever saw the sid and the rid alone is not given the answer.
        refuse(ticket, "item-not-found");
        breakOff("item-not-found");
    } else if (first.answered) {
        give(ticket, first.answered->text);
    } else {
        give(std::exchange(*first.ticket, ticket), std::string(recoverable));
    }
    return true;
}

void Binding::give(const Ticket &ticket, std::string text)
{
    m_host.answer(ticket, Reply{std::move(text), m_content});
}

void Binding::refuse(const Ticket &ticket, std::string_view condition)
{
    m_host.answer(ticket,
                  Reply{terminateBody(condition), m_content, m_legacy ? statusOf(condition) : Reply::Status::Ok});
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
    while (!m_ended && !m_leaving) {
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
    if (current.body.restart) {
        // XEP-0206 §5: a stanza beside it is ignored.
        current.body.children.clear();
    }
    m_reading = true;
    while (current.nextChild < current.body.children.size() && m_host.reads() && !m_ended) {
        const std::string child = std::move(current.body.children[current.nextChild++]);
        m_host.feed(child);
    }
    const bool stuck = current.nextChild < current.body.children.size() || (current.body.restart && !m_host.reads());
    if (current.body.restart && !stuck && !m_ended) {
        m_host.feed(streamHeader());
    }
    m_reading = false;
    if (stuck && !m_ended) {
        return false;
    }
    m_leaving = current.body.type == "terminate";
    Held held{m_next, current.ticket, std::move(current.body.key), m_host.received(), m_clock.now() + m_wait, false};
    if (const std::optional<std::uint32_t> pause = current.body.pause) {
        held.pause = true;
        m_patience = std::min<base::Duration>(std::chrono::seconds(*pause), m_limits.pauseMax);
    } else {
        m_patience = m_limits.inactivity;
    }
    m_held.push_back(std::move(held));
    m_waiting.erase(m_next);
    ++m_next;
    return true;
}

/// DELIVERY.md rule 14.
void Binding::takeProofs(const Body &body)
{
    if (!m_acks) {
        if (body.rid > outMax(body)) {
            prove(body.rid - outMax(body));
        }
        return;
    }
    prove(body.acknowledged().value_or(body.rid - 1));
}

void Binding::prove(std::uint64_t rid)
{
    if (const std::optional<std::uint32_t> count = m_answered.prove(rid)) {
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
    if (m_leaving) {
        sayFarewell();
    }
    while (!m_held.empty() && !m_ended && m_host.resolved(m_held.front().mark)) {
        if (m_leaving || !mustAnswer()) {
            return;
        }
        answerOldest();
    }
    if (m_ended && !(m_held.empty() && m_waiting.empty())) {
        terminateAll();
    }
}

/// XEP-0124 §13: the requests that are held stay to be told of the end.
void Binding::sayFarewell()
{
    // Everything has to be durable that came before the farewell; the stream may write its own.
    if (!m_ended && (m_held.empty() || m_host.resolved(m_held.back().mark))) {
        m_reading = true;
        m_host.feed(streamEnd);
        m_reading = false;
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
    appendAttribute(attributes, "ver", m_version);
    appendAttribute(attributes, "wait", secondsOf(m_wait));
    appendAttribute(attributes, "hold", std::to_string(m_hold));
    appendAttribute(attributes, "requests", std::to_string(m_requests));
    appendAttribute(attributes, "inactivity", secondsOf(m_limits.inactivity));
    appendAttribute(attributes, "maxpause", secondsOf(m_limits.pauseMax));
    appendAttribute(attributes, "polling", secondsOf(std::chrono::ceil<std::chrono::seconds>(m_limits.polling)));
    appendAttribute(attributes, "xmpp:version", "1.0");
    appendAttribute(attributes, "xmpp:restartlogic", "true");
}

void Binding::answerOldest()
{
    Held held = std::move(m_held.front());
    m_held.pop_front();
    // XEP-0124 §10: the answer to a pause has no payloads.
    const std::string content = held.pause ? std::string() : std::exchange(m_out, {});
    if (!held.pause) {
        m_told = m_host.written();
    }
    std::string text = writeBody({attributesFor(held), content});
    m_answered.add({held.rid, m_told, text, std::move(held.key),
                    held.pause ? AnswerBook::Kind::Pause : AnswerBook::Kind::Ordinary});
    give(held.ticket, std::move(text));
}

void Binding::end(std::string_view condition)
{
    if (!m_ended) {
        m_ended = true;
        m_condition = condition;
    }
}

/// The last words go to the oldest request (XEP-0124 §13); all others hear why it is over, if it is for a reason.
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
    const std::string others = m_condition.empty() ? writeBody({}) : terminateBody(m_condition);
    for (const Ticket &ticket : takeTickets()) {
        give(ticket, std::exchange(text, others));
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
        refuse(ticket, condition);
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
        // One that waits for the disk or the stream is looked at when that has it.
        const bool timed = m_hold > 0 && !m_leaving && m_host.resolved(m_held.front().mark);
        return timed ? std::optional(m_held.front().until) : std::nullopt;
    }
    return m_idleSince == base::Instant{} ? std::nullopt : std::optional(m_idleSince + m_patience);
}

} // namespace godwit::bosh
