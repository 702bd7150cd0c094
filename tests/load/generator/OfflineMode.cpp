// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Modes.h"
#include "QuotaPairs.h"

#include <algorithm>
#include <optional>

namespace godwit::load
{

namespace
{

/// Sends the messages and writes down what was accepted. Returns why it failed, if it did.
std::string store(QuotaPairs &pairs, const Options &options, const Meter &meter, Report &report)
{
    const LoginFigures logins = pairs.senders();
    if (!logins.complete()) {
        return logins.firstFailure;
    }
    const double cpuBefore = meter.cpuSeconds();
    const double took = pairs.send(options.messages / options.pairs);
    const double accepted = static_cast<double>(pairs.tally().accepted());
    report.number("store_s", "stored in", took, "s");
    report.number("stored_per_s", "stored until the ack", accepted / std::max(took, 1e-6), "/s");
    if (meter.measures()) {
        report.number("store_cpu_ms_per_1000", "server CPU per 1,000 stored",
                      (meter.cpuSeconds() - cpuBefore) * 1e6 / std::max(accepted, 1.0), "ms");
    }
    report.latency("ack", "send to ack", pairs.tally().takeAcceptTimes());
    return {};
}

std::string drain(QuotaPairs &pairs, const Options &options, const Meter &meter, Report &report)
{
    const double cpuBefore = meter.cpuSeconds();
    const std::uint64_t before = pairs.tally().delivered();
    const Micros begin = now();
    const LoginFigures logins = pairs.receivers(options.resource);
    if (!logins.complete()) {
        return logins.firstFailure;
    }
    pairs.waitForDelivery(options.drain);
    const double delivered = static_cast<double>(pairs.tally().delivered() - before);
    report.number("drain_s", "drained in, from the first presence",
                  static_cast<double>(pairs.lastArrival() - pairs.firstReceiverReady()) * 1e-6, "s");
    report.number("drain_with_login_s", "drained in, with the logins",
                  static_cast<double>(pairs.lastArrival() - begin) * 1e-6, "s");
    if (meter.measures()) {
        report.number("drain_cpu_ms_per_1000", "server CPU per 1,000 drained, with the logins",
                      (meter.cpuSeconds() - cpuBefore) * 1e6 / std::max(delivered, 1.0), "ms");
    }
    return {};
}

} // namespace

Outcome runOffline(const Options &options)
{
    const std::uint64_t limit = raiseDescriptorLimit();
    const unsigned sockets = 2 * socketsOf(options.endpoint.wire);
    if (1UL * sockets * options.pairs + 32 > limit || options.messages < options.pairs) {
        return failed("--pairs takes at most " + std::to_string((limit - 32) / sockets) +
                      " and no more than --messages");
    }
    std::optional<Tally> tally(std::in_place, options.pairs, randomToken(6));
    if (options.phase == Phase::Drain) {
        tally = Tally::load(options.state);
        if (!tally) {
            return failed("'" + options.state + "' is not a file that --phase store wrote");
        }
    }
    const Meter meter(options.serverPids);
    Loop loop;
    QuotaPairs pairs(loop, options, meter, std::move(*tally));
    Report report;
    std::string failure;
    if (options.phase != Phase::Drain) {
        failure = store(pairs, options, meter, report);
    }
    if (options.phase == Phase::Store) {
        // Whatever ended the sending, the books hold what was accepted until then.
        const std::string unsaved = pairs.tally().save(options.state);
        failure = failure.empty() ? unsaved : failure;
    } else if (failure.empty() && pairs.failure().empty() && !Loop::interrupted()) {
        failure = drain(pairs, options, meter, report);
    }
    failure = failure.empty() ? pairs.failure() : failure;
    reportBooks(report, pairs.tally());
    if (Loop::interrupted()) {
        report.text("interrupted", "interrupted", "yes");
    }
    report.print(options.format, stdout);
    if (!failure.empty()) {
        return failed(failure);
    }
    const bool judged = options.failOnLoss && options.phase != Phase::Store;
    return judged && !isClean(pairs.tally()) ? Outcome::Loss : Outcome::Done;
}

} // namespace godwit::load
