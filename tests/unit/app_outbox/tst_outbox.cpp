// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "FakeSession.h"
#include "UnitTest.h"

#include "outbox/Outbox.h"

#include <QTemporaryDir>
#include <QTest>

using namespace godwit;
using base::ErrorCode;
using base::Result;
using cache::Cache;
using cache::Message;
using cache::MessageKey;
using cache::MessageState;
using cache::Store;
using outbox::Outbox;
using test::FakeSession;

class TstOutbox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void isOnDiskWhenSendReturns();
    void sendsInOrderAndAcceptsByCount();
    void restartSendsTheSameBytesAgain();
    void resumeSendsOnlyWhatIsMissing();
    void failedResumeWithCountSendsTheRest();
    void tooHighAcceptsNothingAndStops();
    void tooHighOnResumeAcceptsNothing();
    void unacceptedGoesBeforeNewer();
    void windowBoundsWhatIsUnderWay();
    void retryTakesANewId();
    void settledIsNotSentAgain();
    void overTheServersLimitFails();
    void overTheServersLimitAndNoMessageIsDropped();
    void whatEndsTheStreamTwiceFails();
    void blamedButAcceptedIsAccepted();
    void blameForSomethingElseChangesNothing();
    void badTextIsRefused_data();
    void badTextIsRefused();
    void uncarriableCharactersAreDropped();

private:
    /// As if the process had been killed and started again: what is on disk is all there is.
    void restart()
    {
        m_outbox.reset();
        m_cache.reset();
        auto cache = Cache::open(m_folder->filePath(QStringLiteral("cache.db")));
        QVERIFY(cache.ok());
        m_cache = std::move(*cache);
        m_session = std::make_unique<FakeSession>();
        m_outbox = std::make_unique<Outbox>(*m_cache, *m_session, m_clock);
        QVERIFY(m_outbox->load().ok());
    }
    MessageKey send(const QString &text)
    {
        const auto key = m_outbox->send(m_peer, text);
        return key.ok() ? *key : 0;
    }
    Message message(MessageKey key)
    {
        const auto found = m_cache->wait<Message>(
            [key](Store &store) -> Result<Message> { return store.messages.find(key).value_or(Message()); });
        return *found;
    }
    MessageState state(MessageKey key) { return message(key).state; }
    QString reason(MessageKey key) { return message(key).reason; }

    const QString m_peer = QStringLiteral("mira@example.org");
    base::ManualClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Cache> m_cache;
    std::unique_ptr<FakeSession> m_session;
    std::unique_ptr<Outbox> m_outbox;
};

void TstOutbox::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    restart();
}

void TstOutbox::cleanup()
{
    m_outbox.reset();
    m_session.reset();
    m_cache.reset();
}

void TstOutbox::isOnDiskWhenSendReturns()
{
    const MessageKey key = send(QStringLiteral("hello"));
    QVERIFY(key != 0);
    // The main loop did not run since; only what send() itself waited for is there.
    const QString copy = m_folder->filePath(QStringLiteral("copy.db"));
    const QString path = m_folder->filePath(QStringLiteral("cache.db"));
    QVERIFY(QFile::copy(path, copy));
    QVERIFY(QFile::copy(path + QStringLiteral("-wal"), copy + QStringLiteral("-wal")));
    auto after = Store::open(copy);
    QVERIFY(after.ok());
    QCOMPARE((*after)->messages.find(key)->body, QStringLiteral("hello"));
    QCOMPARE((*after)->outbox.count(), 1);
}

