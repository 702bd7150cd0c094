// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "compact/InternTable.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <string>

using namespace godwit::compact;

class TstInternTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void slotsInOrder();
    void oldestMakesRoom();
    void sizes();
    void switchedOff();
    void itsOwnText();
    void againstAModel();
    void memoryIsBounded();
};

void TstInternTable::slotsInOrder()
{
    InternTable table(3, 1, 8);
    QVERIFY(!table.at(0));
    QVERIFY(!table.find("a"));
    table.enter("a");
    table.enter("b");
    QVERIFY(table.at(0) == "a");
    QVERIFY(table.at(1) == "b");
    QVERIFY(!table.at(2));
    QVERIFY(table.find("b") == 1u);
    QVERIFY(!table.find("c"));
}

void TstInternTable::oldestMakesRoom()
{
    InternTable table(2, 1, 8);
    for (const char *text : {"a", "b", "c", "d", "e"}) {
        table.enter(text);
    }
    QVERIFY(table.at(0) == "e");
    QVERIFY(table.at(1) == "d");
    QVERIFY(!table.at(2));
    QVERIFY(!table.find("c"));
    QVERIFY(table.find("e") == 0u);
}

void TstInternTable::sizes()
{
    InternTable table(4, 2, 4);
    table.enter("a");
    QVERIFY(!table.at(0));
    table.enter("ab");
    table.enter("abcd");
    table.enter("abcde");
    QVERIFY(table.at(0) == "ab");
    QVERIFY(table.at(1) == "abcd");
    QVERIFY(!table.at(2));
    QVERIFY(!table.find("abcde"));
}

void TstInternTable::switchedOff()
{
    InternTable table(0, 1, 8);
    table.enter("a");
    QVERIFY(!table.at(0));
    QVERIFY(!table.find("a"));
    QCOMPARE(table.heldBytes() < 64, true);
}

void TstInternTable::itsOwnText()
{
    InternTable table(128, 1, 128);
    table.enter(std::string(100, 'x'));
    for (int i = 0; i < 500; ++i) {
        table.enter(*table.at(static_cast<std::uint64_t>(i % 128)));
        QVERIFY(table.at(static_cast<std::uint64_t>((i + 1) % 128)) == std::string(100, 'x'));
    }
}

/// Random strings, some of them again and again, beside a list of what the table must hold.
void TstInternTable::againstAModel()
{
    constexpr std::size_t slotCount = 13;
    InternTable table(slotCount, 1, 40);
    std::vector<std::string> model(slotCount);
    std::mt19937 random(1);
    std::size_t next = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string text(1 + random() % 40, static_cast<char>('a' + random() % 3));
        const auto found = table.find(text);
        QCOMPARE(found.has_value(), std::ranges::find(model, text) != model.end());
        QVERIFY(!found || model[*found] == text);
        table.enter(text);
        model[next] = text;
        next = (next + 1) % slotCount;
        const std::size_t slot = random() % slotCount;
        QVERIFY(table.at(slot).value_or("") == model[slot]);
    }
}

void TstInternTable::memoryIsBounded()
{
    InternTable table(128, 1, 128);
    for (int i = 0; i < 10'000; ++i) {
        table.enter(std::string(124, 'x') + std::to_string(1'000 + i % 9'000));
    }
    // Twice what lives, some that is dead, and what a growing string has to spare.
    QVERIFY(table.heldBytes() < 6 * 128 * 128);
}

GODWIT_TEST(TstInternTable);
#include "tst_intern_table.moc"
