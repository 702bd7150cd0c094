// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Colours for addresses that are the same in every client (XEP-0392), and what is needed to judge how readable a pair
// of colours is.
#pragma once

#include <QColor>
#include <QStringView>

namespace godwit::facade
{

/// Degrees, 0 to 360 (XEP-0392 §5.1).
double consistentHue(QStringView text);

/// HSLuv, the colour space in which equal lightness looks equally light. Saturation and lightness are 0 to 100.
struct Hsluv {
    double hue = 0;
    double saturation = 0;
    double lightness = 0;
};
QColor toColor(const Hsluv &colour);

/// WCAG 2.2 contrast ratio, 1 to 21; both colours are opaque.
double contrastRatio(const QColor &a, const QColor &b);

} // namespace godwit::facade
