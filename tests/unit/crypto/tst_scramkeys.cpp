// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "base/Base64.h"
#include "crypto/Pbkdf2.h"
#include "crypto/ScramKeys.h"

#include <QTest>

#include <openssl/evp.h>

using namespace godwit::crypto;
using godwit::base::decodeBase64;
using godwit::base::encodeBase64;

namespace
{

std::string reference(const Pbkdf2Input &input)
{
    const EVP_MD *md = input.hash == Hash::Sha1 ? EVP_sha1() : input.hash == Hash::Sha256 ? EVP_sha256() : EVP_sha512();
    std::string out(digestBytes(input.hash), '\0');
    PKCS5_PBKDF2_HMAC(input.password.data(), int(input.password.size()),
                      reinterpret_cast<const unsigned char *>(input.salt.data()), int(input.salt.size()),
                      int(input.iterations), md, int(out.size()), reinterpret_cast<unsigned char *>(out.data()));
    return out;
}

} // namespace

class TstScramKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rfc6070()
    {
        // RFC 6070 §2, the cases of one block.
        const auto hex = [](std::uint32_t iterations, std::string_view password, std::string_view salt) {
            return QByteArray::fromStdString(pbkdf2({Hash::Sha1, iterations, password, salt})).toHex();
        };
        QCOMPARE(hex(1, "password", "salt"), QByteArray("0c60c80f961f0e71f3a9b524af6012062fe037a6"));
        QCOMPARE(hex(2, "password", "salt"), QByteArray("ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"));
    }

    void agreesWithOpenSsl_data()
    {
        QTest::addColumn<int>("hash");
        QTest::addColumn<int>("iterations");
        QTest::addColumn<int>("passwordBytes");
        QTest::addColumn<int>("saltBytes");
        for (int hash = 0; hash < 3; ++hash) {
            for (int iterations : {1, 2, 3, 4096}) {
                for (int bytes : {1, 63, 64, 65, 127, 128, 129, 1023}) {
                    QTest::addRow("hash %d, %d iterations, %d bytes", hash, iterations, bytes)
                        << hash << iterations << bytes << (bytes % 40);
                }
            }
        }
    }
    void agreesWithOpenSsl()
    {
        QFETCH(int, hash);
        QFETCH(int, iterations);
        QFETCH(int, passwordBytes);
        QFETCH(int, saltBytes);
        std::string password;
        for (int i = 0; i < passwordBytes; ++i) {
            password += static_cast<char>(i * 7 + 1);
        }
        const std::string salt(static_cast<std::size_t>(saltBytes), 's');
        const Pbkdf2Input input{static_cast<Hash>(hash), static_cast<std::uint32_t>(iterations), password, salt};
        QCOMPARE(pbkdf2(input), reference(input));
    }

    void rfcExamples_data()
    {
        QTest::addColumn<int>("hash");
        QTest::addColumn<QByteArray>("salt");
        QTest::addColumn<QByteArray>("authMessage");
        QTest::addColumn<QByteArray>("proof");
        QTest::addColumn<QByteArray>("signature");
        // RFC 5802 §5
        QTest::newRow("SHA-1") << int(Hash::Sha1) << QByteArray("QSXCR+Q6sek8bf92")
                               << QByteArray("n=user,r=fyko+d2lbbFgONRv9qkxdawL,"
                                             "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096,"
                                             "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j")
                               << QByteArray("v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=")
                               << QByteArray("rmF9pqV8S7suAoZWja4dJRkFsKQ=");
        // RFC 7677 §3
        QTest::newRow("SHA-256")
            << int(Hash::Sha256) << QByteArray("W22ZaJ0SNY7soEsUEjb6gQ==")
            << QByteArray("n=user,r=rOprNGfwEbeRWgbNEkqO,"
                          "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
                          "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
            << QByteArray("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
            << QByteArray("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }
    void rfcExamples()
    {
        QFETCH(int, hash);
        QFETCH(QByteArray, salt);
        QFETCH(QByteArray, authMessage);
        QFETCH(QByteArray, proof);
        QFETCH(QByteArray, signature);
        const auto keys = makeScramKeys(Password::prepare("pencil").value(),
                                        {static_cast<Hash>(hash), 4096, *decodeBase64(salt.toStdString())});
        std::string raw = *decodeBase64(proof.toStdString());
        QVERIFY(verifyClientProof(keys, authMessage.toStdString(), {raw}));
        QCOMPARE(encodeBase64(serverSignature(keys, authMessage.toStdString())), signature.toStdString());
        raw.back() = static_cast<char>(raw.back() ^ 1);
        QVERIFY(!verifyClientProof(keys, authMessage.toStdString(), {raw}));
        raw.pop_back();
        QVERIFY(!verifyClientProof(keys, authMessage.toStdString(), {raw}));
        QVERIFY(!verifyClientProof(keys, authMessage.toStdString(), {}));
    }

    void recipesHaveSaltsOfTheirOwn()
    {
        godwit::base::SeededRandom random(1);
        const Hash hashes[] = {Hash::Sha1, Hash::Sha256, Hash::Sha512};
        const auto recipes = makeRecipes(hashes, 5000, random);
        QCOMPARE(recipes.size(), std::size_t(3));
        for (std::size_t i = 0; i < recipes.size(); ++i) {
            QCOMPARE(recipes[i].hash, hashes[i]);
            QCOMPARE(recipes[i].iterations, 5000U);
            QCOMPARE(recipes[i].salt.size(), scramSaltBytes);
        }
        QVERIFY(recipes[0].salt != recipes[1].salt);
    }
};

GODWIT_TEST(TstScramKeys);
#include "tst_scramkeys.moc"
