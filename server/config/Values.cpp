// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "config/Values.h"

#include "base/Number.h"
#include "jid/Jid.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <numeric>
#include <vector>

namespace godwit::config
{

namespace
{

struct TimeUnit {
    std::string_view name;
    std::int64_t micros;
};

/// The first of each size is the one that is printed.
constexpr TimeUnit timeUnits[] = {
    {"days", 86'400'000'000}, {"day", 86'400'000'000}, {"d", 86'400'000'000},
    {"h", 3'600'000'000},     {"hour", 3'600'000'000}, {"hours", 3'600'000'000},
    {"min", 60'000'000},      {"minute", 60'000'000},  {"minutes", 60'000'000},
    {"s", 1'000'000},         {"sec", 1'000'000},      {"second", 1'000'000},
    {"seconds", 1'000'000},   {"ms", 1'000},           {"us", 1},
};

struct SizeUnit {
    std::string_view name;
    std::uint64_t bytes;
};

constexpr SizeUnit sizeUnits[] = {{"GiB", 1ULL << 30}, {"MiB", 1ULL << 20}, {"KiB", 1ULL << 10}, {"B", 1}};

/// A number and the word after it.
struct Measure {
    std::uint64_t number = 0;
    std::string_view unit;
};

std::optional<Measure> splitMeasure(std::string_view text)
{
    Measure measure;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), measure.number);
    if (error != std::errc()) {
        return std::nullopt;
    }
    measure.unit = text.substr(static_cast<std::size_t>(end - text.data()));
    while (!measure.unit.empty() && measure.unit.front() == ' ') {
        measure.unit.remove_prefix(1);
    }
    return measure;
}

bool isNumericHost(std::string_view host, bool bracketed)
{
    if (!bracketed && (host == "*" || host == "localhost")) {
        return true;
    }
    const std::string number(bracketed ? host.substr(0, host.find('%')) : host);
    in6_addr address{};
    return ::inet_pton(bracketed ? AF_INET6 : AF_INET, number.c_str(), &address) == 1;
}

} // namespace

std::string ListenAddress::text() const
{
    const std::string number = ":" + std::to_string(port);
    return host.find(':') == std::string::npos ? host + number : "[" + host + "]" + number;
}

std::optional<ListenAddress> parseListenAddress(std::string_view text)
{
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view host = text.substr(0, colon);
    const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) {
        host = host.substr(1, host.size() - 2);
    }
    const auto port = base::readNumber<std::uint16_t>(text.substr(colon + 1));
    if (!port || !isNumericHost(host, bracketed)) {
        return std::nullopt;
    }
    return ListenAddress{std::string(host), *port};
}

std::optional<base::Duration> parseDuration(std::string_view text)
{
    const auto measure = splitMeasure(text);
    if (!measure) {
        return std::nullopt;
    }
    const auto unit = std::ranges::find(timeUnits, measure->unit, &TimeUnit::name);
    if (unit == std::end(timeUnits) ||
        measure->number > static_cast<std::uint64_t>(INT64_MAX) / static_cast<std::uint64_t>(unit->micros)) {
        return std::nullopt;
    }
    return base::Duration(static_cast<std::int64_t>(measure->number) * unit->micros);
}

std::string formatDuration(base::Duration duration)
{
    const std::int64_t micros = duration.count();
    for (const TimeUnit &unit : timeUnits) {
        if (micros != 0 && micros % unit.micros == 0) {
            return std::to_string(micros / unit.micros) + " " + std::string(unit.name);
        }
    }
    return "0 s";
}

std::optional<std::uint64_t> parseNumber(std::string_view text, LimitUnit unit)
{
    const auto measure = splitMeasure(text);
    if (!measure) {
        return std::nullopt;
    }
    if (measure->unit.empty()) {
        return measure->number;
    }
    const auto size = std::ranges::find(sizeUnits, measure->unit, &SizeUnit::name);
    if (unit != LimitUnit::Bytes || size == std::end(sizeUnits) || measure->number > UINT64_MAX / size->bytes) {
        return std::nullopt;
    }
    return measure->number * size->bytes;
}

std::string formatNumber(std::uint64_t number, LimitUnit unit)
{
    if (unit == LimitUnit::Bytes && number != 0) {
        for (const SizeUnit &size : sizeUnits) {
            if (size.bytes > 1 && number % size.bytes == 0) {
                return std::to_string(number / size.bytes) + " " + std::string(size.name);
            }
        }
    }
    return std::to_string(number);
}

std::optional<std::string> prepareDomain(std::string_view text)
{
    const base::Result<jid::Jid> jid = jid::Jid::fromParts({}, text, {});
    return jid ? std::optional(jid->text()) : std::nullopt;
}

std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, diagonal + 1, changed});
        }
    }
    return row.back();
}

} // namespace godwit::config
