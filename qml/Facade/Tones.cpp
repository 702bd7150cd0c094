// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Tones.h"

#include "ConsistentColour.h"

#include <QTextBoundaryFinder>

namespace godwit::facade
{

namespace
{

QString firstCharacter(const QString &word)
{
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, word);
    const qsizetype end = finder.toNextBoundary();
    return end > 0 ? word.first(end).toUpper() : QString();
}

} // namespace

QColor Tones::avatar(const QString &address, bool dark)
{
    // The hue is the standard's, the tone the theme's.
    return toColor({.hue = consistentHue(address), .saturation = dark ? 55.0 : 70.0, .lightness = dark ? 41.0 : 46.0});
}

QColor Tones::avatarText(bool dark)
{
    return dark ? QColor(0xF1, 0xF3, 0xF4) : QColor(0xFF, 0xFF, 0xFF);
}

QString Tones::initials(const QString &name)
{
    QStringList words;
    for (const QString &word : name.simplified().split(u' ')) {
        // "of", "(work)" and numbers are no names.
        if (!word.isEmpty() && (word.front().isLetter() || word.front().isSurrogate())) {
            words.append(word);
        }
    }
    if (words.isEmpty()) {
        const QString any = firstCharacter(name.trimmed());
        return any.isEmpty() ? QStringLiteral("?") : any;
    }
    const bool address = words.size() == 1 || name.contains(u'@');
    return address ? firstCharacter(words.first()) : firstCharacter(words.first()) + firstCharacter(words.last());
}

} // namespace godwit::facade
