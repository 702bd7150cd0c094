// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "ConsistentColour.h"

#include <QCryptographicHash>
#include <QtMath>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace godwit::facade
{

namespace
{

/// sRGB with D65, the matrices and constants of HSLuv.
constexpr std::array<std::array<double, 3>, 3> toRgb{{{3.240969941904521, -1.537383177570093, -0.498610760293},
                                                      {-0.96924363628087, 1.87596750150772, 0.041555057407175},
                                                      {0.055630079696993, -0.20397695888897, 1.056971514242878}}};
constexpr double refU = 0.19783000664283;
constexpr double refV = 0.46831999493879;
constexpr double kappa = 903.2962962;
constexpr double epsilon = 0.0088564516;

/// The largest chroma that sRGB has at that lightness in that direction: the nearest of the six lines that bound it.
double chromaMax(double lightness, double hueRadians)
{
    const double cubed = std::pow(lightness + 16, 3) / 1560896;
    const double scaled = cubed > epsilon ? cubed : lightness / kappa;
    double nearest = std::numeric_limits<double>::max();
    for (const auto &row : toRgb) {
        for (const int edge : {0, 1}) {
            const double top1 = (284517 * row[0] - 94839 * row[2]) * scaled;
            const double top2 = (838422 * row[2] + 769860 * row[1] + 731718 * row[0]) * lightness * scaled -
                                769860.0 * edge * lightness;
            const double bottom = (632260 * row[2] - 126452 * row[1]) * scaled + 126452.0 * edge;
            const double slope = top1 / bottom;
            const double intercept = top2 / bottom;
            const double length = intercept / (std::sin(hueRadians) - slope * std::cos(hueRadians));
            if (length >= 0) {
                nearest = std::min(nearest, length);
            }
        }
    }
    return nearest;
}

double encoded(double linear)
{
    const double value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
    return std::clamp(value, 0.0, 1.0);
}

double decoded(double value)
{
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &colour)
{
    return 0.2126 * decoded(colour.redF()) + 0.7152 * decoded(colour.greenF()) + 0.0722 * decoded(colour.blueF());
}

} // namespace

double consistentHue(QStringView text)
{
    const QByteArray hash = QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha1);
    const int low = static_cast<unsigned char>(hash.at(0));
    const int high = static_cast<unsigned char>(hash.at(1));
    return (low + high * 256) / 65536.0 * 360;
}

QColor toColor(const Hsluv &colour)
{
    const double hue = qDegreesToRadians(colour.hue);
    const double lightness = std::clamp(colour.lightness, 0.001, 99.999);
    const double chroma = chromaMax(lightness, hue) * colour.saturation / 100;
    const double u = chroma * std::cos(hue) / (13 * lightness) + refU;
    const double v = chroma * std::sin(hue) / (13 * lightness) + refV;
    const double y = lightness > 8 ? std::pow((lightness + 16) / 116, 3) : lightness / kappa;
    const double x = 9 * y * u / (4 * v);
    const double z = (9 * y - 15 * v * y - v * x) / (3 * v);
    const auto channel = [&](const std::array<double, 3> &row) {
        return static_cast<float>(encoded(row[0] * x + row[1] * y + row[2] * z));
    };
    return QColor::fromRgbF(channel(toRgb[0]), channel(toRgb[1]), channel(toRgb[2]));
}

double contrastRatio(const QColor &a, const QColor &b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace godwit::facade
