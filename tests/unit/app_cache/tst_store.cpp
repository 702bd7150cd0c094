// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "cache/Store.h"

#include <QTest>

using namespace godwit;
using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;
using cache::Change;
using cache::Message;
using cache::MessageState;
using cache::OutboxRow;
using cache::Store;

class TstStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void failedWorkLeavesNothing();
    void brokenQueryFailsTheWork();
    void chatCountsFollowMessages();
    void pagesAreNewestFirst();
    void outboxGoesWithItsMessage();
    void seenReturnsWhatMayBeMarked();
    void readMarksEverythingBefore();
    void requeueTouchesOnlyTheOutbox();

private:
    Message message(const QString &peer, cache::Place place, bool own, MessageState state) const
    {
        Message one;
        one.peer = peer;
        one.own = own;
        one.body = QStringLiteral("at %1").arg(place);
        one.place = place;
        one.time = place;
        one.state = state;
        one.stanzaId = QStringLiteral("s%1").arg(place);
        return one;
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
    std::unique_ptr<Store> m_store;
    const QString m_peer = QStringLiteral("mira@example.org");
};

void TstStore::init()
{
    auto store = Store::open(QStringLiteral(":memory:"));
    QVERIFY(store.ok());
    m_store = std::move(*store);
}

void TstStore::failedWorkLeavesNothing()
{
    work([&](Store &store) { store.settings.set(QStringLiteral("a"), QStringLiteral("1")); });
    m_store->takeChanges();
    const auto failed = m_store->perform<Ok>([&](Store &store) -> Result<Ok> {
        Message one = message(m_peer, 10, false, MessageState::Incoming);
        store.messages.insert(one);
        return Error(ErrorCode::Conflict, "changed my mind");
    });
    QCOMPARE(failed.error().code(), ErrorCode::Conflict);
    QVERIFY(!m_store->messages.newest(m_peer));
    QVERIFY(m_store->takeChanges().empty());
    QVERIFY(m_store->commit().ok());
    QCOMPARE(m_store->settings.value(QStringLiteral("a")), QStringLiteral("1"));
}

void TstStore::brokenQueryFailsTheWork()
{
    const auto failed = m_store->perform<Ok>([&](Store &store) -> Result<Ok> {
        Message one = message(m_peer, 10, false, MessageState::Incoming);
        store.messages.insert(one);
        Message same = message(m_peer, 10, false, MessageState::Incoming);
        store.messages.insert(same); // the place is taken
        return Ok();
    });
    QVERIFY(!failed.ok());
    QVERIFY(!m_store->messages.newest(m_peer));
}

void TstStore::chatCountsFollowMessages()
{
    work([&](Store &store) {
        for (const cache::Place place : {10, 20, 30}) {
            Message one = message(m_peer, place, false, MessageState::Incoming);
            one.seen = place == 10;
            store.messages.insert(one);
        }
        Message own = message(m_peer, 40, true, MessageState::Failed);
        store.messages.insert(own);
    });
    const auto chat = m_store->chats.find(m_peer);
    QVERIFY(chat);
    QCOMPARE(chat->unread, 2);
    QCOMPARE(chat->failed, 1);
    QCOMPARE(chat->lastPlace, 40);
    QCOMPARE(chat->last->body, QStringLiteral("at 40"));
    const auto changes = m_store->takeChanges();
    QCOMPARE(std::ranges::count(changes, Change::Kind::MessageAdded, &Change::kind), 4);
    QCOMPARE(std::ranges::count(changes, Change::Kind::ChatChanged, &Change::kind), 1);
}

void TstStore::pagesAreNewestFirst()
{
    work([&](Store &store) {
        for (cache::Place place = 1; place <= 5; ++place) {
            Message one = message(m_peer, place, false, MessageState::Incoming);
            store.messages.insert(one);
            Message other = message(QStringLiteral("x@example.org"), place, false, MessageState::Incoming);
            store.messages.insert(other);
        }
    });
    const auto page = m_store->messages.page(m_peer, 5, 3);
    QCOMPARE(page.size(), 3u);
    QCOMPARE(page.front().place, 4);
    QCOMPARE(page.back().place, 2);
}

void TstStore::outboxGoesWithItsMessage()
{
    Message own = message(m_peer, 10, true, MessageState::Queued);
    OutboxRow row;
    work([&](Store &store) {
        store.messages.insert(own);
        row = {.row = 0,
               .kind = cache::OutboxKind::Message,
               .originId = QStringLiteral("o"),
               .message = own.key,
               .peer = m_peer,
               .stanza = "<message/>"};
        store.outbox.add(row);
    });
    QCOMPARE(m_store->outbox.after(0, 10).size(), 1u);
    QCOMPARE(m_store->outbox.findMessage(own.key)->stanza, QByteArray("<message/>"));
    work([&](Store &store) { store.messages.remove(own.key); });
    QCOMPARE(m_store->outbox.count(), 0);
}

void TstStore::seenReturnsWhatMayBeMarked()
{
    work([&](Store &store) {
        for (const cache::Place place : {10, 20, 30}) {
            Message one = message(m_peer, place, false, MessageState::Incoming);
            one.seen = false;
            one.markable = place == 20;
            store.messages.insert(one);
        }
    });
    work([&](Store &store) {
        const auto marked = store.messages.markSeen(m_peer, 30);
        QVERIFY(marked);
        QCOMPARE(marked->stanzaId, QStringLiteral("s20"));
        QVERIFY(!store.messages.markSeen(m_peer, 30));
    });
    QCOMPARE(m_store->chats.find(m_peer)->unread, 0);
}

void TstStore::readMarksEverythingBefore()
{
    work([&](Store &store) {
        int place = 10;
        for (const MessageState state : {MessageState::Accepted, MessageState::Delivered, MessageState::Failed,
                                         MessageState::Sent, MessageState::Accepted}) {
            Message one = message(m_peer, place, true, state);
            store.messages.insert(one);
            place += 10;
        }
        store.messages.markRead(m_peer, 40, 99);
    });
    const auto state = [&](cache::Place place) { return m_store->messages.page(m_peer, place + 1, 1).front().state; };
    QCOMPARE(state(10), MessageState::Read);
    QCOMPARE(state(20), MessageState::Read);
    QCOMPARE(state(30), MessageState::Failed);
    QCOMPARE(state(40), MessageState::Sent);
    QCOMPARE(state(50), MessageState::Accepted);
    const auto read = m_store->messages.page(m_peer, 11, 1).front().timeline;
    QCOMPARE(read.read, 99);
    QCOMPARE(read.delivered, 99);
}

void TstStore::requeueTouchesOnlyTheOutbox()
{
    Message waiting = message(m_peer, 10, true, MessageState::Sent);
    Message settled = message(m_peer, 20, true, MessageState::Accepted);
    work([&](Store &store) {
        store.messages.insert(waiting);
        store.messages.insert(settled);
        OutboxRow row{.row = 0,
                      .kind = cache::OutboxKind::Message,
                      .originId = QStringLiteral("o"),
                      .message = waiting.key,
                      .peer = m_peer,
                      .stanza = "<message/>"};
        store.outbox.add(row);
        store.messages.requeueSent();
    });
    QCOMPARE(m_store->messages.find(waiting.key)->state, MessageState::Queued);
    QCOMPARE(m_store->messages.find(settled.key)->state, MessageState::Accepted);
}

GODWIT_TEST(TstStore);
#include "tst_store.moc"
