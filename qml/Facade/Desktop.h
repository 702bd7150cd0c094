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
    /// The person moves about with the keyboard right now, so where it is must be seen.
    Q_PROPERTY(bool keyboard READ keyboard NOTIFY keyboardChanged)

public:
    explicit Desktop(QObject *parent = nullptr);

    bool keyboard() const { return m_keyboard; }

    Q_INVOKABLE static void copy(const QString &text);
    /// Opens a link that came in a message; nothing that is no web address.
    Q_INVOKABLE static void openLink(const QString &link);

Q_SIGNALS:
    void keyboardChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool m_keyboard = false;
};

} // namespace godwit::facade
