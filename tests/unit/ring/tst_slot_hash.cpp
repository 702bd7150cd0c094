// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "ring/SlotHash.h"

#include <QTest>

#include <algorithm>
#include <string>
#include <vector>

using namespace godwit::ring;

class TstSlotHash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vectors_data();
    void vectors();
    void spread();
};

/// Computed by another implementation of SipHash. Stored data depends on them: they never change.
void TstSlotHash::vectors_data()
{
    QTest::addColumn<QByteArray>("jid");
    QTest::addColumn<quint32>("of4096");
    QTest::addColumn<quint32>("of16384");
    QTest::addColumn<quint32>("of1000");
    QTest::newRow("empty") << QByteArray("") << 2384u << 2384u << 664u;
    QTest::newRow("example.org") << QByteArray("example.org") << 570u << 570u << 242u;
    QTest::newRow("alice@example.org") << QByteArray("alice@example.org") << 1279u << 5375u << 743u;
    QTest::newRow("bob@example.org") << QByteArray("bob@example.org") << 3533u << 3533u << 461u;
    QTest::newRow("romeo@montague.example") << QByteArray("romeo@montague.example") << 417u << 417u << 9u;
    QTest::newRow("ключ@пример.рф") << QByteArray("ключ@пример.рф") << 967u << 9159u << 903u;
}

void TstSlotHash::vectors()
{
    QFETCH(QByteArray, jid);
    const std::string_view text(jid.data(), static_cast<std::size_t>(jid.size()));
    QTEST(slotOf(text), "of4096");
    QTEST(slotOf(text, 16'384), "of16384");
    QTEST(slotOf(text, 1'000), "of1000");
    QCOMPARE(slotOf(text, 1), 0u);
}

/// Accounts named one after the other fill the slots and the shards evenly.
void TstSlotHash::spread()
{
    constexpr std::uint32_t shards = 4;
    std::vector<int> bySlot(slotCountDefault);
    std::vector<int> byShard(shards);
    for (int i = 0; i < 200'000; ++i) {
        const std::uint32_t slot = slotOf("user" + std::to_string(i) + "@example.org");
        ++bySlot.at(slot);
        ++byShard.at(shardOf(slot, shards));
    }
    const auto [fewest, most] = std::minmax_element(bySlot.begin(), bySlot.end());
    QVERIFY(*fewest > 15 && *most < 95);
    for (const int accounts : byShard) {
        QVERIFY(accounts > 49'000 && accounts < 51'000);
    }
}

GODWIT_TEST(TstSlotHash);
#include "tst_slot_hash.moc"
