// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What survives, and that nobody is told before it does.

#include "RecordingVfs.h"
#include "SqliteTestOptions.h"
#include "StoreHarness.h"
#include "UnitTest.h"

#include "store/sqlite/SqliteEngine.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <map>

namespace godwit::test
{

namespace
{

const std::string anna = "anna@example.org";
const std::string bert = "bert@example.org";

/// Looks, at the moment an answer leaves the writer's thread, whether anything is written and not synced.
class WatchingExecutor final : public store::Executor
{
public:
    void post(store::Task task) override
    {
        ++m_posts;
        m_early += vfsFigures().unsynced > 0 ? 1 : 0;
        m_inner.post(std::move(task));
    }
    TestExecutor &inner() { return m_inner; }
    std::uint64_t posts() const { return m_posts; }
    std::uint64_t early() const { return m_early; }

private:
    TestExecutor m_inner;
    std::atomic<std::uint64_t> m_posts{0};
    std::atomic<std::uint64_t> m_early{0};
};

ledger::Append row(std::uint64_t ticket)
{
    ledger::Append append;
    append.ticket = ledger::Ticket(ticket);
    append.sender = anna;
    append.recipient = bert;
    append.flags = chatFlags;
    append.stanza = base::shareBytes(std::to_string(ticket));
    return append;
}

} // namespace

class TstDurability : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        resetVfs();
        m_dir = std::make_unique<QTemporaryDir>();
        m_folder = m_dir->path().toStdString();
    }

    void rule4_answersComeAfterTheSync_data()
    {
        QTest::addColumn<bool>("sync");
        QTest::newRow("as built") << true;
        QTest::newRow("the sync taken out: it must be seen") << false;
    }

    void rule4_answersComeAfterTheSync()
    {
        QFETCH(bool, sync);
        store::SqliteOptions options;
        options.vfs = recordingVfs();
        options.reserveBytes = 0;
        options.syncCommits = sync;
        options.proofIdle = std::chrono::milliseconds(1);
        auto engine = store::openSqlite(m_folder, options);
        QVERIFY(engine.ok());
        WatchingExecutor executor;
        RecordingSink sink;
        const auto log = (*engine)->logFor(executor, sink);
        for (std::uint64_t ticket = 1; ticket <= 300; ++ticket) {
            log->append(row(ticket));
            if (ticket % 10 == 0) {
                QVERIFY(executor.inner().runUntil([&] { return sink.answers() == ticket; }));
                log->prove({bert, "phone", sink.committed.front().seq, sink.committed.back().seq});
            }
        }
        (*engine)->close();
        QVERIFY(executor.posts() >= 30);
        if (sync) {
            QCOMPARE(executor.early(), std::uint64_t(0));
            QVERIFY(vfsFigures().syncs >= 30);
        } else {
            QVERIFY(executor.early() > 0);
        }
    }

    void rule4_whatWasAnsweredSurvivesKill()
    {
        std::map<std::uint64_t, std::uint64_t> told;
        std::uint64_t next = 1;
        for (int round = 0; round < 20; ++round) {
            QProcess writer;
            writer.start(QStringLiteral(GODWIT_STORE_WRITER),
                         {QString::fromStdString(m_folder), QString::number(next)});
            QVERIFY(writer.waitForStarted());
            QByteArray output;
            while (output.count('\n') < 150 + 37 * round) {
                QVERIFY(writer.waitForReadyRead(60'000));
                output += writer.readAllStandardOutput();
            }
            writer.kill(); // SIGKILL
            QVERIFY(writer.waitForFinished());
            output += writer.readAllStandardOutput();
            output.truncate(output.lastIndexOf('\n') + 1);
            for (const QByteArray &line : output.trimmed().split('\n')) {
                const QList<QByteArray> words = line.split(' ');
                told[words.at(1).toULongLong()] = words.at(0).toULongLong();
                next = words.at(0).toULongLong() + 1'000'000;
            }
            auto engine = store::openSqlite(m_folder, plainOptions());
            QVERIFY2(engine.ok(), engine.ok() ? "" : engine.error().text().c_str());
            Shard shard(**engine);
            std::map<std::uint64_t, std::string> there;
            for (const ledger::LogRow &one : shard.pending(bert)) {
                there[one.seq.value] = *one.stanza;
            }
            for (const auto &[seq, ticket] : told) {
                QCOMPARE(there[seq], std::to_string(ticket));
            }
            (*engine)->close();
        }
    }

    void aFullDiskRefusesAndRecovers()
    {
        store::SqliteOptions options;
        options.vfs = recordingVfs();
        options.reserveBytes = 4096;
        auto engine = store::openSqlite(m_folder, options);
        QVERIFY(engine.ok());
        {
            Shard shard(**engine);
            const ledger::Seq one = shard.append(anna, bert, "one", chatFlags);
            QVERIFY(one != ledger::Seq());
            setDiskFull(true);
            QCOMPARE(shard.append(anna, bert, "two", chatFlags), ledger::Seq());
            QCOMPARE(shard.sink.refused.back().code, base::ErrorCode::ResourceFull);
            auto removed = shard.ask<base::Ok>([&](auto done) { shard.log->dropPending(bert, anna, done); });
            QCOMPARE(removed.error().code(), base::ErrorCode::ResourceFull);
            QCOMPARE(seqsOf(shard.pending(bert)), std::vector{one});
            setDiskFull(false);
            ledger::Seq three;
            const auto appended = [&] {
                // The macro looks once more after it has succeeded.
                if (three == ledger::Seq()) {
                    three = shard.append(anna, bert, "three", chatFlags);
                }
                return three != ledger::Seq();
            };
            QTRY_VERIFY(appended());
            QCOMPARE(seqsOf(shard.pending(bert)), (std::vector{one, three}));
            (*engine)->close();
        }
    }

    void aRestartKeepsPendingAndProofs()
    {
        ledger::Seq left;
        for (int round = 0; round < 3; ++round) {
            auto engine = store::openSqlite(m_folder, plainOptions(std::size_t(round == 1 ? 2 : 50'000)));
            QVERIFY(engine.ok());
            Shard shard(**engine);
            if (left != ledger::Seq()) {
                QCOMPARE(seqsOf(shard.pending(bert)), std::vector{left});
            }
            shard.append(anna, bert, "proved", chatFlags);
            const ledger::Seq now = shard.append(anna, bert, "left", chatFlags);
            shard.log->prove({bert, "phone", ledger::Seq(1), ledger::Seq(now.value - 1)});
            left = now;
            (*engine)->close();
        }
    }

    void aLostIndexIsRebuilt_data()
    {
        QTest::addColumn<bool>("damaged");
        QTest::newRow("missing") << false;
        QTest::newRow("damaged") << true;
    }

    void aLostIndexIsRebuilt()
    {
        QFETCH(bool, damaged);
        std::vector<ledger::Seq> wanted;
        {
            auto engine = store::openSqlite(m_folder, plainOptions(100));
            QVERIFY(engine.ok());
            Shard shard(**engine);
            std::vector<ledger::Seq> seqs;
            for (int at = 0; at < 1'000; ++at) {
                shard.send(anna, bert, "x" + std::to_string(at), chatFlags);
            }
            QVERIFY(shard.executor.runUntil([&] { return shard.sink.answers() == 1'000; }));
            for (const ledger::Committed &one : shard.sink.committed) {
                seqs.push_back(one.seq);
            }
            shard.log->prove({bert, "phone", seqs[0], seqs[899]});
            wanted.assign(seqs.begin() + 900, seqs.end());
            QCOMPARE(seqsOf(shard.pending(bert)), wanted);
            (*engine)->close();
        }
        QFile index(QString::fromStdString(m_folder + "/index.db"));
        QFile::remove(index.fileName() + QStringLiteral("-wal"));
        QFile::remove(index.fileName() + QStringLiteral("-shm"));
        if (damaged) {
            QVERIFY(index.open(QIODevice::WriteOnly | QIODevice::Truncate));
            index.write(QByteArray(8192, 'z'));
            index.close();
        } else {
            QVERIFY(index.remove());
        }
        auto engine = store::openSqlite(m_folder, plainOptions(100));
        QVERIFY2(engine.ok(), engine.ok() ? "" : engine.error().text().c_str());
        Shard shard(**engine);
        QCOMPARE(seqsOf(shard.pending(bert)), wanted);
        QCOMPARE(shard.all(anna).size(), std::size_t(1'000));
        (*engine)->close();
    }

    /// What the journal says of rows that came since the store was opened must not be read before them.
    void rule3_aDropWhileTheIndexIsRebuiltIsNoneTheLess()
    {
        constexpr std::size_t rows = 20'000;
        {
            auto engine = store::openSqlite(m_folder, plainOptions());
            QVERIFY(engine.ok());
            Shard shard(**engine);
            for (std::size_t at = 0; at < rows; ++at) {
                shard.send(anna, anna, "x", chatFlags);
            }
            QVERIFY(shard.executor.runUntil([&] { return shard.sink.answers() == rows; }));
            (*engine)->close();
        }
        for (const char *suffix : {"", "-wal", "-shm"}) {
            QFile::remove(QString::fromStdString(m_folder + "/index.db") + QLatin1StringView(suffix));
        }
        auto engine = store::openSqlite(m_folder, plainOptions());
        QVERIFY(engine.ok());
        Shard shard(**engine);
        shard.send(anna, bert, "one", chatFlags);
        QVERIFY(shard.ask<base::Ok>([&](auto done) { shard.log->dropPending(bert, anna, done); }).ok());
        QVERIFY(shard.pending(bert).empty());
        (*engine)->close();
    }

    void aRaisedIncarnationIsAboveAllSeqs()
    {
        ledger::Seq before;
        {
            auto engine = store::openSqlite(m_folder, plainOptions());
            QVERIFY(engine.ok());
            Shard shard(**engine);
            before = shard.append(anna, bert, "one", chatFlags);
            QCOMPARE(store::raiseIncarnation(m_folder).error().code(), base::ErrorCode::Conflict);
            (*engine)->close();
        }
        QCOMPARE(before.value >> 48, std::uint64_t(0));
        QVERIFY(store::raiseIncarnation(m_folder).ok());
        auto engine = store::openSqlite(m_folder, plainOptions());
        QVERIFY(engine.ok());
        Shard shard(**engine);
        const ledger::Seq after = shard.append(anna, bert, "two", chatFlags);
        QCOMPARE(after.value >> 48, std::uint64_t(1));
        QCOMPARE(seqsOf(shard.all(bert)), (std::vector{before, after}));
        (*engine)->close();
    }

    void oneProcessHasTheFolder()
    {
        auto engine = store::openSqlite(m_folder, plainOptions());
        QVERIFY(engine.ok());
        auto second = store::openSqlite(m_folder, plainOptions());
        QVERIFY(!second.ok());
        QCOMPARE(second.error().code(), base::ErrorCode::Conflict);
        const auto key = (*engine)->stanzaIdKey();
        const auto dedup = (*engine)->dedupKey();
        QVERIFY(key != dedup);
        engine = base::Error(base::ErrorCode::Cancelled, "closed");
        auto third = store::openSqlite(m_folder, plainOptions());
        QVERIFY(third.ok());
        QCOMPARE((*third)->stanzaIdKey(), key);
        QCOMPARE((*third)->dedupKey(), dedup);
    }

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    std::string m_folder;
};

} // namespace godwit::test

using godwit::test::TstDurability;
GODWIT_TEST(TstDurability);
#include "tst_durability.moc"
