// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Desktop.h"

#include "MessageText.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QEvent>
#include <QGuiApplication>
#include <QUrl>

#include <utility>

namespace godwit::facade
{

Desktop::Desktop(QObject *parent)
    : QObject(parent)
{
    QCoreApplication::instance()->installEventFilter(this);
}

bool Desktop::eventFilter(QObject *watched, QEvent *event)
{
    const bool key = event->type() == QEvent::KeyPress;
    const bool pointer = event->type() == QEvent::MouseButtonPress || event->type() == QEvent::TouchBegin;
    if ((key || pointer) && std::exchange(m_keyboard, key) != key) {
        Q_EMIT keyboardChanged();
    }
    return QObject::eventFilter(watched, event);
}

void Desktop::copy(const QString &text)
{
    QGuiApplication::clipboard()->setText(text);
}

void Desktop::openLink(const QString &link)
{
    if (MessageText::mayOpen(link)) {
        QDesktopServices::openUrl(QUrl(link));
    }
}

} // namespace godwit::facade
