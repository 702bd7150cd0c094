// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Stage.h"
#include "UnitTest.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QTest>

using namespace godwit;
using models::MessageListModel;
using test::Stage;
using State = MessageListModel::State;

namespace
{

const QString mira = QStringLiteral("mira@example.org");
const QString lars = QStringLiteral("lars@unreachable.example");

} // namespace

class TstChat : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void keyboardAloneSendsAMessage();
    void shiftEnterBeginsALine();
    void composerGrowsUpToALimit();
    void draftWaits();
    void readingClearsTheUnread();
    void olderMessagesComeWhileScrolling();
    void jumpButtonLeadsBack();
    void failedMessageIsTriedAgain();
    void messageIsCopiedWithTheKeyboard();
    void timelineIsShown();
    void directionIsTheMessages();
    void timeStandsInTheLastLine();
    void strangerIsAsked();

private:
    void open(const QString &address)
    {
        m_stage->openChat(address);
        [&] {
            QTRY_VERIFY(m_stage->find(QStringLiteral("MessageList")));
            QTRY_COMPARE(m_stage->find(QStringLiteral("MessageList"))->property("settled").toBool(), true);
            QTRY_VERIFY(m_stage->find(QStringLiteral("MessageRow")));
        }();
    }
    account::Conversation *conversation(const QString &address)
    {
        return m_stage->book().current()->conversation(address);
    }
    /// The newest row of the open chat, as it is shown.
    QQuickItem *newest() const { return row(0); }
    QQuickItem *row(int index) const
    {
        QQuickItem *found = nullptr;
        Stage::walk(m_stage->window()->contentItem(), [&](QQuickItem *item) {
            if (QByteArrayView(item->metaObject()->className()).startsWith("MessageRow") &&
                item->property("index").toInt() == index) {
                found = item;
            }
        });
        return found;
    }
    /// What a row of the open chat shows; invalid while it is not made yet.
    QVariant value(int index, const char *property) const
    {
        QQuickItem *shown = row(index);
        return shown ? shown->property(property) : QVariant();
    }
    QQuickItem *composer() const { return m_stage->find(QStringLiteral("Composer")); }
    bool atNewest() const { return m_stage->find(QStringLiteral("MessageList"))->property("atNewest").toBool(); }
    State newestState() const { return static_cast<State>(value(0, "messageState").toInt()); }
    void scrollUp()
    {
        QQuickItem *list = m_stage->find(QStringLiteral("MessageList"));
        QTest::wheelEvent(m_stage->window(), list->mapToScene(list->boundingRect().center()).toPoint(), {0, 480});
    }
    std::unique_ptr<Stage> m_stage;
};

void TstChat::init()
{
    m_stage = std::make_unique<Stage>(Stage::Start::Sample);
    QVERIFY(m_stage->window());
    QTRY_VERIFY(m_stage->find(QStringLiteral("ChatRow")));
}

void TstChat::cleanup()
{
    QCOMPARE(m_stage->warnings(), QStringList());
    m_stage.reset();
}

void TstChat::keyboardAloneSendsAMessage()
{
    // From the list: the first chat is the stranger's, the second one Mira's.
    QTRY_VERIFY(m_stage->focusName().startsWith(QLatin1StringView("someone@example.net, ")));
    QTRY_VERIFY(m_stage->find(QStringLiteral("QQuickListView"))->property("count").toInt() > 1);
    m_stage->key(Qt::Key_Down);
    QTRY_VERIFY(m_stage->focusName().startsWith(QLatin1StringView("Mira Okonkwo, ")));
    m_stage->key(Qt::Key_Return);
    QTRY_COMPARE(m_stage->focusName(), QStringLiteral("Message to Mira Okonkwo"));
    m_stage->type(QStringLiteral("typed"));
    m_stage->key(Qt::Key_Return);
    QTRY_COMPARE(value(0, "body").toString(), QStringLiteral("typed"));
    QTRY_COMPARE(newestState(), State::Accepted);
    QTRY_COMPARE(newestState(), State::Delivered);
    QTRY_COMPARE(newestState(), State::Read);
    QVERIFY(atNewest());
    QVERIFY(!composer()->property("ready").toBool());
}

void TstChat::shiftEnterBeginsALine()
{
    open(mira);
    m_stage->type(QStringLiteral("one"));
    m_stage->key(Qt::Key_Return, Qt::ShiftModifier);
    m_stage->type(QStringLiteral("two"));
    QTRY_COMPARE(conversation(mira)->draft(), QStringLiteral("one\ntwo"));
    m_stage->key(Qt::Key_Return);
    QTRY_COMPARE(value(0, "body").toString(), QStringLiteral("one\ntwo"));
}

void TstChat::composerGrowsUpToALimit()
{
    open(mira);
    const double before = composer()->height();
    m_stage->key(Qt::Key_Return, Qt::ShiftModifier);
    m_stage->key(Qt::Key_Return, Qt::ShiftModifier);
    QTRY_VERIFY(composer()->height() > before);
    for (int line = 0; line < 30; ++line) {
        m_stage->key(Qt::Key_Return, Qt::ShiftModifier);
    }
    QVERIFY(composer()->height() < 220);
}

