// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Stage.h"
#include "UnitTest.h"

#include <QTest>

using namespace godwit;
using test::Stage;

/// The window as a whole: columns, keys, what is remembered.
class TstShell : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void columnsFollowTheWidth();
    void escapeGoesBack();
    void keysWalkThroughTheChats();
    void searchFinds();
    void newChatByAddress();
    void widthOfTheListIsKept();
    void detailsBesideOrInFront();
    void signingOutAsksFirst();

private:
    QQuickItem *item(const char *type) const { return m_stage->find(QString::fromLatin1(type)); }
    QString openAddress() const { return item("ChatsPage")->property("openAddress").toString(); }
    std::unique_ptr<Stage> m_stage;
};

void TstShell::init()
{
    m_stage = std::make_unique<Stage>(Stage::Start::Sample);
    QVERIFY(m_stage->window());
    QTRY_VERIFY(item("ChatRow"));
}

void TstShell::cleanup()
{
    QCOMPARE(m_stage->warnings(), QStringList());
    m_stage.reset();
}

void TstShell::columnsFollowTheWidth()
{
    m_stage->resize({1280, 800});
    m_stage->openChat(QStringLiteral("mira@example.org"));
    QTRY_VERIFY(item("ConversationPane"));
    QVERIFY(item("ChatsPage")->isVisible());
    QCOMPARE(item("ChatsPage")->width(), 300.0);
    QTRY_COMPARE(item("ConversationPane")->width(), 980.0);
    m_stage->resize({360, 720});
    QTRY_VERIFY(!item("ChatsPage")->isVisible());
    QTRY_COMPARE(item("ConversationPane")->width(), 360.0);
    m_stage->resize({800, 700});
    QTRY_VERIFY(item("ChatsPage")->isVisible());
}

void TstShell::escapeGoesBack()
{
    m_stage->resize({360, 720});
    m_stage->openChat(QStringLiteral("mira@example.org"));
    QTRY_VERIFY(!item("ChatsPage")->isVisible());
    m_stage->key(Qt::Key_Escape);
    QTRY_VERIFY(item("ChatsPage")->isVisible());
    QTRY_VERIFY(!item("ConversationPane"));
    QVERIFY(m_stage->named(QStringLiteral("Chats"))->hasActiveFocus() || item("ChatList")->hasActiveFocus());
}

void TstShell::keysWalkThroughTheChats()
{
    m_stage->openChat(QStringLiteral("mira@example.org"));
    m_stage->key(Qt::Key_Down, Qt::AltModifier);
    QTRY_COMPARE(openAddress(), QStringLiteral("jonas@example.org"));
    m_stage->key(Qt::Key_Up, Qt::AltModifier);
    QTRY_COMPARE(openAddress(), QStringLiteral("mira@example.org"));
    m_stage->key(Qt::Key_Up, Qt::AltModifier);
    QTRY_COMPARE(openAddress(), QStringLiteral("someone@example.net"));
    m_stage->key(Qt::Key_Up, Qt::AltModifier); // there is none above
    QCOMPARE(openAddress(), QStringLiteral("someone@example.net"));
    QCOMPARE(m_stage->focusName(), QStringLiteral("Message to someone@example.net"));
}

void TstShell::searchFinds()
{
    m_stage->key(Qt::Key_K, Qt::ControlModifier);
    QCOMPARE(m_stage->focusName(), QStringLiteral("Find a chat"));
    m_stage->type(QStringLiteral("lind"));
    m_stage->key(Qt::Key_Return);
    QTRY_COMPARE(openAddress(), QStringLiteral("jonas@example.org"));
    m_stage->key(Qt::Key_F, Qt::ControlModifier);
    QCOMPARE(m_stage->focusName(), QStringLiteral("Find a chat"));
    m_stage->type(QStringLiteral("nobody at all"));
    QTRY_VERIFY(m_stage->named(QStringLiteral("Look in contacts")));
    m_stage->key(Qt::Key_Escape); // empties the field and closes nothing
    QTRY_VERIFY(!m_stage->named(QStringLiteral("Look in contacts")));
    QCOMPARE(openAddress(), QStringLiteral("jonas@example.org"));
}

void TstShell::newChatByAddress()
{
    m_stage->key(Qt::Key_N, Qt::ControlModifier);
    QTRY_COMPARE(m_stage->focusName(), QStringLiteral("Name or address"));
    m_stage->type(QStringLiteral("new.person@example.com"));
    QTRY_VERIFY(m_stage->named(QStringLiteral("Write to new.person@example.com")));
    m_stage->key(Qt::Key_Return);
    QTRY_COMPARE(openAddress(), QStringLiteral("new.person@example.com"));
    QCOMPARE(m_stage->focusName(), QStringLiteral("Message to new.person@example.com"));
}

void TstShell::widthOfTheListIsKept()
{
    m_stage->resize({1280, 800});
    QQuickItem *handle = item("WidthHandle");
    const QPoint from = handle->mapToScene(handle->boundingRect().center()).toPoint();
    QTest::mousePress(m_stage->window(), Qt::LeftButton, Qt::NoModifier, from);
    for (int step = 1; step <= 60; ++step) {
        QTest::mouseMove(m_stage->window(), from + QPoint(step, 0));
    }
    QTest::mouseRelease(m_stage->window(), Qt::LeftButton, Qt::NoModifier, from + QPoint(60, 0));
    const int dragged = m_stage->appearance()->listWidth();
    QVERIFY2(dragged > 320 && dragged <= 360, qPrintable(QString::number(dragged)));
    QCOMPARE(item("ChatsPage")->width(), double(dragged));
    handle->forceActiveFocus(Qt::TabFocusReason);
    for (int press = 0; press < 20; ++press) {
        m_stage->key(Qt::Key_Left);
    }
    QCOMPARE(m_stage->appearance()->listWidth(), facade::Appearance::listWidthMin);
    QCOMPARE(facade::Appearance().listWidth(), facade::Appearance::listWidthMin);
}

void TstShell::detailsBesideOrInFront()
{
    m_stage->resize({1280, 800});
    m_stage->openChat(QStringLiteral("mira@example.org"));
    QTRY_VERIFY(m_stage->named(QStringLiteral("About Mira Okonkwo")));
    m_stage->click(m_stage->named(QStringLiteral("About Mira Okonkwo")));
    QTRY_VERIFY(item("DetailsHost")->isVisible());
    QTRY_COMPARE(item("ConversationPane")->width(), 680.0);
    m_stage->resize({900, 700});
    QTRY_VERIFY(!item("DetailsHost")->isVisible());
    QTRY_VERIFY(m_stage->named(QStringLiteral("Copy address")));
    m_stage->key(Qt::Key_Escape);
    QTRY_VERIFY(!m_stage->named(QStringLiteral("Copy address")));
    QVERIFY(!item("Shell")->property("detailsOpen").toBool());
}

void TstShell::signingOutAsksFirst()
{
    QMetaObject::invokeMethod(m_stage->named(QStringLiteral("Account and settings")), "click");
    QTRY_VERIFY(m_stage->named(QStringLiteral("Sign out")));
    QMetaObject::invokeMethod(m_stage->named(QStringLiteral("Sign out")), "click");
    QTRY_COMPARE(m_stage->focusName(), QStringLiteral("Cancel"));
    QVERIFY(m_stage->named(QStringLiteral("Sign out?")));
    m_stage->key(Qt::Key_Escape);
    QTRY_VERIFY(!m_stage->named(QStringLiteral("Sign out?")));
    QCOMPARE(m_stage->book().count(), 1);
}

GODWIT_TEST(TstShell);
#include "tst_shell.moc"
