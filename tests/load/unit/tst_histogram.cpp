// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "generator/Histogram.h"

#include "UnitTest.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using godwit::load::Histogram;

class TstHistogram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptyIsZero();
    void smallValuesAreExact();
    void percentilesAreWithinTheError();
    void hugeValuesAreKept();
};

void TstHistogram::emptyIsZero()
{
    const Histogram histogram;
    QCOMPARE(histogram.percentile(50), std::uint64_t(0));
    QCOMPARE(histogram.count(), std::uint64_t(0));
    QCOMPARE(histogram.mean(), 0.0);
}

void TstHistogram::smallValuesAreExact()
{
    Histogram histogram;
    for (std::uint64_t value = 1; value <= 100; ++value) {
        histogram.add(value);
    }
    QCOMPARE(histogram.percentile(0), std::uint64_t(1));
    QCOMPARE(histogram.percentile(50), std::uint64_t(50));
    QCOMPARE(histogram.percentile(99), std::uint64_t(99));
    QCOMPARE(histogram.percentile(100), std::uint64_t(100));
    QCOMPARE(histogram.mean(), 50.5);
}

void TstHistogram::percentilesAreWithinTheError()
{
    std::mt19937_64 random(7);
    std::vector<std::uint64_t> values;
    Histogram histogram;
    for (int i = 0; i < 20'000; ++i) {
        values.push_back(random() >> (24 + random() % 40));
        histogram.add(values.back());
    }
    std::sort(values.begin(), values.end());
    for (const double percent : {1.0, 10.0, 50.0, 90.0, 99.0, 99.9}) {
        const auto rank = static_cast<std::size_t>(std::ceil(static_cast<double>(values.size()) * percent / 100.0));
        const double exact = static_cast<double>(values[rank - 1]);
        const double found = static_cast<double>(histogram.percentile(percent));
        QVERIFY2(found >= exact && found <= exact * (1.0 + 1.0 / 64) + 1, qPrintable(QString::number(percent)));
    }
    QCOMPARE(histogram.max(), values.back());
}

void TstHistogram::hugeValuesAreKept()
{
    Histogram histogram;
    histogram.add(~std::uint64_t(0));
    histogram.add(3);
    QCOMPARE(histogram.count(), std::uint64_t(2));
    QCOMPARE(histogram.max(), ~std::uint64_t(0));
    QCOMPARE(histogram.percentile(50), std::uint64_t(3));
}

GODWIT_TEST(TstHistogram);
#include "tst_histogram.moc"
