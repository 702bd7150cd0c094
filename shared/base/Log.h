// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Structured log lines: a level, a room, words, and fields. One line goes out in one write, so that threads do not mix.
// No body, password or token is ever given to it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace godwit::base
{

enum class LogLevel : unsigned char { Debug, Info, Warning, Error };

/// A named value of a log line. Values are quoted and escaped on output when they need it.
struct LogField {
    std::string_view name;
    std::string value;

    LogField(std::string_view fieldName, std::string_view text)
        : name(fieldName)
        , value(text)
    {
    }
    LogField(std::string_view fieldName, const char *text)
        : name(fieldName)
        , value(text)
    {
    }
    LogField(std::string_view fieldName, const std::string &text)
        : name(fieldName)
        , value(text)
    {
    }
    LogField(std::string_view fieldName, std::int64_t number)
        : name(fieldName)
        , value(std::to_string(number))
    {
    }
    LogField(std::string_view fieldName, std::uint64_t number)
        : name(fieldName)
        , value(std::to_string(number))
    {
    }
    LogField(std::string_view fieldName, int number)
        : name(fieldName)
        , value(std::to_string(number))
    {
    }
    LogField(std::string_view fieldName, unsigned number)
        : name(fieldName)
        , value(std::to_string(number))
    {
    }
};

/// Lines below `level` are dropped. Set once at start and on reload. Thread-safe.
void setLogLevel(LogLevel level);
bool logs(LogLevel level);

/// Writes "2026-11-23T22:11:00.123456Z warning net: words key=value ..." to standard error. Thread-safe.
void log(LogLevel level, std::string_view room, std::string_view words, std::initializer_list<LogField> fields = {});

} // namespace godwit::base
