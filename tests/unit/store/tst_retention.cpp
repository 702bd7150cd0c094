// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "LogConformance.h"
#include "SqliteTestOptions.h"
#include "StoreHarness.h"
#include "UnitTest.h"

#include "store/sqlite/SqliteEngine.h"

#include <QTemporaryDir>
#include <QTest>

#include <set>

namespace godwit::test
{

namespace
{

const std::string anna = "anna@example.org";
const std::string bert = "bert@example.org";
constexpr auto unarchived = ledger::RowFlag::SenderHere | ledger::RowFlag::RecipientHere | ledger::RowFlag::Pending;

} // namespace

class TstRetention : public QObject
{
    Q_OBJECT

    void open(std::optional<std::chrono::hours> keep)
    {
        store::SqliteOptions options;
        options.clock = &m_clock;
        options.reserveBytes = 0;
        options.foldQuiet = std::chrono::milliseconds(1);
        options.proofIdle = std::chrono::milliseconds(1);
        options.retention = m_retention;
        options.retention.every = std::chrono::milliseconds(1);
        options.retention.keep = keep;
        m_dir = std::make_unique<QTemporaryDir>();
        auto engine = store::openSqlite(m_dir->path().toStdString(), options);
        QVERIFY(engine.ok());
        m_engine = std::move(engine).value();
        m_shard = std::make_unique<Shard>(*m_engine);
    }
    std::vector<ledger::Seq> log() { return seqsOf(m_shard->all(anna)); }
    std::size_t keys()
    {
        auto found =
            m_shard->ask<std::vector<ledger::SentKey>>([&](auto done) { m_shard->log->recentKeys(anna, 99, done); });
        return found.ok() ? found->size() : 999;
    }
    std::set<std::string> devices()
    {
        std::set<std::string> names;
        auto found = m_shard->ask<std::vector<ledger::DevicePosition>>(
            [&](auto done) { m_shard->log->devicePositions(bert, done); });
        for (const ledger::DevicePosition &one : *found) {
            names.insert(one.device);
        }
        return names;
    }

private Q_SLOTS:
    void cleanup()
    {
        m_engine->close();
        m_shard.reset();
        m_engine.reset();
        m_retention = {};
    }

    /// The limit sent_keys_memory.
    void keysAreKnownForTheirTime()
    {
        m_retention.keepKeys = std::chrono::hours(5);
        open(std::nullopt);
        m_shard->append(anna, bert, "one", chatFlags, base::Hash128{1, 1});
        m_clock.advance(std::chrono::hours(4));
        m_shard->append(anna, bert, "two", chatFlags, base::Hash128{2, 2});
        QCOMPARE(keys(), std::size_t(2));
        m_clock.advance(std::chrono::hours(2));
        QTRY_COMPARE(keys(), std::size_t(1));
    }

    /// The limits devices_max and device_memory: those that proved last, for their time.
    void rule12_devicesAreForgotten()
    {
        m_retention.devicesMax = 2;
        m_retention.deviceAge = std::chrono::hours(10);
        open(std::nullopt);
        for (const char *device : {"phone", "desk", "pad"}) {
            m_clock.advance(std::chrono::seconds(1));
            const ledger::Seq seq = m_shard->append(anna, bert, device, chatFlags);
            m_shard->log->prove({bert, device, seq, seq});
            // The index takes the time when it hears of the proof.
            QTRY_VERIFY(devices().contains(device));
        }
        QTRY_COMPARE(devices(), (std::set<std::string>{"desk", "pad"}));
        m_clock.advance(std::chrono::hours(9));
        ledger::Seq seq = m_shard->append(anna, bert, "later", chatFlags);
        m_shard->log->prove({bert, "pad", seq, seq});
        m_clock.advance(std::chrono::hours(2));
        seq = m_shard->append(anna, bert, "much later", chatFlags);
        m_shard->log->prove({bert, "", seq, seq});
        QTRY_COMPARE(devices(), (std::set<std::string>{"pad"}));
    }

