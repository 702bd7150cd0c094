// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "FakeSession.h"
#include "UnitTest.h"

#include "history/History.h"

#include <QSignalSpy>
#include <QTest>

using namespace godwit;
using base::Error;
using base::ErrorCode;
using base::Result;
using cache::Cache;
using cache::Store;
using history::History;
using session::ArchivePage;
using session::Incoming;
using test::FakeSession;

class TstHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void asksBeforeAnythingElse();
    void firstPagesGoOnUntilThereAreMessages();
    void anEmptyArchiveIsRemembered();
    void fillsFromTheLastContiguousIdUntilComplete();
    void asksOnceMoreWhenCarbonsCameLate();
    void resumedStreamAsksNothing();
    void lostInTheMiddleBeginsAgainWhereItWas();
    void unknownIdIsAskedByTime();
    void serverWithoutArchive();
    void ackWaitsForWhatCameOfAPage();
    void olderOfOneChat();

private:
    Incoming item(int n, bool message = true) const
    {
        Incoming one;
        one.source = Incoming::Source::Archive;
        one.peer = m_peer;
        one.archiveId = QStringLiteral("a%1").arg(n);
        one.stanzaId = QStringLiteral("s%1").arg(n);
        one.stamp = 1'700'000'000'000'000 + n * 1'000'000LL;
        if (message) {
            one.body = QStringLiteral("text %1").arg(n);
        } else {
            one.receiptFor = QStringLiteral("x");
        }
        return one;
    }
    /// The newest question; waits for it.
    FakeSession::Query &question(std::size_t number)
    {
        [&] { QTRY_VERIFY(m_session->queries.size() >= number); }();
        return m_session->queries.at(number - 1);
    }
    void answer(std::size_t number, int first, int last, bool complete, bool messages = true)
    {
        FakeSession::Query query = question(number);
        for (int n = first; n <= last; ++n) {
            query.item(item(n, messages));
        }
        query.done(ArchivePage{.firstId = QStringLiteral("a%1").arg(first),
                               .lastId = QStringLiteral("a%1").arg(last),
                               .complete = complete});
    }
    /// A device that has a1 to a3 and is up to date.
    void know()
    {
        m_session->beginFresh();
        Q_EMIT m_session->carbonsEnabled();
        answer(1, 1, 3, true);
        answer(2, 4, 3, true); // nothing after a3
        QTRY_VERIFY(!m_history->syncing());
        m_session->lose();
        m_session->queries.clear();
    }
    int messages()
    {
        const auto count = m_cache->wait<int>([peer = m_peer](Store &store) -> Result<int> {
            return static_cast<int>(store.messages.page(peer, std::numeric_limits<cache::Place>::max(), 1000).size());
        });
        return count.ok() ? *count : -1;
    }

    const QString m_peer = QStringLiteral("mira@example.org");
    base::ManualClock m_clock;
    std::unique_ptr<Cache> m_cache;
    std::unique_ptr<FakeSession> m_session;
    std::unique_ptr<History> m_history;
};

void TstHistory::init()
{
    auto cache = Cache::open(QStringLiteral(":memory:"));
    QVERIFY(cache.ok());
    m_cache = std::move(*cache);
    m_session = std::make_unique<FakeSession>();
    m_history = std::make_unique<History>(*m_cache, *m_session, m_clock);
    m_session->setReadyToAck([this] { return m_history->commitReceived(); });
}

void TstHistory::cleanup()
{
    m_history.reset();
    m_session.reset();
    m_cache.reset();
}

void TstHistory::asksBeforeAnythingElse()
{
    m_session->beginFresh();
    // In the same turn, before our presence is on the wire (DELIVERY.md, rule 13).
    QCOMPARE(m_session->queries.size(), 1u);
    QVERIFY(m_session->queries[0].query.newest);
    QVERIFY(m_history->syncing());
}

void TstHistory::firstPagesGoOnUntilThereAreMessages()
{
    m_session->beginFresh();
    Q_EMIT m_session->carbonsEnabled();
    answer(1, 101, 150, false, false); // receipts
    QCOMPARE(question(2).query.before, QStringLiteral("a101"));
    answer(2, 51, 100, false);
    QCOMPARE(question(3).query.after, QStringLiteral("a150"));
    answer(3, 151, 150, true);
    QTRY_VERIFY(!m_history->syncing());
    QCOMPARE(messages(), 50);
}

