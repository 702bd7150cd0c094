// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// What the modes share: bringing sessions up, writing messages, and the figures that every run ends with.
#pragma once

#include "Histogram.h"
#include "Loop.h"
#include "Meter.h"
#include "Options.h"
#include "Report.h"
#include "Scanner.h"
#include "Session.h"
#include "Tally.h"

#include <span>
#include <string>
#include <string_view>

namespace godwit::load
{

/// How a run ended: the exit status of the program.
enum class Outcome { Done = 0, Failed = 1, Usage = 2, Loss = 3 };

struct LoginFigures {
    std::size_t ready = 0;
    std::size_t failed = 0;
    double seconds = 0;
    double cpuSeconds = 0;    ///< of the server
    std::string firstFailure; ///< with the account it happened to
    Histogram times;
    [[nodiscard]] bool complete() const { return failed == 0; }
    void merge(const LoginFigures &later);
};

/// Logs all of them in, at most options.parallel at a time; ends early at the first failure or an interrupt.
[[nodiscard]] LoginFigures logIn(Loop &loop, std::span<Session *const> sessions, const Options &options,
                                 const Meter &meter);

/// The account's name for the n-th session of a run.
[[nodiscard]] Login loginNumber(const Options &options, unsigned number);

[[nodiscard]] std::string bareJid(std::string_view jid);

/// Writes chat messages of the size that was asked for.
class Composer
{
public:
    explicit Composer(const Options &options);
    /// The stanza; valid until the next call.
    [[nodiscard]] std::string_view message(std::string_view to, std::string_view id);

private:
    std::string m_body;
    bool m_originId;
    std::string m_text;
};

/// The stanza-id by this account (XEP-0359) in a message, or a null view.
[[nodiscard]] std::string_view stanzaIdBy(std::string_view message, std::string_view bareJid);

void reportLogins(Report &report, const LoginFigures &logins);
/// Accepted, delivered, lost, bounced, copies, doubled, order breaks.
void reportBooks(Report &report, const Tally &tally);
[[nodiscard]] bool isClean(const Tally &tally);

/// Prints `what` to stderr as the reason of a failed run.
Outcome failed(std::string_view what);

} // namespace godwit::load
