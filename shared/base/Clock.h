// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Time as an input. Core rooms never ask the operating system what time it is; they are given a Clock, which is the
// system's in the server and a number that the test moves in tests and in the simulator.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace godwit::base
{

using Duration = std::chrono::microseconds;

struct MonotonicTag {
    using duration = Duration;
    using rep = Duration::rep;
    using period = Duration::period;
    using time_point = std::chrono::time_point<MonotonicTag, Duration>;
    static constexpr bool is_steady = true;
};
/// A point on a clock that never goes back; only differences mean something.
using Instant = MonotonicTag::time_point;
/// Microseconds since 1970 in UTC.
using WallTime = std::chrono::sys_time<Duration>;

class Clock
{
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
    virtual WallTime wall() const = 0;
};

/// CLOCK_MONOTONIC and CLOCK_REALTIME. Thread-safe.
class SystemClock final : public Clock
{
public:
    Instant now() const override;
    WallTime wall() const override;
};

/// A clock that stands still until it is moved; for tests and the simulator.
class ManualClock final : public Clock
{
public:
    explicit ManualClock(WallTime start = WallTime(std::chrono::seconds(1'700'000'000)))
        : m_start(start)
    {
    }
    Instant now() const override { return Instant(m_passed); }
    WallTime wall() const override { return m_start + m_passed; }
    void advance(Duration step) { m_passed += step; }

private:
    WallTime m_start;
    Duration m_passed{1'000'000};
};

/// XEP-0082 DateTime in UTC with microseconds only when they are not zero: "2026-11-23T22:11:00Z",
/// "2026-11-23T22:11:00.000125Z".
std::string formatDateTime(WallTime time);
/// Reads a XEP-0082 DateTime in any offset; returns false and leaves `time` alone when it is not one.
bool parseDateTime(std::string_view text, WallTime &time);

} // namespace godwit::base
