// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/Arguments.h"

#include "admin/CommandTable.h"
#include "config/Values.h"

#include <algorithm>

namespace godwit::admin
{

namespace
{

using base::Error;
using base::ErrorCode;

Error usage(std::string words, std::string_view help = {})
{
    words += "; \"godwitd help";
    words += (help.empty() ? "" : " ") + std::string(help) + "\" says how";
    return Error(ErrorCode::InvalidInput, std::move(words));
}

const OptionSpec *findOption(std::string_view name)
{
    const auto found = std::ranges::find_if(optionTable(), [name](const OptionSpec &option) {
        return name == option.name || (!option.brief.empty() && name == option.brief);
    });
    return found == optionTable().end() ? nullptr : &*found;
}

bool isGroup(std::string_view word)
{
    return std::ranges::any_of(commandTable(), [word](const CommandSpec &command) {
        return command.words.size() > word.size() && command.words.starts_with(word) &&
               command.words[word.size()] == ' ';
    });
}

const CommandSpec *findCommand(std::string_view words)
{
    const auto found = std::ranges::find(commandTable(), words, &CommandSpec::words);
    return found == commandTable().end() ? nullptr : &*found;
}

std::string suggestion(std::string_view wrong)
{
    std::vector<std::string_view> names;
    for (const CommandSpec &command : commandTable()) {
        names.push_back(command.words);
    }
    const auto meant = config::nearest(wrong, names);
    return meant ? " (did you mean \"" + std::string(*meant) + "\"?)" : "";
}

std::vector<std::string_view> split(std::string_view text)
{
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const std::size_t space = std::min(text.find(' '), text.size());
        if (space > 0) {
            words.push_back(text.substr(0, space));
        }
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    return words;
}

/// The command line taken apart: what stands alone, and the options with their values.
struct Pieces {
    struct Option {
        const OptionSpec *spec;
        std::string_view value;
    };
    std::vector<std::string_view> words;
    std::vector<Option> options;
};

/// A stanza-id may begin with "-" and even with "--": options of one letter are not joined, so what is longer is none,
/// and in the place of the id only a known option is one.
bool looksLikeOption(std::string_view word, const std::vector<std::string_view> &before)
{
    if (word.size() < 2 || word[0] != '-' || (word.size() > 2 && word[1] != '-')) {
        return false;
    }
    const bool placeOfId = before.size() == 2 && before.front() == "trace";
    return word == "--" || !placeOfId || findOption(word.substr(0, word.find('='))) != nullptr;
}

base::Result<Pieces> takeApart(std::span<const std::string_view> words)
{
    Pieces pieces;
    bool onlyWords = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (onlyWords || !looksLikeOption(word, pieces.words)) {
            pieces.words.push_back(word);
            continue;
        }
        if (word == "--") {
            onlyWords = true;
            continue;
        }
        const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string_view::npos;
        const std::string_view name = word.substr(0, equals);
        const OptionSpec *option = findOption(name);
        if (!option) {
            return usage("there is no option " + std::string(name));
        }
        std::string_view value;
        if (option->value.empty()) {
            if (equals != std::string_view::npos) {
                return usage(std::string(name) + " takes no value");
            }
        } else if (equals != std::string_view::npos) {
            value = word.substr(equals + 1);
        } else if (i + 1 < words.size()) {
            value = words[++i];
        }
        if (!option->value.empty() && value.empty()) {
            return usage(std::string(name) + " needs a " + std::string(option->value));
        }
        pieces.options.push_back({option, value});
    }
    return pieces;
}

/// Takes the words of the command from the front.
base::Result<const CommandSpec *> takeCommand(std::vector<std::string_view> &words)
{
    if (words.empty()) {
        return usage("a command is needed");
    }
    std::string name(words.front());
    std::size_t used = 1;
    if (isGroup(name)) {
        if (words.size() < 2) {
            std::string choices;
            for (const CommandSpec &command : commandTable()) {
                if (command.words.starts_with(name + " ")) {
                    choices += (choices.empty() ? "" : ", ") + std::string(command.words);
                }
            }
            return usage("\"" + name + "\" is followed by another word: " + choices, name);
        }
        name += " " + std::string(words[1]);
        used = 2;
    }
    const CommandSpec *command = findCommand(name);
    if (!command) {
        return usage("there is no command \"" + name + "\"" + suggestion(name));
    }
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(used));
    return command;
}

base::Result<base::Ok> checkOperands(const CommandSpec &command, const std::vector<std::string_view> &given)
{
    const std::vector<std::string_view> wanted = split(command.operands);
    const std::size_t least = static_cast<std::size_t>(
        std::ranges::count_if(wanted, [](std::string_view name) { return !name.starts_with('['); }));
    if (given.size() < least) {
        return usage(std::string(command.words) + " needs " + std::string(command.operands), command.words);
    }
    if (given.size() > wanted.size()) {
        return usage(std::string(command.words) + " takes no \"" + std::string(given[wanted.size()]) + "\"",
                     command.words);
    }
    return base::Ok{};
}

