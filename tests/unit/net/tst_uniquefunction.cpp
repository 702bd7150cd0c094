// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "base/UniqueFunction.h"

#include <QTest>

#include <array>
#include <memory>
#include <string>

using godwit::base::UniqueFunction;

class TstUniqueFunction : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsWhatOnlyMoves()
    {
        UniqueFunction<int(int)> add([number = std::make_unique<int>(40)](int more) { return *number + more; });
        QCOMPARE(add(2), 42);
        UniqueFunction<int(int)> moved(std::move(add));
        QVERIFY(!add); // NOLINT(bugprone-use-after-move): it promises to be empty
        QVERIFY(static_cast<bool>(moved));
        QCOMPARE(moved(1), 41);
    }

    void holdsLargeOnesToo()
    {
        std::array<int, 100> numbers{};
        numbers[99] = 7;
        UniqueFunction<int()> last([numbers] { return numbers[99]; });
        UniqueFunction<int()> moved;
        moved = std::move(last);
        QCOMPARE(moved(), 7);
    }

    void destroysOnce()
    {
        auto held = std::make_shared<int>(0);
        {
            UniqueFunction<void()> first([held] {});
            UniqueFunction<void()> second(std::move(first));
            first = std::move(second);
            QCOMPARE(held.use_count(), 2L);
            first = UniqueFunction<void()>([] {});
            QCOMPARE(held.use_count(), 1L);
            std::array<char, 200> large{};
            first = [held, large] { static_cast<void>(large); };
            QCOMPARE(held.use_count(), 2L);
            first.reset();
            QCOMPARE(held.use_count(), 1L);
            second = [held] {};
        }
        QCOMPARE(held.use_count(), 1L);
    }

    void passesReferencesAndMoves()
    {
        UniqueFunction<std::string(std::string &, std::unique_ptr<int>)> call(
            [](std::string &text, std::unique_ptr<int> number) {
                text += std::to_string(*number);
                return text;
            });
        std::string text = "a";
        QCOMPARE(call(text, std::make_unique<int>(5)), std::string("a5"));
        QCOMPARE(text, std::string("a5"));
    }
};

GODWIT_TEST(TstUniqueFunction);
#include "tst_uniquefunction.moc"
