// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Appearance.h"

#include <QGuiApplication>
#include <QMetaEnum>
#include <QSettings>
#include <QStyleHints>

#include <algorithm>
#include <utility>

namespace godwit::facade
{

namespace
{

const QString schemeKey = QStringLiteral("appearance/scheme");
const QString motionKey = QStringLiteral("appearance/reducedMotion");
const QString widthKey = QStringLiteral("appearance/listWidth");

} // namespace

Appearance::Appearance(QObject *parent)
    : QObject(parent)
{
    const QSettings settings;
    const QByteArray name = settings.value(schemeKey).toString().toLatin1();
    bool known = false;
    const int value = QMetaEnum::fromType<Scheme>().keyToValue(name.constData(), &known);
    m_scheme = known ? static_cast<Scheme>(value) : Scheme::System;
    m_reducedMotion = settings.value(motionKey, false).toBool();
    m_listWidth = std::clamp(settings.value(widthKey, listWidthDefault).toInt(), listWidthMin, listWidthMax);
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, [this] {
        if (m_scheme == Scheme::System) {
            Q_EMIT darkChanged();
        }
    });
}

void Appearance::setScheme(Scheme scheme)
{
    const bool before = dark();
    if (std::exchange(m_scheme, scheme) != scheme) {
        QSettings().setValue(schemeKey,
                             QString::fromLatin1(QMetaEnum::fromType<Scheme>().valueToKey(static_cast<int>(scheme))));
        Q_EMIT schemeChanged();
    }
    if (dark() != before) {
        Q_EMIT darkChanged();
    }
}

bool Appearance::dark() const
{
    return m_scheme == Scheme::Dark ||
           (m_scheme == Scheme::System && QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark);
}

void Appearance::setReducedMotion(bool reduced)
{
    if (std::exchange(m_reducedMotion, reduced) != reduced) {
        QSettings().setValue(motionKey, reduced);
        Q_EMIT reducedMotionChanged();
    }
}

void Appearance::setListWidth(int width)
{
    const int bounded = std::clamp(width, listWidthMin, listWidthMax);
    if (std::exchange(m_listWidth, bounded) != bounded) {
        QSettings().setValue(widthKey, bounded);
        Q_EMIT listWidthChanged();
    }
}

} // namespace godwit::facade
