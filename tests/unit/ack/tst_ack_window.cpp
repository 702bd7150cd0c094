// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The window against a model that does the same by plain 64-bit counting, around the places where the 32-bit count of
// XEP-0198 wraps or changes its sign.

#include "UnitTest.h"

#include "ack/AckWindow.h"
#include "base/Random.h"

#include <QTest>

#include <deque>

using godwit::ack::AckOutcome;
using godwit::ack::AckWindow;
using godwit::base::SeededRandom;

namespace
{

/// Counts without wrapping and looks at every entry.
class Model
{
public:
    explicit Model(std::uint64_t h)
        : m_acknowledged(h)
    {
    }

    void push(int entry) { m_entries.push_back(entry); }

    /// What the peer means by h is the count, of those that are h modulo 2^32, that was sent most recently or lies
    /// within 2^31 of the last one.
    AckOutcome acknowledge(std::uint32_t h, std::deque<int> &popped)
    {
        for (std::uint64_t count = m_acknowledged; count <= m_acknowledged + m_entries.size(); ++count) {
            if (static_cast<std::uint32_t>(count) == h) {
                if (count == m_acknowledged) {
                    return AckOutcome::Repeated;
                }
                while (m_acknowledged < count) {
                    popped.push_back(m_entries.front());
                    m_entries.pop_front();
                    ++m_acknowledged;
                }
                return AckOutcome::Advanced;
            }
        }
        const std::uint64_t ahead =
            (h + (std::uint64_t(1) << 32) - static_cast<std::uint32_t>(m_acknowledged)) & 0xffff'ffffu;
        return ahead <= 0x8000'0000u ? AckOutcome::TooHigh : AckOutcome::Stale;
    }

    std::uint64_t acknowledged() const { return m_acknowledged; }
    const std::deque<int> &entries() const { return m_entries; }

private:
    std::uint64_t m_acknowledged;
    std::deque<int> m_entries;
};

} // namespace

class TstAckWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outcomes_data();
    void outcomes();
    void againstModel_data();
    void againstModel();
    void wrapsWhileFull();
    void givesMemoryBack();
};

void TstAckWindow::outcomes_data()
{
    QTest::addColumn<quint32>("start");
    QTest::addColumn<int>("pushed");
    QTest::addColumn<quint32>("h");
    QTest::addColumn<AckOutcome>("outcome");
    QTest::addColumn<int>("left");
    QTest::newRow("all") << 0u << 3 << 3u << AckOutcome::Advanced << 0;
    QTest::newRow("some") << 0u << 3 << 2u << AckOutcome::Advanced << 1;
    QTest::newRow("none again") << 7u << 3 << 7u << AckOutcome::Repeated << 3;
    QTest::newRow("one too high") << 0u << 3 << 4u << AckOutcome::TooHigh << 3;
    QTest::newRow("nothing was sent") << 0u << 0 << 1u << AckOutcome::TooHigh << 0;
    QTest::newRow("stale by one") << 7u << 3 << 6u << AckOutcome::Stale << 3;
    QTest::newRow("across the wrap") << 0xffff'fffbu << 10 << 2u << AckOutcome::Advanced << 3;
    QTest::newRow("to the wrap") << 0xffff'fffbu << 10 << 0u << AckOutcome::Advanced << 5;
    QTest::newRow("too high across the wrap") << 0xffff'fffbu << 3 << 0u << AckOutcome::TooHigh << 3;
    QTest::newRow("stale across the wrap") << 2u << 3 << 0xffff'ffffu << AckOutcome::Stale << 3;
    QTest::newRow("half the circle ahead") << 0u << 3 << 0x8000'0000u << AckOutcome::TooHigh << 3;
    QTest::newRow("half the circle and one behind") << 0u << 3 << 0x8000'0001u << AckOutcome::Stale << 3;
}

void TstAckWindow::outcomes()
{
    QFETCH(quint32, start);
    QFETCH(int, pushed);
    QFETCH(quint32, h);
    QFETCH(AckOutcome, outcome);
    QFETCH(int, left);
    AckWindow<int> window(start);
    for (int i = 0; i < pushed; ++i) {
        window.push(i);
    }
    int next = 0;
    const AckOutcome got = window.acknowledge(h, [&next](int &&entry) { QCOMPARE(entry, next++); });
    QCOMPARE(got, outcome);
    QCOMPARE(window.size(), static_cast<std::size_t>(left));
    QCOMPARE(next, pushed - left);
    QCOMPARE(window.acknowledged(), outcome == AckOutcome::Advanced ? h : start);
    QCOMPARE(window.sent(), start + static_cast<quint32>(pushed));
}

void TstAckWindow::againstModel_data()
{
    QTest::addColumn<quint32>("start");
    for (const quint32 start : {0u, 0xffff'fffbu, 0x8000'0000u - 5, 0x8000'0000u, 0x7fff'ff00u}) {
        QTest::addRow("from %u", start) << start;
    }
}

void TstAckWindow::againstModel()
{
    QFETCH(quint32, start);
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        SeededRandom random(seed);
        AckWindow<int> window(start);
        Model model(start);
        int entry = 0;
        for (int step = 0; step < 300; ++step) {
            if (random.below(2) == 0) {
                window.push(entry);
                model.push(entry);
                ++entry;
                continue;
            }
            // Mostly counts near the truth, sometimes far ones and nonsense.
            std::uint32_t h = window.acknowledged() + static_cast<std::uint32_t>(random.below(window.size() + 4)) - 1;
            if (random.below(10) == 0) {
                h = window.acknowledged() + 0x8000'0000u + static_cast<std::uint32_t>(random.below(5)) - 2;
            } else if (random.below(10) == 0) {
                h = static_cast<std::uint32_t>(random.next());
            }
            std::deque<int> expected;
            std::deque<int> popped;
            const AckOutcome outcome = model.acknowledge(h, expected);
            QCOMPARE(window.acknowledge(h, [&popped](int &&taken) { popped.push_back(taken); }), outcome);
            QVERIFY(popped == expected);
            QCOMPARE(window.acknowledged(), static_cast<std::uint32_t>(model.acknowledged()));
            QCOMPARE(window.size(), model.entries().size());
            for (std::size_t i = 0; i < window.size(); ++i) {
                QCOMPARE(window.at(i), model.entries()[i]);
            }
        }
    }
}

void TstAckWindow::wrapsWhileFull()
{
    AckWindow<int> window(0xffff'ff00u);
    int pushed = 0;
    int popped = 0;
    for (int round = 0; round < 100; ++round) {
        for (int i = 0; i < 7; ++i) {
            window.push(pushed++);
        }
        const std::uint32_t h = window.acknowledged() + 5;
        QCOMPARE(window.acknowledge(h, [&popped](int &&entry) { QCOMPARE(entry, popped++); }), AckOutcome::Advanced);
    }
    QCOMPARE(popped, 500);
    QCOMPARE(window.size(), std::size_t(200));
}

/// A session that drained its backlog is small again.
void TstAckWindow::givesMemoryBack()
{
    AckWindow<std::string> window;
    QVERIFY(sizeof window <= 48);
    for (int i = 0; i < 256; ++i) {
        window.push("entry");
    }
    int popped = 0;
    QCOMPARE(window.acknowledge(256, [&popped](std::string &&) { ++popped; }), AckOutcome::Advanced);
    QCOMPARE(popped, 256);
    QVERIFY(window.empty());
    window.push("again");
    QCOMPARE(QByteArray::fromStdString(window.at(0)), "again");
    QCOMPARE(window.sent(), 257u);
}

GODWIT_TEST(TstAckWindow);
#include "tst_ack_window.moc"
