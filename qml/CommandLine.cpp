// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "CommandLine.h"

#include "contacts/Contacts.h"
#include "platform/PasswordFile.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QUrl>

#include <cstdio>
#include <string_view>

namespace godwit::window
{

namespace
{

constexpr int usageStatus = 2;

QString tr(const char *text)
{
    return QCoreApplication::translate("CommandLine", text);
}

QCommandLineOption valued(const char *name, const QString &text, const char *value)
{
    return QCommandLineOption(QString::fromLatin1(name), text, QString::fromLatin1(value));
}

/// "host:port", "[::1]:port".
bool isServer(const QString &text)
{
    const QUrl url(QStringLiteral("xmpp://") + text, QUrl::StrictMode);
    return url.isValid() && !url.host().isEmpty() && url.port() > 0 && url.path().isEmpty() && url.userInfo().isEmpty();
}

/// What is wrong with the values, or nothing.
QString check(const QCommandLineParser &parser, CommandLine &line)
{
    if (!parser.positionalArguments().isEmpty()) {
        return tr("Unexpected argument '%1'.").arg(parser.positionalArguments().first());
    }
    line.offline = parser.isSet(QStringLiteral("offline"));
    line.allowPlaintext = parser.isSet(QStringLiteral("allow-plaintext"));
    line.dataFolder = parser.value(QStringLiteral("data-dir"));
    line.server = parser.value(QStringLiteral("server"));
    if (!line.server.isEmpty() && !isServer(line.server)) {
        return tr("--server needs a host and a port, like chat.example.org:5222.");
    }
    const auto wire = bridge::wireOfWord(parser.value(QStringLiteral("wire")));
    if (parser.isSet(QStringLiteral("wire")) && !wire) {
        return tr("--wire takes auto, tcp, websocket or compact.");
    }
    line.wire = wire.value_or(bridge::Wire::Automatic);
    line.webSocket = QUrl(parser.value(QStringLiteral("websocket")), QUrl::StrictMode);
    if (!parser.isSet(QStringLiteral("account"))) {
        return line.server.isEmpty() && !parser.isSet(QStringLiteral("password-file"))
                   ? QString()
                   : tr("--server and --password-file go with --account.");
    }
    if (line.offline) {
        return tr("--offline has a sample account of its own and goes without --account.");
    }
    line.account = contacts::addressOf(parser.value(QStringLiteral("account")));
    if (line.account.isEmpty()) {
        return tr("--account needs an address like name@example.org.");
    }
    const QString file = parser.value(QStringLiteral("password-file"));
    const auto password = platform::passwordFrom(file);
    if (!password) {
        return file.isEmpty() ? tr("--account needs --password-file or the environment variable GODWIT_PASSWORD.")
                              : tr("The password file '%1' cannot be read.").arg(file);
    }
    line.password = *password;
    return {};
}

} // namespace

bool asksForConsole(int argc, char **argv)
{
    for (int at = 1; at < argc; ++at) {
        const std::string_view word(argv[at]);
        if (word == "--") {
            return false;
        }
        if (word == "--console" || word.starts_with("--console=")) {
            return true;
        }
    }
    return false;
}

std::optional<CommandLine> parseCommandLine(int argc, char **argv, int &status)
{
    // Help and faults need no display.
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("Chat that loses no message."));
    const auto help = parser.addHelpOption();
    const auto version = parser.addVersionOption();
    parser.addOptions({
        valued("account", tr("Sign in to this account at once."), "address"),
        valued("password-file",
               tr("A file with its password in the first line; else the environment variable GODWIT_PASSWORD is used."),
               "file"),
        valued("server", tr("The server to connect to instead of looking it up."), "host:port"),
        valued("wire", tr("How to connect: auto, tcp, websocket or compact."), "way"),
        valued("websocket", tr("The server's WebSocket instead of looking it up."), "url"),
        valued("data-dir", tr("Where accounts and settings are kept."), "folder"),
        valued("console",
               tr("Chat with this address in the terminal instead of opening a window; "
                  "see --console x --help."),
               "address"),
    });
    parser.addOption(QCommandLineOption(QStringLiteral("allow-plaintext"),
                                        tr("Talk to a server on this machine without encryption; for tests.")));
    parser.addOption(QCommandLineOption(QStringLiteral("offline"), tr("Look around on sample data.")));
    CommandLine line;
    status = usageStatus;
    if (!parser.parse(QCoreApplication::arguments())) {
        std::fprintf(stderr, "godwit: %s\n", qPrintable(parser.errorText()));
        return std::nullopt;
    }
    if (parser.isSet(help) || parser.isSet(version)) {
        status = 0;
        const QString text = parser.isSet(help) ? parser.helpText() : QStringLiteral("godwit " GODWIT_VERSION "\n");
        std::fputs(qPrintable(text), stdout);
        return std::nullopt;
    }
    if (const QString fault = check(parser, line); !fault.isEmpty()) {
        std::fprintf(stderr, "godwit: %s\n", qPrintable(fault));
        return std::nullopt;
    }
    status = 0;
    return line;
}

} // namespace godwit::window
