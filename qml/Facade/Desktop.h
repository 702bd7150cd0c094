// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <QObject>
#include <QtQmlIntegration/qqmlintegration.h>

namespace godwit::facade
{

/// What the interface asks of the desktop around it.
class Desktop : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_SINGLETON

public:
    using QObject::QObject;

    Q_INVOKABLE static void copy(const QString &text);
    /// Opens a link that came in a message; nothing that is no web address.
    Q_INVOKABLE static void openLink(const QString &link);
};

} // namespace godwit::facade
