// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "base/Base64.h"
#include "stream/ScramMessages.h"

#include <QTest>

using namespace godwit::stream;
using godwit::base::encodeBase64;

class TstScramMessages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsRfc5802()
    {
        // RFC 5802 §5
        const auto first = parseClientFirst("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
        QVERIFY(first.ok());
        QCOMPARE(first->username, std::string("user"));
        QCOMPARE(first->nonce, std::string("fyko+d2lbbFgONRv9qkxdawL"));
        QCOMPARE(first->header, std::string("n,,"));
        QCOMPARE(first->bare, std::string("n=user,r=fyko+d2lbbFgONRv9qkxdawL"));
        QVERIFY(first->flag == BindingFlag::Unsupported);
        const auto final =
            parseClientFinal("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
        QVERIFY(final.ok());
        QCOMPARE(final->binding, std::string("n,,"));
        QCOMPARE(final->nonce, std::string("fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j"));
        QCOMPARE(encodeBase64(final->proof), std::string("v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="));
        QCOMPARE(final->withoutProof, std::string("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j"));
    }

    void writesRfc7677()
    {
        // RFC 7677 §3
        const std::string salt = *godwit::base::decodeBase64("W22ZaJ0SNY7soEsUEjb6gQ==");
        QCOMPARE(writeServerFirst({"rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", salt, 4096}),
                 std::string("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
    }

    void readsFlagsAndIdentities()
    {
        const auto bound = parseClientFirst("p=tls-exporter,a=x=2Cy=3D@example.com,n=a=2Cb=3Dc,r=n1,x=future,y=z");
        QVERIFY(bound.ok());
        QVERIFY(bound->flag == BindingFlag::Used);
        QCOMPARE(bound->bindingType, std::string("tls-exporter"));
        QCOMPARE(bound->authzid, std::string("x,y=@example.com"));
        QCOMPARE(bound->username, std::string("a,b=c"));
        QCOMPARE(bound->header, std::string("p=tls-exporter,a=x=2Cy=3D@example.com,"));
        QCOMPARE(bound->bare, std::string("n=a=2Cb=3Dc,r=n1,x=future,y=z"));
        const auto down = parseClientFirst("y,,n=user,r=n1");
        QVERIFY(down.ok());
        QVERIFY(down->flag == BindingFlag::NotOffered);
    }

    void refusesFirst_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("no such flag") << QByteArray("x,,n=user,r=n");
        QTest::newRow("flag p without a type") << QByteArray("p=,,n=user,r=n");
        QTest::newRow("flag p with a strange type") << QByteArray("p=tls_exporter,,n=user,r=n");
        QTest::newRow("flag only") << QByteArray("n");
        QTest::newRow("header only") << QByteArray("n,,");
        QTest::newRow("no header") << QByteArray("n=user,r=n");
        QTest::newRow("authzid without a=") << QByteArray("n,romeo,n=user,r=n");
        QTest::newRow("empty authzid") << QByteArray("n,a=,n=user,r=n");
        QTest::newRow("mandatory extension") << QByteArray("n,,m=ext,n=user,r=n");
        QTest::newRow("no user name") << QByteArray("n,,r=n");
        QTest::newRow("empty user name") << QByteArray("n,,n=,r=n");
        QTest::newRow("bad escape") << QByteArray("n,,n=a=2Db,r=n");
        QTest::newRow("escape in lower case") << QByteArray("n,,n=a=2cb,r=n");
        QTest::newRow("cut escape") << QByteArray("n,,n=a=2,r=n");
        QTest::newRow("NUL in the name") << QByteArray("n,,n=a\0b,r=n", 12);
        QTest::newRow("no nonce") << QByteArray("n,,n=user");
        QTest::newRow("empty nonce") << QByteArray("n,,n=user,r=");
        QTest::newRow("space in the nonce") << QByteArray("n,,n=user,r=a b");
        QTest::newRow("nonce not ASCII") << QByteArray("n,,n=user,r=\xc3\xa9");
        QTest::newRow("comma at the end") << QByteArray("n,,n=user,r=n,");
        QTest::newRow("extension without a value") << QByteArray("n,,n=user,r=n,x=");
        QTest::newRow("extension that is none") << QByteArray("n,,n=user,r=n,1=a");
        QTest::newRow("extension and comma at the end") << QByteArray("n,,n=user,r=n,x=a,");
    }
    void refusesFirst()
    {
        QFETCH(QByteArray, message);
        QVERIFY(!parseClientFirst(message.toStdString()).ok());
    }

    void refusesFinal_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("no proof") << QByteArray("c=biws,r=n");
        QTest::newRow("empty proof") << QByteArray("c=biws,r=n,p=");
        QTest::newRow("proof not base64") << QByteArray("c=biws,r=n,p=a*b=");
        QTest::newRow("something behind the proof") << QByteArray("c=biws,r=n,p=YQ==,x=y");
        QTest::newRow("proof first") << QByteArray("p=YQ==,c=biws,r=n");
        QTest::newRow("no binding") << QByteArray("r=n,p=YQ==");
        QTest::newRow("empty binding") << QByteArray("c=,r=n,p=YQ==");
        QTest::newRow("binding not base64") << QByteArray("c=b,r=n,p=YQ==");
        QTest::newRow("no nonce") << QByteArray("c=biws,p=YQ==");
        QTest::newRow("nonce with a space") << QByteArray("c=biws,r=a b,p=YQ==");
        QTest::newRow("two commas") << QByteArray("c=biws,r=n,,p=YQ==");
        QTest::newRow("not an extension") << QByteArray("c=biws,r=n,xy,p=YQ==");
    }
    void refusesFinal()
    {
        QFETCH(QByteArray, message);
        QVERIFY(!parseClientFinal(message.toStdString()).ok());
    }

    void cutAnywhere()
    {
        const std::string first = "p=tls-exporter,a=b,n=user,r=nonce,x=y";
        const std::string final = "c=biws,r=nonce,x=y,p=YWJj";
        for (std::size_t cut = 0; cut < first.size(); ++cut) {
            static_cast<void>(parseClientFirst(std::string_view(first).substr(0, cut)));
        }
        for (std::size_t cut = 0; cut < final.size(); ++cut) {
            QVERIFY(!parseClientFinal(std::string_view(final).substr(0, cut)).ok());
        }
    }
};

GODWIT_TEST(TstScramMessages);
#include "tst_scrammessages.moc"
