// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "OptionTable.h"

#include <algorithm>
#include <string_view>

namespace godwit::load
{

namespace
{

const ModeEntry *modeCalled(std::string_view name)
{
    const auto &modes = modeTable();
    const auto found = std::find_if(modes.begin(), modes.end(), [name](const ModeEntry &m) { return m.name == name; });
    return found == modes.end() ? nullptr : &*found;
}

/// What only the combination of options shows; empty when all is well.
std::string contradiction(const Options &options)
{
    const bool bosh = options.endpoint.wire == WireKind::Bosh;
    if (options.mode == Mode::Bytes && options.ownServer != (options.httpPort == 0)) {
        return "--port and --http-port go together: a running server is reached on both";
    }
    if (options.mode == Mode::Bytes && options.endpoint.mechanism == Mechanism::Anonymous) {
        return "anonymous users have no contacts; use --auth plain or scram";
    }
    if (bosh && options.mode == Mode::Churn) {
        return "churn tears connections and resumes, but a BOSH session outlives them; use another --wire";
    }
    if (bosh && options.mode == Mode::Offline && options.cut) {
        return "a BOSH session outlives its connections, so --cut does not end it; use another --wire";
    }
    if (options.mode == Mode::Offline && options.phase != Phase::All && options.state.empty()) {
        return "--phase store and drain need --state FILE";
    }
    if (options.mode == Mode::Offline && options.cut && options.phase != Phase::All) {
        return "--cut has no phases";
    }
    if (options.mode == Mode::Offline && options.endpoint.mechanism == Mechanism::Anonymous) {
        return "anonymous users cannot be offline; use --auth plain or scram";
    }
    if (options.mode == Mode::Churn && options.endpoint.mechanism == Mechanism::Anonymous) {
        return "anonymous users cannot come back; use --auth plain or scram";
    }
    if (options.mode == Mode::Churn && options.sessions % 2 != 0) {
        return "--sessions has to be even: churn talks in pairs";
    }
    if ((options.mode == Mode::Offline || options.mode == Mode::Churn) && !options.endpoint.streamManagement) {
        return "without stream management nothing is accepted; --receiver-no-sm leaves it out for receivers";
    }
    return {};
}

} // namespace

Parsed parse(const std::vector<std::string> &arguments)
{
    Parsed parsed;
    if (arguments.empty() || std::find(arguments.begin(), arguments.end(), "--help") != arguments.end() ||
        arguments.front() == "-h" || arguments.front() == "help") {
        parsed.help = true;
        return parsed;
    }
    const ModeEntry *const mode = modeCalled(arguments.front());
    if (mode == nullptr) {
        parsed.error = "'" + arguments.front() + "' is no mode (hold, chat, offline, churn, forward, bytes)";
        return parsed;
    }
    parsed.options.mode = mode->mode;
    if (mode->mode == Mode::Bytes) {
        // What phones log in with.
        parsed.options.endpoint.mechanism = Mechanism::ScramSha256;
    }
    const std::vector<Option> options = optionTable();
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string &name = arguments[i];
        const auto option = std::find_if(options.begin(), options.end(),
                                         [&](const Option &o) { return o.name == name && (o.modes & mode->bit) != 0; });
        if (option == options.end()) {
            parsed.error = "'" + name + "' is no option of " + std::string(mode->name) + " (see --help)";
            return parsed;
        }
        const bool takesValue = !option->value.empty();
        if (takesValue && i + 1 == arguments.size()) {
            parsed.error = name + " needs " + std::string(option->value);
            return parsed;
        }
        const std::string value = takesValue ? arguments[++i] : std::string();
        if (const std::string allowed = option->set(parsed.options, value); !allowed.empty()) {
            parsed.error = name + " takes " + allowed + ", not '" + value + "'";
            return parsed;
        }
    }
    parsed.error = contradiction(parsed.options);
    return parsed;
}

std::string help(const std::vector<std::string> &arguments)
{
    const ModeEntry *mode = nullptr;
    for (const std::string &argument : arguments) {
        mode = mode == nullptr ? modeCalled(argument) : mode;
    }
    std::string out = "godwit-load: load generator for XMPP servers, without TLS, for test servers only\n\n";
    if (mode == nullptr) {
        out += "usage: godwit-load MODE [OPTION]...\n       godwit-load MODE --help\n\nmodes:\n";
        for (const ModeEntry &entry : modeTable()) {
            out += "  " + std::string(entry.name) + std::string(10 - entry.name.size(), ' ') + std::string(entry.what) +
                   "\n";
        }
        out += "\nSIGINT ends a run with its report. Exit status: 0 done, 1 failed, 2 wrong usage, 3 loss "
               "(--fail-on-loss).\n";
        return out;
    }
    out += "usage: godwit-load " + std::string(mode->name) + " [OPTION]...\n\n" + std::string(mode->what) +
           "\n\noptions (defaults in parentheses):\n";
    for (const Option &option : optionTable()) {
        if ((option.modes & mode->bit) == 0) {
            continue;
        }
        std::string left = "  " + std::string(option.name) + " " + std::string(option.value);
        left.resize(std::max<std::size_t>(left.size() + 1, 28), ' ');
        out += left + std::string(option.what) + "\n";
    }
    return out;
}

} // namespace godwit::load
