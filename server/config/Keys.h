// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The table behind the configuration: one row a key. Reading, checking, the printed defaults and the words of errors
// all come from it. Private to the room.
#pragma once

#include "config/Config.h"

#include <span>
#include <variant>

namespace godwit::config
{

struct BoolKey {
    bool &(*at)(Config &);
};

/// A text, or one of a few words.
struct TextKey {
    std::string &(*at)(Config &);
    bool (*valid)(std::string_view);
    std::string_view allowed;
};

struct TextListKey {
    std::vector<std::string> &(*at)(Config &);
    bool (*valid)(std::string_view);
    std::string_view allowed;
};

struct ListenKey {
    std::vector<ListenAddress> &(*at)(Config &);
};

struct NumberKey {
    std::uint64_t &(*at)(Config &);
    std::uint64_t least;
    std::uint64_t most;
};

struct TimeKey {
    base::Duration &(*at)(Config &);
    base::Duration least;
    base::Duration most;
};

struct LevelKey {
    base::LogLevel &(*at)(Config &);
};

using KeyKind = std::variant<BoolKey, TextKey, TextListKey, ListenKey, NumberKey, TimeKey, LevelKey>;

struct KeySpec {
    std::string_view section; ///< empty: before all sections
    std::string_view name;
    KeyKind kind;
    std::string_view words;
};

/// All keys but those of [limits], which has a table of its own (limitTable()).
std::span<const KeySpec> keyTable();

/// The sections in the order of the file, [limits] last, with a line on each.
struct SectionSpec {
    std::string_view name;
    std::string_view words;
};
std::span<const SectionSpec> sectionTable();

/// The names of log levels as the configuration has them.
struct LevelName {
    std::string_view name;
    base::LogLevel level;
};
std::span<const LevelName> levelNames();

} // namespace godwit::config
