// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// One thread's epoll set, timers and end-of-turn flush. A turn handles what epoll has ready, then due timers, then
// sends what the turn has written: one send per connection and turn.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace godwit::load
{

/// Microseconds of CLOCK_MONOTONIC.
using Micros = std::int64_t;
[[nodiscard]] Micros now();

constexpr Micros seconds(double s)
{
    return static_cast<Micros>(s * 1e6);
}

/// What the loop calls. It must outlive its registration.
class Pollable
{
public:
    virtual ~Pollable() = default;
    virtual void onEvents(std::uint32_t events) = 0;
    virtual void onFlush() = 0;
};

class Loop
{
public:
    Loop();
    ~Loop();
    Loop(const Loop &) = delete;
    Loop &operator=(const Loop &) = delete;

    void add(int fd, std::uint32_t events, Pollable *pollable);
    void modify(int fd, std::uint32_t events, Pollable *pollable);
    void remove(int fd);

    /// Calls onFlush once at the end of this turn.
    void flushLater(Pollable *pollable) { m_dirty.push_back(pollable); }

    void after(Micros delay, std::function<void()> call);

    enum class Ended { Done, Timeout, Interrupted };
    /// Turns until `done` says so (asked once a turn), the time is over, or SIGINT or SIGTERM came.
    Ended runUntil(const std::function<bool()> &done, Micros timeout);

    /// Turns for that long; `each` is called once a turn, and a turn lasts a millisecond at most.
    Ended runFor(Micros duration, const std::function<void()> &each = {});

    /// SIGINT or SIGTERM came in this process. The first one asks for the report; the second kills as usual.
    [[nodiscard]] static bool interrupted();
    static void catchInterrupts();

private:
    struct Timer {
        Micros due;
        std::uint64_t order;
        std::function<void()> call;
        bool operator<(const Timer &other) const { return due != other.due ? due > other.due : order > other.order; }
    };

    void turn(Micros wait);

    int m_epoll;
    std::uint64_t m_order = 0;
    std::priority_queue<Timer> m_timers;
    std::vector<Pollable *> m_dirty;
};

} // namespace godwit::load
