// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The real window on a real server, with the keyboard alone: signs in, opens a chat, writes, reads the answer. The
// server and the other side are tests/e2e/window/test_window.py, which tells the address in GODWIT_SERVER.

#include "Stage.h"

#include <QTest>

using namespace godwit;
using models::MessageListModel;
using State = MessageListModel::State;
using test::Stage;

class Walk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void signInWriteRead();
};

void Walk::signInWriteRead()
{
    const QString server = qEnvironmentVariable("GODWIT_SERVER");
    QVERIFY(!server.isEmpty());
    Stage stage(Stage::Start::SignedOut);
    QVERIFY(stage.window());
    stage.book().allowPlaintextOnLoopback();
    QTRY_COMPARE(stage.focusName(), QStringLiteral("Address"));
    stage.type(QStringLiteral("alice@localhost"));
    stage.key(Qt::Key_Return);
    QTRY_COMPARE(stage.focusName(), QStringLiteral("Password"));
    stage.type(QStringLiteral("secret-a"));
    stage.key(Qt::Key_Tab);
    QCOMPARE(stage.focusName(), QStringLiteral("Show password"));
    stage.key(Qt::Key_Tab);
    QCOMPARE(stage.focusName(), QStringLiteral("Advanced settings"));
    stage.key(Qt::Key_Space);
    stage.key(Qt::Key_Tab);
    QTRY_COMPARE(stage.focusName(), QStringLiteral("Server, if it is not found by the address"));
    stage.type(server);
    stage.key(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(stage.book().current(), 20000);

    stage.key(Qt::Key_N, Qt::ControlModifier);
    QTRY_COMPARE(stage.focusName(), QStringLiteral("Name or address"));
    stage.type(QStringLiteral("bob@localhost"));
    stage.key(Qt::Key_Return);
    QTRY_COMPARE(stage.focusName(), QStringLiteral("Message to bob@localhost"));
    stage.type(QStringLiteral("written in the window"));
    stage.key(Qt::Key_Return);

    MessageListModel *messages = stage.book().current()->conversation(QStringLiteral("bob@localhost"))->messages();
    // The oldest row, since the answer may be there already.
    const auto state = [messages] {
        return messages->index(messages->count() - 1).data(MessageListModel::StateRole).value<State>();
    };
    QTRY_VERIFY_WITH_TIMEOUT(messages->count() > 0 && state() >= State::Delivered, 20000);
    // Bob answers what he got; his answer is seen at once, since the chat is in front.
    QTRY_VERIFY_WITH_TIMEOUT(messages->count() >= 2, 20000);
    QCOMPARE(messages->index(messages->count() - 2).data(MessageListModel::BodyRole).toString(),
             QStringLiteral("written by bob"));
    // He says goodbye once he has been told that it was read.
    QTRY_COMPARE_WITH_TIMEOUT(messages->count(), 3, 20000);
    QTRY_COMPARE(stage.book().current()->unread(), 0);
    QCOMPARE(stage.warnings(), QStringList());
    stage.book().goOffline();
}

QTEST_MAIN(Walk)
#include "walk.moc"
