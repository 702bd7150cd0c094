// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "session/Stanzas.h"

#include <QTest>

using namespace godwit;

class TstStanzas : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void written_data();
    void written();
    void sendable_data();
    void sendable();
};

void TstStanzas::written_data()
{
    const QString to = QStringLiteral("mira@example.org");
    const QString id = QStringLiteral("i1");
    QTest::addColumn<QByteArray>("stanza");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("message")
        << session::chatMessage({.to = to, .id = id, .body = QStringLiteral("a < b & \"c\"")})
        << QByteArray(
               "<message to=\"mira@example.org\" type=\"chat\" id=\"i1\"><body>a &lt; b &amp; &quot;c&quot;</body>"
               "<origin-id xmlns=\"urn:xmpp:sid:0\" id=\"i1\"/><request xmlns=\"urn:xmpp:receipts\"/>"
               "<markable xmlns=\"urn:xmpp:chat-markers:0\"/>"
               "<active xmlns=\"http://jabber.org/protocol/chatstates\"/></message>");
    QTest::newRow("receipt") << session::receipt({.to = to, .id = id, .answers = QStringLiteral("m7")})
                             << QByteArray("<message to=\"mira@example.org\" type=\"chat\" id=\"i1\">"
                                           "<received xmlns=\"urn:xmpp:receipts\" id=\"m7\"/>"
                                           "<origin-id xmlns=\"urn:xmpp:sid:0\" id=\"i1\"/>"
                                           "<store xmlns=\"urn:xmpp:hints\"/></message>");
    QTest::newRow("marker") << session::displayedMarker({.to = to, .id = id, .answers = QStringLiteral("m7")})
                            << QByteArray("<message to=\"mira@example.org\" type=\"chat\" id=\"i1\">"
                                          "<displayed xmlns=\"urn:xmpp:chat-markers:0\" id=\"m7\"/>"
                                          "<origin-id xmlns=\"urn:xmpp:sid:0\" id=\"i1\"/>"
                                          "<store xmlns=\"urn:xmpp:hints\"/></message>");
    QTest::newRow("composing") << session::chatState(to, session::Typing::Composing)
                               << QByteArray("<message to=\"mira@example.org\" type=\"chat\">"
                                             "<composing xmlns=\"http://jabber.org/protocol/chatstates\"/>"
                                             "<no-store xmlns=\"urn:xmpp:hints\"/></message>");
    QTest::newRow("subscribe") << session::subscription({.to = to, .id = id, .what = session::Subscription::Subscribe})
                               << QByteArray("<presence to=\"mira@example.org\" id=\"i1\" type=\"subscribe\"/>");
}

void TstStanzas::written()
{
    QFETCH(QByteArray, stanza);
    QTEST(stanza, "expected");
}

void TstStanzas::sendable_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << QStringLiteral("plain\ttext\n") << QStringLiteral("plain\ttext\n");
    QTest::newRow("control characters") << QStringLiteral("a\u0000b\u0008c\u001fd").insert(0, QChar(0))
                                        << QStringLiteral("abcd");
    QTest::newRow("not characters") << QString(QChar(0xffff)) + QChar(0xfffe) + u'x' << QStringLiteral("x");
    QTest::newRow("half a pair") << QString(QChar(0xdc00)) + u'x' + QChar(0xd83d) << QStringLiteral("x");
    QTest::newRow("a whole pair") << QStringLiteral("\U0001F426") << QStringLiteral("\U0001F426");
}

void TstStanzas::sendable()
{
    QFETCH(QString, text);
    QTEST(session::sendable(text), "expected");
}

GODWIT_TEST(TstStanzas);
#include "tst_stanzas.moc"
