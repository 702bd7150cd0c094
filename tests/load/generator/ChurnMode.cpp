// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Modes.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <random>

namespace godwit::load
{

namespace
{

enum class Ending { Resume, NewSession, Leave };

struct Counts {
    std::uint64_t cuts = 0;
    std::uint64_t leaves = 0;
    std::uint64_t resumesTried = 0;
    std::uint64_t resumesDone = 0;
    std::uint64_t resent = 0;
    std::uint64_t dropped = 0; // by the server
    std::uint64_t failedLogins = 0;
};

/// Pairs of which both ends come and go. A sender sends what was not accepted again, with its old id, as a client that
/// keeps an outbox does.
class Churn final : public SessionUser
{
public:
    Churn(Loop &loop, const Options &options, const Meter &meter);

    [[nodiscard]] LoginFigures comeUp();
    void run();
    /// Everybody comes back and stays, until all is settled or nothing moves.
    void settle();
    [[nodiscard]] Tally &tally() { return m_tally; }
    void report(Report &report) const;

    void onReady(Session &session) override;
    void onStanza(Session &session, std::string_view stanza) override;
    void onAccepted(Session &session, Tag tag) override;
    void onClosed(Session &session) override;

private:
    [[nodiscard]] Micros randomTime(double mean);
    void scheduleEnd(Session &session);
    void end(Session &session);
    void comeBack(Session &session, bool resuming);
    void sendMessage(MessageName name);
    void refill(std::size_t pair);
    void offer();
    [[nodiscard]] bool allReady() const;

