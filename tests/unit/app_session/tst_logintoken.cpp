// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "session/LoginToken.h"

#include <QTest>
#include <QXmppConfiguration.h>

using godwit::session::textOf;
using godwit::session::tokenOf;

class TstLoginToken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comesBackAsItWas();
    void anythingElseIsNoToken_data();
    void anythingElseIsNoToken();
    void passwordIsNotInIt();
};

namespace
{

const QString kept =
    QStringLiteral("<credentials xmlns=\"org.qxmpp.credentials\"><ht-token mechanism=\"HT-SHA-256-NONE\" "
                   "secret=\"a&lt;b&quot;c\" expiry=\"2026-12-24T18:00:00Z\"/></credentials>");

} // namespace

void TstLoginToken::comesBackAsItWas()
{
    const QXmppCredentials token = tokenOf(kept);
    QCOMPARE(textOf(token), kept);
    QVERIFY(tokenOf(textOf(token)) == token);
}

void TstLoginToken::anythingElseIsNoToken_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << QString();
    QTest::newRow("words") << QStringLiteral("secret");
    QTest::newRow("cut off") << kept.first(60);
    QTest::newRow("another element") << QStringLiteral("<token xmlns='org.qxmpp.credentials'/>");
    QTest::newRow("another mechanism") << QString(kept).replace(QLatin1StringView("HT-SHA-256-NONE"),
                                                                QLatin1StringView("SCRAM-SHA-256"));
}

void TstLoginToken::anythingElseIsNoToken()
{
    QFETCH(QString, text);
    QVERIFY(tokenOf(text) == QXmppCredentials());
    QCOMPARE(textOf(tokenOf(text)), QString());
}

void TstLoginToken::passwordIsNotInIt()
{
    QXmppConfiguration configuration;
    configuration.setCredentials(tokenOf(kept));
    configuration.setPassword(QStringLiteral("sesame"));
    QCOMPARE(textOf(configuration.credentials()), kept);
}

GODWIT_TEST(TstLoginToken);
#include "tst_logintoken.moc"
