// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "runtime/MemoryBudget.h"

#include <QTest>

using namespace godwit;
using runtime::MemoryBudget;
using Pressure = router::Router::Pressure;

/// DELIVERY.md rule 16: budgets per shard and per process; new logins are refused first, then reads pause.
class TstMemoryBudget : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pressure_data()
    {
        QTest::addColumn<int>("flowing");
        QTest::addColumn<int>("kept");
        QTest::addColumn<int>("others");
        QTest::addColumn<int>("wanted");
        const auto row = [](const char *name, int flowing, int kept, int others, Pressure wanted) {
            QTest::newRow(name) << flowing << kept << others << static_cast<int>(wanted);
        };
        row("nothing", 0, 0, 0, Pressure::None);
        row("as much as there is", 500, 500, 0, Pressure::None);
        row("a little too much refuses logins first", 1'001, 0, 0, Pressure::NoLogins);
        row("far too much stops reading", 1'126, 0, 0, Pressure::NoReading);
        row("what must be acknowledged never stops reading", 0, 5'000, 0, Pressure::NoLogins);
        row("of all shards together", 400, 0, 700, Pressure::NoLogins);
        row("the shard with less than its share reads on", 400, 0, 900, Pressure::NoLogins);
        row("the shard with more than its share does not", 600, 0, 900, Pressure::NoReading);
    }
    void pressure()
    {
        QFETCH(int, flowing);
        QFETCH(int, kept);
        QFETCH(int, others);
        QFETCH(int, wanted);
        MemoryBudget budget(1'000, 2);
        budget.report(1, {static_cast<std::size_t>(others), 0});
        const Pressure found = budget.report(0, {static_cast<std::size_t>(flowing), static_cast<std::size_t>(kept)});
        QCOMPARE(static_cast<int>(found), wanted);
    }

    void goesWhenTheLoadGoes()
    {
        MemoryBudget budget(1'000, 2);
        QVERIFY(budget.report(0, {2'000, 0}) == Pressure::NoReading);
        QVERIFY(budget.report(1, {10, 0}) == Pressure::NoLogins);
        QVERIFY(budget.report(0, {100, 0}) == Pressure::None);
        QVERIFY(budget.report(1, {10, 0}) == Pressure::None);
    }
};

GODWIT_TEST(TstMemoryBudget);
#include "tst_memorybudget.moc"
