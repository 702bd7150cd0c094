// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The program: chooses between terminal and window, makes the accounts and shows them.

#include "CommandLine.h"
#include "Facade/Fonts.h"
#include "account/AccountBook.h"
#include "base/StandardStreams.h"
#include "console/ConsoleMain.h"
#include "platform/StopSignal.h"

#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QSettings>

#include <cstdio>

namespace
{

using godwit::account::AccountBook;
using godwit::window::CommandLine;

constexpr int failedStatus = 1;

/// Qt ends with a core dump where there is no display; say it in words before.
bool displayMissing()
{
#if defined(Q_OS_UNIX) && !defined(Q_OS_DARWIN) && !defined(Q_OS_ANDROID)
    return qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") &&
           qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
#else
    return false;
#endif
}

void signInAtStart(AccountBook &book, const CommandLine &line)
{
    if (line.account.isEmpty()) {
        return;
    }
    if (book.contains(line.account)) {
        book.select(line.account);
        book.changePassword(line.account, line.password);
    } else {
        book.signInBy({.server = line.server, .wire = line.wire, .webSocket = line.webSocket}, line.account,
                      line.password);
    }
}

int runWindow(int argc, char **argv, const CommandLine &line)
{
    const QGuiApplication application(argc, argv);
    QGuiApplication::setApplicationName(QStringLiteral("godwit"));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Godwit"));
    QGuiApplication::setApplicationVersion(QStringLiteral(GODWIT_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("godwit"));
    QGuiApplication::setOrganizationName(QStringLiteral("godwit"));
    godwit::facade::chooseFonts();
    QSettings::setDefaultFormat(QSettings::IniFormat);
    if (!line.dataFolder.isEmpty()) {
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, line.dataFolder);
    }
    const auto book = line.offline
                          ? AccountBook::sample()
                          : std::make_unique<AccountBook>(line.dataFolder.isEmpty() ? AccountBook::defaultDataFolder()
                                                                                    : line.dataFolder);
    if (line.allowPlaintext) {
        book->allowPlaintextOnLoopback();
    }
    const godwit::platform::StopSignal stop;
    QObject::connect(&stop, &godwit::platform::StopSignal::received, &application, &QGuiApplication::quit);
    QObject::connect(&application, &QGuiApplication::aboutToQuit, book.get(), &AccountBook::goOffline);
    QQmlApplicationEngine engine;
    engine.setInitialProperties({{QStringLiteral("book"), QVariant::fromValue(book.get())}});
    engine.loadFromModule("Godwit", "Main");
    if (engine.rootObjects().isEmpty()) {
        std::fputs("godwit: the window cannot be made; is Qt Quick installed completely?\n", stderr);
        return failedStatus;
    }
    // Now that there is somebody to tell what goes wrong.
    if (!line.offline) {
        book->load();
        signInAtStart(*book, line);
    }
    return QGuiApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    godwit::base::holdStandardStreams();
    if (godwit::window::asksForConsole(argc, argv)) {
        return godwit::console::runConsole(argc, argv);
    }
    int status = 0;
    const auto line = godwit::window::parseCommandLine(argc, argv, status);
    if (!line) {
        return status;
    }
    if (displayMissing()) {
        std::fputs("godwit: there is no display. Use --console for a chat in the terminal.\n", stderr);
        return failedStatus;
    }
    return runWindow(argc, argv, *line);
}
