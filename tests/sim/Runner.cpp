// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Runner.h"

#include "World.h"
#include "base/Assert.h"

#include <chrono>
#include <cstdio>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace godwit::sim
{

Runner::Runner(std::vector<std::uint64_t> seeds, unsigned jobs, bool stopAtFirst)
    : m_seeds(std::move(seeds))
    , m_jobs(jobs)
    , m_stopAtFirst(stopAtFirst)
    , m_workers(jobs)
{
    void *memory = mmap(nullptr, sizeof(Desk) * m_jobs, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    GW_ASSERT(memory != MAP_FAILED);
    m_desks = static_cast<Desk *>(memory);
    for (unsigned worker = 0; worker < m_jobs; ++worker) {
        m_desks[worker] = Desk{worker, 0, 0, false};
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
    while (desk.next < m_seeds.size() && !(m_stopAtFirst && sum(&Desk::failed) > 0)) {
        const std::uint64_t seed = m_seeds[desk.next];
        World world(seed, false);
        const Outcome outcome = world.run();
        if (!outcome.ok) {
            ++desk.failed;
            std::printf("FAIL sim --seed %llu  %s\n", static_cast<unsigned long long>(seed), outcome.failure.c_str());
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
    std::printf("FAIL sim --seed %llu  the process died (status %d)\n",
                static_cast<unsigned long long>(m_seeds[desk.next]), status);
    desk.next += m_jobs;
    start(worker);
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
    std::printf("%llu schedules, %llu failed, %.1f s, %.2f ms each\n",
                static_cast<unsigned long long>(sum(&Desk::done)), static_cast<unsigned long long>(sum(&Desk::failed)),
                took, took * 1000 * m_jobs / static_cast<double>(std::max<std::uint64_t>(1, sum(&Desk::done))));
    return sum(&Desk::failed) == 0 ? 0 : 1;
}

} // namespace godwit::sim
