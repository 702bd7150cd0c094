// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The CPU time of several ways to do one thing, fit to be compared: they take turns, in rounds that are short, and of
// each the best round counts. What else the machine does makes rounds longer, never shorter, and meets all ways alike.
#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

namespace godwit::load
{

class BestRounds
{
public:
    /// Gives its place in the result. A round must do the same each time.
    std::size_t add(std::function<void()> round)
    {
        m_rounds.push_back(std::move(round));
        return m_rounds.size() - 1;
    }

    /// The seconds of each way's best round out of `turns`.
    [[nodiscard]] std::vector<double> run(std::size_t turns) const
    {
        std::vector<double> best(m_rounds.size(), std::numeric_limits<double>::infinity());
        for (std::size_t turn = 0; turn < turns; ++turn) {
            for (std::size_t i = 0; i < m_rounds.size(); ++i) {
                const double begin = cpuSeconds();
                m_rounds[i]();
                best[i] = std::min(best[i], cpuSeconds() - begin);
            }
        }
        return best;
    }

private:
    static double cpuSeconds()
    {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
    }

    std::vector<std::function<void()>> m_rounds;
};

} // namespace godwit::load
