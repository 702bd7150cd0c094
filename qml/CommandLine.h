// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What `godwit` was asked for on the command line.
#pragma once

#include "bridge/Wire.h"

#include <QString>
#include <QUrl>

#include <optional>

namespace godwit::window
{

struct CommandLine {
    bool offline = false; ///< the sample account instead of real ones
    bool allowPlaintext = false;
    QString account; ///< signed in to at once, with `password`
    QString password;
    QString server;
    bridge::Wire wire = bridge::Wire::Automatic;
    QUrl webSocket;
    QString dataFolder; ///< empty for the usual place
};

/// Whether this is a call of the terminal chat, which parses its command line itself.
bool asksForConsole(int argc, char **argv);

/// Reads the command line of the window, before there is a display. Without a value the program is over, with `status`:
/// help or the version was printed, or the fault was told on standard error.
std::optional<CommandLine> parseCommandLine(int argc, char **argv, int &status);

} // namespace godwit::window
