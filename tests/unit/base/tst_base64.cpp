// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "base/Base64.h"
#include "base/Random.h"

#include <QTest>

using namespace godwit::base;

namespace
{

std::string_view view(const QByteArray &bytes)
{
    return std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size()));
}

} // namespace

class TstBase64 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vectors_data();
    void vectors();
    void refused_data();
    void refused();
    void refusedUrl_data();
    void refusedUrl();
    void roundTrip();
};

/// RFC 4648 §10.
void TstBase64::vectors_data()
{
    QTest::addColumn<QByteArray>("plain");
    QTest::addColumn<QByteArray>("encoded");
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("f") << QByteArray("f") << QByteArray("Zg==");
    QTest::newRow("fo") << QByteArray("fo") << QByteArray("Zm8=");
    QTest::newRow("foo") << QByteArray("foo") << QByteArray("Zm9v");
    QTest::newRow("foob") << QByteArray("foob") << QByteArray("Zm9vYg==");
    QTest::newRow("fooba") << QByteArray("fooba") << QByteArray("Zm9vYmE=");
    QTest::newRow("foobar") << QByteArray("foobar") << QByteArray("Zm9vYmFy");
    QTest::newRow("62 and 63") << QByteArray("\xfb\xff") << QByteArray("+/8=");
}

void TstBase64::vectors()
{
    QFETCH(QByteArray, plain);
    QFETCH(QByteArray, encoded);
    QCOMPARE(QByteArray::fromStdString(encodeBase64(view(plain))), encoded);
    const auto decoded = decodeBase64(view(encoded));
    QVERIFY(decoded);
    QCOMPARE(QByteArray::fromStdString(*decoded), plain);
}

void TstBase64::refused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no padding") << QByteArray("Zg");
    QTest::newRow("half the padding") << QByteArray("Zg=");
    QTest::newRow("too much padding") << QByteArray("Zg======");
    QTest::newRow("padding alone") << QByteArray("====");
    QTest::newRow("padding in the middle") << QByteArray("Zg==Zg==");
    QTest::newRow("unused bits set") << QByteArray("Zh==");
    QTest::newRow("unused bits set, two bytes") << QByteArray("Zm9=");
    QTest::newRow("white space") << QByteArray("Zm9v Zm9");
    QTest::newRow("line break") << QByteArray("Zm9v\nZm9v");
    QTest::newRow("url alphabet") << QByteArray("-_8=");
    QTest::newRow("one letter") << QByteArray("Z===");
    QTest::newRow("high byte") << QByteArray("Zm9\xff");
    QTest::newRow("NUL") << QByteArray("Zm9\0", 4);
}

void TstBase64::refused()
{
    QFETCH(QByteArray, text);
    QVERIFY(!decodeBase64(view(text)));
}

void TstBase64::refusedUrl_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("padding") << QByteArray("Zg==");
    QTest::newRow("one letter") << QByteArray("Z");
    QTest::newRow("standard alphabet") << QByteArray("+/8");
    QTest::newRow("unused bits set") << QByteArray("Zh");
}

void TstBase64::refusedUrl()
{
    QFETCH(QByteArray, text);
    QVERIFY(!decodeBase64Url(view(text)));
}

void TstBase64::roundTrip()
{
    SeededRandom random(1);
    for (std::size_t size = 0; size < 200; ++size) {
        std::vector<std::uint8_t> bytes(size);
        random.fill(bytes);
        const auto plain = decodeBase64(encodeBase64(bytes));
        QVERIFY(plain && std::vector<std::uint8_t>(plain->begin(), plain->end()) == bytes);
        const auto url = decodeBase64Url(encodeBase64Url(bytes));
        QVERIFY(url && *url == bytes);
    }
}

GODWIT_TEST(TstBase64);
#include "tst_base64.moc"
