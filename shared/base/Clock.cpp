// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "base/Clock.h"

#include <charconv>
#include <cstdio>
#include <ctime>

namespace godwit::base
{

namespace
{

Duration read(clockid_t id)
{
    timespec spec{};
    clock_gettime(id, &spec);
    return std::chrono::duration_cast<Duration>(std::chrono::seconds(spec.tv_sec) +
                                                std::chrono::nanoseconds(spec.tv_nsec));
}

/// Takes `digits` digits from the front of `text`, or -1 when they are not there.
int takeNumber(std::string_view &text, std::size_t digits)
{
    if (text.size() < digits) {
        return -1;
    }
    const std::string_view taken = text.substr(0, digits);
    int number = 0;
    const auto [end, error] = std::from_chars(taken.data(), taken.data() + taken.size(), number);
    if (error != std::errc() || end != taken.data() + taken.size() || number < 0) {
        return -1;
    }
    text.remove_prefix(digits);
    return number;
}

bool takeChar(std::string_view &text, char wanted)
{
    if (text.empty() || text.front() != wanted) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

/// The part after the point, as microseconds; longer fractions are cut. Returns false when no digit follows.
bool takeFraction(std::string_view &text, Duration &fraction)
{
    std::int64_t micros = 0;
    std::int64_t unit = 100'000;
    std::size_t used = 0;
    while (used < text.size() && text[used] >= '0' && text[used] <= '9') {
        micros += (text[used] - '0') * unit;
        unit /= 10;
        ++used;
    }
    text.remove_prefix(used);
    fraction = Duration(micros);
    return used > 0;
}

bool takeOffset(std::string_view &text, std::chrono::minutes &offset)
{
    if (takeChar(text, 'Z')) {
        offset = std::chrono::minutes(0);
        return true;
    }
    const bool negative = !text.empty() && text.front() == '-';
    if (!takeChar(text, '+') && !takeChar(text, '-')) {
        return false;
    }
    const int hours = takeNumber(text, 2);
    if (hours < 0 || !takeChar(text, ':')) {
        return false;
    }
    const int minutes = takeNumber(text, 2);
    if (minutes < 0 || minutes > 59 || hours > 14) {
        return false;
    }
    offset = std::chrono::minutes((negative ? -1 : 1) * (hours * 60 + minutes));
    return true;
}

} // namespace

Instant SystemClock::now() const
{
    return Instant(read(CLOCK_MONOTONIC));
}

WallTime SystemClock::wall() const
{
    return WallTime(read(CLOCK_REALTIME));
}

std::string formatDateTime(WallTime time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss<Duration> clock(time - day);
    char text[64];
    int length = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                               static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                               static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                               static_cast<int>(clock.seconds().count()));
    const auto micros = static_cast<int>(clock.subseconds().count());
    if (micros != 0) {
        length += std::snprintf(text + length, sizeof text - static_cast<std::size_t>(length), ".%06d", micros);
    }
    return std::string(text, static_cast<std::size_t>(length)) + 'Z';
}

bool parseDateTime(std::string_view text, WallTime &time)
{
    const int year = takeNumber(text, 4);
    if (year < 0 || !takeChar(text, '-')) {
        return false;
    }
    const int month = takeNumber(text, 2);
    if (month < 0 || !takeChar(text, '-')) {
        return false;
    }
    const int day = takeNumber(text, 2);
    if (day < 0 || !takeChar(text, 'T')) {
        return false;
    }
    const int hour = takeNumber(text, 2);
    if (hour < 0 || hour > 23 || !takeChar(text, ':')) {
        return false;
    }
    const int minute = takeNumber(text, 2);
    if (minute < 0 || minute > 59 || !takeChar(text, ':')) {
        return false;
    }
    const int second = takeNumber(text, 2);
    Duration fraction{0};
    std::chrono::minutes offset{0};
    if (second < 0 || second > 60 || (takeChar(text, '.') && !takeFraction(text, fraction)) ||
        !takeOffset(text, offset) || !text.empty()) {
        return false;
    }
    const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day)));
    if (!date.ok()) {
        return false;
    }
    time = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second) + fraction - offset;
    return true;
}

} // namespace godwit::base
