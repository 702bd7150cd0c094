// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/CommandTable.h"

namespace godwit::admin
{

namespace
{

constexpr OptionSpec options[] = {
    {"--config", "-c", "FILE", "the configuration; else $GODWITD_CONFIG, ./godwitd.toml, /etc/godwit/godwitd.toml",
     [](Arguments &arguments, std::string_view value) { arguments.configFile = value; }},
    {"--help", "-h", "", "what a command does and takes",
     [](Arguments &arguments, std::string_view) { arguments.command = Command::Help; }},
    {"--version", "-V", "", "the version",
     [](Arguments &arguments, std::string_view) { arguments.command = Command::Version; }},
    {"--dir", "", "FOLDER", "where the configuration and the data folder are made; else the working directory",
     [](Arguments &arguments, std::string_view value) { arguments.folder = value; }},
    {"--password-file", "", "FILE", "its first line is the password; else it is asked for, or read from standard input",
     [](Arguments &arguments, std::string_view value) { arguments.passwordFile = value; }},
    {"--yes", "-y", "", "do not ask first", [](Arguments &arguments, std::string_view) { arguments.yes = true; }},
    {"--replace", "", "", "accounts that exist get the new password instead of being skipped",
     [](Arguments &arguments, std::string_view) { arguments.replace = true; }},
};

constexpr CommandSpec commands[] = {
    {Command::Serve, "serve", "", "", "runs the server",
     "Runs in the foreground until SIGTERM or SIGINT, which close all streams properly and lose nothing. SIGHUP reads\n"
     "the configuration and the certificates again. Tells systemd when it is ready (Type=notify). Logs to standard\n"
     "error.\n"},
    {Command::Init, "init", "DOMAIN", "--dir ", "makes a configuration and a data folder",
     "Writes a commented configuration for DOMAIN (the part of a JID after the @) and makes the data folder that it\n"
     "names. Nothing that exists is changed: a configuration for this domain is kept and only its data folder made; "
     "one\n"
     "for another domain is an error.\n"},
    {Command::UserAdd, "user add", "JID", "--password-file ", "makes an account",
     "The password is asked for twice on a terminal, else it is the first line of standard input. Only salted keys of\n"
     "it are kept (SCRAM with SHA-1, SHA-256 and SHA-512).\n"},
    {Command::UserPassword, "user passwd", "JID", "--password-file ", "sets the password of an account",
     "The next login needs the new password. Devices that are logged in stay so until their connection ends.\n"},
    {Command::UserRemove, "user remove", "JID", "--yes ", "removes an account with all its messages",
     "Its sessions end at once; contacts, history and waiting messages are gone. Messages that others hold stay "
     "theirs.\n"},
    {Command::UserList, "user list", "", "", "lists the accounts",
     "One line an account in the order of their JIDs: the JID, a tab, when it was made (UTC).\n"},
    {Command::UserImport, "user import", "FILE|-", "--replace ", "makes accounts out of a file, or standard input",
     "Each line is a JID, a space or tab, and the password, which is the rest of the line. Empty lines and lines that\n"
     "begin with # are skipped. Passwords are hashed on all cores. A line that cannot be used is reported with its "
     "number\n"
     "and the rest goes on; the exit status is 1 then. Accounts that exist are reported and skipped.\n"},
    {Command::Status, "status", "", "", "says how the running server is",
     "Without a running server it says so, shows what is known of the store, and ends with status 3.\n"},
    {Command::Check, "check", "", "", "checks configuration, certificate, store, disk and ports",
     "One line for each thing: ok, warn or fail, with advice. Changes nothing. The exit status is 1 when something "
     "fails.\n"
     "It prints the DNS records to set and looks nothing up.\n"},
    {Command::Trace, "trace", "JID ID", "", "says where a message is",
     "JID is an account of this server, ID the stanza-id that this account's clients or archive show for the message\n"
     "(<stanza-id by='JID' id='...'/>). Says when it was stored, and whether it waits or which device proved it when.\n"
     "The body is never shown. The ids that senders choose (the message's id and origin-id) are not searchable.\n"},
    {Command::Config, "config", "[DOMAIN]", "", "prints the default configuration with comments", ""},
    {Command::Help, "help", "[COMMAND]", "", "what a command does and takes", ""},
};

} // namespace

std::span<const OptionSpec> optionTable()
{
    return options;
}

std::span<const CommandSpec> commandTable()
{
    return commands;
}

} // namespace godwit::admin
