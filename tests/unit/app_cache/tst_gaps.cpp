// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "cache/Gaps.h"

#include <QTest>

using namespace godwit;
using cache::Gap;
using cache::Span;

using Spans = QList<std::pair<int, int>>;
Q_DECLARE_METATYPE(Spans)

class TstGaps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void between_data();
    void between();
};

void TstGaps::between_data()
{
    QTest::addColumn<Spans>("spans");
    QTest::addColumn<Spans>("gaps");
    QTest::newRow("nothing known") << Spans{} << Spans{};
    QTest::newRow("one span") << Spans{{10, 20}} << Spans{};
    QTest::newRow("two apart") << Spans{{10, 20}, {30, 40}} << Spans{{20, 30}};
    QTest::newRow("two touching") << Spans{{10, 20}, {20, 40}} << Spans{};
    QTest::newRow("two overlapping") << Spans{{10, 25}, {20, 40}} << Spans{};
    QTest::newRow("one inside of another") << Spans{{10, 40}, {20, 30}, {50, 60}} << Spans{{40, 50}};
    QTest::newRow("order does not matter") << Spans{{30, 40}, {10, 20}} << Spans{{20, 30}};
    QTest::newRow("three with two gaps") << Spans{{10, 20}, {30, 40}, {50, 60}} << Spans{{20, 30}, {40, 50}};
    QTest::newRow("an older page closes onto the whole") << Spans{{5, 30}, {30, 40}, {60, 70}} << Spans{{40, 60}};
}

void TstGaps::between()
{
    QFETCH(Spans, spans);
    QFETCH(Spans, gaps);
    std::vector<Span> input;
    for (const auto &[low, high] : std::as_const(spans)) {
        Span span;
        span.lowPlace = low;
        span.highPlace = high;
        input.push_back(span);
    }
    Spans found;
    for (const Gap &gap : cache::gapsBetween(input)) {
        found.append({static_cast<int>(gap.older), static_cast<int>(gap.newer)});
    }
    QCOMPARE(found, gaps);
}

GODWIT_TEST(TstGaps);
#include "tst_gaps.moc"
