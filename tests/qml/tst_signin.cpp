// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Stage.h"
#include "UnitTest.h"

#include <QTcpServer>
#include <QTest>

using godwit::test::Stage;

/// The sign-in page without a server that lets anybody in; with one it is walked in tests/e2e/window.
class TstSignin : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void asksForTheAddressFirst();
    void wrongAddressIsToldInWords();
    void passwordIsShownOnWish();
    void waitsAndCanBeCancelled();
    void serverThatIsNotThere();

private:
    QQuickItem *named(const char *name) const { return m_stage->named(QString::fromUtf8(name)); }
    void press(const char *name) { QMetaObject::invokeMethod(named(name), "click"); }
    void typeServer(const QString &server)
    {
        press("Advanced settings");
        [&] { QTRY_VERIFY(named("Server, if it is not found by the address")); }();
        named("Server, if it is not found by the address")->forceActiveFocus();
        m_stage->type(server);
    }
    std::unique_ptr<Stage> m_stage;
};

void TstSignin::init()
{
    m_stage = std::make_unique<Stage>(Stage::Start::SignedOut);
    QVERIFY(m_stage->window());
    m_stage->book().allowPlaintextOnLoopback();
    QTRY_COMPARE(m_stage->focusName(), QStringLiteral("Address"));
}

void TstSignin::cleanup()
{
    QCOMPARE(m_stage->warnings(), QStringList());
    m_stage.reset();
}

void TstSignin::asksForTheAddressFirst()
{
    press("Sign in");
    QVERIFY(named("Type your address first."));
    QCOMPARE(m_stage->focusName(), QStringLiteral("Address"));
}

void TstSignin::wrongAddressIsToldInWords()
{
    m_stage->type(QStringLiteral("nobody"));
    m_stage->key(Qt::Key_Return);
    QCOMPARE(m_stage->focusName(), QStringLiteral("Password"));
    m_stage->type(QStringLiteral("x"));
    m_stage->key(Qt::Key_Return);
    QTRY_VERIFY(named("This is not an address. An address looks like name@example.org."));
}

void TstSignin::passwordIsShownOnWish()
{
    QVERIFY(!m_stage->find(QStringLiteral("PasswordField"))->property("shown").toBool());
    press("Show password");
    QVERIFY(m_stage->find(QStringLiteral("PasswordField"))->property("shown").toBool());
    press("Hide password");
    QVERIFY(!m_stage->find(QStringLiteral("PasswordField"))->property("shown").toBool());
}

void TstSignin::waitsAndCanBeCancelled()
{
    QTcpServer silent; // lets in and says nothing
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    m_stage->type(QStringLiteral("anna@example.org"));
    m_stage->key(Qt::Key_Tab);
    m_stage->type(QStringLiteral("secret"));
    typeServer(QStringLiteral("127.0.0.1:%1").arg(silent.serverPort()));
    m_stage->key(Qt::Key_Return);
    QTRY_VERIFY(m_stage->book().signingIn());
    QTRY_VERIFY(named("Signing in…"));
    QVERIFY(named("Cancel"));
    press("Cancel");
    QTRY_VERIFY(!m_stage->book().signingIn());
    QVERIFY(named("Sign in"));
    QCOMPARE(m_stage->book().count(), 0);
}

void TstSignin::serverThatIsNotThere()
{
    QTcpServer gone;
    QVERIFY(gone.listen(QHostAddress::LocalHost));
    const quint16 port = gone.serverPort();
    gone.close();
    m_stage->type(QStringLiteral("anna@example.org"));
    m_stage->key(Qt::Key_Tab);
    m_stage->type(QStringLiteral("secret"));
    typeServer(QStringLiteral("127.0.0.1:%1").arg(port));
    m_stage->key(Qt::Key_Return);
    QTRY_COMPARE(m_stage->focusName(), QStringLiteral("Password"));
    QVERIFY(!m_stage->book().signingIn());
    QVERIFY(named("Sign in"));
}

GODWIT_TEST(TstSignin);
#include "tst_signin.moc"
