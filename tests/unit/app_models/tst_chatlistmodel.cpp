// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "FakeSession.h"
#include "UnitTest.h"

#include "contacts/Contacts.h"
#include "models/ChatListModel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace godwit;
using base::Ok;
using base::Result;
using cache::Cache;
using cache::Message;
using cache::Store;
using models::ChatListModel;
using models::MessageListModel;

class TstChatListModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void newestChatIsOnTop();
    void previewAndUnread();
    void namePresenceAndTypingComeFromContacts();
    void removedChatIsGone();

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
    void add(const QString &peer, cache::Place place, bool own = false, const QString &body = QStringLiteral("text"))
    {
        write([&](Store &store) {
            Message message;
            message.peer = peer;
            message.own = own;
            message.seen = own;
            message.body = body;
            message.place = place;
            message.time = place;
            message.state = own ? cache::MessageState::Delivered : cache::MessageState::Incoming;
            store.messages.insert(message);
        });
    }
    QString order() const
    {
        QStringList list;
        for (int row = 0; row < m_model->count(); ++row) {
            list.append(m_model->index(row).data(ChatListModel::AddressRole).toString().left(1));
        }
        return list.join(QString());
    }
    QVariant role(const QString &peer, int which) const { return m_model->index(m_model->rowOf(peer)).data(which); }

    const QString m_a = QStringLiteral("a@example.org");
    const QString m_b = QStringLiteral("b@example.org");
    const QString m_c = QStringLiteral("c@example.org");
    std::unique_ptr<Cache> m_cache;
    std::unique_ptr<test::FakeSession> m_session;
    std::unique_ptr<contacts::Contacts> m_contacts;
    std::unique_ptr<ChatListModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

void TstChatListModel::init()
{
    auto cache = Cache::open(QStringLiteral(":memory:"));
    QVERIFY(cache.ok());
    m_cache = std::move(*cache);
    m_session = std::make_unique<test::FakeSession>();
    m_contacts = std::make_unique<contacts::Contacts>(*m_cache, *m_session);
    add(m_a, 10);
    add(m_b, 20);
    m_model = std::make_unique<ChatListModel>(*m_cache, *m_contacts);
    m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get(),
                                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_VERIFY(m_model->loaded());
}

void TstChatListModel::cleanup()
{
    m_tester.reset();
    m_model.reset();
    m_contacts.reset();
    m_session.reset();
    m_cache.reset();
}

void TstChatListModel::newestChatIsOnTop()
{
    QCOMPARE(order(), QStringLiteral("ba"));
    add(m_c, 15);
    QTRY_COMPARE(order(), QStringLiteral("bca"));
    add(m_a, 30);
    QTRY_COMPARE(order(), QStringLiteral("abc"));
    add(m_c, 40);
    QTRY_COMPARE(order(), QStringLiteral("cab"));
}

void TstChatListModel::previewAndUnread()
{
    QCOMPARE(m_model->unread(), 2);
    add(m_a, 30, true, QStringLiteral("two\nlines"));
    QTRY_COMPARE(role(m_a, ChatListModel::PreviewRole).toString(), QStringLiteral("two lines"));
    QVERIFY(role(m_a, ChatListModel::PreviewOwnRole).toBool());
    QCOMPARE(role(m_a, ChatListModel::PreviewStateRole).value<MessageListModel::State>(),
             MessageListModel::State::Delivered);
    write([&](Store &store) { store.messages.markSeen(m_b, 20); });
    QTRY_COMPARE(m_model->unread(), 1);
    QCOMPARE(role(m_b, ChatListModel::UnreadRole).toInt(), 0);
}

void TstChatListModel::namePresenceAndTypingComeFromContacts()
{
    QCOMPARE(role(m_a, ChatListModel::NameRole).toString(), m_a);
    Q_EMIT m_session->rosterReceived(
        {{.address = m_a, .name = QStringLiteral("Anna"), .subscription = QStringLiteral("both"), .asked = false}});
    QCOMPARE(role(m_a, ChatListModel::NameRole).toString(), QStringLiteral("Anna"));
    Q_EMIT m_session->presenceReceived(
        {.address = m_a, .resource = QStringLiteral("x"), .available = true, .show = {}, .status = {}});
    QVERIFY(role(m_a, ChatListModel::AvailableRole).toBool());
    m_contacts->setTyping(m_a, true);
    QVERIFY(role(m_a, ChatListModel::TypingRole).toBool());
    m_session->lose();
    QVERIFY(!role(m_a, ChatListModel::AvailableRole).toBool());
    QVERIFY(!role(m_a, ChatListModel::TypingRole).toBool());
}

void TstChatListModel::removedChatIsGone()
{
    write([&](Store &store) { store.chats.remove(m_b); });
    QTRY_COMPARE(order(), QStringLiteral("a"));
    QCOMPARE(m_model->unread(), 1);
}

GODWIT_TEST(TstChatListModel);
#include "tst_chatlistmodel.moc"
