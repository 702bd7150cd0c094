// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "generator/Sasl.h"

#include "UnitTest.h"

#include <QTest>

using godwit::load::Mechanism;
using godwit::load::SaslClient;

namespace
{

QByteArray bytes(const std::string &text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

class TstSasl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plain();
    void scram_data();
    void scram();
    void foreignNonceIsRefused();
    void base64RoundTrip();
};

void TstSasl::plain()
{
    SaslClient client(Mechanism::Plain, "tim", "secret", "");
    QCOMPARE(bytes(client.initialResponse()), QByteArray("\0tim\0secret", 11));
    QVERIFY(!client.answer("anything"));
}

void TstSasl::scram_data()
{
    QTest::addColumn<int>("mechanism");
    QTest::addColumn<QByteArray>("nonce");
    QTest::addColumn<QByteArray>("challenge");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("final");
    QTest::newRow("RFC 5802 §5")
        << static_cast<int>(Mechanism::ScramSha1) << QByteArray("fyko+d2lbbFgONRv9qkxdawL")
        << QByteArray("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096")
        << QByteArray("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=")
        << QByteArray("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
    QTest::newRow("RFC 7677 §3")
        << static_cast<int>(Mechanism::ScramSha256) << QByteArray("rOprNGfwEbeRWgbNEkqO")
        << QByteArray("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
        << QByteArray("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                      "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
        << QByteArray("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

void TstSasl::scram()
{
    QFETCH(const int, mechanism);
    QFETCH(const QByteArray, nonce);
    QFETCH(const QByteArray, challenge);
    QFETCH(const QByteArray, answer);
    QFETCH(const QByteArray, final);
    SaslClient client(static_cast<Mechanism>(mechanism), "user", "pencil", nonce.toStdString());
    QCOMPARE(bytes(client.initialResponse()), QByteArray("n,,n=user,r=" + nonce));
    const std::optional<std::string> given = client.answer(challenge.toStdString());
    QVERIFY(given.has_value());
    QCOMPARE(bytes(*given), answer);
    QVERIFY(client.confirms(final.toStdString()));
    QVERIFY(!client.confirms("v=AAAA"));
    QVERIFY(!client.confirms(""));
}

void TstSasl::foreignNonceIsRefused()
{
    SaslClient client(Mechanism::ScramSha1, "user", "pencil", "mine");
    QVERIFY(!client.answer("r=other,s=QSXCR+Q6sek8bf92,i=4096"));
    QVERIFY(!client.answer("r=mine1,s=QSXCR+Q6sek8bf92,i=0"));
}

void TstSasl::base64RoundTrip()
{
    for (const std::string &text :
         {std::string(), std::string("a"), std::string("ab"), std::string("abc"), std::string("\0\xff\0", 3)}) {
        const std::optional<std::string> back = godwit::load::fromBase64(godwit::load::base64(text));
        QVERIFY(back.has_value());
        QCOMPARE(bytes(*back), bytes(text));
    }
    QVERIFY(!godwit::load::fromBase64("*"));
}

GODWIT_TEST(TstSasl);
#include "tst_sasl.moc"
