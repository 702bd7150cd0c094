// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "config/Config.h"

#include <QTest>

#include <set>

using namespace godwit;
using namespace godwit::config;
using namespace std::chrono_literals;

namespace
{

std::string complaint(const LimitSpec &limit, const std::string &value)
{
    const auto config = parseConfig("[limits]\n" + std::string(limit.name) + " = " + value + "\n", "f");
    return config ? std::string() : config.error().context();
}

std::string inMicros(base::Duration time)
{
    return "\"" + std::to_string(time.count()) + " us\"";
}

} // namespace

class TstLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaultsAreWithinTheirBounds()
    {
        const Limits defaults;
        std::set<std::string_view> names;
        for (const LimitSpec &limit : limitTable()) {
            const std::string name(limit.name);
            QVERIFY2(names.insert(limit.name).second, name.c_str());
            QVERIFY2(!limit.words.empty(), name.c_str());
            if (const auto *number = std::get_if<NumberLimit>(&limit.value)) {
                QVERIFY2(number->least < number->most, name.c_str());
                QVERIFY2(defaults.*number->member >= number->least, name.c_str());
                QVERIFY2(defaults.*number->member <= number->most, name.c_str());
            } else {
                const auto &time = std::get<TimeLimit>(limit.value);
                QVERIFY2(time.least < time.most, name.c_str());
                QVERIFY2(defaults.*time.member >= time.least && defaults.*time.member <= time.most, name.c_str());
            }
        }
        QVERIFY(checkRelations(defaults).ok());
    }

    void everyMemberIsInTheTable()
    {
        // All members are 8 bytes wide; a new one without a row makes these differ.
        QCOMPARE(limitTable().size(), sizeof(Limits) / 8);
    }

    void bothSidesOfEachBound_data()
    {
        QTest::addColumn<int>("row");
        int row = 0;
        for (const LimitSpec &limit : limitTable()) {
            QTest::newRow(std::string(limit.name).c_str()) << row++;
        }
    }

    void bothSidesOfEachBound()
    {
        QFETCH(int, row);
        const LimitSpec &limit = limitTable()[static_cast<std::size_t>(row)];
        std::string least;
        std::string most;
        std::string below;
        std::string above;
        if (const auto *number = std::get_if<NumberLimit>(&limit.value)) {
            least = std::to_string(number->least);
            most = std::to_string(number->most);
            below = number->least == 0 ? "-1" : std::to_string(number->least - 1);
            above = std::to_string(number->most + 1);
        } else {
            const auto &time = std::get<TimeLimit>(limit.value);
            least = inMicros(time.least);
            most = inMicros(time.most);
            below = inMicros(time.least - 1us);
            above = inMicros(time.most + 1us);
        }
        // A value inside can only fail because of its relation to another limit.
        for (const std::string &inside : {least, most}) {
            const std::string words = complaint(limit, inside);
            QVERIFY2(words.empty() || words.find(") must be at most limits.") != std::string::npos, words.c_str());
        }
        for (const std::string &outside : {below, above}) {
            const std::string words = complaint(limit, outside);
            QVERIFY2(words.starts_with("f:2: limits." + std::string(limit.name) + ": '"), words.c_str());
            QVERIFY2(words.find("from ") != std::string::npos, words.c_str());
        }
    }

    void relationsHold_data()
    {
        QTest::addColumn<int>("row");
        int row = 0;
        for (const LimitRelation &relation : limitRelations()) {
            const std::string name = std::string(relation.smaller) + " <= " + std::string(relation.larger);
            QTest::newRow(name.c_str()) << row++;
        }
    }

    void relationsHold()
    {
        QFETCH(int, row);
        const LimitRelation &relation = limitRelations()[static_cast<std::size_t>(row)];
        const auto find = [](std::string_view name) -> const LimitSpec & {
            for (const LimitSpec &limit : limitTable()) {
                if (limit.name == name) {
                    return limit;
                }
            }
            qFatal("no such limit");
        };
        const LimitSpec &smaller = find(relation.smaller);
        const LimitSpec &larger = find(relation.larger);
        Limits limits;
        if (const auto *number = std::get_if<NumberLimit>(&larger.value)) {
            limits.*std::get<NumberLimit>(smaller.value).member = limits.*number->member;
            limits.*std::get<NumberLimit>(smaller.value).member += 1;
        } else {
            limits.*std::get<TimeLimit>(smaller.value).member = limits.*std::get<TimeLimit>(larger.value).member + 1us;
        }
        const auto broken = checkRelations(limits);
        QVERIFY(!broken.ok());
        QVERIFY(broken.error().context().find("must be at most") != std::string::npos);
    }

    void times_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("micros");
        const auto row = [](const char *text, qint64 micros) { QTest::newRow(text) << QByteArray(text) << micros; };
        row("250 ms", 250'000);
        row("250ms", 250'000);
        row("1 s", 1'000'000);
        row("90 seconds", 90'000'000);
        row("5 min", 300'000'000);
        row("2 h", 7'200'000'000);
        row("14 days", 1'209'600'000'000);
        row("0 s", 0);
        row("5", -1);
        row("min", -1);
        row("", -1);
        row("-5 s", -1);
        row("5 sm", -1);
        row("5 s ", -1);
        row("99999999999999999999 s", -1);
        row("9223372036854775807 days", -1);
    }

    void times()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, micros);
        const auto time = parseDuration(text.toStdString());
        QCOMPARE(time ? time->count() : -1, micros);
        if (time) {
            QVERIFY(parseDuration(formatDuration(*time)) == time);
        }
    }

    void sizes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("bytes");
        const auto row = [](const char *text, qint64 bytes) { QTest::newRow(text) << QByteArray(text) << bytes; };
        row("10000", 10'000);
        row("64 KiB", 65'536);
        row("64KiB", 65'536);
        row("1 MiB", 1'048'576);
        row("2 GiB", 2'147'483'648);
        row("500 B", 500);
        row("64 KB", -1);
        row("KiB", -1);
        row("", -1);
        row("99999999999999999 GiB", -1);
    }

    void sizes()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, bytes);
        const auto size = parseNumber(text.toStdString(), LimitUnit::Bytes);
        QCOMPARE(size ? static_cast<qint64>(*size) : -1, bytes);
        if (size) {
            QVERIFY(parseNumber(formatNumber(*size, LimitUnit::Bytes), LimitUnit::Bytes) == size);
        }
    }

    void distances()
    {
        QCOMPARE(editDistance("", "abc"), std::size_t{3});
        QCOMPARE(editDistance("domian", "domain"), std::size_t{2});
        QCOMPARE(editDistance("same", "same"), std::size_t{0});
        QCOMPARE(editDistance("kitten", "sitting"), std::size_t{3});
    }
};

GODWIT_TEST(TstLimits);
#include "tst_limits.moc"