    void oldRowsGoPendingOnesStay()
    {
        open(std::chrono::hours(24 * 30));
        const base::Hash128 key{1, 2};
        const ledger::Seq proved = m_shard->append(anna, bert, "proved", chatFlags, key);
        const ledger::Seq waiting = m_shard->append(anna, bert, "waiting", chatFlags, key);
        m_shard->log->prove({bert, "phone", proved, proved});
        m_clock.advance(std::chrono::hours(24 * 29));
        const ledger::Seq young = m_shard->append(anna, bert, "young", chatFlags, key);
        QTRY_COMPARE(keys(), std::size_t(1)); // the old keys went before
        QCOMPARE(log(), (std::vector{proved, waiting, young}));
        m_clock.advance(std::chrono::hours(25));
        QTRY_VERIFY((m_clock.advance(std::chrono::hours(1)), log() == std::vector{waiting, young}));
        QCOMPARE(seqsOf(m_shard->pending(bert)), (std::vector{waiting, young}));
        m_shard->log->prove({bert, "phone", waiting, waiting});
        QTRY_VERIFY(seqsOf(m_shard->pending(bert)) == std::vector{young});
        QTRY_VERIFY((m_clock.advance(std::chrono::hours(1)), log() == std::vector{young}));
    }

    void rule15_provedAndNotArchivedGoes_data()
    {
        QTest::addColumn<bool>("archiveOff");
        QTest::newRow("retention 0") << true;
        QTest::newRow("kept for ever, but this one not archived") << false;
    }

    void rule15_provedAndNotArchivedGoes()
    {
        QFETCH(bool, archiveOff);
        open(archiveOff ? std::optional(std::chrono::hours(0)) : std::nullopt);
        const base::Hash128 key{1, 2};
        const auto flags = archiveOff ? chatFlags : unarchived;
        const ledger::Seq proved = m_shard->append(anna, bert, "proved", flags, key);
        const ledger::Seq waiting = m_shard->append(anna, bert, "waiting", flags);
        m_shard->log->prove({bert, "phone", proved, proved});
        const auto rows = m_shard->all(bert);
        QCOMPARE(rows.size(), std::size_t(2)); // not at once: a resuming session may want it
        // In steps: what is folded while the walk is under way goes with the next one.
        QTRY_VERIFY((m_clock.advance(std::chrono::minutes(16)), log() == std::vector{waiting}));
        QCOMPARE(keys(), std::size_t(1)); // the key outlives the body
        m_clock.advance(std::chrono::hours(24 * 15));
        QTRY_COMPARE(keys(), std::size_t(0));
        QCOMPARE(seqsOf(m_shard->pending(bert)), std::vector{waiting});
    }

    void keptForEverByDefault()
    {
        open(std::nullopt);
        const ledger::Seq one = m_shard->append(anna, bert, "one", chatFlags, base::Hash128{1, 1});
        m_shard->log->prove({bert, "phone", one, one});
        m_clock.advance(std::chrono::hours(24 * 4'000));
        QTRY_COMPARE(keys(), std::size_t(0));
        QCOMPARE(log(), std::vector{one});
    }

    void seqsAreNotUsedAgainWhenAllIsGone()
    {
        open(std::chrono::hours(0));
        const ledger::Seq one = m_shard->append(anna, bert, "one", chatFlags);
        m_shard->log->prove({bert, "", one, one});
        QTRY_VERIFY((m_clock.advance(std::chrono::hours(1)), log().empty()));
        m_engine->close();
        m_shard.reset();
        m_engine.reset();
        auto engine = store::openSqlite(m_dir->path().toStdString(), plainOptions());
        QVERIFY(engine.ok());
        m_engine = std::move(engine).value();
        m_shard = std::make_unique<Shard>(*m_engine);
        QVERIFY(m_shard->append(anna, bert, "two", chatFlags) > one);
    }

private:
    SharedClock m_clock;
    store::RetentionOptions m_retention;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<store::Engine> m_engine;
    std::unique_ptr<Shard> m_shard;
};

} // namespace godwit::test

using godwit::test::TstRetention;
GODWIT_TEST(TstRetention);
#include "tst_retention.moc"