/// The words behind "help", or in front of --help.
base::Result<Arguments> askForHelp(const std::vector<std::string_view> &words)
{
    Arguments arguments;
    std::string command;
    for (const std::string_view word : words) {
        command += (command.empty() ? "" : " ") + std::string(word);
    }
    // "user add alice@example.org --help" is about "user add".
    while (!command.empty() && !helpText(command) && words.front() != command) {
        command.erase(command.rfind(' '));
    }
    if (auto text = helpText(command); !text) {
        return text.error();
    }
    if (!command.empty()) {
        arguments.operands.push_back(command);
    }
    return arguments;
}

void appendPadded(std::string &text, const std::string &left, std::string_view right)
{
    constexpr std::size_t column = 30;
    text += "  " + left;
    text.append(left.size() + 2 < column ? column - left.size() - 2 : 1, ' ');
    text += std::string(right) + "\n";
}

std::string optionLabel(const OptionSpec &option)
{
    std::string label(option.name);
    if (!option.brief.empty()) {
        label += ", " + std::string(option.brief);
    }
    return label + (option.value.empty() ? "" : " ") + std::string(option.value);
}

std::string commandLabel(const CommandSpec &command)
{
    return std::string(command.words) + (command.operands.empty() ? "" : " ") + std::string(command.operands);
}

std::string overview(std::string_view group)
{
    std::string text =
        "godwitd: an XMPP server that never loses a message.\n\nUsage: godwitd [--config FILE] COMMAND\n\n";
    for (const CommandSpec &command : commandTable()) {
        if (group.empty() || command.words.starts_with(std::string(group) + " ")) {
            appendPadded(text, commandLabel(command), command.summary);
        }
    }
    text += "\nOptions, before or behind the command:\n";
    for (const OptionSpec &option : optionTable().first(commonOptions)) {
        appendPadded(text, optionLabel(option), option.words);
    }
    return text + "\nCommands work beside a running server (through its local socket) and without one (on its store).\n"
                  "Exit status: 0 done, 1 failed, 2 wrong usage, 3 the server is not running.\n";
}

} // namespace

base::Result<Arguments> parseArguments(std::span<const std::string_view> words)
{
    auto pieces = takeApart(words);
    if (!pieces) {
        return pieces.error();
    }
    const auto asked = [&pieces](std::string_view name) {
        return std::ranges::any_of(pieces->options, [name](const auto &option) { return option.spec->name == name; });
    };
    if (asked("--help")) {
        return askForHelp(pieces->words);
    }
    Arguments arguments;
    if (asked("--version")) {
        arguments.command = Command::Version;
        return arguments;
    }
    auto command = takeCommand(pieces->words);
    if (!command) {
        return command.error();
    }
    const CommandSpec &spec = **command;
    if (spec.command == Command::Help) {
        return askForHelp(pieces->words);
    }
    if (auto fits = checkOperands(spec, pieces->words); !fits) {
        return fits.error();
    }
    for (const Pieces::Option &option : pieces->options) {
        const bool common = option.spec < optionTable().data() + commonOptions;
        if (!common && spec.options.find(std::string(option.spec->name) + " ") == std::string_view::npos) {
            return usage(std::string(spec.words) + " takes no " + std::string(option.spec->name), spec.words);
        }
        option.spec->take(arguments, option.value);
    }
    arguments.command = spec.command;
    arguments.operands.assign(pieces->words.begin(), pieces->words.end());
    return arguments;
}

base::Result<std::string> helpText(std::string_view command)
{
    if (command.empty() || isGroup(command)) {
        return overview(command);
    }
    const CommandSpec *spec = findCommand(command);
    if (!spec) {
        return usage("there is no command \"" + std::string(command) + "\"" + suggestion(command));
    }
    std::string text = "Usage: godwitd " + commandLabel(*spec) + (spec->options.empty() ? "" : " [options]") + "\n\n";
    text += "godwitd " + std::string(spec->words) + " " + std::string(spec->summary) + ".\n";
    text += (spec->details.empty() ? "" : "\n") + std::string(spec->details) + "\nOptions:\n";
    for (const OptionSpec &option : optionTable()) {
        const bool common = &option < optionTable().data() + commonOptions;
        if (common || spec->options.find(std::string(option.name) + " ") != std::string_view::npos) {
            appendPadded(text, optionLabel(option), option.words);
        }
    }
    return text;
}

} // namespace godwit::admin
