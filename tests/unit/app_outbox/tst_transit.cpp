// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "outbox/Transit.h"

#include <QTest>

using namespace godwit;
using ack::AckOutcome;
using outbox::Transit;

using Rows = QList<qint64>;
Q_DECLARE_METATYPE(Rows)

class TstTransit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void running_data();
    void running();
    void resumed_data();
    void resumed();
    void failed_data();
    void failed();
    void countsGoOnFromTheServersAfterResuming();
    void othersCountButAreNotAccepted();

private:
    static Rows rows(const Transit::Rows &accepted) { return Rows(accepted.begin(), accepted.end()); }
    /// Rows 1 to 5 written, the first two acknowledged.
    static Transit fiveWritten()
    {
        Transit transit;
        transit.begin();
        for (int row = 1; row <= 5; ++row) {
            transit.written(row);
        }
        [[maybe_unused]] const auto first = transit.acknowledged(2);
        return transit;
    }
};

void TstTransit::running_data()
{
    QTest::addColumn<quint32>("h");
    QTest::addColumn<int>("outcome");
    QTest::addColumn<Rows>("accepted");
    QTest::newRow("repeated") << 2u << int(AckOutcome::Repeated) << Rows{};
    QTest::newRow("one more") << 3u << int(AckOutcome::Advanced) << Rows{3};
    QTest::newRow("all") << 5u << int(AckOutcome::Advanced) << Rows{3, 4, 5};
    QTest::newRow("one too many") << 6u << int(AckOutcome::TooHigh) << Rows{};
    QTest::newRow("far too many") << 1000u << int(AckOutcome::TooHigh) << Rows{};
    QTest::newRow("stale") << 1u << int(AckOutcome::Stale) << Rows{};
    QTest::newRow("zero again") << 0u << int(AckOutcome::Stale) << Rows{};
}

void TstTransit::running()
{
    QFETCH(quint32, h);
    Transit transit = fiveWritten();
    const auto verdict = transit.acknowledged(h);
    QTEST(int(verdict.outcome), "outcome");
    QTEST(rows(verdict.accepted), "accepted");
}

void TstTransit::resumed_data()
{
    QTest::addColumn<quint32>("h");
    QTest::addColumn<int>("outcome");
    QTest::addColumn<Rows>("accepted");
    QTest::newRow("nothing new") << 2u << int(AckOutcome::Repeated) << Rows{};
    QTest::newRow("a part") << 4u << int(AckOutcome::Advanced) << Rows{3, 4};
    QTest::newRow("everything") << 5u << int(AckOutcome::Advanced) << Rows{3, 4, 5};
    QTest::newRow("too high") << 9u << int(AckOutcome::TooHigh) << Rows{};
}

void TstTransit::resumed()
{
    QFETCH(quint32, h);
    Transit transit = fiveWritten();
    const auto verdict = transit.resumed(h);
    QTEST(int(verdict.outcome), "outcome");
    QTEST(rows(verdict.accepted), "accepted");
    if (verdict.outcome != AckOutcome::TooHigh) {
        QCOMPARE(transit.underWay(), 0u);
    }
}

void TstTransit::failed_data()
{
    QTest::addColumn<int>("h"); // -1: not given
    QTest::addColumn<Rows>("accepted");
    QTest::newRow("without a count") << -1 << Rows{};
    QTest::newRow("a part") << 3 << Rows{3};
    QTest::newRow("too high is not believed") << 9 << Rows{};
    QTest::newRow("stale is not believed") << 1 << Rows{};
}

void TstTransit::failed()
{
    QFETCH(int, h);
    Transit transit = fiveWritten();
    const auto verdict = transit.resumeFailed(h < 0 ? std::nullopt : std::optional<std::uint32_t>(h));
    QTEST(rows(verdict.accepted), "accepted");
    QCOMPARE(transit.underWay(), 0u);
}

void TstTransit::countsGoOnFromTheServersAfterResuming()
{
    Transit transit = fiveWritten();
    QCOMPARE(rows(transit.resumed(3).accepted), Rows{3});
    // Rows 4 and 5 are written again and are the server's stanzas 4 and 5, whatever came between before.
    transit.written(4);
    transit.written(5);
    QCOMPARE(rows(transit.acknowledged(4).accepted), Rows{4});
    QCOMPARE(transit.acknowledged(6).outcome, AckOutcome::TooHigh);
    QCOMPARE(rows(transit.acknowledged(5).accepted), Rows{5});
}

void TstTransit::othersCountButAreNotAccepted()
{
    Transit transit;
    transit.begin();
    transit.written(0); // presence
    transit.written(7);
    transit.written(0); // a roster request
    QCOMPARE(rows(transit.acknowledged(1).accepted), Rows{});
    QCOMPARE(rows(transit.acknowledged(3).accepted), Rows{7});
}

GODWIT_TEST(TstTransit);
#include "tst_transit.moc"