void TstChat::draftWaits()
{
    open(mira);
    m_stage->type(QStringLiteral("half a thought"));
    open(lars);
    QCOMPARE(m_stage->focusName(), QStringLiteral("Message to Lars"));
    open(mira);
    QTRY_VERIFY(composer()->property("ready").toBool());
    QCOMPARE(conversation(mira)->draft(), QStringLiteral("half a thought"));
}

void TstChat::readingClearsTheUnread()
{
    QVERIFY(m_stage->window()->title().startsWith(u'('));
    open(mira);
    QTRY_COMPARE(conversation(mira)->unread(), 0);
    QTRY_VERIFY(m_stage->find(QStringLiteral("UnreadLine"))->isVisible());
}

void TstChat::olderMessagesComeWhileScrolling()
{
    open(mira);
    MessageListModel *messages = conversation(mira)->messages();
    const int before = messages->count();
    QVERIFY(QTest::qWaitFor([&] {
        scrollUp();
        return messages->count() > before;
    }));
    QVERIFY(!atNewest());
}

void TstChat::jumpButtonLeadsBack()
{
    open(mira);
    QTRY_VERIFY(atNewest());
    QQuickItem *jump = m_stage->find(QStringLiteral("JumpButton"));
    QVERIFY(!jump->isVisible());
    scrollUp();
    QTRY_VERIFY(jump->isVisible());
    m_stage->click(jump);
    QTRY_VERIFY(atNewest());
    QTRY_VERIFY(!jump->isVisible());
}

void TstChat::failedMessageIsTriedAgain()
{
    open(lars);
    QTRY_COMPARE(newestState(), State::Failed);
    QTRY_VERIFY(m_stage->named(QStringLiteral("Try again")));
    const QString body = value(0, "body").toString();
    QQuickItem *retry = nullptr;
    Stage::walk(newest(), [&](QQuickItem *item) {
        if (Stage::accessibleName(item) == u"Try again") {
            retry = item;
        }
    });
    QVERIFY(retry);
    QMetaObject::invokeMethod(retry, "click");
    QTRY_VERIFY(value(0, "messageState").isValid() && newestState() != State::Failed);
    QTRY_COMPARE(newestState(), State::Failed);
    QCOMPARE(value(0, "body").toString(), body);
}

void TstChat::messageIsCopiedWithTheKeyboard()
{
    open(mira);
    QQuickItem *list = m_stage->named(QStringLiteral("Messages with Mira Okonkwo"));
    QVERIFY(list);
    list->forceActiveFocus(Qt::TabFocusReason);
    m_stage->key(Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), value(0, "body").toString());
    m_stage->key(Qt::Key_Up);
    m_stage->key(Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), value(1, "body").toString());
}

void TstChat::timelineIsShown()
{
    open(mira);
    QQuickItem *list = m_stage->named(QStringLiteral("Messages with Mira Okonkwo"));
    list->forceActiveFocus(Qt::TabFocusReason);
    m_stage->key(Qt::Key_Return);
    QTRY_VERIFY(m_stage->named(QStringLiteral("Details")));
    QMetaObject::invokeMethod(m_stage->named(QStringLiteral("Details")), "click");
    QTRY_VERIFY(m_stage->named(QStringLiteral("Close")));
    QTRY_VERIFY(m_stage->find(QStringLiteral("MessageList")));
    m_stage->key(Qt::Key_Escape);
    QTRY_VERIFY(!m_stage->named(QStringLiteral("Close")));
}

void TstChat::directionIsTheMessages()
{
    open(QStringLiteral("nour@example.net"));
    QVERIFY(m_stage->find(QStringLiteral("MessageBubble"))->property("rightToLeft").toBool());
    open(mira);
    QTRY_VERIFY(!m_stage->find(QStringLiteral("MessageBubble"))->property("rightToLeft").toBool());
}

void TstChat::timeStandsInTheLastLine()
{
    open(mira);
    // "Run." is short: bubble and text have the same height but for the padding.
    QQuickItem *bubble = nullptr;
    Stage::walk(newest(), [&](QQuickItem *item) {
        if (QByteArrayView(item->metaObject()->className()).startsWith("MessageBubble")) {
            bubble = item;
        }
    });
    QVERIFY(bubble);
    QVERIFY(bubble->property("fits").toBool());
    QVERIFY(bubble->height() < 45);
    QVERIFY(bubble->width() < 140);
}

void TstChat::strangerIsAsked()
{
    open(QStringLiteral("someone@example.net"));
    QQuickItem *bar = m_stage->find(QStringLiteral("StrangerBar"));
    QTRY_VERIFY(bar->isVisible());
    open(mira);
    QTRY_VERIFY(!m_stage->find(QStringLiteral("StrangerBar"))->isVisible());
}

GODWIT_TEST(TstChat);
#include "tst_chat.moc"
