// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <QString>

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
};

} // namespace godwit::account
