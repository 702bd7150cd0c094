// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Fonts.h"

#include <QFontDatabase>
#include <QFontInfo>
#include <QGuiApplication>

namespace godwit::facade
{

void chooseFonts()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    // By its real name: an alias like "Sans Serif" would not be asked first.
    QStringList families{QFontInfo(font).family()};
    const QStringList known = QFontDatabase::families();
    for (const QString &emoji :
         {QStringLiteral("Noto Color Emoji"), QStringLiteral("Apple Color Emoji"), QStringLiteral("Segoe UI Emoji")}) {
        if (known.contains(emoji)) {
            families.append(emoji);
        }
    }
    font.setFamilies(families);
    QGuiApplication::setFont(font);
}

} // namespace godwit::facade