void TstOutbox::sendsInOrderAndAcceptsByCount()
{
    const MessageKey first = send(QStringLiteral("one"));
    const MessageKey second = send(QStringLiteral("two"));
    QVERIFY(m_session->written.empty());
    QCOMPARE(state(first), MessageState::Queued);
    m_session->beginFresh();
    QCOMPARE(m_session->bodies(), QStringList({QStringLiteral("one"), QStringLiteral("two")}));
    QCOMPARE(m_session->ackRequests, 1);
    QCOMPARE(state(second), MessageState::Sent);
    Q_EMIT m_session->acknowledged(1);
    QCOMPARE(state(first), MessageState::Accepted);
    QCOMPARE(state(second), MessageState::Sent);
    Q_EMIT m_session->acknowledged(1); // repeated
    QCOMPARE(state(second), MessageState::Sent);
    Q_EMIT m_session->acknowledged(2);
    QCOMPARE(state(second), MessageState::Accepted);
    QCOMPARE(m_outbox->waiting(), 0u);
}

void TstOutbox::restartSendsTheSameBytesAgain()
{
    m_session->beginFresh();
    send(QStringLiteral("one"));
    const MessageKey second = send(QStringLiteral("two"));
    send(QStringLiteral("three"));
    Q_EMIT m_session->acknowledged(1);
    const auto before = m_session->written;
    restart();
    QCOMPARE(state(second), MessageState::Queued);
    m_session->beginFresh();
    QCOMPARE(m_session->written.size(), 2u);
    QCOMPARE(m_session->written[0].stanza, before[1].stanza);
    QCOMPARE(m_session->written[1].stanza, before[2].stanza);
}

void TstOutbox::resumeSendsOnlyWhatIsMissing()
{
    m_session->beginFresh();
    m_session->writeTransient("<presence/>"); // counts too
    const MessageKey first = send(QStringLiteral("one"));
    const MessageKey second = send(QStringLiteral("two"));
    m_session->lose();
    QCOMPARE(state(second), MessageState::Queued);
    m_session->written.clear();
    m_session->beginResumed(2);
    QCOMPARE(state(first), MessageState::Accepted);
    QCOMPARE(m_session->bodies(), QStringList(QStringLiteral("two")));
    Q_EMIT m_session->acknowledged(3);
    QCOMPARE(state(second), MessageState::Accepted);
}

void TstOutbox::failedResumeWithCountSendsTheRest()
{
    m_session->beginFresh();
    const MessageKey first = send(QStringLiteral("one"));
    send(QStringLiteral("two"));
    m_session->lose();
    m_session->written.clear();
    Q_EMIT m_session->resumeFailed(1);
    QCOMPARE(state(first), MessageState::Accepted);
    m_session->beginFresh();
    QCOMPARE(m_session->bodies(), QStringList(QStringLiteral("two")));
}

void TstOutbox::tooHighAcceptsNothingAndStops()
{
    m_session->beginFresh();
    const MessageKey first = send(QStringLiteral("one"));
    Q_EMIT m_session->acknowledged(2);
    QCOMPARE(m_session->countsRefused, 1);
    QCOMPARE(state(first), MessageState::Sent);
    // Nothing goes out any more on a stream whose counts are wrong.
    send(QStringLiteral("two"));
    QCOMPARE(m_session->written.size(), 1u);
    m_session->lose();
    m_session->written.clear();
    m_session->beginFresh();
    QCOMPARE(m_session->bodies(), QStringList({QStringLiteral("one"), QStringLiteral("two")}));
}

void TstOutbox::tooHighOnResumeAcceptsNothing()
{
    m_session->beginFresh();
    const MessageKey first = send(QStringLiteral("one"));
    m_session->lose();
    m_session->written.clear();
    m_session->beginResumed(5);
    QCOMPARE(m_session->countsRefused, 1);
    QVERIFY(m_session->written.empty());
    QCOMPARE(state(first), MessageState::Queued);
}

void TstOutbox::unacceptedGoesBeforeNewer()
{
    m_session->beginFresh();
    send(QStringLiteral("one"));
    m_session->lose();
    send(QStringLiteral("two"));
    m_session->written.clear();
    m_session->beginFresh();
    QCOMPARE(m_session->bodies(), QStringList({QStringLiteral("one"), QStringLiteral("two")}));
}

