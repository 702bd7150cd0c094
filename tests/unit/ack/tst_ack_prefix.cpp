// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// DELIVERY.md rule 5: the h of an ack counts a prefix.

#include "UnitTest.h"

#include "ack/AckPrefix.h"
#include "base/Random.h"

#include <QTest>

#include <set>
#include <vector>

using godwit::ack::AckPrefix;
using godwit::base::SeededRandom;

class TstAckPrefix : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rule5WaitsForTheFirst();
    void againstModel_data();
    void againstModel();
};

void TstAckPrefix::rule5WaitsForTheFirst()
{
    AckPrefix prefix;
    const std::uint32_t message = prefix.receive();
    const std::uint32_t iq = prefix.receive();
    QVERIFY(!prefix.resolve(iq));
    QCOMPARE(prefix.resolved(), 0u);
    QCOMPARE(prefix.unresolved(), 2u);
    QVERIFY(prefix.resolve(message));
    QCOMPARE(prefix.resolved(), 2u);
    QCOMPARE(prefix.unresolved(), 0u);
}

void TstAckPrefix::againstModel_data()
{
    QTest::addColumn<quint32>("start");
    for (const quint32 start : {0u, 0xffff'fffbu, 0x8000'0000u - 5}) {
        QTest::addRow("from %u", start) << start;
    }
}

/// The model keeps the set of open numbers, counted without wrapping.
void TstAckPrefix::againstModel()
{
    QFETCH(quint32, start);
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        SeededRandom random(seed);
        AckPrefix prefix(start);
        std::uint64_t received = start;
        std::vector<std::uint64_t> unresolved;
        for (int step = 0; step < 3'000; ++step) {
            if (unresolved.empty() || random.below(20) >= 10) {
                unresolved.push_back(++received);
                QCOMPARE(prefix.receive(), static_cast<std::uint32_t>(received));
            } else {
                const bool oldest = random.below(3) > 0;
                const std::size_t at = oldest ? 0 : random.below(unresolved.size());
                const std::uint64_t number = unresolved[at];
                unresolved.erase(unresolved.begin() + static_cast<std::ptrdiff_t>(at));
                QCOMPARE(prefix.resolve(static_cast<std::uint32_t>(number)), at == 0);
            }
            const std::uint64_t expected = unresolved.empty() ? received : unresolved.front() - 1;
            QCOMPARE(prefix.resolved(), static_cast<std::uint32_t>(expected));
            QCOMPARE(prefix.received(), static_cast<std::uint32_t>(received));
            QCOMPARE(prefix.unresolved(), static_cast<std::uint32_t>(received - expected));
        }
    }
}

GODWIT_TEST(TstAckPrefix);
#include "tst_ack_prefix.moc"
