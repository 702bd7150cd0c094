// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Desktop.h"

#include "MessageText.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QUrl>

namespace godwit::facade
{

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
