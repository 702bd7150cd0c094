// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "history/Intake.h"

#include <QTest>

using namespace godwit;
using base::Ok;
using base::Result;
using cache::Message;
using cache::MessageState;
using cache::OutboxRow;
using cache::Store;
using history::Placing;
using history::Taken;
using session::Incoming;

/// What a copy of "the" message looks like, and whether it is the same one.
struct Copy {
    const char *name;
    Incoming::Source firstSource;
    const char *firstArchive, *firstOrigin, *firstId, *firstBody;
    Incoming::Source secondSource;
    const char *secondArchive, *secondOrigin, *secondId, *secondBody;
    int shown;
};

class TstIntake : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void shownOnce_data();
    void shownOnce();
    void ownFromArchiveSettles();
    void ownFromAnotherDeviceIsShownAndReads();
    void receiptAdvancesOnlyTheRightMessage();
    void markerReadsEverythingBefore();
    void ownMarkerFromAnotherDeviceClearsUnread();
    void errorFailsWhatWasNotDelivered();
    void receiptsGoOnlyToWhoMayKnow();
    void liveStaysBehindTheNewestWhateverTheClock();
    void archiveLiesBetweenItsNeighbours();

private:
    Incoming incoming(Incoming::Source source, const QString &archive, const QString &origin, const QString &id,
                      const QString &body) const
    {
        Incoming one;
        one.source = source;
        one.peer = m_peer;
        one.archiveId = archive;
        one.originId = origin;
        one.stanzaId = id;
        one.body = body;
        one.stamp = source == Incoming::Source::Archive ? m_now - 1000 : 0;
        return one;
    }
    Taken take(const Incoming &one, const Placing &placing = {})
    {
        auto taken = m_store->perform<Taken>(
            [&](Store &store) -> Result<Taken> { return history::take(store, one, m_now, placing); });
        return taken.ok() ? *taken : Taken();
    }
    template <class Work>
    void work(Work &&body)
    {
        QVERIFY(m_store
                    ->perform<Ok>([&](Store &store) -> Result<Ok> {
                        body(store);
                        return Ok();
                    })
                    .ok());
    }
    /// An own message as the outbox leaves it.
    Message own(const QString &id, cache::Place place, MessageState state)
    {
        Message message;
        message.peer = m_peer;
        message.own = true;
        message.body = QStringLiteral("mine");
        message.place = place;
        message.time = place;
        message.state = state;
        message.stanzaId = id;
        message.originId = id;
        work([&](Store &store) {
            store.messages.insert(message);
            if (state < MessageState::Accepted) {
                OutboxRow row{.row = 0,
                              .kind = cache::OutboxKind::Message,
                              .originId = id,
                              .message = message.key,
                              .peer = m_peer,
                              .stanza = "<message/>"};
                store.outbox.add(row);
            }
        });
        return message;
    }
    MessageState state(const Message &message) { return m_store->messages.find(message.key)->state; }

    const QString m_peer = QStringLiteral("mira@example.org");
    const cache::Time m_now = 1'700'000'000'000'000;
    std::unique_ptr<Store> m_store;
};

void TstIntake::init()
{
    auto store = Store::open(QStringLiteral(":memory:"));
    QVERIFY(store.ok());
    m_store = std::move(*store);
}

void TstIntake::shownOnce_data()
{
    using S = Incoming::Source;
    QTest::addColumn<const Copy *>("copy");
    static const Copy copies[] = {
        {"live, then from the archive", S::Live, "A", "o", "i", "x", S::Archive, "A", "o", "i", "x", 1},
        {"live twice after a resume", S::Live, "A", "o", "i", "x", S::Live, "A", "o", "i", "x", 1},
        {"carbon and live", S::Carbon, "A", "o", "i", "x", S::Live, "A", "o", "i", "x", 1},
        {"live without an archive id, then with one", S::Live, "", "o", "i", "x", S::Archive, "A", "o", "i", "x", 1},
        {"without any origin-id", S::Live, "", "", "i", "x", S::Archive, "A", "", "i", "x", 1},
        {"stored twice by a server for a resend", S::Live, "A", "o", "i", "x", S::Live, "B", "o", "i", "x", 1},
        {"an origin-id used for another text", S::Live, "A", "o", "i", "x", S::Live, "B", "o", "i", "y", 2},
        {"a counter that began anew", S::Live, "A", "", "1", "x", S::Live, "B", "", "1", "x", 2},
        {"a counter that began anew, without archive", S::Live, "", "", "1", "x", S::Live, "", "", "1", "x", 2},
        {"no ids at all", S::Live, "", "", "", "x", S::Live, "", "", "", "x", 2},
        {"the same text in two messages", S::Live, "A", "o", "i", "x", S::Live, "B", "p", "j", "x", 2},
    };
    for (const Copy &copy : copies) {
        QTest::newRow(copy.name) << &copy;
    }
}

