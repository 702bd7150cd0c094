// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Runner.h"

#include "Commit.h"
#include "World.h"
#include "base/Assert.h"

#include <chrono>
#include <cstdio>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace godwit::sim
{

Runner::Runner(std::vector<std::uint64_t> seeds, unsigned jobs, Until until, Demand demand)
    : m_seeds(std::move(seeds))
    , m_jobs(jobs)
    , m_until(until)
    , m_demand(demand)
    , m_workers(jobs)
{
    void *memory = mmap(nullptr, sizeof(Desk) * m_jobs, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    GW_ASSERT(memory != MAP_FAILED);
    m_desks = static_cast<Desk *>(memory);
    for (unsigned worker = 0; worker < m_jobs; ++worker) {
        m_desks[worker] = Desk{worker, 0, 0, false, {}};
    }
}

Runner::~Runner()
{
    munmap(m_desks, sizeof(Desk) * m_jobs);
}

std::uint64_t Runner::sum(std::uint64_t Desk::*what) const
{
    std::uint64_t total = 0;
    for (unsigned worker = 0; worker < m_jobs; ++worker) {
        total += m_desks[worker].*what;
    }
    return total;
}

void Runner::work(unsigned worker)
{
    Desk &desk = m_desks[worker];
    while (desk.next < m_seeds.size() && !(m_until == Until::FirstFailure && sum(&Desk::failed) > 0)) {
        const std::uint64_t seed = m_seeds[desk.next];
        World world(seed, false);
        const Outcome outcome = world.run();
        desk.coverage.add(outcome.coverage);
        if (!outcome.ok) {
            ++desk.failed;
            std::printf("FAIL sim --seed %llu --commit %s  %s\n", static_cast<unsigned long long>(seed), commit,
                        outcome.failure.c_str());
            std::fflush(stdout);
        }
        ++desk.done;
        desk.next += m_jobs;
    }
    desk.finished = true;
}

void Runner::start(unsigned worker)
{
    std::fflush(stdout);
    const pid_t child = fork();
    GW_ASSERT(child >= 0);
    if (child == 0) {
        work(worker);
        _exit(0);
    }
    m_workers[worker] = child;
}

void Runner::onEnd(unsigned worker, int status)
{
    Desk &desk = m_desks[worker];
    if (desk.finished) {
        return;
    }
    ++desk.failed;
    ++desk.done;
    std::printf("FAIL sim --seed %llu --commit %s  the process died (status %d)\n",
                static_cast<unsigned long long>(m_seeds[desk.next]), commit, status);
    desk.next += m_jobs;
    start(worker);
}

bool Runner::printCoverage() const
{
    Coverage all;
    for (unsigned worker = 0; worker < m_jobs; ++worker) {
        all.add(m_desks[worker].coverage);
    }
    bool complete = true;
    for (std::size_t i = 0; i < eventCount; ++i) {
        const auto event = static_cast<Event>(i);
        const std::string_view words = wordsOf(event);
        std::printf("%12llu  %.*s\n", static_cast<unsigned long long>(all.count(event)), static_cast<int>(words.size()),
                    words.data());
        complete = complete && all.count(event) > 0;
    }
    return complete;
}

int Runner::run()
{
    const auto begin = std::chrono::steady_clock::now();
    for (unsigned worker = 0; worker < m_jobs; ++worker) {
        start(worker);
    }
    unsigned running = m_jobs;
    while (running > 0) {
        int status = 0;
        const pid_t ended = wait(&status);
        for (unsigned worker = 0; worker < m_jobs; ++worker) {
            if (m_workers[worker] == ended) {
                m_workers[worker] = 0;
                onEnd(worker, status);
                running -= m_workers[worker] == 0 ? 1 : 0;
            }
        }
    }
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const bool complete = printCoverage();
    if (!complete && m_demand == Demand::EveryEvent) {
        std::printf("FAIL something above never happened: these schedules do not show what they are to show\n");
    }
    rusage used{};
    getrusage(RUSAGE_CHILDREN, &used);
    const double cpu = static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                       static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    const std::uint64_t done = sum(&Desk::done);
    std::printf("%llu schedules, %llu failed, %.1f s, %.2f ms CPU each\n", static_cast<unsigned long long>(done),
                static_cast<unsigned long long>(sum(&Desk::failed)), took,
                cpu * 1000 / static_cast<double>(std::max<std::uint64_t>(1, done)));
    return sum(&Desk::failed) == 0 && (complete || m_demand == Demand::Nothing) ? 0 : 1;
}

} // namespace godwit::sim
