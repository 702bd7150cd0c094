// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "base/Utf8.h"

#include <QString>
#include <QTest>

using namespace godwit::base;

namespace
{

std::string encode(char32_t point)
{
    const auto tail = [point](int shift) { return static_cast<char>(0x80 | ((point >> shift) & 0x3f)); };
    if (point < 0x80) {
        return {static_cast<char>(point)};
    }
    if (point < 0x800) {
        return {static_cast<char>(0xc0 | (point >> 6)), tail(0)};
    }
    if (point < 0x10000) {
        return {static_cast<char>(0xe0 | (point >> 12)), tail(6), tail(0)};
    }
    return {static_cast<char>(0xf0 | (point >> 18)), tail(12), tail(6), tail(0)};
}

} // namespace

class TstUtf8 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCodePoint();
    void invalid_data();
    void invalid();
    void ascii();
};

/// All of Unicode is read back, but for surrogates, which are no characters.
void TstUtf8::everyCodePoint()
{
    for (char32_t point = 0; point <= 0x10ffff; ++point) {
        if (point >= 0xd800 && point <= 0xdfff) {
            continue;
        }
        const std::string bytes = encode(point);
        std::string_view text = bytes;
        if (decodeUtf8(text) != point || !text.empty()) {
            QFAIL(qPrintable(QString::number(point, 16)));
        }
    }
}

void TstUtf8::invalid_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("continuation first") << QByteArray("\x80");
    QTest::newRow("overlong, two bytes") << QByteArray("\xc0\x80");
    QTest::newRow("overlong, two bytes, last") << QByteArray("\xc1\xbf");
    QTest::newRow("overlong, three bytes") << QByteArray("\xe0\x9f\xbf");
    QTest::newRow("overlong, four bytes") << QByteArray("\xf0\x8f\xbf\xbf");
    QTest::newRow("surrogate, first") << QByteArray("\xed\xa0\x80");
    QTest::newRow("surrogate, last") << QByteArray("\xed\xbf\xbf");
    QTest::newRow("above Unicode") << QByteArray("\xf4\x90\x80\x80");
    QTest::newRow("five bytes") << QByteArray("\xf8\x88\x80\x80\x80");
    QTest::newRow("fe") << QByteArray("\xfe");
    QTest::newRow("cut after one") << QByteArray("\xe2");
    QTest::newRow("cut after two") << QByteArray("\xe2\x82");
    QTest::newRow("ASCII inside") << QByteArray("\xe2"
                                                "a\x82");
    QTest::newRow("good, then bad") << QByteArray("abc\xc3\xa9\xff");
}

void TstUtf8::invalid()
{
    QFETCH(QByteArray, bytes);
    QVERIFY(!isValidUtf8(std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size()))));
}

void TstUtf8::ascii()
{
    std::string text(40, 'a');
    QVERIFY(isAscii(""));
    QVERIFY(isAscii(text));
    for (char &letter : text) {
        letter = static_cast<char>(0x80);
        QVERIFY(!isAscii(text));
        letter = 'a';
    }
    QVERIFY(isValidUtf8(text));
}

GODWIT_TEST(TstUtf8);
#include "tst_utf8.moc"
