// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "cache/Gaps.h"
#include "history/Spans.h"

#include <QTest>

using namespace godwit;
using base::Ok;
using base::Result;
using cache::Span;
using cache::Store;
using history::LiveSpan;
using history::Stored;
using session::Incoming;

class TstSpans : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void firstPageMakesASpan();
    void whatComesAfterAnEmptyArchiveIsNew();
    void liveExtendsOnlyWhatIsContiguous();
    void delayedMessageProvesNothing();
    void gapIsSeenThenFilledFromTheLastContiguousId();
    void crashBetweenPagesLosesNothing();
    void olderPagesJoinTheWhole();
    void equalTimesKeepTheArchivesOrder();
    void partOfAPageIsStoredOnce();
    void ownMessageInAGapIsRecognised();

private:
    /// The n-th message of the archive, "a<n>", one second apart.
    Incoming item(int n, Incoming::Source source = Incoming::Source::Archive) const
    {
        Incoming one;
        one.source = source;
        one.peer = m_peer;
        one.archiveId = QStringLiteral("a%1").arg(n);
        one.stanzaId = QStringLiteral("s%1").arg(n);
        one.originId = one.stanzaId;
        one.body = QStringLiteral("text %1").arg(n);
        one.stamp = source == Incoming::Source::Archive ? at(n) : 0;
        return one;
    }
    std::vector<Incoming> items(int first, int last) const
    {
        std::vector<Incoming> list;
        for (int n = first; n <= last; ++n) {
            list.push_back(item(n));
        }
        return list;
    }
    cache::Time at(int n) const { return m_start + n * 1'000'000LL; }
    Stored run(const std::function<Stored(Store &)> &work)
    {
        auto stored = m_store->perform<Stored>([&](Store &store) -> Result<Stored> { return work(store); });
        return stored.ok() ? *stored : Stored();
    }
    void live(int n, bool contiguous)
    {
        run([&](Store &store) {
            return history::storeLive(store, item(n, Incoming::Source::Live), at(n), m_live, contiguous);
        });
    }
    void forward(int first, int last, bool complete)
    {
        run([&](Store &store) { return history::storeForward(store, items(first, last), at(999), m_live, complete); });
    }
    QString spans(const QString &scope = {})
    {
        QStringList list;
        for (const Span &span : m_store->spans.all(scope)) {
            list.append(span.lowId + u'-' + span.highId);
        }
        return list.join(u' ');
    }
    /// The numbers of the messages in the order in which they are shown.
    QString shown()
    {
        QStringList list;
        for (const auto &message : m_store->messages.page(m_peer, at(100000), 1000)) {
            list.prepend(message.body.section(u' ', 1));
        }
        return list.join(u' ');
    }

    const QString m_peer = QStringLiteral("mira@example.org");
    const cache::Time m_start = 1'700'000'000'000'000;
    std::unique_ptr<Store> m_store;
    LiveSpan m_live;
};

void TstSpans::init()
{
    auto store = Store::open(QStringLiteral(":memory:"));
    QVERIFY(store.ok());
    m_store = std::move(*store);
    m_live = {};
}

void TstSpans::firstPageMakesASpan()
{
    const Stored stored =
        run([&](Store &store) { return history::storeFirst(store, items(5, 8), at(9), m_live, false); });
    QCOMPARE(spans(), QStringLiteral("a5-a8"));
    QCOMPARE(stored.added.size(), 4u);
    QVERIFY(stored.added.front().seen); // history, not news
    QVERIFY(!m_store->spans.all({}).front().fromBeginning);
}

void TstSpans::whatComesAfterAnEmptyArchiveIsNew()
{
    run([&](Store &store) { return history::storeFirst(store, {}, at(1), m_live, true); });
    QCOMPARE(spans(), QStringLiteral("-"));
    live(3, true); // before the rest was asked for
    const Stored stored =
        run([&](Store &store) { return history::storeForward(store, items(1, 3), at(9), m_live, true); });
    QCOMPARE(spans(), QStringLiteral("-a3"));
    QVERIFY(m_store->spans.all({}).front().fromBeginning);
    QCOMPARE(stored.added.size(), 2u);
    QVERIFY(!stored.added.front().seen);
    live(4, true);
    QCOMPARE(spans(), QStringLiteral("-a4"));
    QCOMPARE(shown(), QStringLiteral("1 2 3 4"));
    QVERIFY(cache::gapsBetween(m_store->spans.all({})).empty());
}

void TstSpans::liveExtendsOnlyWhatIsContiguous()
{
    run([&](Store &store) { return history::storeFirst(store, items(1, 2), at(3), m_live, true); });
    m_live.row = m_store->spans.all({}).front().row;
    live(3, true);
    QCOMPARE(spans(), QStringLiteral("a1-a3"));
    live(4, false); // before carbons are on
    QCOMPARE(spans(), QStringLiteral("a1-a3"));
    m_live.row = 0; // a fresh stream
    live(7, true);
    QCOMPARE(spans(), QStringLiteral("a1-a3 a7-a7"));
    QCOMPARE(shown(), QStringLiteral("1 2 3 4 7"));
}

void TstSpans::delayedMessageProvesNothing()
{
    run([&](Store &store) { return history::storeFirst(store, items(1, 2), at(3), m_live, true); });
    run([&](Store &store) {
        Incoming kept = item(5, Incoming::Source::Live);
        kept.stamp = at(5);
        return history::storeLive(store, kept, at(9), m_live, true);
    });
    QCOMPARE(spans(), QStringLiteral("a1-a2"));
}

