// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Modes.h"

#include <algorithm>
#include <memory>

namespace godwit::load
{

namespace
{

/// Holds sessions and counts the ones that end by themselves.
class Holder final : public SessionUser
{
public:
    void onReady(Session &) override {}
    void onStanza(Session &, std::string_view) override {}
    void onAccepted(Session &, Tag) override {}
    void onClosed(Session &session) override
    {
        ++dropped;
        reason = session.failure();
    }

    std::uint64_t dropped = 0;
    std::string reason;
};

struct Step {
    std::size_t sessions = 0;
    std::uint64_t pssKiB = 0;
};

/// Least squares of PSS over sessions, in KiB per session.
double slopeOf(const std::vector<Step> &steps)
{
    double meanX = 0;
    double meanY = 0;
    for (const Step &step : steps) {
        meanX += static_cast<double>(step.sessions);
        meanY += static_cast<double>(step.pssKiB);
    }
    meanX /= static_cast<double>(steps.size());
    meanY /= static_cast<double>(steps.size());
    double above = 0;
    double below = 0;
    for (const Step &step : steps) {
        const double x = static_cast<double>(step.sessions) - meanX;
        above += x * (static_cast<double>(step.pssKiB) - meanY);
        below += x * x;
    }
    return below > 0 ? above / below : 0;
}

void reportMemory(Report &report, const std::vector<Step> &steps)
{
    std::vector<double> sessions;
    std::vector<double> sizes;
    for (const Step &step : steps) {
        sessions.push_back(static_cast<double>(step.sessions));
        sizes.push_back(static_cast<double>(step.pssKiB));
    }
    const double grown = sizes.back() - sizes.front();
    report.number("pss_empty_kib", "server PSS, no sessions", sizes.front(), "KiB");
    report.number("pss_full_kib", "server PSS, all sessions", sizes.back(), "KiB");
    report.number("pss_per_session_kib", "per session, first to last", grown / std::max(sessions.back(), 1.0), "KiB");
    report.number("pss_slope_kib", "per session, slope over steps", slopeOf(steps), "KiB");
    report.list("step_sessions", "sessions at each step", sessions);
    report.list("step_pss_kib", "KiB at each step", sizes);
}

} // namespace

Outcome runHold(const Options &options)
{
    const std::uint64_t limit = raiseDescriptorLimit();
    if (1UL * options.sessions * socketsOf(options.endpoint.wire) + 32 > limit) {
        return failed("--sessions " + std::to_string(options.sessions) + " needs more descriptors than the " +
                      std::to_string(limit) + " this process may have (ulimit -n)");
    }
    const Meter meter(options.serverPids);
    Loop loop;
    Holder holder;
    std::vector<std::unique_ptr<Session>> owned;
    std::vector<Session *> sessions;
    for (unsigned i = 0; i < options.sessions; ++i) {
        owned.push_back(std::make_unique<Session>(loop, options.endpoint, loginNumber(options, i), &holder));
        sessions.push_back(owned.back().get());
    }
    std::vector<Step> steps{{0, meter.pssKiB()}};
    LoginFigures logins;
    const unsigned count = std::min(options.steps, options.sessions);
    for (unsigned i = 0; i < count && logins.complete(); ++i) {
        const std::size_t from = sessions.size() * i / count;
        const std::size_t to = sessions.size() * (i + 1) / count;
        logins.merge(logIn(loop, std::span(sessions).subspan(from, to - from), options, meter));
        loop.runFor(seconds(options.settle));
        steps.push_back({to, meter.pssKiB()});
    }
    if (!logins.complete() && !Loop::interrupted()) {
        return failed(logins.firstFailure);
    }
    const double cpuBefore = meter.cpuSeconds();
    const Micros begin = now();
    const Loop::Ended ended = loop.runFor(seconds(options.hold));
    const double held = static_cast<double>(now() - begin) * 1e-6;
    Report report;
    reportLogins(report, logins);
    report.latency("login", "login", logins.times);
    if (meter.measures()) {
        reportMemory(report, steps);
        report.number("idle_cpu_percent", "server CPU while idle",
                      (meter.cpuSeconds() - cpuBefore) * 100.0 / std::max(held, 1e-6), "%");
    }
    report.number("held_s", "held for", held, "s");
    report.count("dropped", "sessions that ended by themselves", holder.dropped);
    if (holder.dropped > 0) {
        report.text("dropped_reason", "the last one's reason", holder.reason);
    }
    if (ended == Loop::Ended::Interrupted) {
        report.text("interrupted", "interrupted", "yes");
    }
    report.print(options.format, stdout);
    return holder.dropped > 0 ? Outcome::Failed : Outcome::Done;
}

} // namespace godwit::load