    Loop &m_loop;
    const Options &m_options;
    const Meter &m_meter;
    std::vector<std::unique_ptr<Session>> m_sessions;
    std::vector<bool> m_resuming; // the login under way asked for the old session
    std::vector<std::uint32_t> m_due;
    std::vector<std::string> m_receiverJids;
    Tally m_tally;
    Composer m_composer;
    std::mt19937_64 m_random;
    Counts m_counts;
    bool m_churning = false;
    bool m_sending = false;
    Micros m_begin = 0;
    std::uint64_t m_offered = 0;
    std::string m_lastReason;
};

Churn::Churn(Loop &loop, const Options &options, const Meter &meter)
    : m_loop(loop)
    , m_options(options)
    , m_meter(meter)
    , m_resuming(options.sessions, false)
    , m_due(options.sessions / 2, 0)
    , m_tally(options.sessions / 2, randomToken(6))
    , m_composer(options)
    , m_random(options.seed)
{
    for (unsigned i = 0; i < options.sessions; ++i) {
        m_sessions.push_back(std::make_unique<Session>(loop, options.endpoint, loginNumber(options, i), this));
        if (i % 2 == 1) {
            m_receiverJids.push_back(m_sessions.back()->login().user + "@" + options.endpoint.domain);
        }
    }
    m_tally.measure(true);
}

LoginFigures Churn::comeUp()
{
    std::vector<Session *> all;
    for (const auto &session : m_sessions) {
        all.push_back(session.get());
    }
    LoginFigures figures = logIn(m_loop, all, m_options, m_meter);
    if (figures.complete() && !m_sessions.front()->managed()) {
        figures.failed = 1;
        figures.firstFailure = "the server does not offer stream management";
    }
    return figures;
}

Micros Churn::randomTime(double mean)
{
    std::exponential_distribution<double> spread(1.0);
    return seconds(std::min(spread(m_random), 10.0) * mean);
}

void Churn::run()
{
    m_churning = true;
    m_sending = true;
    m_begin = now();
    for (const auto &session : m_sessions) {
        scheduleEnd(*session);
    }
    for (std::size_t i = 0; i < m_tally.pairs(); ++i) {
        refill(i);
    }
    (void)m_loop.runFor(seconds(m_options.duration), [this] { offer(); });
    m_churning = false;
    m_sending = false;
}

void Churn::offer()
{
    if (m_options.rate <= 0) {
        return;
    }
    const auto wanted = static_cast<std::uint64_t>(static_cast<double>(now() - m_begin) * 1e-6 * m_options.rate);
    for (; m_offered < wanted; ++m_offered) {
        const std::size_t pair = m_offered % m_due.size();
        ++m_due[pair];
        refill(pair);
    }
}

void Churn::refill(std::size_t pair)
{
    if (!m_sending || !m_sessions[2 * pair]->ready()) {
        return;
    }
    if (m_options.rate > 0) {
        for (; m_due[pair] > 0 && m_sessions[2 * pair]->backlog() < 65'536; --m_due[pair]) {
            sendMessage(m_tally.add(pair, now()));
        }
        return;
    }
    while (m_tally.openIn(pair) < m_options.window) {
        sendMessage(m_tally.add(pair, now()));
    }
}

void Churn::sendMessage(MessageName name)
{
    Session &sender = *m_sessions[2 * name.pair];
    sender.send(m_composer.message(m_receiverJids[name.pair], m_tally.idOf(name)), name.seq);
    sender.requestAck();
}

void Churn::scheduleEnd(Session &session)
{
    m_loop.after(randomTime(m_options.life), [this, &session] { end(session); });
}

void Churn::end(Session &session)
{
    if (!m_churning || !session.ready()) {
        return;
    }
    const auto ending = static_cast<Ending>(m_random() % 3);
    if (ending == Ending::Leave) {
        ++m_counts.leaves;
        session.leave();
    } else {
        ++m_counts.cuts;
        session.cut();
    }
    m_loop.after(randomTime(m_options.pause),
                 [this, &session, ending] { comeBack(session, ending == Ending::Resume); });
}

void Churn::comeBack(Session &session, bool resuming)
{
    if (session.state() != Session::State::Closed) {
        return;
    }
    m_resuming[session.login().number] = resuming;
    if (resuming) {
        ++m_counts.resumesTried;
        session.connectResuming();
    } else {
        session.connect();
    }
}

void Churn::onReady(Session &session)
{
    const unsigned number = session.login().number;
    if (m_resuming[number]) {
        m_resuming[number] = false;
        m_counts.resumesDone += session.resumed() ? 1 : 0;
    }
    for (const Tag tag : session.takeUnacked()) {
        ++m_counts.resent;
        sendMessage({number / 2, static_cast<std::uint32_t>(tag)});
    }
    if (m_churning) {
        scheduleEnd(session);
    }
    if (number % 2 == 0) {
        refill(number / 2);
    }
}

void Churn::onStanza(Session &session, std::string_view stanza)
{
    if (elementName(stanza) != "message") {
        return;
    }
    const std::string_view id = attribute(stanza, "id");
    const unsigned number = session.login().number;
    if (attribute(stanza, "type") == "error") {
        m_tally.bounced(id);
    } else if (number % 2 == 1) {
        m_tally.received(id, stanzaIdBy(stanza, m_receiverJids[number / 2]), now());
    }
    refill(number / 2);
}

void Churn::onAccepted(Session &session, Tag tag)
{
    const std::uint32_t pair = session.login().number / 2;
    m_tally.accepted({pair, static_cast<std::uint32_t>(tag)}, now());
    refill(pair);
}

void Churn::onClosed(Session &session)
{
    m_lastReason = session.failure();
    if (!m_sending) {
        return; // a login that failed is reported by who waits for it
    }
    ++(session.jid().empty() || m_resuming[session.login().number] ? m_counts.failedLogins : m_counts.dropped);
    m_loop.after(randomTime(m_options.pause) + 100'000, [this, &session] { comeBack(session, true); });
}

bool Churn::allReady() const
{
    return std::all_of(m_sessions.begin(), m_sessions.end(), [](const auto &session) { return session->ready(); });
}

void Churn::settle()
{
    // Those that wait for their time come now; their timers find them there.
    const Micros deadline = now() + seconds(m_options.loginTimeout);
    while (!allReady() && now() < deadline && !Loop::interrupted()) {
        for (const auto &session : m_sessions) {
            comeBack(*session, false);
        }
        (void)m_loop.runUntil([this] { return allReady(); }, 1'000'000);
    }
    std::uint64_t last = 0;
    Micros moved = now();
    const auto settled = [&] {
        const std::uint64_t done = m_tally.accepted() + m_tally.delivered() + m_tally.bouncedTotal();
        if (done != last) {
            last = done;
            moved = now();
        }
        bool open = false;
        for (std::size_t i = 0; i < m_tally.pairs() && !open; ++i) {
            open = m_tally.openIn(i) > 0;
        }
        return !open || now() - moved > seconds(m_options.drain);
    };
    (void)m_loop.runUntil(settled, seconds(3600));
}

void Churn::report(Report &report) const
{
    report.count("cuts", "connections torn (reset)", m_counts.cuts);
    report.count("leaves", "sessions closed properly", m_counts.leaves);
    report.count("resumes_tried", "resumptions tried", m_counts.resumesTried);
    report.count("resumes_done", "resumptions done", m_counts.resumesDone);
    report.count("resent", "messages sent again", m_counts.resent);
    report.count("dropped", "sessions ended by the server", m_counts.dropped);
    report.count("failed_logins", "logins that failed", m_counts.failedLogins);
    if (!m_lastReason.empty()) {
        report.text("last_reason", "the last one's reason", m_lastReason);
    }
    reportBooks(report, m_tally);
}

} // namespace

Outcome runChurn(const Options &options)
{
    const std::uint64_t limit = raiseDescriptorLimit();
    if (options.sessions + 32UL > limit) {
        return failed("--sessions " + std::to_string(options.sessions) + " needs more descriptors than the " +
                      std::to_string(limit) + " this process may have (ulimit -n)");
    }
    const Meter meter(options.serverPids);
    Loop loop;
    Churn churn(loop, options, meter);
    const LoginFigures logins = churn.comeUp();
    if (!logins.complete()) {
        return failed(logins.firstFailure);
    }
    const double cpuBefore = meter.cpuSeconds();
    churn.run();
    churn.settle();
    Report report;
    reportLogins(report, logins);
    churn.report(report);
    report.latency("latency", "send to received", churn.tally().takeDeliveryTimes());
    if (meter.measures()) {
        report.number("cpu_s", "server CPU", meter.cpuSeconds() - cpuBefore, "s");
    }
    if (Loop::interrupted()) {
        report.text("interrupted", "interrupted", "yes");
    }
    report.print(options.format, stdout);
    return options.failOnLoss && !isClean(churn.tally()) ? Outcome::Loss : Outcome::Done;
}

} // namespace godwit::load
