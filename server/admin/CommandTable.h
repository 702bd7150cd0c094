// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The table behind Arguments.h. Private to the room.
#pragma once

#include "admin/Arguments.h"

namespace godwit::admin
{

struct OptionSpec {
    std::string_view name;  ///< "--config"
    std::string_view brief; ///< "-c", or empty
    std::string_view value; ///< what it takes ("FILE"); empty for none
    std::string_view words;
    /// Where the value goes.
    void (*take)(Arguments &, std::string_view value);
};

struct CommandSpec {
    Command command;
    std::string_view words;    ///< "user add"
    std::string_view operands; ///< "JID ID"; "[...]" ones may be left out
    std::string_view options;  ///< names of those it takes beside the common ones, each followed by a space
    std::string_view summary;
    std::string_view details;
};

/// Those that every command takes come first.
std::span<const OptionSpec> optionTable();
inline constexpr std::size_t commonOptions = 3;
std::span<const CommandSpec> commandTable();

} // namespace godwit::admin