void TstHistory::anEmptyArchiveIsRemembered()
{
    QSignalSpy caughtUp(m_history.get(), &History::caughtUp);
    QSignalSpy added(m_history.get(), &History::messageAdded);
    m_session->beginFresh();
    answer(1, 1, 0, true);
    QTRY_VERIFY(!m_history->syncing());
    Q_EMIT m_session->carbonsEnabled();
    // Whatever slipped in behind the first answer is new.
    QVERIFY(!question(2).query.newest);
    QVERIFY(question(2).query.after.isEmpty());
    answer(2, 1, 1, true);
    QTRY_COMPARE(caughtUp.count(), 1);
    QCOMPARE(added.count(), 1);
    m_session->lose();
    m_session->queries.clear();
    m_session->beginFresh();
    QCOMPARE(question(1).query.after, QStringLiteral("a1"));
}

void TstHistory::fillsFromTheLastContiguousIdUntilComplete()
{
    know();
    m_session->beginFresh();
    Q_EMIT m_session->carbonsEnabled();
    QCOMPARE(question(1).query.after, QStringLiteral("a3"));
    // Live while the gap is open.
    Incoming live = item(20);
    live.source = Incoming::Source::Live;
    live.stamp = 0;
    Q_EMIT m_session->received(live);
    answer(1, 4, 9, false);
    QCOMPARE(question(2).query.after, QStringLiteral("a9"));
    answer(2, 10, 20, true);
    // Carbons were not on when the first question was asked, but they were when this one was.
    QTRY_VERIFY(!m_history->syncing());
    QCOMPARE(m_session->queries.size(), 2u);
    QCOMPARE(messages(), 20);
}

void TstHistory::asksOnceMoreWhenCarbonsCameLate()
{
    know();
    m_session->beginFresh();
    answer(1, 4, 5, true);
    QTRY_VERIFY(!m_history->syncing());
    QCOMPARE(m_session->queries.size(), 1u);
    Q_EMIT m_session->carbonsEnabled();
    QCOMPARE(question(2).query.after, QStringLiteral("a5"));
    answer(2, 6, 5, true);
    QTRY_VERIFY(!m_history->syncing());
}

void TstHistory::resumedStreamAsksNothing()
{
    know();
    m_session->beginResumed(0);
    QVERIFY(m_session->queries.empty());
}

void TstHistory::lostInTheMiddleBeginsAgainWhereItWas()
{
    know();
    m_session->beginFresh();
    Q_EMIT m_session->carbonsEnabled();
    answer(1, 4, 9, false);
    question(2).item(item(10));
    m_session->lose();
    question(2).done(Error(ErrorCode::Unavailable, "the connection was lost"));
    m_session->queries.clear();
    m_session->beginFresh();
    QCOMPARE(question(1).query.after, QStringLiteral("a9"));
}

void TstHistory::unknownIdIsAskedByTime()
{
    know();
    m_session->beginFresh();
    question(1).done(Error(ErrorCode::NotFound, "item-not-found"));
    QVERIFY(question(2).query.after.isEmpty());
    QVERIFY(question(2).query.start > 0);
}

void TstHistory::serverWithoutArchive()
{
    m_session->beginFresh();
    question(1).done(Error(ErrorCode::NotAuthorized, "feature-not-implemented"));
    QVERIFY(!m_history->syncing());
    Q_EMIT m_session->carbonsEnabled();
    QCOMPARE(m_session->queries.size(), 1u);
    Incoming live = item(1);
    live.source = Incoming::Source::Live;
    Q_EMIT m_session->received(live);
    QTRY_COMPARE(messages(), 1);
}

void TstHistory::ackWaitsForWhatCameOfAPage()
{
    know();
    m_session->beginFresh();
    question(1).item(item(4));
    question(1).item(item(5));
    QCOMPARE(messages(), 3);
    // Our count is about to be written: what it covers is on disk before that.
    QVERIFY(m_session->tryAck());
    QCOMPARE(messages(), 5);
    question(1).item(item(6));
    question(1).done(ArchivePage{.firstId = {}, .lastId = {}, .complete = true});
    QTRY_COMPARE(messages(), 6);
}

void TstHistory::olderOfOneChat()
{
    m_session->beginFresh();
    Q_EMIT m_session->carbonsEnabled();
    answer(1, 50, 90, false);
    answer(2, 91, 90, true);
    QTRY_VERIFY(!m_history->syncing());
    m_history->fetchOlder(m_peer);
    QVERIFY(m_history->fetchingOlder(m_peer));
    QCOMPARE(question(3).query.with, m_peer);
    QVERIFY(question(3).query.end > 0);
    answer(3, 40, 49, false);
    QTRY_VERIFY(!m_history->fetchingOlder(m_peer));
    QVERIFY(!m_history->atBeginning(m_peer));
    m_history->fetchOlder(m_peer);
    QCOMPARE(question(4).query.before, QStringLiteral("a40"));
    answer(4, 1, 39, true);
    QTRY_VERIFY(m_history->atBeginning(m_peer));
    QTRY_COMPARE(messages(), 90);
}

GODWIT_TEST(TstHistory);
#include "tst_history.moc"
