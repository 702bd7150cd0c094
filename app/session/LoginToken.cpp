// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "session/LoginToken.h"

#include <QXmlStreamReader>
#include <QXmlStreamWriter>

namespace godwit::session
{

QString textOf(const QXmppCredentials &token)
{
    // They are compared by their tokens alone.
    if (token == QXmppCredentials()) {
        return {};
    }
    QString text;
    QXmlStreamWriter writer(&text);
    token.toXml(writer);
    return text;
}

QXmppCredentials tokenOf(const QString &text)
{
    QXmlStreamReader reader(text);
    if (!reader.readNextStartElement()) {
        return {};
    }
    return QXmppCredentials::fromXml(reader).value_or(QXmppCredentials());
}

} // namespace godwit::session
