// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "models/MessageListModel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace godwit;
using base::Ok;
using base::Result;
using cache::Cache;
using cache::Message;
using cache::MessageKey;
using cache::MessageState;
using cache::Place;
using cache::Store;
using models::MessageListModel;

class TstMessageListModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void pagesFromTheCache();
    void followsWhatIsCommitted();
    void archiveMessageGoesWhereItBelongs();
    void movedPlaceMovesTheRow();
    void groupsBreakAtSenderTimeAndDay();
    void gapIsARowUntilItIsFilled();
    void unreadLineStaysWhereItWasPut();
    void trimLetsOldRowsGo();
    void asksTheArchiveAtTheOldest();

private:
    void write(const std::function<void(Store &)> &work)
    {
        QVERIFY(m_cache
                    ->wait<Ok>([&](Store &store) -> Result<Ok> {
                        work(store);
                        return Ok();
                    })
                    .ok());
    }
    MessageKey add(Place place, bool own = false, bool seen = true)
    {
        MessageKey key = 0;
        write([&](Store &store) {
            Message message;
            message.peer = m_peer;
            message.own = own;
            message.body = QString::number(place / second);
            message.place = place;
            message.time = place;
            message.seen = seen;
            message.state = own ? MessageState::Queued : MessageState::Incoming;
            store.messages.insert(message);
            key = message.key;
        });
        return key;
    }
    void openModel()
    {
        m_model = std::make_unique<MessageListModel>(*m_cache, m_peer);
        m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get(),
                                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_VERIFY(m_model->loaded());
    }
    /// As a view that scrolls; the model's tester asks for rows too, now and then.
    void fetchUntil(int rows) { QTRY_VERIFY((m_model->fetchMore({}), m_model->count() >= rows)); }
    QString shown() const
    {
        QStringList list;
        for (int row = 0; row < m_model->count(); ++row) {
            const bool gap = m_model->index(row).data(MessageListModel::KindRole).value<MessageListModel::Kind>() ==
                             MessageListModel::Kind::Gap;
            list.append(gap ? QStringLiteral("gap") : m_model->index(row).data(MessageListModel::BodyRole).toString());
        }
        return list.join(u' ');
    }
    QVariant role(int row, int which) const { return m_model->index(row).data(which); }

    static constexpr Place second = 1'000'000;
    const QString m_peer = QStringLiteral("mira@example.org");
    std::unique_ptr<Cache> m_cache;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    std::unique_ptr<MessageListModel> m_model;
};

void TstMessageListModel::init()
{
    auto cache = Cache::open(QStringLiteral(":memory:"));
    QVERIFY(cache.ok());
    m_cache = std::move(*cache);
}

void TstMessageListModel::cleanup()
{
    m_tester.reset();
    m_model.reset();
    m_cache.reset();
}

void TstMessageListModel::pagesFromTheCache()
{
    for (int n = 1; n <= 120; ++n) {
        add(n * second);
    }
    openModel();
    QVERIFY(m_model->count() >= MessageListModel::pageRows);
    QVERIFY(m_model->count() < 120);
    QCOMPARE(role(0, MessageListModel::BodyRole).toString(), QStringLiteral("120"));
    QTRY_VERIFY(m_model->canFetchMore({}));
    fetchUntil(100);
    fetchUntil(120);
    QCOMPARE(role(119, MessageListModel::BodyRole).toString(), QStringLiteral("1"));
    QVERIFY(!m_model->canFetchMore({}));
}

void TstMessageListModel::followsWhatIsCommitted()
{
    openModel();
    QCOMPARE(m_model->count(), 0);
    const MessageKey key = add(1 * second, true);
    QTRY_COMPARE(m_model->count(), 1);
    QCOMPARE(role(0, MessageListModel::StateRole).value<MessageListModel::State>(), MessageListModel::State::Queued);
    write([&](Store &store) {
        auto message = store.messages.find(key);
        message->state = MessageState::Failed;
        message->reason = QStringLiteral("no room");
        store.messages.update(*message);
    });
    QTRY_COMPARE(role(0, MessageListModel::StateRole).value<MessageListModel::State>(),
                 MessageListModel::State::Failed);
    QCOMPARE(role(0, MessageListModel::StateReasonRole).toString(), QStringLiteral("no room"));
    QCOMPARE(m_model->rowOf(key), 0);
    write([&](Store &store) { store.messages.remove(key); });
    QTRY_COMPARE(m_model->count(), 0);
}

