// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The command line. One table names every command with its operands, options and help, so that parsing, --help and the
// words of errors cannot differ.
#pragma once

#include "base/Result.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::admin
{

enum class Command : std::uint8_t {
    Serve,
    Init,
    UserAdd,
    UserPassword,
    UserRemove,
    UserList,
    UserImport,
    Status,
    Check,
    Trace,
    Config,
    Help,
    Version,
};

/// What the command line asks for.
struct Arguments {
    Command command = Command::Help;
    std::vector<std::string> operands; ///< as many as the command wants; for Help the words of a command
    std::optional<std::string> configFile;
    std::optional<std::string> folder;       ///< --dir
    std::optional<std::string> passwordFile; ///< --password-file
    bool yes = false;
    bool replace = false;
};

/// The exit statuses of every command.
enum class Exit : std::uint8_t { Done = 0, Failed = 1, Usage = 2, NotRunning = 3 };

/// `words` is the command line without the program's name. InvalidInput, in a sentence that says what is wrong and
/// which help to read.
base::Result<Arguments> parseArguments(std::span<const std::string_view> words);

/// The help of godwitd, or of one command ("user add"), or of a group ("user"). NotFound when there is none such.
base::Result<std::string> helpText(std::string_view command);

} // namespace godwit::admin
