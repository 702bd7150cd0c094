// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// XEP-0082 §3.2 in one spelling of the many: UTC written Z, capital letters, no leap seconds, from 1970 to 9999. Other
// spellings stay text.

#include "compact/Forms.h"
#include "compact/Limits.h"

namespace godwit::compact
{

namespace
{

constexpr std::string_view pattern = "dddd-dd-ddTdd:dd:dd";
constexpr std::uint64_t secondsPerDay = 86'400;

bool isDigit(char character)
{
    return character >= '0' && character <= '9';
}

unsigned number(std::string_view digits)
{
    unsigned value = 0;
    for (const char digit : digits) {
        value = value * 10 + static_cast<unsigned>(digit - '0');
    }
    return value;
}

bool isLeap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

unsigned daysIn(unsigned month, unsigned year)
{
    constexpr unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && isLeap(year) ? 29 : days[month - 1];
}

/// Days from 1970-01-01 to the first of January.
std::uint64_t daysBefore(unsigned year)
{
    const std::uint64_t last = year - 1;
    constexpr std::uint64_t before1970 = std::uint64_t{1969} * 365 + 1969 / 4 - 1969 / 100 + 1969 / 400;
    return last * 365 + last / 4 - last / 100 + last / 400 - before1970;
}

void appendPadded(std::string &text, std::uint64_t value, unsigned width)
{
    char digits[20];
    for (unsigned i = width; i-- > 0;) {
        digits[i] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
    text.append(digits, width);
}

std::uint64_t powerOfTen(unsigned exponent)
{
    std::uint64_t power = 1;
    while (exponent-- > 0) {
        power *= 10;
    }
    return power;
}

} // namespace

std::optional<Instant> instantOf(std::string_view text)
{
    if (text.size() <= pattern.size() || text.back() != 'Z') {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == 'd' ? !isDigit(text[i]) : text[i] != pattern[i]) {
            return std::nullopt;
        }
    }
    const unsigned year = number(text.substr(0, 4));
    const unsigned month = number(text.substr(5, 2));
    const unsigned day = number(text.substr(8, 2));
    const unsigned hour = number(text.substr(11, 2));
    const unsigned minute = number(text.substr(14, 2));
    const unsigned second = number(text.substr(17, 2));
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysIn(month, year) || hour > 23 || minute > 59 ||
        second > 59) {
        return std::nullopt;
    }
    std::uint64_t days = daysBefore(year) + day - 1;
    for (unsigned m = 1; m < month; ++m) {
        days += daysIn(m, year);
    }
    Instant instant{days * secondsPerDay + hour * 3'600u + minute * 60u + second, 0};
    std::string_view fraction = text.substr(pattern.size(), text.size() - pattern.size() - 1);
    if (fraction.empty()) {
        return instant;
    }
    if (fraction.front() != '.' || fraction.size() < 2 || fraction.size() > 1 + fractionDigitsMax) {
        return std::nullopt;
    }
    for (const char digit : fraction.substr(1)) {
        if (!isDigit(digit)) {
            return std::nullopt;
        }
        instant.count = instant.count * 10 + static_cast<unsigned>(digit - '0');
        ++instant.digits;
    }
    return instant.count <= unsignedMax ? std::optional(instant) : std::nullopt;
}

bool appendInstant(std::string &text, Instant instant)
{
    if (instant.digits > fractionDigitsMax) {
        return false;
    }
    const std::uint64_t scale = powerOfTen(instant.digits);
    const std::uint64_t seconds = instant.count / scale;
    if (seconds > secondsMax) {
        return false;
    }
    std::uint64_t days = seconds / secondsPerDay;
    const std::uint64_t inDay = seconds % secondsPerDay;
    auto year = static_cast<unsigned>(1970 + days / 366);
    while (daysBefore(year + 1) <= days) {
        ++year;
    }
    days -= daysBefore(year);
    unsigned month = 1;
    while (days >= daysIn(month, year)) {
        days -= daysIn(month, year);
        ++month;
    }
    appendPadded(text, year, 4);
    text += '-';
    appendPadded(text, month, 2);
    text += '-';
    appendPadded(text, days + 1, 2);
    text += 'T';
    appendPadded(text, inDay / 3'600, 2);
    text += ':';
    appendPadded(text, inDay / 60 % 60, 2);
    text += ':';
    appendPadded(text, inDay % 60, 2);
    if (instant.digits > 0) {
        text += '.';
        appendPadded(text, instant.count % scale, instant.digits);
    }
    text += 'Z';
    return true;
}

} // namespace godwit::compact
