// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "crypto/Digest.h"

#include <QTest>

using namespace godwit::crypto;

namespace
{

QByteArray hex(const std::string &bytes)
{
    return QByteArray::fromStdString(bytes).toHex();
}

} // namespace

class TstDigest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void digestVectors_data()
    {
        // FIPS 180-4, the example "abc".
        QTest::addColumn<int>("hash");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("SHA-1") << int(Hash::Sha1) << QByteArray("a9993e364706816aba3e25717850c26c9cd0d89d");
        QTest::newRow("SHA-256") << int(Hash::Sha256)
                                 << QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        QTest::newRow("SHA-512") << int(Hash::Sha512)
                                 << QByteArray("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                                               "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    }
    void digestVectors()
    {
        QFETCH(int, hash);
        QFETCH(QByteArray, expected);
        const std::string value = digest(static_cast<Hash>(hash), "abc");
        QCOMPARE(hex(value), expected);
        QCOMPARE(value.size(), digestBytes(static_cast<Hash>(hash)));
    }

    void hmacVectors_data()
    {
        // RFC 2202 §3 and RFC 4231 §4.3, test case 2.
        QTest::addColumn<int>("hash");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("SHA-1") << int(Hash::Sha1) << QByteArray("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        QTest::newRow("SHA-256") << int(Hash::Sha256)
                                 << QByteArray("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        QTest::newRow("SHA-512") << int(Hash::Sha512)
                                 << QByteArray("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                                               "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    }
    void hmacVectors()
    {
        QFETCH(int, hash);
        QFETCH(QByteArray, expected);
        QCOMPARE(hex(hmac(static_cast<Hash>(hash), {"Jefe"}, "what do ya want for nothing?")), expected);
    }

    void comparesLengthAndContent()
    {
        QVERIFY(constantTimeEqual("abc", "abc"));
        QVERIFY(!constantTimeEqual("abc", "abd"));
        QVERIFY(!constantTimeEqual("abc", "abcd"));
        QVERIFY(constantTimeEqual("", ""));
    }

    void wipes()
    {
        std::string secret = "a secret that is longer than the string's own buffer";
        const char *where = secret.data();
        wipe(secret);
        QVERIFY(secret.empty());
        QCOMPARE(where[0], '\0');
    }
};

GODWIT_TEST(TstDigest);
#include "tst_digest.moc"
