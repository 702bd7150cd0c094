// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "console/ConsoleMain.h"

#include "account/AccountBook.h"
#include "account/KeptToken.h"
#include "console/Console.h"
#include "contacts/Contacts.h"
#include "platform/PasswordFile.h"
#include "platform/PasswordStore.h"

#include <QCommandLineParser>
#include <QCoreApplication>

namespace godwit::console
{

using account::Account;
using account::AccountBook;
using account::Plaintext;

namespace
{

QString tr(const char *text)
{
    return QCoreApplication::translate("Console", text);
}

int fail(Exit exit, const QString &words)
{
    std::fprintf(stderr, "godwit: %s\n", qPrintable(words));
    return static_cast<int>(exit);
}

QString openingFailed(const base::Error &error)
{
    switch (error.code()) {
    case base::ErrorCode::TooNew:
        return tr("The data of this account was written by a newer version of Godwit.");
    case base::ErrorCode::Unavailable:
        return tr("The data of this account is in use by another Godwit.");
    default:
        return tr("The data of this account cannot be opened:") + u' ' + QString::fromStdString(error.text());
    }
}

/// Until the end of input. `secretsFolder`: where tokens are kept.
int talk(const account::AccountSettings &settings, const Console::Options &options, const QString &password,
         const QString &secretsFolder)
{
    auto account = Account::open(settings);
    if (!account) {
        return fail(Exit::Failed, openingFailed(account.error()));
    }
    Console chat(**account, options);
    QObject::connect(&chat, &Console::finished, &chat,
                     [](Exit exit) { QCoreApplication::exit(static_cast<int>(exit)); });
    // The keyring might ask a person to open it, and here there may be none.
    platform::PasswordStore secrets(secretsFolder, platform::PasswordStore::Keyring::Never);
    account::keepToken(**account, secrets);
    account::readToken(settings.address, secrets,
                       [&chat, &password](const QString &token) { chat.start(password, token); });
    return QCoreApplication::exec();
}

} // namespace

int runConsole(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("godwit"));
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("Chat with one address in the terminal. Each line of input is a message."));
    parser.addHelpOption();
    const auto option = [&parser](const char *name, const QString &text, const char *value) {
        const QCommandLineOption added(QString::fromLatin1(name), text, QString::fromLatin1(value));
        parser.addOption(added);
        return added;
    };
    const auto console = option("console", tr("Whom to chat with."), "address");
    const auto own = option("account", tr("Your own address."), "address");
    const auto passwordFile = option("password-file",
                                     tr("A file with the password in its first line; else the "
                                        "environment variable GODWIT_PASSWORD is used."),
                                     "file");
    const auto dataDir = option("data-dir", tr("Where accounts keep their data."), "folder");
    const auto server = option("server", tr("The server to connect to instead of looking it up."), "host:port");
    const auto wire = option("wire", tr("How to connect: auto, tcp, websocket or compact."), "way");
    const auto webSocket = option("websocket", tr("The server's WebSocket instead of looking it up."), "url");
    const auto drain =
        option("drain-timeout", tr("How long to wait for the server after the end of input."), "seconds");
    const QCommandLineOption plaintext(QStringLiteral("allow-plaintext"),
                                       tr("Talk to a server on this machine without encryption; for tests."));
    parser.addOption(plaintext);
    if (!parser.parse(QCoreApplication::arguments())) {
        return fail(Exit::Usage, parser.errorText());
    }
    if (parser.isSet(QStringLiteral("help"))) {
        parser.showHelp(static_cast<int>(Exit::Done));
    }
    if (!parser.positionalArguments().isEmpty()) {
        return fail(Exit::Usage, tr("This is no option: %1").arg(parser.positionalArguments().constFirst()));
    }
    const QString peer = contacts::addressOf(parser.value(console));
    const QString address = contacts::addressOf(parser.value(own));
    if (peer.isEmpty() || address.isEmpty()) {
        return fail(Exit::Usage, tr("--console and --account need addresses like name@example.org."));
    }
    const auto password = platform::passwordFrom(parser.value(passwordFile));
    if (!password || password->isEmpty()) {
        return fail(Exit::Usage,
                    tr("There is no password: use --password-file or the environment variable GODWIT_PASSWORD."));
    }
    const auto way = parser.isSet(wire) ? bridge::wireOfWord(parser.value(wire)) : bridge::Wire::Automatic;
    if (!way) {
        return fail(Exit::Usage, tr("--wire takes auto, tcp, websocket or compact."));
    }
    Console::Options options{.peer = peer};
    if (parser.isSet(drain)) {
        bool isNumber = false;
        options.drainTimeout = std::chrono::seconds(parser.value(drain).toUShort(&isNumber));
        if (!isNumber) {
            return fail(Exit::Usage, tr("--drain-timeout takes a number of seconds."));
        }
    }
    const QString folder = parser.isSet(dataDir) ? parser.value(dataDir) : AccountBook::defaultDataFolder();
    return talk({.address = address,
                 .dataFolder = account::accountFolder(folder, address),
                 .server = parser.value(server),
                 .plaintext = parser.isSet(plaintext) ? Plaintext::LoopbackOnly : Plaintext::Never,
                 .wire = *way,
                 .webSocket = QUrl(parser.value(webSocket))},
                options, *password, folder);
}

} // namespace godwit::console
