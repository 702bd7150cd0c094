// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Facade/ConsistentColour.h"
#include "UnitTest.h"

#include <QTest>

using namespace godwit::facade;

class TstConsistentcolour : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vectorsOfTheStandard_data();
    void vectorsOfTheStandard();
    void contrastOfKnownPairs();
    void lightnessAloneDecidesContrast();
};

/// XEP-0392 §12.
void TstConsistentcolour::vectorsOfTheStandard_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("hue");
    QTest::addColumn<QList<double>>("rgb");
    QTest::newRow("name") << QStringLiteral("Romeo") << 327.255249 << QList<double>{0.865, 0.000, 0.686};
    QTest::newRow("address") << QStringLiteral("juliet@capulet.lit") << 209.410400
                             << QList<double>{0.000, 0.515, 0.573};
    QTest::newRow("emoji") << QStringLiteral("\U0001F63A") << 331.199341 << QList<double>{0.872, 0.000, 0.659};
    QTest::newRow("red") << QStringLiteral("council") << 359.994507 << QList<double>{0.918, 0.000, 0.394};
}

void TstConsistentcolour::vectorsOfTheStandard()
{
    QFETCH(QString, text);
    QFETCH(double, hue);
    QFETCH(QList<double>, rgb);
    QVERIFY2(qAbs(consistentHue(text) - hue) < 0.000001, qPrintable(QString::number(consistentHue(text), 'f', 6)));
    const QColor colour = toColor({.hue = hue, .saturation = 100, .lightness = 50});
    const QList<double> got{colour.redF(), colour.greenF(), colour.blueF()};
    for (int channel = 0; channel < 3; ++channel) {
        QVERIFY2(qAbs(got[channel] - rgb[channel]) < 0.001, qPrintable(colour.name()));
    }
}

void TstConsistentcolour::contrastOfKnownPairs()
{
    QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
    QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
    // #767676 is the lightest grey that passes on white.
    QVERIFY(contrastRatio(QColor(0x76, 0x76, 0x76), Qt::white) >= 4.5);
    QVERIFY(contrastRatio(QColor(0x77, 0x77, 0x77), Qt::white) < 4.5);
}

void TstConsistentcolour::lightnessAloneDecidesContrast()
{
    for (int hue = 0; hue < 360; ++hue) {
        const double ratio =
            contrastRatio(toColor({.hue = static_cast<double>(hue), .saturation = 100, .lightness = 46}), Qt::white);
        QVERIFY2(qAbs(ratio - 5.2) < 0.25, qPrintable(QStringLiteral("%1: %2").arg(hue).arg(ratio)));
    }
}

GODWIT_TEST(TstConsistentcolour);
#include "tst_consistentcolour.moc"