void TstIntake::shownOnce()
{
    QFETCH(const Copy *, copy);
    const auto text = [](const char *latin) { return QString::fromLatin1(latin); };
    take(incoming(copy->firstSource, text(copy->firstArchive), text(copy->firstOrigin), text(copy->firstId),
                  text(copy->firstBody)));
    take(incoming(copy->secondSource, text(copy->secondArchive), text(copy->secondOrigin), text(copy->secondId),
                  text(copy->secondBody)));
    QCOMPARE(static_cast<int>(m_store->messages.page(m_peer, m_now * 2, 10).size()), copy->shown);
    // Whatever id the copy came under, the third time it is known.
    take(incoming(Incoming::Source::Archive, text(copy->secondArchive), text(copy->secondOrigin), text(copy->secondId),
                  text(copy->secondBody)));
    if (*copy->secondArchive) {
        QCOMPARE(static_cast<int>(m_store->messages.page(m_peer, m_now * 2, 10).size()), copy->shown);
    }
}

void TstIntake::ownFromArchiveSettles()
{
    const Message sent = own(QStringLiteral("o1"), m_now, MessageState::Sent);
    Incoming copy = incoming(Incoming::Source::Archive, QStringLiteral("A"), QStringLiteral("o1"), QStringLiteral("o1"),
                             QStringLiteral("mine"));
    copy.own = true;
    const Taken taken = take(copy);
    QCOMPARE(state(sent), MessageState::Accepted);
    QCOMPARE(taken.settled, std::vector<QString>{QStringLiteral("o1")});
    QVERIFY(!taken.added);
    QCOMPARE(m_store->outbox.count(), 0);
}

void TstIntake::ownFromAnotherDeviceIsShownAndReads()
{
    take(incoming(Incoming::Source::Live, QStringLiteral("A"), {}, QStringLiteral("i"), QStringLiteral("question")));
    QCOMPARE(m_store->chats.find(m_peer)->unread, 1);
    Incoming copy = incoming(Incoming::Source::Carbon, QStringLiteral("B"), QStringLiteral("o"), QStringLiteral("o"),
                             QStringLiteral("answer"));
    copy.own = true;
    const Taken taken = take(copy);
    QVERIFY(taken.added);
    QCOMPARE(taken.added->state, MessageState::Accepted);
    QCOMPARE(m_store->chats.find(m_peer)->unread, 0);
}

void TstIntake::receiptAdvancesOnlyTheRightMessage()
{
    const Message sent = own(QStringLiteral("o1"), m_now, MessageState::Sent);
    Incoming receipt;
    receipt.peer = QStringLiteral("mallory@example.org");
    receipt.receiptFor = QStringLiteral("o1");
    take(receipt);
    QCOMPARE(state(sent), MessageState::Sent);
    receipt.peer = m_peer;
    receipt.own = true; // our own receipt, seen as a carbon
    take(receipt);
    QCOMPARE(state(sent), MessageState::Sent);
    receipt.own = false;
    const Taken taken = take(receipt);
    QCOMPARE(state(sent), MessageState::Delivered);
    QCOMPARE(taken.settled.size(), 1u);
    QVERIFY(m_store->messages.find(sent.key)->timeline.accepted != 0);
}

void TstIntake::markerReadsEverythingBefore()
{
    const Message first = own(QStringLiteral("o1"), m_now, MessageState::Accepted);
    const Message second = own(QStringLiteral("o2"), m_now + 1, MessageState::Sent);
    const Message third = own(QStringLiteral("o3"), m_now + 2, MessageState::Accepted);
    Incoming marker;
    marker.peer = m_peer;
    marker.displayedFor = QStringLiteral("o2");
    take(marker);
    QCOMPARE(state(first), MessageState::Read);
    QCOMPARE(state(second), MessageState::Read);
    QCOMPARE(state(third), MessageState::Accepted);
}

