// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "bridge/Wire.h"

#include <QString>
#include <QUrl>

namespace godwit::account
{

/// Whether a connection without TLS is accepted.
enum class Plaintext {
    Never,        ///< TLS with a checked certificate, always
    LoopbackOnly, ///< for tests: TLS is not asked for, and only a server on this machine is talked to
};

/// What is kept about an account besides its data, without the password.
struct AccountSettings {
    QString address;    ///< bare address
    QString dataFolder; ///< of this account alone
    QString server;     ///< "host:port" that replaces the look-up by domain; empty as a rule
    Plaintext plaintext = Plaintext::Never;
    bridge::Wire wire = bridge::Wire::Automatic;
    QUrl webSocket; ///< replaces the look-up by domain; empty as a rule
};

/// The folder of an account inside of the app's data folder.
QString accountFolder(const QString &dataFolder, const QString &address);

} // namespace godwit::account
