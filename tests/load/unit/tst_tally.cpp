// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "generator/Tally.h"

#include "UnitTest.h"

#include <QTemporaryDir>
#include <QTest>

using godwit::load::Arrival;
using godwit::load::MessageName;
using godwit::load::Tally;

class TstTally : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesRoundTrip();
    void foreignIds_data();
    void foreignIds();
    void copiesAndDoubles();
    void orderBreaksAreSeen();
    void missingIsWhatWasAccepted();
    void openUntilAcceptedAndDelivered();
    void booksSurviveTheFile();
    void timesOnlyWhileMeasuring();
};

void TstTally::namesRoundTrip()
{
    Tally tally(3, "run");
    (void)tally.add(2, 0);
    const MessageName name = tally.add(2, 0);
    const auto back = tally.named(tally.idOf(name));
    QVERIFY(back.has_value());
    QCOMPARE(back->pair, 2U);
    QCOMPARE(back->seq, 1U);
}

void TstTally::foreignIds_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("another run") << QByteArray("abc-0-0");
    QTest::newRow("no such pair") << QByteArray("run-1-0");
    QTest::newRow("not sent yet") << QByteArray("run-0-1");
    QTest::newRow("no number") << QByteArray("run-0-x");
    QTest::newRow("more behind it") << QByteArray("run-0-0x");
}

void TstTally::foreignIds()
{
    QFETCH(const QByteArray, id);
    Tally tally(1, "run");
    (void)tally.add(0, 0);
    QCOMPARE(tally.received(id.toStdString(), "", 1), Arrival::Foreign);
    QCOMPARE(tally.delivered(), std::uint64_t(0));
    QCOMPARE(tally.foreign(), std::uint64_t(1));
}

void TstTally::copiesAndDoubles()
{
    Tally tally(1, "run");
    const std::string id = tally.idOf(tally.add(0, 0));
    QCOMPARE(tally.received(id, "s1", 1), Arrival::Fresh);
    QCOMPARE(tally.received(id, "s1", 2), Arrival::Copy);
    QCOMPARE(tally.received(id, "", 3), Arrival::Copy);
    QCOMPARE(tally.received(id, "s2", 4), Arrival::Doubled);
    QCOMPARE(tally.delivered(), std::uint64_t(1));
    QCOMPARE(tally.copies(), std::uint64_t(2));
    QCOMPARE(tally.doubled(), std::uint64_t(1));
}

void TstTally::orderBreaksAreSeen()
{
    Tally tally(2, "run");
    for (int i = 0; i < 3; ++i) {
        (void)tally.add(0, 0);
    }
    (void)tally.add(1, 0);
    for (const char *id : {"run-0-0", "run-0-2", "run-1-0", "run-0-1"}) {
        QCOMPARE(tally.received(id, "", 1), Arrival::Fresh);
    }
    QCOMPARE(tally.orderBreaks(), std::uint64_t(1));
}

void TstTally::missingIsWhatWasAccepted()
{
    Tally tally(1, "run");
    for (int i = 0; i < 4; ++i) {
        (void)tally.add(0, 0);
    }
    tally.accepted({0, 0}, 1);
    tally.accepted({0, 1}, 1);
    tally.accepted({0, 2}, 1);
    tally.accepted({0, 2}, 2);
    (void)tally.received("run-0-0", "", 1);
    tally.bounced("run-0-1");
    tally.bounced("run-0-1");
    tally.bounced("run-0-3");
    QCOMPARE(tally.accepted(), std::uint64_t(3));
    QCOMPARE(tally.bouncedTotal(), std::uint64_t(2));
    QCOMPARE(tally.missing().lost, std::uint64_t(1));
    QCOMPARE(tally.missing().bounced, std::uint64_t(1));
}

void TstTally::openUntilAcceptedAndDelivered()
{
    Tally tally(1, "run");
    const MessageName first = tally.add(0, 0);
    const MessageName second = tally.add(0, 0);
    QCOMPARE(tally.openIn(0), 2U);
    tally.accepted(first, 1);
    QCOMPARE(tally.openIn(0), 2U);
    (void)tally.received(tally.idOf(first), "", 1);
    QCOMPARE(tally.openIn(0), 1U);
    (void)tally.received(tally.idOf(second), "", 1);
    tally.bounced(tally.idOf(second));
    QCOMPARE(tally.openIn(0), 1U);
    tally.accepted(second, 1);
    QCOMPARE(tally.openIn(0), 0U);
}

void TstTally::booksSurviveTheFile()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("books")).toStdString();
    Tally tally(3, "run");
    (void)tally.add(0, 0);
    (void)tally.add(0, 0);
    (void)tally.add(2, 0);
    tally.accepted({0, 0}, 1);
    tally.accepted({2, 0}, 1);
    tally.bounced("run-2-0");
    QVERIFY(tally.save(path).empty());
    const std::optional<Tally> loaded = Tally::load(path);
    QVERIFY(loaded.has_value());
    QVERIFY(loaded->run() == "run");
    QCOMPARE(loaded->pairs(), std::size_t(3));
    QCOMPARE(loaded->sent(), std::uint64_t(3));
    QCOMPARE(loaded->accepted(), std::uint64_t(2));
    QCOMPARE(loaded->missing().lost, std::uint64_t(1));
    QCOMPARE(loaded->missing().bounced, std::uint64_t(1));
    QVERIFY(!Tally::load(path + "-none").has_value());
    QVERIFY(!tally.save("/nonexistent/books").empty());
}

void TstTally::timesOnlyWhileMeasuring()
{
    Tally tally(1, "run");
    const MessageName first = tally.add(0, 100);
    const MessageName second = tally.add(0, 200);
    tally.accepted(first, 150);
    tally.measure(true);
    tally.accepted(second, 230);
    (void)tally.received(tally.idOf(first), "", 140);
    QCOMPARE(tally.takeAcceptTimes().max(), std::uint64_t(30));
    QCOMPARE(tally.takeDeliveryTimes().max(), std::uint64_t(40));
    QCOMPARE(tally.takeDeliveryTimes().count(), std::uint64_t(0));
}

GODWIT_TEST(TstTally);
#include "tst_tally.moc"