void TstMessageListModel::archiveMessageGoesWhereItBelongs()
{
    add(1 * second);
    add(5 * second);
    openModel();
    add(3 * second);
    QTRY_COMPARE(shown(), QStringLiteral("5 3 1"));
}

void TstMessageListModel::movedPlaceMovesTheRow()
{
    add(1 * second);
    const MessageKey key = add(9 * second);
    add(5 * second);
    openModel();
    QCOMPARE(shown(), QStringLiteral("9 5 1"));
    write([&](Store &store) {
        auto message = store.messages.find(key);
        message->place = 3 * second;
        store.messages.update(*message);
    });
    QTRY_COMPARE(shown(), QStringLiteral("5 9 1"));
}

void TstMessageListModel::groupsBreakAtSenderTimeAndDay()
{
    add(1 * second);
    add(2 * second);
    add(3 * second, true);
    add(200 * second, true);
    openModel();
    const auto first = [&](int row) { return role(row, MessageListModel::GroupFirstRole).toBool(); };
    const auto last = [&](int row) { return role(row, MessageListModel::GroupLastRole).toBool(); };
    QVERIFY(first(3) && !last(3)); // oldest
    QVERIFY(!first(2) && last(2));
    QVERIFY(first(1) && last(1)); // own, and long before the next
    QVERIFY(first(0) && last(0));
}

void TstMessageListModel::gapIsARowUntilItIsFilled()
{
    add(1 * second);
    add(2 * second);
    add(9 * second);
    cache::Span older;
    older.lowPlace = 1 * second;
    older.highPlace = 2 * second;
    cache::Span newer;
    newer.lowPlace = 9 * second;
    newer.highPlace = 9 * second;
    write([&](Store &store) {
        store.spans.add(older);
        store.spans.add(newer);
    });
    openModel();
    QCOMPARE(shown(), QStringLiteral("9 gap 2 1"));
    QVERIFY(!role(1, MessageListModel::GapFillingRole).toBool());
    m_model->setFilling(true);
    QVERIFY(role(1, MessageListModel::GapFillingRole).toBool());
    add(4 * second);
    write([&](Store &store) {
        store.spans.remove(newer);
        older.highPlace = 9 * second;
        store.spans.update(older);
    });
    QTRY_COMPARE(shown(), QStringLiteral("9 4 2 1"));
}

void TstMessageListModel::unreadLineStaysWhereItWasPut()
{
    add(1 * second);
    add(2 * second, false, false);
    add(3 * second, false, false);
    openModel();
    m_model->placeUnreadLine();
    QTRY_VERIFY(role(1, MessageListModel::UnreadFirstRole).toBool());
    write([&](Store &store) { store.messages.markSeen(m_peer, 3 * second); });
    add(4 * second, false, false);
    QTRY_COMPARE(m_model->count(), 4);
    QVERIFY(role(2, MessageListModel::UnreadFirstRole).toBool());
    QVERIFY(!role(0, MessageListModel::UnreadFirstRole).toBool());
}

void TstMessageListModel::trimLetsOldRowsGo()
{
    for (int n = 1; n <= 160; ++n) {
        add(n * second);
    }
    openModel();
    fetchUntil(160);
    m_model->trim();
    QCOMPARE(m_model->count(), 2 * MessageListModel::pageRows);
    fetchUntil(150);
}

void TstMessageListModel::asksTheArchiveAtTheOldest()
{
    add(1 * second);
    m_model = std::make_unique<MessageListModel>(*m_cache, m_peer);
    QSignalSpy oldest(m_model.get(), &MessageListModel::oldestReached);
    QTRY_COMPARE(oldest.count(), 1);
    QVERIFY(!m_model->canFetchMore({}));
    m_model->setArchiveMore(true);
    QVERIFY(m_model->canFetchMore({}));
    m_model->fetchMore({});
    QCOMPARE(oldest.count(), 2);
    QVERIFY(!m_model->canFetchMore({})); // one question at a time
}

GODWIT_TEST(TstMessageListModel);
#include "tst_messagelistmodel.moc"