void TstOutbox::windowBoundsWhatIsUnderWay()
{
    const int count = static_cast<int>(Outbox::underWayMax) + 10;
    for (int i = 0; i < count; ++i) {
        send(QString::number(i));
    }
    m_session->beginFresh();
    QCOMPARE(m_session->written.size(), Outbox::underWayMax);
    Q_EMIT m_session->acknowledged(4);
    QCOMPARE(m_session->written.size(), Outbox::underWayMax + 4);
    QCOMPARE(m_session->written.back().body(), QString::number(Outbox::underWayMax + 3));
}

void TstOutbox::retryTakesANewId()
{
    m_session->beginFresh();
    const MessageKey key = send(QStringLiteral("one"));
    Q_EMIT m_session->acknowledged(1);
    const QString firstId = m_session->written[0].id();
    m_cache->run([key](Store &store) {
        auto message = store.messages.find(key);
        message->state = MessageState::Failed;
        store.messages.update(*message);
    });
    m_outbox->retry(key);
    QTRY_COMPARE(m_session->written.size(), 2u);
    QCOMPARE(m_session->written[1].body(), QStringLiteral("one"));
    QVERIFY(m_session->written[1].id() != firstId);
    Q_EMIT m_session->acknowledged(2);
    QCOMPARE(state(key), MessageState::Accepted);
}

void TstOutbox::settledIsNotSentAgain()
{
    m_session->beginFresh();
    send(QStringLiteral("one"));
    send(QStringLiteral("two"));
    m_outbox->settle(m_session->written[0].id());
    m_session->lose();
    m_session->written.clear();
    m_session->beginFresh();
    QCOMPARE(m_session->bodies(), QStringList(QStringLiteral("two")));
}

void TstOutbox::overTheServersLimitFails()
{
    const MessageKey large = send(QString(5000, u'x'));
    const MessageKey small = send(QStringLiteral("small"));
    Q_EMIT m_session->limitTold(5000);
    m_session->beginFresh();
    QCOMPARE(m_session->bodies(), QStringList({QStringLiteral("small")}));
    QCOMPARE(state(large), MessageState::Failed);
    QVERIFY(reason(large).contains(QStringLiteral("5000")));
    Q_EMIT m_session->acknowledged(1);
    QCOMPARE(state(small), MessageState::Accepted);
    QCOMPARE(m_outbox->waiting(), 0u);
    restart();
    QCOMPARE(m_outbox->waiting(), 0u);

    // At the limit, the wire's own bytes counted, and one over it.
    const MessageKey probe = send(QString(1000, u'x'));
    m_session->beginFresh();
    const auto frame = std::uint64_t(m_session->written.at(0).stanza.size()) - 1000 + Outbox::framingBytesMax;
    Q_EMIT m_session->limitTold(frame + 2000);
    const MessageKey fits = send(QString(2000, u'x'));
    const MessageKey over = send(QString(2001, u'x'));
    QCOMPARE(state(probe), MessageState::Sent);
    QCOMPARE(state(fits), MessageState::Sent);
    QCOMPARE(state(over), MessageState::Failed);
    // Another server may take it.
    Q_EMIT m_session->limitTold(0);
    m_outbox->retry(over);
    QTRY_COMPARE(state(over), MessageState::Sent);
}

void TstOutbox::overTheServersLimitAndNoMessageIsDropped()
{
    const QByteArray large =
        "<presence to='mira@example.org' type='subscribe'><status>" + QByteArray(5000, 'x') + "</status></presence>";
    m_outbox->post(cache::OutboxKind::Presence, m_peer, outbox::newId(), large);
    m_outbox->post(cache::OutboxKind::Presence, m_peer, outbox::newId(), "<presence/>");
    QTRY_COMPARE(m_outbox->waiting(), 2u);
    Q_EMIT m_session->limitTold(5000);
    m_session->beginFresh();
    QCOMPARE(m_session->written.size(), 1u);
    QCOMPARE(m_session->written[0].stanza, QByteArray("<presence/>"));
    QCOMPARE(m_outbox->waiting(), 1u);
    restart();
    QCOMPARE(m_outbox->waiting(), 1u);
}

