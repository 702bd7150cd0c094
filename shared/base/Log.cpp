// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "base/Log.h"

#include "base/Clock.h"

#include <unistd.h>

#include <atomic>

namespace godwit::base
{

namespace
{

std::atomic<LogLevel> lowest{LogLevel::Info};

std::string_view levelName(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return "debug";
    case LogLevel::Info:
        return "info";
    case LogLevel::Warning:
        return "warning";
    case LogLevel::Error:
        return "error";
    }
    return "error";
}

void appendValue(std::string &line, std::string_view value)
{
    const bool plain = !value.empty() && value.find_first_of(" \"=\\") == std::string_view::npos &&
                       value.find_first_of("\n\r\t") == std::string_view::npos;
    if (plain) {
        line += value;
        return;
    }
    line += '"';
    for (const char letter : value) {
        if (letter == '"' || letter == '\\') {
            line += '\\';
            line += letter;
        } else if (static_cast<unsigned char>(letter) < 0x20) {
            constexpr std::string_view digits = "0123456789abcdef";
            line += "\\x";
            line += digits[static_cast<unsigned char>(letter) >> 4];
            line += digits[static_cast<unsigned char>(letter) & 15];
        } else {
            line += letter;
        }
    }
    line += '"';
}

} // namespace

void setLogLevel(LogLevel level)
{
    lowest.store(level, std::memory_order_relaxed);
}

bool logs(LogLevel level)
{
    return level >= lowest.load(std::memory_order_relaxed);
}

void log(LogLevel level, std::string_view room, std::string_view words, std::initializer_list<LogField> fields)
{
    if (!logs(level)) {
        return;
    }
    std::string line = formatDateTime(SystemClock().wall());
    line += ' ';
    line += levelName(level);
    line += ' ';
    line += room;
    line += ": ";
    line += words;
    for (const LogField &field : fields) {
        line += ' ';
        line += field.name;
        line += '=';
        appendValue(line, field.value);
    }
    line += '\n';
    // A log that cannot be written has nowhere to be reported.
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
}

} // namespace godwit::base
