// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Text that somebody else wrote, made ready to be shown: plain, but for links, which can be opened.
#pragma once

#include <QColor>
#include <QObject>
#include <QtQmlIntegration/qqmlintegration.h>

namespace godwit::facade
{

class MessageText : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_SINGLETON

public:
    using QObject::QObject;

    /// Whether there is an http or https address in it. Text without one is shown as plain text.
    Q_INVOKABLE static bool hasLinks(const QString &body);
    /// The text as HTML that shows exactly its characters, line breaks and runs of spaces, with links as <a>. Nothing
    /// in the text becomes markup.
    Q_INVOKABLE static QString html(const QString &body, const QColor &linkColour);
    /// Whether a link may be handed to the desktop: http and https only.
    Q_INVOKABLE static bool mayOpen(const QString &link);
};

} // namespace godwit::facade
