// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// How the person wants the window to look. Kept in QSettings, whose place main.cpp decides.
#pragma once

#include <QObject>
#include <QtQmlIntegration/qqmlintegration.h>

namespace godwit::facade
{

class Appearance : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_SINGLETON
    Q_PROPERTY(Scheme scheme READ scheme WRITE setScheme NOTIFY schemeChanged)
    /// What `scheme` comes to right now.
    Q_PROPERTY(bool dark READ dark NOTIFY darkChanged)
    Q_PROPERTY(bool reducedMotion READ reducedMotion WRITE setReducedMotion NOTIFY reducedMotionChanged)
    /// Width of the chat list in pixels, within its bounds.
    Q_PROPERTY(int listWidth READ listWidth WRITE setListWidth NOTIFY listWidthChanged)

public:
    enum class Scheme { System, Light, Dark };
    Q_ENUM(Scheme)

    static constexpr int listWidthMin = 260;
    static constexpr int listWidthDefault = 300;
    static constexpr int listWidthMax = 400;

    explicit Appearance(QObject *parent = nullptr);

    Scheme scheme() const { return m_scheme; }
    void setScheme(Scheme scheme);
    bool dark() const;
    bool reducedMotion() const { return m_reducedMotion; }
    void setReducedMotion(bool reduced);
    int listWidth() const { return m_listWidth; }
    void setListWidth(int width);

Q_SIGNALS:
    void schemeChanged();
    void darkChanged();
    void reducedMotionChanged();
    void listWidthChanged();

private:
    Scheme m_scheme = Scheme::System;
    bool m_reducedMotion = false;
    int m_listWidth = listWidthDefault;
};

} // namespace godwit::facade
