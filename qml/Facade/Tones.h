// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <QColor>
#include <QObject>
#include <QtQmlIntegration/qqmlintegration.h>

namespace godwit::facade
{

/// What stands for a person: a colour and a letter or two.
class Tones : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_SINGLETON

public:
    using QObject::QObject;

    /// The ground of an avatar. Letters in avatarText() on it pass WCAG AA in both themes.
    Q_INVOKABLE static QColor avatar(const QString &address, bool dark);
    Q_INVOKABLE static QColor avatarText(bool dark);
    /// One letter of the first word and one of the last; whole characters of any script. Never empty.
    Q_INVOKABLE static QString initials(const QString &name);
};

} // namespace godwit::facade
