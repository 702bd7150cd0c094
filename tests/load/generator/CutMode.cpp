// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Modes.h"
#include "QuotaPairs.h"

namespace godwit::load
{

namespace
{

/// First the receivers read, then they hang and are torn, then they are back as new sessions.
std::string play(Loop &loop, QuotaPairs &pairs, const Options &options)
{
    const LoginFigures receivers = pairs.receivers(options.resource);
    if (!receivers.complete()) {
        return receivers.firstFailure;
    }
    const LoginFigures senders = pairs.senders();
    if (!senders.complete()) {
        return senders.firstFailure;
    }
    const unsigned rest = options.messages / options.pairs - options.unread - options.away;
    (void)pairs.send(rest / 2);
    pairs.waitForDelivery(options.drain);
    pairs.hangReceivers();
    (void)pairs.send(options.unread);
    pairs.cutReceivers();
    pairs.startSending(options.away);
    (void)loop.runFor(seconds(options.returnAfter));
    const LoginFigures again = pairs.receivers(options.resource + (options.newResource ? "-again" : ""));
    if (!again.complete()) {
        return again.firstFailure;
    }
    (void)pairs.send(rest - rest / 2);
    pairs.waitForDelivery(options.drain);
    return pairs.failure();
}

} // namespace

Outcome runCut(const Options &options)
{
    const std::uint64_t limit = raiseDescriptorLimit();
    if (2UL * options.pairs + 32 > limit || options.messages / options.pairs < options.unread + options.away + 2) {
        return failed("--pairs takes at most " + std::to_string((limit - 32) / 2) +
                      ", and --messages has to leave each pair more than --unread and --away");
    }
    const Meter meter(options.serverPids);
    Loop loop;
    QuotaPairs pairs(loop, options, meter, Tally(options.pairs, randomToken(6)));
    const std::string failure = play(loop, pairs, options);
    Report report;
    reportBooks(report, pairs.tally());
    const Tally::Missing missing = pairs.tally().missing();
    report.count("undelivered", "accepted but not delivered", missing.lost + missing.bounced);
    if (Loop::interrupted()) {
        report.text("interrupted", "interrupted", "yes");
    }
    report.print(options.format, stdout);
    if (!failure.empty()) {
        return failed(failure);
    }
    return options.failOnLoss && !isClean(pairs.tally()) ? Outcome::Loss : Outcome::Done;
}

} // namespace godwit::load
