// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What every part of a simulated world shares: the virtual clock with what is to happen, the dice, and the report.
#pragma once

#include "Coverage.h"
#include "Options.h"
#include "base/Clock.h"
#include "base/Random.h"

#include <functional>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::sim
{

using base::Duration;

/// Things to come, in the order of their time and, within one time, of their asking.
class Timeline
{
public:
    using Task = std::function<void()>;

    void after(Duration delay, Task task);
    void at(base::Instant when, Task task);
    /// Moves the clock to the next thing and does it; false when nothing is left.
    bool step();
    base::Instant now() const { return m_clock.now(); }
    const base::Clock &clock() const noexcept { return m_clock; }

private:
    struct Entry {
        base::Instant when;
        std::uint64_t order = 0;
        mutable Task task; ///< moved out of the queue's top
        bool operator>(const Entry &other) const
        {
            return when != other.when ? when > other.when : order > other.order;
        }
    };
    base::ManualClock m_clock;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> m_entries;
    std::uint64_t m_order = 0;
};

/// What went wrong, and the story that led there. Only the first violation counts: what follows is its consequence.
class Report
{
public:
    Report(const base::Clock &clock, bool tracing)
        : m_clock(clock)
        , m_tracing(tracing)
    {
    }

    bool failed() const noexcept { return !m_failure.empty(); }
    const std::string &failure() const noexcept { return m_failure; }
    const std::vector<std::string> &lines() const noexcept { return m_lines; }

    /// `rule` names the sentence of DELIVERY.md that was broken.
    void fail(std::string_view rule, const std::string &what);

    template <class... Parts>
    void note(const Parts &...parts)
    {
        if (m_tracing) {
            std::string line;
            (append(line, parts), ...);
            add(std::move(line));
        }
    }

private:
    static void append(std::string &line, std::string_view part) { line += part; }
    static void append(std::string &line, std::uint64_t number) { line += std::to_string(number); }
    static void append(std::string &line, unsigned number) { line += std::to_string(number); }
    static void append(std::string &line, int number) { line += std::to_string(number); }
    void add(std::string &&line);

    const base::Clock &m_clock;
    bool m_tracing;
    std::string m_failure;
    std::vector<std::string> m_lines;
};

struct Stage {
    Stage(std::uint64_t seed, bool tracing)
        : dice(seed * 0x9e37'79b9'7f4a'7c15u + 1)
        , report(timeline.clock(), tracing)
        , options(drawOptions(dice))
        , extraDice(seed * 0xd134'2543'de82'ef95u + 1)
    {
        drawExtras(options, extraDice);
    }

    void saw(Event event, std::uint64_t times = 1) { coverage.saw(event, times); }
    /// A count of XEP-0198 as the number of stanzas since it began.
    std::uint32_t counted(std::uint32_t h) const { return h - options.session.countFrom; }

    bool chance(unsigned percent) { return dice.below(100) < percent; }
    bool extraChance(unsigned percent) { return extraDice.below(100) < percent; }
    /// In [low, high].
    std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + dice.below(high - low + 1); }
    Duration delay(Duration low, Duration high)
    {
        return Duration(between(static_cast<std::uint64_t>(low.count()), static_cast<std::uint64_t>(high.count())));
    }

    /// Every read of the log is answered within a moment.
    bool readsPromptly() const
    {
        const bool always = options.readFailPercent == 0 && !options.slowReads;
        return always || (!faults && timeline.now() >= calmSince + std::chrono::seconds(10));
    }

    Timeline timeline;
    base::SeededRandom dice;
    Report report;
    Options options;
    base::SeededRandom extraDice; ///< of what drawExtras() switches on
    Coverage coverage;
    base::Instant calmSince{};
    bool faults = true; ///< false in the last part of a schedule: the world is kind and everything must come through
};

} // namespace godwit::sim
