// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Loop.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <ctime>
#include <sys/epoll.h>
#include <unistd.h>

namespace godwit::load
{

namespace
{

volatile std::sig_atomic_t signalSeen = 0;

void onSignal(int number)
{
    signalSeen = 1;
    std::signal(number, SIG_DFL);
}

} // namespace

Micros now()
{
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<Micros>(t.tv_sec) * 1'000'000 + t.tv_nsec / 1000;
}

Loop::Loop()
    : m_epoll(epoll_create1(EPOLL_CLOEXEC))
{
}

Loop::~Loop()
{
    close(m_epoll);
}

void Loop::catchInterrupts()
{
    struct sigaction action = {};
    action.sa_handler = onSignal;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

bool Loop::interrupted()
{
    return signalSeen != 0;
}

void Loop::add(int fd, std::uint32_t events, Pollable *pollable)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = pollable;
    epoll_ctl(m_epoll, EPOLL_CTL_ADD, fd, &event);
}

void Loop::modify(int fd, std::uint32_t events, Pollable *pollable)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = pollable;
    epoll_ctl(m_epoll, EPOLL_CTL_MOD, fd, &event);
}

void Loop::remove(int fd)
{
    epoll_ctl(m_epoll, EPOLL_CTL_DEL, fd, nullptr);
}

void Loop::after(Micros delay, std::function<void()> call)
{
    m_timers.push(Timer{now() + delay, m_order++, std::move(call)});
}

void Loop::turn(Micros wait)
{
    if (!m_timers.empty()) {
        wait = std::min(wait, m_timers.top().due - now());
    }
    // Rounded up: a wait of 0 would spin until a timer that is 300 µs away.
    const int waitMs = wait <= 0 ? 0 : static_cast<int>((wait + 999) / 1000);
    // Few events a turn, so that what a turn writes does not wait long for its end.
    std::array<epoll_event, 64> events{};
    const int ready = epoll_wait(m_epoll, events.data(), static_cast<int>(events.size()), waitMs);
    for (int i = 0; i < ready; ++i) {
        const epoll_event &event = events[static_cast<std::size_t>(i)];
        static_cast<Pollable *>(event.data.ptr)->onEvents(event.events);
    }
    const Micros time = now();
    while (!m_timers.empty() && m_timers.top().due <= time) {
        const std::function<void()> call = m_timers.top().call;
        m_timers.pop();
        call();
    }
}

Loop::Ended Loop::runUntil(const std::function<bool()> &done, Micros timeout)
{
    const Micros deadline = now() + timeout;
    while (true) {
        const bool finished = done();
        // `done` may have written too, so the flush comes after it.
        // A flush may make others write, so the list may grow.
        std::size_t flushed = 0;
        while (flushed < m_dirty.size()) {
            m_dirty[flushed++]->onFlush();
        }
        m_dirty.clear();
        if (finished) {
            return Ended::Done;
        }
        if (interrupted()) {
            return Ended::Interrupted;
        }
        const Micros left = deadline - now();
        if (left <= 0) {
            return Ended::Timeout;
        }
        turn(std::min<Micros>(left, 100'000));
    }
}

Loop::Ended Loop::runFor(Micros duration, const std::function<void()> &each)
{
    const Micros deadline = now() + duration;
    // A timer that re-arms itself bounds the length of a turn while the load is paced.
    struct Tick {
        Loop &loop;
        Micros deadline;
        void operator()() const
        {
            if (now() < deadline) {
                loop.after(1000, *this);
            }
        }
    };
    if (each) {
        Tick{*this, deadline}();
    }
    return runUntil(
        [&] {
            if (each) {
                each();
            }
            return now() >= deadline;
        },
        duration + 1000);
}

} // namespace godwit::load
