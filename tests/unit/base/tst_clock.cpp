// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "base/Clock.h"
#include "base/Random.h"

#include <QTest>

using namespace godwit::base;

class TstClock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parsed_data();
    void parsed();
    void refused_data();
    void refused();
    void roundTrip();
    void manual();
    void system();
};

void TstClock::parsed_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("micros");
    QTest::addColumn<QByteArray>("formatted");
    const auto row = [](const char *name, const char *text, qint64 micros, const char *formatted) {
        QTest::newRow(name) << QByteArray(text) << micros << QByteArray(formatted);
    };
    row("epoch", "1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z");
    row("XEP-0082 example", "1969-07-21T02:56:15Z", -14'159'025'000'000, "1969-07-21T02:56:15Z");
    row("XEP-0082 example with offset", "1969-07-20T21:56:15-05:00", -14'159'025'000'000, "1969-07-21T02:56:15Z");
    row("offset to the east", "2026-11-24T03:41:00+05:30", 1'795'471'860'000'000, "2026-11-23T22:11:00Z");
    row("milliseconds", "2026-11-23T22:11:00.125Z", 1'795'471'860'125'000, "2026-11-23T22:11:00.125000Z");
    row("microseconds", "2026-11-23T22:11:00.000125Z", 1'795'471'860'000'125, "2026-11-23T22:11:00.000125Z");
    row("nanoseconds are cut", "2026-11-23T22:11:00.000125999Z", 1'795'471'860'000'125, "2026-11-23T22:11:00.000125Z");
    row("leap day", "2024-02-29T12:00:00Z", 1'709'208'000'000'000, "2024-02-29T12:00:00Z");
    row("leap second", "2016-12-31T23:59:60Z", 1'483'228'800'000'000, "2017-01-01T00:00:00Z");
    row("minus zero", "1970-01-01T00:00:00-00:00", 0, "1970-01-01T00:00:00Z");
    row("year 9999", "9999-12-31T23:59:59Z", 253'402'300'799'000'000, "9999-12-31T23:59:59Z");
}

void TstClock::parsed()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, micros);
    QFETCH(QByteArray, formatted);
    WallTime time;
    QVERIFY(parseDateTime(text.toStdString(), time));
    QCOMPARE(static_cast<qint64>(time.time_since_epoch().count()), micros);
    QCOMPARE(QByteArray::fromStdString(formatDateTime(time)), formatted);
}

void TstClock::refused_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"",
                             "2026",
                             "2026-11-23",
                             "2026-11-23T22:11:00",
                             "2026-11-23 22:11:00Z",
                             "2026-11-23T22:11Z",
                             "2026-13-01T00:00:00Z",
                             "2026-00-01T00:00:00Z",
                             "2026-02-29T00:00:00Z",
                             "2026-11-31T00:00:00Z",
                             "2026-11-23T24:00:00Z",
                             "2026-11-23T22:60:00Z",
                             "2026-11-23T22:11:61Z",
                             "2026-11-23T22:11:00.Z",
                             "2026-11-23T22:11:00,5Z",
                             "2026-11-23T22:11:00z",
                             "2026-11-23T22:11:00ZZ",
                             "2026-11-23T22:11:00+5:30",
                             "2026-11-23T22:11:00+15:00",
                             "2026-11-23T22:11:00+05:60",
                             "2026-11-23T22:11:00+0530",
                             "-026-11-23T22:11:00Z",
                             "+026-11-23T22:11:00Z",
                             "2026-1-23T22:11:00Z",
                             "20020910T23:08:25",
                             " 2026-11-23T22:11:00Z"}) {
        QTest::newRow(*text ? text : "empty") << QByteArray(text);
    }
}

void TstClock::refused()
{
    QFETCH(QByteArray, text);
    WallTime time(Duration(42));
    QVERIFY(!parseDateTime(text.toStdString(), time));
    QCOMPARE(static_cast<qint64>(time.time_since_epoch().count()), qint64(42));
}

void TstClock::roundTrip()
{
    SeededRandom random(1);
    constexpr std::uint64_t years9999 = 253'402'300'799'000'000;
    for (int i = 0; i < 10'000; ++i) {
        const WallTime time{Duration(static_cast<std::int64_t>(random.below(years9999)))};
        WallTime read;
        QVERIFY(parseDateTime(formatDateTime(time), read));
        QVERIFY(read == time);
    }
}

void TstClock::manual()
{
    ManualClock clock;
    const Instant start = clock.now();
    const WallTime wall = clock.wall();
    clock.advance(std::chrono::milliseconds(3));
    QVERIFY(clock.now() - start == std::chrono::milliseconds(3));
    QVERIFY(clock.wall() - wall == std::chrono::milliseconds(3));
}

void TstClock::system()
{
    const SystemClock clock;
    const Instant first = clock.now();
    QVERIFY(clock.now() >= first);
    QVERIFY(clock.wall() > WallTime(std::chrono::seconds(1'700'000'000)));
}

GODWIT_TEST(TstClock);
#include "tst_clock.moc"
