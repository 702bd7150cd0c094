// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/Commands.h"

#include "config/Config.h"

#include <cstdio>

namespace godwit::admin
{

namespace
{

Exit print(const std::string &text)
{
    const bool written = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
    return written ? Exit::Done : Exit::Failed;
}

Exit helpCommand(const Arguments &arguments)
{
    const auto text = helpText(arguments.operands.empty() ? std::string_view() : arguments.operands.front());
    return text ? print(*text) : fail(text.error(), Exit::Usage);
}

Exit configCommand(const Arguments &arguments)
{
    if (arguments.operands.empty()) {
        return print(config::defaultConfigText());
    }
    const std::string &given = arguments.operands.front();
    const std::optional<std::string> domain = config::prepareDomain(given);
    if (!domain) {
        return fail(base::Error(base::ErrorCode::InvalidInput, "\"" + given + "\" is no domain name like example.org"),
                    Exit::Usage);
    }
    return print(config::defaultConfigText(*domain));
}

} // namespace

Exit fail(const base::Error &error, Exit status)
{
    std::fprintf(stderr, "godwitd: %s\n", error.text().c_str());
    return status;
}

Exit runCommand(const Arguments &arguments)
{
    switch (arguments.command) {
    case Command::Init:
        return initCommand(arguments);
    case Command::UserAdd:
        return userAddCommand(arguments);
    case Command::UserPassword:
        return userPasswordCommand(arguments);
    case Command::UserRemove:
        return userRemoveCommand(arguments);
    case Command::UserList:
        return userListCommand(arguments);
    case Command::UserImport:
        return userImportCommand(arguments);
    case Command::Status:
        return statusCommand(arguments);
    case Command::Check:
        return checkCommand(arguments);
    case Command::Trace:
        return traceCommand(arguments);
    case Command::Config:
        return configCommand(arguments);
    case Command::Version:
        return print("godwitd " GODWIT_VERSION "\n");
    case Command::Help:
    case Command::Serve: // is not a command of this room
        break;
    }
    return helpCommand(arguments);
}

} // namespace godwit::admin
