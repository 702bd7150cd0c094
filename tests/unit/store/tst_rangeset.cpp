// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "base/Random.h"
#include "store/RangeSet.h"

#include <QTest>

#include <set>

namespace godwit::test
{

using ledger::Seq;

class TstRangeSet : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void joinsWhatTouches()
    {
        store::RangeSet set;
        set.insert(Seq(5), Seq(7));
        set.insert(Seq(1), Seq(2));
        QCOMPARE(set.size(), std::size_t(2));
        set.insert(Seq(3), Seq(4));
        QCOMPARE(set.size(), std::size_t(1));
        set.insert(Seq(9), Seq(8));
        QCOMPARE(set.size(), std::size_t(1));
        QVERIFY(!set.contains(Seq(0)) && set.contains(Seq(1)) && set.contains(Seq(7)) && !set.contains(Seq(8)));
        set.insert(Seq(7), Seq(~std::uint64_t{0}));
        set.insert(Seq(~std::uint64_t{0}), Seq(~std::uint64_t{0}));
        QCOMPARE(set.size(), std::size_t(1));
    }

    void againstASet()
    {
        base::SeededRandom random(3);
        store::RangeSet set;
        std::set<std::uint64_t> model;
        for (int step = 0; step < 400; ++step) {
            const std::uint64_t low = random.below(2'000);
            const std::uint64_t high = low + random.below(6);
            set.insert(Seq(low), Seq(high));
            for (std::uint64_t at = low; at <= high; ++at) {
                model.insert(at);
            }
            const std::uint64_t probe = random.below(2'010);
            QCOMPARE(set.contains(Seq(probe)), model.contains(probe));
        }
        std::uint64_t covered = 0;
        for (const auto &[low, high] : set.ranges()) {
            covered += high.value - low.value + 1;
        }
        QCOMPARE(covered, std::uint64_t(model.size()));
    }
};

} // namespace godwit::test

using godwit::test::TstRangeSet;
GODWIT_TEST(TstRangeSet);
#include "tst_rangeset.moc"
