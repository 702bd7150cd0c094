// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Many schedules in several processes. A process of its own for each part, so that a schedule that ends in an assertion
// is one failure more and not the end of the run.
#pragma once

#include <cstdint>
#include <sys/types.h>
#include <vector>

namespace godwit::sim
{

class Runner
{
public:
    Runner(std::vector<std::uint64_t> seeds, unsigned jobs, bool stopAtFirst);
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
    };
    void work(unsigned worker);
    void start(unsigned worker);
    void onEnd(unsigned worker, int status);
    std::uint64_t sum(std::uint64_t Desk::*what) const;

    std::vector<std::uint64_t> m_seeds;
    unsigned m_jobs;
    bool m_stopAtFirst;
    Desk *m_desks;
    std::vector<pid_t> m_workers;
};

} // namespace godwit::sim
