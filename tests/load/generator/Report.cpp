// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Report.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace godwit::load
{

namespace
{

std::string printed(int decimals, double value)
{
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    return {text.data(), static_cast<std::size_t>(length)};
}

/// Three significant digits or more, without a tail of zeros.
std::string shownNumber(double value)
{
    const double size = std::fabs(value);
    if (size >= 100 || value == 0) {
        return printed(0, value);
    }
    return printed(size >= 10 ? 1 : size >= 1 ? 2 : 4, value);
}

} // namespace

std::string jsonString(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += ' ';
        } else {
            out += c;
        }
    }
    return out + '"';
}

void Report::number(std::string_view key, std::string_view label, double value, std::string_view unit)
{
    const double finite = std::isfinite(value) ? value : 0.0;
    std::string shown = shownNumber(finite);
    if (!unit.empty()) {
        shown += " " + std::string(unit);
    }
    m_lines.push_back({std::string(key), std::string(label), shown, printed(6, finite)});
}

void Report::count(std::string_view key, std::string_view label, std::uint64_t value)
{
    m_lines.push_back({std::string(key), std::string(label), std::to_string(value), std::to_string(value)});
}

void Report::text(std::string_view key, std::string_view label, std::string_view value)
{
    m_lines.push_back({std::string(key), std::string(label), std::string(value), jsonString(value)});
}

void Report::latency(std::string_view key, std::string_view label, const Histogram &histogram)
{
    if (histogram.count() == 0) {
        return;
    }
    struct Point {
        const char *name;
        std::uint64_t value;
    };
    const std::array<Point, 4> points{{{"p50", histogram.percentile(50)},
                                       {"p90", histogram.percentile(90)},
                                       {"p99", histogram.percentile(99)},
                                       {"max", histogram.max()}}};
    for (const Point &point : points) {
        number(std::string(key) + "_" + point.name + "_ms", std::string(label) + " " + point.name,
               static_cast<double>(point.value) / 1000.0, "ms");
    }
}

void Report::list(std::string_view key, std::string_view label, const std::vector<double> &values)
{
    std::string shown;
    std::string json = "[";
    for (const double value : values) {
        shown += (shown.empty() ? "" : ", ") + shownNumber(value);
        json += (json.size() == 1 ? "" : ", ") + printed(6, value);
    }
    m_lines.push_back({std::string(key), std::string(label), shown, json + "]"});
}

void Report::print(Format format, std::FILE *to) const
{
    if (format == Format::Json) {
        std::fputs("{", to);
        for (std::size_t i = 0; i < m_lines.size(); ++i) {
            std::fprintf(to, "%s%s: %s", i == 0 ? "" : ", ", jsonString(m_lines[i].key).c_str(),
                         m_lines[i].json.c_str());
        }
        std::fputs("}\n", to);
        return;
    }
    std::size_t width = 0;
    for (const Line &line : m_lines) {
        width = std::max(width, line.label.size());
    }
    for (const Line &line : m_lines) {
        std::fprintf(to, "%-*s  %s\n", static_cast<int>(width), line.label.c_str(), line.shown.c_str());
    }
}

} // namespace godwit::load
