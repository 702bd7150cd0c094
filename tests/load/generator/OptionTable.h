// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The modes and options of the command line, as data.
#pragma once

#include "Options.h"

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::load
{

struct ModeEntry {
    Mode mode;
    unsigned bit; ///< in Option::modes
    std::string_view name;
    std::string_view what;
};

/// Applies a value to the options; the returned text says what is allowed when the value is not.
using Setter = std::function<std::string(Options &, const std::string &)>;

struct Option {
    std::string_view name;
    std::string_view value; ///< empty for a flag
    unsigned modes;
    std::string_view what;
    Setter set;
};

[[nodiscard]] const std::array<ModeEntry, 6> &modeTable();
[[nodiscard]] std::vector<Option> optionTable();

} // namespace godwit::load