void TstSpans::gapIsSeenThenFilledFromTheLastContiguousId()
{
    run([&](Store &store) { return history::storeFirst(store, items(1, 3), at(4), m_live, true); });
    m_live.row = 0;
    live(10, true);
    live(11, true);
    QCOMPARE(spans(), QStringLiteral("a1-a3 a10-a11"));
    QCOMPARE(cache::gapsOf(*m_store, m_peer).size(), 1u);
    forward(4, 6, false);
    QCOMPARE(spans(), QStringLiteral("a1-a6 a10-a11"));
    QCOMPARE(cache::gapsOf(*m_store, m_peer).size(), 1u);
    forward(7, 10, false); // meets the live span
    QCOMPARE(spans(), QStringLiteral("a1-a11"));
    QVERIFY(cache::gapsOf(*m_store, m_peer).empty());
    live(12, true); // the joined span is the live one now
    QCOMPARE(spans(), QStringLiteral("a1-a12"));
    QCOMPARE(shown(), QStringLiteral("1 2 3 4 5 6 7 8 9 10 11 12"));
}

void TstSpans::crashBetweenPagesLosesNothing()
{
    run([&](Store &store) { return history::storeFirst(store, items(1, 3), at(4), m_live, true); });
    m_live.row = 0;
    live(10, true);
    forward(4, 6, false);
    // Killed and started: another stream, its own live messages, the rest of the gap still open.
    m_live = {};
    live(20, true);
    QCOMPARE(spans(), QStringLiteral("a1-a6 a10-a10 a20-a20"));
    forward(7, 15, false);
    QCOMPARE(spans(), QStringLiteral("a1-a15 a20-a20"));
    forward(16, 20, true);
    QCOMPARE(spans(), QStringLiteral("a1-a20"));
    QCOMPARE(shown(), QStringLiteral("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20"));
}

void TstSpans::olderPagesJoinTheWhole()
{
    run([&](Store &store) { return history::storeFirst(store, items(20, 22), at(23), m_live, false); });
    auto from = history::olderFrom(*m_store, m_peer);
    QVERIFY(from.known);
    QCOMPARE(from.end, at(20));
    run([&](Store &store) { return history::storeOlder(store, m_peer, items(15, 20), at(23), false); });
    QCOMPARE(spans(m_peer), QStringLiteral("a15-a20"));
    QVERIFY(cache::gapsOf(*m_store, m_peer).empty());
    from = history::olderFrom(*m_store, m_peer);
    QCOMPARE(from.beforeId, QStringLiteral("a15"));
    run([&](Store &store) { return history::storeOlder(store, m_peer, items(12, 14), at(23), true); });
    QVERIFY(history::olderFrom(*m_store, m_peer).atBeginning);
    QCOMPARE(shown(), QStringLiteral("12 13 14 15 16 17 18 19 20 21 22"));
}

void TstSpans::equalTimesKeepTheArchivesOrder()
{
    // Some archives know only whole seconds.
    auto page = items(10, 14);
    for (Incoming &one : page) {
        one.stamp = at(10);
    }
    run([&](Store &store) { return history::storeFirst(store, page, at(15), m_live, false); });
    auto older = items(5, 9);
    for (Incoming &one : older) {
        one.stamp = at(10);
    }
    run([&](Store &store) { return history::storeOlder(store, m_peer, older, at(15), true); });
    QCOMPARE(shown(), QStringLiteral("5 6 7 8 9 10 11 12 13 14"));
}

void TstSpans::partOfAPageIsStoredOnce()
{
    run([&](Store &store) { return history::storeFirst(store, items(1, 3), at(4), m_live, true); });
    run([&](Store &store) { return history::storePart(store, items(4, 5), at(9)); });
    QCOMPARE(spans(), QStringLiteral("a1-a3"));
    const Stored whole =
        run([&](Store &store) { return history::storeForward(store, items(4, 7), at(9), m_live, true); });
    QCOMPARE(whole.added.size(), 2u);
    QCOMPARE(spans(), QStringLiteral("a1-a7"));
    QCOMPARE(shown(), QStringLiteral("1 2 3 4 5 6 7"));
    // The same for a page that is laid in backwards, of which the older half came first.
    run([&](Store &store) { return history::storeOlderPart(store, items(-5, -3), at(9)); });
    run([&](Store &store) { return history::storeOlder(store, m_peer, items(-5, 0), at(9), true); });
    QCOMPARE(shown(), QStringLiteral("-5 -4 -3 -2 -1 0 1 2 3 4 5 6 7"));
}

void TstSpans::ownMessageInAGapIsRecognised()
{
    run([&](Store &store) { return history::storeFirst(store, items(1, 3), at(4), m_live, true); });
    cache::Message mine;
    mine.peer = m_peer;
    mine.own = true;
    mine.body = QStringLiteral("text 5");
    mine.stanzaId = QStringLiteral("s5");
    mine.originId = mine.stanzaId;
    mine.state = cache::MessageState::Accepted;
    mine.place = at(50); // this device's clock is far ahead
    mine.time = mine.place;
    QVERIFY(m_store
                ->perform<Ok>([&](Store &store) -> Result<Ok> {
                    store.messages.insert(mine);
                    return Ok();
                })
                .ok());
    auto page = items(4, 6);
    page[1].own = true;
    run([&](Store &store) { return history::storeForward(store, page, at(9), m_live, true); });
    QCOMPARE(static_cast<int>(m_store->messages.page(m_peer, at(1000), 100).size()), 6);
    QCOMPARE(shown(), QStringLiteral("1 2 3 4 5 6"));
}

GODWIT_TEST(TstSpans);
#include "tst_spans.moc"
