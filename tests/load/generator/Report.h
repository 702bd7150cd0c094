// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The figures of a run, printed as a table for people or as one JSON object for scripts.
#pragma once

#include "Histogram.h"

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::load
{

enum class Format { Table, Json };

class Report
{
public:
    /// `key` names the figure in JSON, `label` in the table; `unit` is printed behind the value in the table only.
    void number(std::string_view key, std::string_view label, double value, std::string_view unit = {});
    void count(std::string_view key, std::string_view label, std::uint64_t value);
    void text(std::string_view key, std::string_view label, std::string_view value);
    /// p50, p90, p99 and max in milliseconds under key_p50_ms and so on; nothing when the histogram is empty.
    void latency(std::string_view key, std::string_view label, const Histogram &histogram);
    /// Several numbers as one JSON list and one line of the table.
    void list(std::string_view key, std::string_view label, const std::vector<double> &values);

    void print(Format format, std::FILE *to) const;

private:
    struct Line {
        std::string key;
        std::string label;
        std::string shown;
        std::string json;
    };
    std::vector<Line> m_lines;
};

/// The text as a JSON string with its quotes.
[[nodiscard]] std::string jsonString(std::string_view text);

} // namespace godwit::load