void TstOutbox::whatEndsTheStreamTwiceFails()
{
    const MessageKey first = send(QStringLiteral("one"));
    const MessageKey bad = send(QStringLiteral("bad"));
    const MessageKey third = send(QStringLiteral("three"));
    m_session->beginFresh();
    Q_EMIT m_session->faulted();
    m_session->lose();
    QCOMPARE(state(bad), MessageState::Queued);

    // One by one now.
    m_session->written.clear();
    m_session->beginFresh();
    QCOMPARE(m_session->bodies(), QStringList({QStringLiteral("one")}));
    Q_EMIT m_session->acknowledged(1);
    QCOMPARE(m_session->bodies(), QStringList({QStringLiteral("one"), QStringLiteral("bad")}));
    Q_EMIT m_session->faulted();
    m_session->lose();

    m_session->written.clear();
    m_session->beginFresh();
    QCOMPARE(state(bad), MessageState::Failed);
    QVERIFY(!reason(bad).isEmpty());
    QCOMPARE(m_session->bodies(), QStringList({QStringLiteral("three")}));
    Q_EMIT m_session->acknowledged(1);
    QCOMPARE(state(first), MessageState::Accepted);
    QCOMPARE(state(third), MessageState::Accepted);

    // And as ever again.
    send(QStringLiteral("four"));
    send(QStringLiteral("five"));
    QCOMPARE(m_session->bodies().mid(1), QStringList({QStringLiteral("four"), QStringLiteral("five")}));
}

void TstOutbox::blamedButAcceptedIsAccepted()
{
    const MessageKey key = send(QStringLiteral("one"));
    m_session->beginFresh();
    Q_EMIT m_session->faulted();
    m_session->lose();
    m_session->beginFresh();
    Q_EMIT m_session->faulted();
    m_session->lose();
    m_session->beginResumed(1);
    QCOMPARE(state(key), MessageState::Accepted);
}

void TstOutbox::blameForSomethingElseChangesNothing()
{
    m_session->beginFresh();
    Q_EMIT m_session->faulted(); // of a presence, for one
    m_session->lose();
    const MessageKey first = send(QStringLiteral("one"));
    send(QStringLiteral("two"));
    m_session->beginFresh();
    QCOMPARE(m_session->bodies(), QStringList({QStringLiteral("one"), QStringLiteral("two")}));
    QCOMPARE(state(first), MessageState::Sent);
}

void TstOutbox::badTextIsRefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("code");
    QTest::newRow("empty") << QString() << int(ErrorCode::InvalidInput);
    QTest::newRow("only white space") << QStringLiteral(" \n ") << int(ErrorCode::InvalidInput);
    QTest::newRow("only what XML cannot carry") << QString(QChar(1)) << int(ErrorCode::InvalidInput);
    QTest::newRow("too long") << QString(Outbox::bodyBytesMax + 1, u'x') << int(ErrorCode::LimitExceeded);
    QTest::newRow("too long in UTF-8") << QString(Outbox::bodyBytesMax / 2 + 1, u'é') << int(ErrorCode::LimitExceeded);
}

void TstOutbox::badTextIsRefused()
{
    QFETCH(QString, text);
    const auto key = m_outbox->send(m_peer, text);
    QVERIFY(!key.ok());
    QTEST(int(key.error().code()), "code");
    QCOMPARE(m_outbox->waiting(), 0u);
}

void TstOutbox::uncarriableCharactersAreDropped()
{
    m_session->beginFresh();
    send(QStringLiteral("a\u0001b<&>") + QChar(0xd800) + QStringLiteral("\U0001F426"));
    QCOMPARE(m_session->written[0].body(), QStringLiteral("ab<&>\U0001F426"));
}

GODWIT_TEST(TstOutbox);
#include "tst_outbox.moc"