void TstIntake::ownMarkerFromAnotherDeviceClearsUnread()
{
    take(incoming(Incoming::Source::Live, {}, {}, QStringLiteral("i1"), QStringLiteral("one")));
    take(incoming(Incoming::Source::Live, {}, {}, QStringLiteral("i2"), QStringLiteral("two")));
    Incoming marker;
    marker.source = Incoming::Source::Carbon;
    marker.own = true;
    marker.peer = m_peer;
    marker.displayedFor = QStringLiteral("i1");
    take(marker);
    QCOMPARE(m_store->chats.find(m_peer)->unread, 1);
}

void TstIntake::errorFailsWhatWasNotDelivered()
{
    const Message accepted = own(QStringLiteral("o1"), m_now, MessageState::Accepted);
    const Message delivered = own(QStringLiteral("o2"), m_now + 1, MessageState::Delivered);
    const Message sent = own(QStringLiteral("o3"), m_now + 2, MessageState::Sent);
    for (const QString &id : {QStringLiteral("o1"), QStringLiteral("o2"), QStringLiteral("o3")}) {
        Incoming error;
        error.peer = m_peer;
        error.error = true;
        error.stanzaId = id;
        error.errorCondition = QStringLiteral("service-unavailable");
        take(error);
    }
    QCOMPARE(state(accepted), MessageState::Failed);
    QVERIFY(!m_store->messages.find(accepted.key)->reason.isEmpty());
    QCOMPARE(state(delivered), MessageState::Delivered);
    QCOMPARE(state(sent), MessageState::Failed);
    QCOMPARE(m_store->outbox.count(), 0);
}

void TstIntake::receiptsGoOnlyToWhoMayKnow()
{
    Incoming one =
        incoming(Incoming::Source::Live, {}, QStringLiteral("o1"), QStringLiteral("i1"), QStringLiteral("hello"));
    one.receiptRequested = true;
    QVERIFY(take(one).queued.empty()); // a stranger
    work([&](Store &store) { store.chats.setKnown(m_peer); });
    one.originId = QStringLiteral("o2");
    one.stanzaId = QStringLiteral("i2");
    const Taken taken = take(one);
    QCOMPARE(taken.queued.size(), 1u);
    QVERIFY(taken.queued.front().stanza.contains("i2"));
    QCOMPARE(m_store->outbox.count(), 1);
    QVERIFY(take(one).queued.empty()); // a copy is confirmed once
    one.originId = QStringLiteral("o3");
    one.stanzaId = QStringLiteral("i3");
    QVERIFY(take(one, {.after = 0, .before = 0, .exact = 0, .old = true}).queued.empty());
}

void TstIntake::liveStaysBehindTheNewestWhateverTheClock()
{
    own(QStringLiteral("o1"), m_now + 1'000'000'000, MessageState::Accepted); // written when the clock was ahead
    const Taken taken = take(incoming(Incoming::Source::Live, {}, {}, QStringLiteral("i"), QStringLiteral("answer")));
    QCOMPARE(taken.place, m_now + 1'000'000'001);
}

void TstIntake::archiveLiesBetweenItsNeighbours()
{
    own(QStringLiteral("o1"), m_now, MessageState::Accepted);
    own(QStringLiteral("o2"), m_now + 10, MessageState::Accepted);
    Incoming one = incoming(Incoming::Source::Archive, QStringLiteral("A"), {}, {}, QStringLiteral("between"));
    one.stamp = m_now + 5000; // later than what the archive says comes after it
    QCOMPARE(take(one, {.after = m_now, .before = m_now + 10, .exact = 0, .old = false}).place, m_now + 1);
    one.archiveId = QStringLiteral("B");
    one.stamp = m_now - 5000; // earlier than what the archive says came before it
    QCOMPARE(take(one, {.after = m_now + 1, .before = m_now + 10, .exact = 0, .old = false}).place, m_now + 2);
}

GODWIT_TEST(TstIntake);
#include "tst_intake.moc"
