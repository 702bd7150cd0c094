// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "store/Batcher.h"

#include <QTest>

#include <thread>

namespace godwit::test
{

namespace
{

store::LogItem append(std::uint64_t ticket, std::size_t bytes = 10)
{
    store::AppendItem item;
    item.row.ticket = ledger::Ticket(ticket);
    item.row.stanza = base::shareBytes(std::string(bytes, 'x'));
    return item;
}

std::uint64_t ticketOf(const store::LogItem &item)
{
    return std::get<store::AppendItem>(item).row.ticket.value;
}

store::LogItem proof()
{
    return std::make_unique<store::JournalItem>();
}

} // namespace

class TstBatcher : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cutsByRowsAndBytes()
    {
        store::Batcher batcher({3, 100, std::chrono::milliseconds(1)});
        for (std::uint64_t at = 1; at <= 5; ++at) {
            QVERIFY(batcher.push(append(at)));
        }
        QVERIFY(batcher.push(append(6, 95)));
        QVERIFY(batcher.push(append(7, 1'000)));
        QVERIFY(batcher.push(append(8)));
        std::vector<std::vector<std::uint64_t>> batches;
        batcher.close();
        std::vector<store::LogItem> items;
        while (batcher.take(items)) {
            batches.emplace_back();
            for (const store::LogItem &item : items) {
                batches.back().push_back(ticketOf(item));
            }
        }
        const std::vector<std::vector<std::uint64_t>> wanted{{1, 2, 3}, {4, 5}, {6}, {7}, {8}};
        QCOMPARE(batches, wanted);
    }

    void refusesWhenClosed()
    {
        store::Batcher batcher({3, 100, std::chrono::milliseconds(1)});
        batcher.close();
        QVERIFY(!batcher.push(append(1)));
        std::vector<store::LogItem> items;
        QVERIFY(!batcher.take(items));
    }

    void aProofWaitsForARow()
    {
        store::Batcher batcher({100, 10'000, std::chrono::seconds(60)});
        QVERIFY(batcher.push(proof()));
        std::thread shard([&batcher] { QVERIFY(batcher.push(append(1))); });
        std::vector<store::LogItem> items;
        QVERIFY(batcher.take(items));
        shard.join();
        QCOMPARE(items.size(), std::size_t(2));
    }

    void proofsAloneGoAfterAWhile()
    {
        store::Batcher batcher({100, 10'000, std::chrono::milliseconds(5)});
        QVERIFY(batcher.push(proof()));
        QVERIFY(batcher.push(proof()));
        std::vector<store::LogItem> items;
        QVERIFY(batcher.take(items));
        QCOMPARE(items.size(), std::size_t(2));
    }

    void firstInFirstOutOverThreads()
    {
        constexpr std::uint64_t each = 20'000;
        store::Batcher batcher({77, 1'000'000, std::chrono::milliseconds(1)});
        std::vector<std::thread> shards;
        for (std::uint64_t shard = 0; shard < 3; ++shard) {
            shards.emplace_back([&batcher, shard] {
                for (std::uint64_t at = 0; at < each; ++at) {
                    QVERIFY(batcher.push(append(shard * each + at)));
                }
            });
        }
        std::vector<std::uint64_t> next{0, each, 2 * each};
        std::vector<store::LogItem> items;
        for (std::uint64_t seen = 0; seen < 3 * each; seen += items.size()) {
            QVERIFY(batcher.take(items));
            QVERIFY(items.size() <= 77);
            for (const store::LogItem &item : items) {
                QCOMPARE(ticketOf(item), next[std::size_t(ticketOf(item) / each)]);
                ++next[ticketOf(item) / each];
            }
        }
        for (std::thread &shard : shards) {
            shard.join();
        }
    }
};

} // namespace godwit::test

using godwit::test::TstBatcher;
GODWIT_TEST(TstBatcher);
#include "tst_batcher.moc"
