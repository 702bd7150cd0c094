// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Many schedules in several processes. A process of its own for each part, so that a schedule that ends in an assertion
// is one failure more and not the end of the run.
#pragma once

#include "Coverage.h"

#include <cstdint>
#include <sys/types.h>
#include <vector>

namespace godwit::sim
{

class Runner
{
public:
    enum class Until : std::uint8_t { TheEnd, FirstFailure };
    /// Whether each kind of event must have happened at least once.
    enum class Demand : std::uint8_t { Nothing, EveryEvent };
    Runner(std::vector<std::uint64_t> seeds, unsigned jobs, Until until, Demand demand);
    ~Runner();
    Runner(const Runner &) = delete;
    Runner &operator=(const Runner &) = delete;

    /// Prints progress and failures; the exit status.
    int run();

private:
    /// What a worker tells the others: lies in memory that they share.
    struct Desk {
        std::size_t next; ///< the next seed of this worker, as a place in the list
        std::uint64_t done;
        std::uint64_t failed;
        bool finished;
        Coverage coverage;
    };
    void work(unsigned worker);
    void start(unsigned worker);
    void onEnd(unsigned worker, int status);
    std::uint64_t sum(std::uint64_t Desk::*what) const;
    /// Prints how often each kind of event happened; false when one never did.
    bool printCoverage() const;

    std::vector<std::uint64_t> m_seeds;
    unsigned m_jobs;
    Until m_until;
    Demand m_demand;
    Desk *m_desks;
    std::vector<pid_t> m_workers;
};

} // namespace godwit::sim
