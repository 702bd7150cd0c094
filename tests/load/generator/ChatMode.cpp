// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Modes.h"

#include <algorithm>
#include <memory>
#include <optional>

namespace godwit::load
{

namespace
{

constexpr std::size_t turnBytesMax = 16'384; // written for one pair in one turn of the loop

struct Sample {
    Micros time = 0;
    std::uint64_t offered = 0;
    std::uint64_t sent = 0;
    std::uint64_t accepted = 0;
    std::uint64_t delivered = 0;
    double serverCpu = 0;
    double ownCpu = 0;
};

/// What happened between two samples.
struct Measured {
    std::string key;
    std::string label;
    double seconds = 0;
    Sample did; // differences
    Histogram delivery;
    Histogram accept;
    std::vector<double> deliveredEachSecond;

    [[nodiscard]] double deliveredRate() const { return static_cast<double>(did.delivered) / seconds; }
};

/// The pairs, each with a sender and a receiver, and how the load is put on them.
class Chat final : public SessionUser
{
public:
    Chat(Loop &loop, const Options &options, const Meter &meter);

    LoginFigures comeUp();
    /// Measures for `duration` after the warm-up; the rate is 0 for the closed loop.
    Measured run(std::string key, std::string label, double rate);
    /// Sends nothing any more and waits until all that was sent is settled, or nothing moves.
    void drain();
    void report(Report &report) const;

    [[nodiscard]] const Tally &tally() const { return m_tally; }
    [[nodiscard]] bool broken() const { return !m_failure.empty(); }
    [[nodiscard]] const std::string &failure() const { return m_failure; }

    void onReady(Session &) override {}
    void onStanza(Session &session, std::string_view stanza) override;
    void onAccepted(Session &session, Tag tag) override;
    void onClosed(Session &session) override;

private:
    struct Pair {
        Session *sender = nullptr;
        Session *receiver = nullptr;
        std::string to;
        std::string receiverJid;
        std::uint32_t due = 0;        // open loop: offered, not written yet
        std::uint32_t writtenOff = 0; // of openIn, after a stall
        std::uint32_t lastOpen = 0;
        Micros moved = 0;
    };

    void sendOne(std::size_t pair);
    void refill(std::size_t pair);
    void offer();
    void checkStalls();
    [[nodiscard]] Sample sample() const;

