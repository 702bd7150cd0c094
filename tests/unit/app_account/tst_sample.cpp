// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "account/AccountBook.h"

#include <QSet>
#include <QSignalSpy>
#include <QTest>

using namespace godwit;
using account::Account;
using account::AccountBook;
using account::Conversation;
using models::ChatListModel;
using models::MessageListModel;

/// The account of `godwit --offline` runs on the real rooms, so this also tests that they are wired up.
class TstSample : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void showsEveryState();
    void sentMessagePassesAllStates();
    void refusedMessageFailsAndIsTriedAgain();
    void typingContactTypes();
    void draftSurvivesClosing();
    void markReadClearsTheBadge();
    void timelineTellsEachStep();

private:
    MessageListModel::State state(Conversation *chat, qint64 key)
    {
        MessageListModel *model = chat->messages();
        const int row = model->rowOf(key);
        return model->index(row).data(MessageListModel::StateRole).value<MessageListModel::State>();
    }
    Conversation *open(const QString &address)
    {
        Conversation *chat = m_account->conversation(address);
        [&] { QTRY_VERIFY(chat && chat->messages()->loaded()); }();
        return chat;
    }
    std::unique_ptr<AccountBook> m_book;
    Account *m_account = nullptr;
};

void TstSample::init()
{
    m_book = AccountBook::sample();
    m_account = m_book->current();
    QVERIFY(m_account);
    QTRY_VERIFY(m_account->chats()->loaded());
}

void TstSample::cleanup()
{
    m_book.reset();
}

void TstSample::showsEveryState()
{
    QCOMPARE(m_account->connection(), Account::Connection::Online);
    QVERIFY(m_account->unread() > 0);
    QTRY_COMPARE(m_account->contactList()->requests(), 1);
    QSet<int> states;
    bool gap = false;
    for (int row = 0; row < m_account->chats()->count(); ++row) {
        const QString address = m_account->chats()->index(row).data(ChatListModel::AddressRole).toString();
        MessageListModel *messages = open(address)->messages();
        for (int at = 0; at < messages->count(); ++at) {
            const auto index = messages->index(at);
            gap = gap ||
                  index.data(MessageListModel::KindRole).value<MessageListModel::Kind>() == MessageListModel::Kind::Gap;
            states.insert(int(index.data(MessageListModel::StateRole).value<MessageListModel::State>()));
        }
    }
    QVERIFY(gap);
    QCOMPARE(states.size(), 7);
}

void TstSample::sentMessagePassesAllStates()
{
    Conversation *chat = open(QStringLiteral("mira@example.org"));
    const qint64 key = chat->send(QStringLiteral("on my way"));
    QVERIFY(key != 0);
    QTRY_COMPARE(state(chat, key), MessageListModel::State::Sent);
    QTRY_COMPARE(state(chat, key), MessageListModel::State::Accepted);
    QTRY_COMPARE(state(chat, key), MessageListModel::State::Delivered);
    QTRY_COMPARE(state(chat, key), MessageListModel::State::Read);
    QCOMPARE(m_book->unsent(m_account->address()), 0);
}

void TstSample::refusedMessageFailsAndIsTriedAgain()
{
    Conversation *chat = open(QStringLiteral("lars@unreachable.example"));
    const qint64 key = chat->send(QStringLiteral("hello?"));
    QTRY_COMPARE(state(chat, key), MessageListModel::State::Failed);
    chat->retry(key);
    QTRY_COMPARE(state(chat, key), MessageListModel::State::Accepted);
    QTRY_COMPARE(state(chat, key), MessageListModel::State::Failed);
    chat->discard(key);
    QTRY_COMPARE(chat->messages()->rowOf(key), -1);
}

void TstSample::typingContactTypes()
{
    QTRY_VERIFY(open(QStringLiteral("jonas@example.org"))->typing());
}

void TstSample::draftSurvivesClosing()
{
    const QString address = QStringLiteral("yuki@example.org");
    open(address)->setDraft(QStringLiteral("half a thought"));
    m_account->closeConversation(address);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QTRY_COMPARE(open(address)->draft(), QStringLiteral("half a thought"));
}

void TstSample::markReadClearsTheBadge()
{
    Conversation *chat = open(QStringLiteral("mira@example.org"));
    QTRY_VERIFY(chat->unread() > 0);
    chat->markRead();
    QTRY_COMPARE(chat->unread(), 0);
}

void TstSample::timelineTellsEachStep()
{
    Conversation *chat = open(QStringLiteral("mira@example.org"));
    const qint64 key = chat->send(QStringLiteral("tell me"));
    QTRY_COMPARE(state(chat, key), MessageListModel::State::Read);
    QSignalSpy ready(chat, &Conversation::timelineReady);
    chat->requestTimeline(key);
    QTRY_COMPARE(ready.count(), 1);
    QCOMPARE(ready.first().at(1).toList().size(), 5);
}

GODWIT_TEST(TstSample);
#include "tst_sample.moc"
