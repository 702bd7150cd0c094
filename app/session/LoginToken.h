// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The token by which a server lets a device in without its password (XEP-0484), as a text that can be kept.
#pragma once

#include <QString>
#include <QXmppCredentials.h>

namespace godwit::session
{

/// Empty when there is no token in it. QXmpp's own form, without the password.
QString textOf(const QXmppCredentials &token);
/// What textOf() gave; without a token when the text is anything else.
QXmppCredentials tokenOf(const QString &text);

} // namespace godwit::session
