// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"
#include "base/Random.h"
#include "ledger/AccountLedger.h"
#include "store/StoreHarness.h"
#include "store/memory/MemoryEngine.h"

#include <QTest>

namespace godwit::test
{

using namespace godwit::ledger;

namespace
{

constexpr std::size_t stanzaBytes = 100;
const std::string account = "bob@example.org";

/// A session with as much room as the test says, which writes down what it is shown.
class Reader final : public RowReceiver
{
public:
    std::optional<RowForm> formOf(const LogRow &) const override { return RowForm::Direct; }
    std::size_t room() const override { return connected ? free : 0; }
    bool reads() const override { return connected; }
    void writeRow(const LogRow &row, RowForm, Gap, Lateness) override
    {
        shown.append(row.seq.value);
        --free;
    }
    bool holdsRow(Seq) const override { return false; }
    void advanceLater() override {}

    QList<quint64> shown;
    std::size_t free = 0;
    bool connected = true;
};

/// One account on the store in memory.
class Stage final : private LogSink
{
public:
    explicit Stage(std::size_t recentBytesMax)
        : m_store(m_engine.logFor(m_executor, *this))
        , ledger(account, *m_store, recentBytesMax)
    {
        ledger.attach(reader, m_store->lastCommitted());
    }
    ~Stage() override { ledger.detach(reader); }

    /// The store answers what it was asked.
    void drain() { m_executor.drain(); }
    /// Rows are stored, and the ledger is told of them.
    void commit(std::size_t rows)
    {
        for (std::size_t i = 0; i < rows; ++i) {
            Append row;
            row.ticket = Ticket(++m_tickets);
            row.sender = "alice@example.org";
            row.recipient = account;
            row.flags = RowFlag::RecipientHere | RowFlag::Pending;
            row.stanza = base::shareBytes(std::string(stanzaBytes, 'x'));
            m_store->append(std::move(row));
        }
        drain();
    }
    /// The client acknowledged: there is room for `rows`.
    void makeRoom(std::size_t rows)
    {
        reader.free = rows;
        ledger.advance(reader);
    }

private:
    TestExecutor m_executor;
    store::MemoryEngine m_engine;
    std::unique_ptr<LogStore> m_store;
    std::uint64_t m_tickets = 0;

public:
    AccountLedger ledger;
    Reader reader;
    QList<quint64> committed;

private:
    void onCommitted(std::span<const Committed> batch) override
    {
        for (const Committed &commit : batch) {
            committed.append(commit.seq.value);
            ledger.onCommitted(LogRow{commit.seq, commit.time, RowFlag::RecipientHere | RowFlag::Pending,
                                      "alice@example.org", account, base::shareBytes(std::string(stanzaBytes, 'x'))});
        }
    }
    void onNotCommitted(std::span<const NotCommitted>) override { QFAIL("the store refused a row"); }
};

} // namespace

class AccountLedgerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Rule 10: what a full window kept back follows in order as soon as there is room, without asking the store.
    void aReaderThatWasBehindGoesOnFromMemory()
    {
        Stage stage(10'000);
        stage.reader.free = 2;
        stage.commit(5);
        QCOMPARE(stage.reader.shown, stage.committed.first(2));
        QCOMPARE(stage.ledger.recentBytes(), 3 * stanzaBytes);
        stage.makeRoom(2);
        QCOMPARE(stage.reader.shown, stage.committed.first(4));
        stage.makeRoom(2);
        QCOMPARE(stage.reader.shown, stage.committed);
        QCOMPARE(stage.ledger.recentBytes(), std::size_t{0});
        stage.commit(1);
        QCOMPARE(stage.reader.shown, stage.committed);
    }

    /// The limit recent_bytes_max, on both sides.
    void whatDoesNotFitIsReadFromTheStore()
    {
        Stage stage(3 * stanzaBytes);
        stage.commit(3);
        QCOMPARE(stage.ledger.recentBytes(), 3 * stanzaBytes);
        stage.makeRoom(100);
        QCOMPARE(stage.reader.shown, stage.committed);
        stage.reader.free = 0;
        stage.commit(4);
        QCOMPARE(stage.ledger.recentBytes(), 3 * stanzaBytes);
        stage.makeRoom(100);
        QCOMPARE(stage.reader.shown, stage.committed.first(3));
        stage.drain();
        QCOMPARE(stage.reader.shown, stage.committed);
        QCOMPARE(stage.ledger.recentBytes(), std::size_t{0});
    }

    void nothingIsHeldWithTheLimitZero()
    {
        Stage stage(0);
        stage.commit(3);
        QCOMPARE(stage.ledger.recentBytes(), std::size_t{0});
        stage.makeRoom(100);
        QVERIFY(stage.reader.shown.isEmpty());
        stage.drain();
        QCOMPARE(stage.reader.shown, stage.committed);
    }

    /// A row that is larger than the limit is held alone.
    void theNewestRowIsAlwaysHeld()
    {
        Stage stage(stanzaBytes - 1);
        stage.commit(1);
        stage.makeRoom(100);
        QCOMPARE(stage.reader.shown, stage.committed);
    }

    /// A session that waits to be resumed may do so for minutes.
    void nothingIsHeldForASessionWithoutConnection()
    {
        Stage stage(10'000);
        stage.reader.connected = false;
        stage.commit(3);
        QCOMPARE(stage.ledger.recentBytes(), std::size_t{0});
        stage.reader.connected = true;
        stage.makeRoom(100);
        stage.drain();
        QCOMPARE(stage.reader.shown, stage.committed);
    }

    void whatIsHeldGoesWithTheSession()
    {
        Stage stage(10'000);
        stage.commit(3);
        stage.ledger.detach(stage.reader);
        QCOMPARE(stage.ledger.recentBytes(), std::size_t{0});
        stage.ledger.attach(stage.reader, Seq(stage.committed.last()));
    }

    /// Rules 8 and 10: whatever the order of commits, acks, lost connections and answers of the store, each row is
    /// shown once and in order.
    void eachRowIsShownOnceAndInOrder()
    {
        for (std::uint64_t seed = 1; seed <= 500; ++seed) {
            base::SeededRandom dice(seed);
            Stage stage(dice.below(10) * stanzaBytes);
            for (int step = 0; step < 100; ++step) {
                switch (dice.below(4)) {
                case 0:
                    stage.commit(1 + dice.below(5));
                    break;
                case 1:
                    stage.makeRoom(dice.below(6));
                    break;
                case 2:
                    stage.drain();
                    break;
                default:
                    stage.reader.connected = dice.below(4) > 0;
                    stage.ledger.advance(stage.reader);
                }
                QCOMPARE(stage.reader.shown, stage.committed.first(stage.reader.shown.size()));
            }
            stage.reader.connected = true;
            stage.makeRoom(100'000);
            stage.drain();
            QCOMPARE(stage.reader.shown, stage.committed);
        }
    }
};

} // namespace godwit::test

using godwit::test::AccountLedgerTest;
GODWIT_TEST(AccountLedgerTest);

#include "tst_accountledger.moc"