    Loop &m_loop;
    const Options &m_options;
    const Meter &m_meter;
    Endpoint m_receiverEndpoint;
    Endpoint m_senderEndpoint;
    std::vector<std::unique_ptr<Session>> m_sessions;
    std::vector<Pair> m_pairs;
    Tally m_tally;
    Composer m_composer;
    bool m_logged = false;
    bool m_sending = false;
    double m_rate = 0;
    Micros m_rateBegin = 0;
    std::uint64_t m_rateOffered = 0;
    std::uint64_t m_offered = 0;
    std::size_t m_nextPair = 0;
    std::uint64_t m_stalls = 0;
    Micros m_lastCheck = 0;
    std::string m_failure;
};

Chat::Chat(Loop &loop, const Options &options, const Meter &meter)
    : m_loop(loop)
    , m_options(options)
    , m_meter(meter)
    , m_receiverEndpoint(options.endpoint)
    , m_senderEndpoint(options.endpoint)
    , m_pairs(options.pairs)
    , m_tally(options.pairs, randomToken(6))
    , m_composer(options)
{
    m_receiverEndpoint.streamManagement = options.endpoint.streamManagement && options.receiverManagement;
    if (options.overload && m_senderEndpoint.sendBuffer == 0) {
        // The system's buffer would hide for long that the server reads no more.
        m_senderEndpoint.sendBuffer = 16 * 1024;
    }
    for (unsigned i = 0; i < options.pairs; ++i) {
        m_sessions.push_back(std::make_unique<Session>(loop, m_senderEndpoint, loginNumber(options, 2 * i), this));
        m_pairs[i].sender = m_sessions.back().get();
        m_sessions.push_back(
            std::make_unique<Session>(loop, m_receiverEndpoint, loginNumber(options, 2 * i + 1), this));
        m_pairs[i].receiver = m_sessions.back().get();
    }
}

LoginFigures Chat::comeUp()
{
    std::vector<Session *> all;
    for (const auto &session : m_sessions) {
        all.push_back(session.get());
    }
    LoginFigures figures = logIn(m_loop, all, m_options, m_meter);
    const bool full = m_options.fullJid || m_options.endpoint.mechanism == Mechanism::Anonymous;
    for (Pair &pair : m_pairs) {
        pair.receiverJid = bareJid(pair.receiver->jid());
        pair.to = full ? pair.receiver->jid() : pair.receiverJid;
        if (figures.complete() && m_options.endpoint.streamManagement && !pair.sender->managed()) {
            figures.failed = 1;
            figures.firstFailure = "the server does not offer stream management (use --no-sm to do without)";
        }
    }
    m_logged = figures.complete();
    return figures;
}

void Chat::sendOne(std::size_t pair)
{
    Pair &p = m_pairs[pair];
    const MessageName name = m_tally.add(pair, now());
    p.sender->send(m_composer.message(p.to, m_tally.idOf(name)), name.seq);
    p.sender->requestAck();
    if (!p.sender->managed()) {
        // Without acks what is written counts as accepted, as the user of such a client would believe.
        m_tally.accepted(name, now());
    }
}

void Chat::refill(std::size_t pair)
{
    Pair &p = m_pairs[pair];
    if (!m_sending || !p.sender->ready()) {
        return;
    }
    if (m_rate > 0) {
        // A socket that is full slows its sender: what is due stays here until there is room.
        while (p.due > 0 && !p.sender->congested() && p.sender->backlog() < turnBytesMax) {
            --p.due;
            sendOne(pair);
        }
        return;
    }
    while (m_tally.openIn(pair) < m_options.window + p.writtenOff) {
        ++m_offered;
        sendOne(pair);
    }
}

void Chat::offer()
{
    if (!m_sending) {
        return;
    }
    if (m_rate > 0) {
        const double elapsed = static_cast<double>(now() - m_rateBegin) * 1e-6;
        const auto wanted = static_cast<std::uint64_t>(elapsed * m_rate);
        for (; m_rateOffered < wanted; ++m_rateOffered) {
            ++m_offered;
            ++m_pairs[m_nextPair].due;
            m_nextPair = (m_nextPair + 1) % m_pairs.size();
        }
        for (std::size_t i = 0; i < m_pairs.size(); ++i) {
            if (m_pairs[i].due > 0) {
                refill(i);
            }
        }
    }
    if (m_rate <= 0 && now() - m_lastCheck > 200'000) {
        m_lastCheck = now();
        checkStalls();
    }
}

void Chat::checkStalls()
{
    for (std::size_t i = 0; i < m_pairs.size(); ++i) {
        Pair &pair = m_pairs[i];
        const std::uint32_t settled = m_tally.sentIn(i) - m_tally.openIn(i);
        if (settled != pair.lastOpen || pair.moved == 0) {
            pair.lastOpen = settled;
            pair.moved = m_lastCheck;
        } else if (m_lastCheck - pair.moved > seconds(m_options.stall)) {
            ++m_stalls;
            pair.writtenOff = m_tally.openIn(i);
            pair.moved = m_lastCheck;
            refill(i);
        }
    }
}

Sample Chat::sample() const
{
    return {now(),
            m_offered,
            m_tally.sent(),
            m_tally.accepted(),
            m_tally.delivered(),
            m_meter.cpuSeconds(),
            Meter::ownCpuSeconds()};
}

Measured Chat::run(std::string key, std::string label, double rate)
{
    m_sending = true;
    m_rate = rate;
    m_rateBegin = now();
    m_rateOffered = 0;
    if (rate <= 0) {
        for (std::size_t i = 0; i < m_pairs.size(); ++i) {
            refill(i);
        }
    }
    m_loop.runFor(seconds(m_options.warmup), [this] { offer(); });
    m_tally.measure(true);
    Measured phase;
    const Sample begin = sample();
    std::uint64_t before = begin.delivered;
    for (Micros left = seconds(m_options.duration); left > 0 && !Loop::interrupted() && !broken(); left -= 1'000'000) {
        const Micros since = now();
        m_loop.runFor(std::min<Micros>(left, 1'000'000), [this] { offer(); });
        const double took = static_cast<double>(now() - since) * 1e-6;
        phase.deliveredEachSecond.push_back(static_cast<double>(m_tally.delivered() - before) / took);
        before = m_tally.delivered();
    }
    const Sample end = sample();
    m_tally.measure(false);
    m_sending = false;
    phase.key = std::move(key);
    phase.label = std::move(label);
    phase.seconds = std::max(static_cast<double>(end.time - begin.time) * 1e-6, 1e-6);
    phase.did = {end.time - begin.time,         end.offered - begin.offered,     end.sent - begin.sent,
                 end.accepted - begin.accepted, end.delivered - begin.delivered, end.serverCpu - begin.serverCpu,
                 end.ownCpu - begin.ownCpu};
    phase.delivery = m_tally.takeDeliveryTimes();
    phase.accept = m_tally.takeAcceptTimes();
    return phase;
}

void Chat::drain()
{
    m_sending = false;
    std::uint64_t last = 0;
    Micros moved = now();
    const auto settled = [&] {
        const std::uint64_t done = m_tally.accepted() + m_tally.delivered() + m_tally.bouncedTotal();
        if (done != last) {
            last = done;
            moved = now();
        }
        bool open = false;
        for (std::size_t i = 0; i < m_pairs.size() && !open; ++i) {
            open = m_tally.openIn(i) > 0;
        }
        return !open || broken() || now() - moved > seconds(m_options.stall);
    };
    (void)m_loop.runUntil(settled, seconds(m_options.drain));
}

void Chat::onStanza(Session &session, std::string_view stanza)
{
    if (elementName(stanza) != "message") {
        return;
    }
    const std::string_view id = attribute(stanza, "id");
    if (attribute(stanza, "type") == "error") {
        m_tally.bounced(id);
    } else if (session.login().number % 2 == 1) {
        const std::string_view account = m_pairs[session.login().number / 2].receiverJid;
        m_tally.received(id, stanzaIdBy(stanza, account), now());
    } else {
        return;
    }
    if (const std::optional<MessageName> name = m_tally.named(id)) {
        refill(name->pair);
    }
}

void Chat::onAccepted(Session &session, Tag tag)
{
    const std::uint32_t pair = session.login().number / 2;
    m_tally.accepted({pair, static_cast<std::uint32_t>(tag)}, now());
    refill(pair);
}

void Chat::onClosed(Session &session)
{
    if (m_logged && m_failure.empty()) {
        m_failure = "session " + std::to_string(session.login().number) + " ended: " + session.failure();
    }
}

void Chat::report(Report &report) const
{
    reportBooks(report, m_tally);
    report.count("stalls", "pairs that stalled", m_stalls);
}

void reportPhase(Report &report, const Measured &phase, bool server)
{
    const auto rate = [&phase](std::uint64_t count) { return static_cast<double>(count) / phase.seconds; };
    const double thousands = std::max(static_cast<double>(phase.did.delivered) / 1000.0, 1e-3);
    const std::string &key = phase.key;
    const std::string &label = phase.label;
    report.number(key + "offered_per_s", label + "offered", rate(phase.did.offered), "/s");
    report.number(key + "sent_per_s", label + "sent", rate(phase.did.sent), "/s");
    report.number(key + "accepted_per_s", label + "accepted", rate(phase.did.accepted), "/s");
    report.number(key + "delivered_per_s", label + "delivered", phase.deliveredRate(), "/s");
    if (!phase.deliveredEachSecond.empty()) {
        report.number(key + "delivered_per_s_min", label + "delivered in the worst second",
                      *std::min_element(phase.deliveredEachSecond.begin(), phase.deliveredEachSecond.end()), "/s");
        report.list(key + "delivered_each_second", label + "delivered each second", phase.deliveredEachSecond);
    }
    report.latency(key + "latency", label + "send to received", phase.delivery);
    report.latency(key + "ack", label + "send to ack", phase.accept);
    if (server) {
        report.number(key + "cpu_ms_per_1000", label + "server CPU per 1,000 messages",
                      phase.did.serverCpu * 1000.0 / thousands, "ms");
    }
    report.number(key + "own_cpu_ms_per_1000", label + "generator CPU per 1,000 messages",
                  phase.did.ownCpu * 1000.0 / thousands, "ms");
}

} // namespace

Outcome runChat(const Options &options)
{
    const std::uint64_t limit = raiseDescriptorLimit();
    if (2UL * options.pairs * socketsOf(options.endpoint.wire) + 32 > limit) {
        return failed("--pairs " + std::to_string(options.pairs) + " needs more descriptors than the " +
                      std::to_string(limit) + " this process may have (ulimit -n)");
    }
    const Meter meter(options.serverPids);
    Loop loop;
    Chat chat(loop, options, meter);
    const LoginFigures logins = chat.comeUp();
    if (!logins.complete()) {
        return failed(logins.firstFailure);
    }
    Report report;
    reportLogins(report, logins);
    if (options.overload) {
        const Measured capacity = chat.run("capacity_", "capacity: ", 0);
        chat.drain();
        reportPhase(report, capacity, meter.measures());
        const Measured over = chat.run("", "overload: ", capacity.deliveredRate() * options.overloadFactor);
        chat.drain();
        reportPhase(report, over, meter.measures());
        report.number("overload_ratio", "delivered under overload / capacity",
                      over.deliveredRate() / std::max(capacity.deliveredRate(), 1e-6));
    } else {
        const Measured phase = chat.run("", "", options.rate);
        chat.drain();
        reportPhase(report, phase, meter.measures());
    }
    chat.report(report);
    if (Loop::interrupted()) {
        report.text("interrupted", "interrupted", "yes");
    }
    if (chat.broken()) {
        report.text("failure", "failure", chat.failure());
    }
    report.print(options.format, stdout);
    if (chat.broken()) {
        return failed(chat.failure());
    }
    // Nobody's connection was torn here, so no message has a reason to come again.
    const bool clean = isClean(chat.tally()) && chat.tally().copies() == 0;
    return options.failOnLoss && !clean ? Outcome::Loss : Outcome::Done;
}

} // namespace godwit::load
