// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Fonts.h"

#include <QFontDatabase>
#include <QGuiApplication>

namespace godwit::facade
{

void chooseFonts()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    QStringList families = font.families();
    const QStringList known = QFontDatabase::families();
    for (const QString &emoji : {QStringLiteral("Noto Color Emoji"), QStringLiteral("Apple Color Emoji"),
                                 QStringLiteral("Segoe UI Emoji")}) {
        if (known.contains(emoji)) {
            families.append(emoji);
        }
    }
    font.setFamilies(families);
    QGuiApplication::setFont(font);
}

} // namespace godwit::facade
