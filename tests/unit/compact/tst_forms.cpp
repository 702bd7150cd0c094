// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Which strings have a shorter form, and that it gives them back.

#include "Support.h"
#include "UnitTest.h"

#include "compact/Characters.h"
#include "compact/Forms.h"

#include <QTest>

#include <random>

using namespace godwit::compact;
using godwit::test::bytes;
using godwit::test::hex;
using godwit::test::view;

class TstForms : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void forms_data();
    void forms();
    void decimals_data();
    void decimals();
    void instants_data();
    void instants();
    void everyDay();
    void uuids();
    void bytesOfEveryLength();
    void text_data();
    void text();
    void names_data();
    void names();
};

void TstForms::forms_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("form");
    const auto row = [](const char *name, const char *text, const char *form) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(form);
    };
    row("hexadecimal digits", "0123456789abcdef", "d7480123456789abcdef");
    row("too few of them", "0123456789abcde", "");
    row("in capitals", "0123456789ABCDEF", "d64cd35db7e39ebbf3d001083105");
    row("base64", "AAECAwQFBgcI", "d649000102030405060708");
    row("base64, one pad", "AAECAwQFBgcIAAE=", "d64b0001020304050607080001");
    row("base64, two pads", "AAECAwQFBgcIAA==", "d64a00010203040506070800");
    row("base64, three pads", "AAECAwQFBgcIA===", "");
    row("base64, unused bits", "AAECAwQFBgcIAB==", "");
    row("base64url", "AAECAwQFBgc-_w", "d54a00010203040506073eff");
    row("base64url, unused bits", "AAECAwQFBgc-_x", "");
    row("base64url of four times four", "AAECAwQFBgcI-AAE", "d54c000102030405060708f80004");
    row("one letter too many", "AAECAwQFBgcIA", "");
    row("short", "AAECAwQFBgc", "");
    row("a word with a space", "some text that is text", "");
    row("time", "2026-11-27T23:50:01Z", "c11a6b0a1729");
    row("time with a fraction", "2026-11-27T23:50:01.5Z", "c482201b000000042e64e79f");
    row("capitals in a UUID", "8BD3A61E-0c37-4c4a-9a5d-6a0d6ed3dd0e",
        "d5581bf010f703ad44fb4737efee1ce1afbd6b977ee9ad1de9e77775dd1e");
    row("empty", "", "");
}

void TstForms::forms()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, form);
    std::string out;
    const bool hasForm = appendForm(out, view(text));
    QCOMPARE(hasForm, !form.isEmpty());
    QVERIFY(hasForm || out.empty());
    QCOMPARE(hex(out), form);
    QVERIFY(!hasForm || out.size() < static_cast<std::size_t>(text.size()));
}

void TstForms::decimals_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isDecimal");
    const auto row = [](const char *text, bool isDecimal) { QTest::newRow(text) << QByteArray(text) << isDecimal; };
    row("0", true);
    row("7", true);
    row("9007199254740991", true);
    row("9007199254740992", false);
    row("90071992547409910", false);
    row("", false);
    row("00", false);
    row("01", false);
    row("-1", false);
    row("+1", false);
    row("1.0", false);
    row(" 1", false);
    row("1 ", false);
    row("1a", false);
}

void TstForms::decimals()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isDecimal);
    const auto number = decimalOf(view(text));
    QCOMPARE(number.has_value(), isDecimal);
    if (number) {
        std::string back;
        appendDecimal(back, *number);
        QCOMPARE(bytes(back), text);
    }
}

void TstForms::instants_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("count");
    QTest::addColumn<int>("digits");
    const auto row = [](const char *text, qint64 count, int digits) {
        QTest::newRow(text) << QByteArray(text) << count << digits;
    };
    row("1970-01-01T00:00:00Z", 0, 0);
    row("1970-01-01T00:00:00.0Z", 0, 1);
    row("2000-02-29T23:59:59Z", 951868799, 0);
    row("2100-03-01T00:00:00Z", 4107542400, 0);
    row("9999-12-31T23:59:59Z", 253402300799, 0);
    row("2026-11-27T23:50:01.120450Z", 1795823401120450, 6);
    for (const char *text : {"2100-02-29T00:00:00Z",      "1969-12-31T23:59:59Z",         "2026-00-01T00:00:00Z",
                             "2026-13-01T00:00:00Z",      "2026-01-00T00:00:00Z",         "2026-04-31T00:00:00Z",
                             "2026-01-01T24:00:00Z",      "2026-01-01T00:60:00Z",         "2026-01-01T00:00:60Z",
                             "2026-01-01T00:00:00",       "2026-01-01T00:00:00z",         "2026-01-01t00:00:00Z",
                             "2026-01-01T00:00:00.Z",     "2026-01-01T00:00:00.1234567Z", "2026-01-01T00:00:00,5Z",
                             "2026-01-01T00:00:00.5xZ",   "2026-1-01T00:00:00Z",          "2026-01-01 00:00:00Z",
                             "2026-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999Z"}) {
        row(text, -1, 0);
    }
}

void TstForms::instants()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, count);
    QFETCH(int, digits);
    const auto instant = instantOf(view(text));
    QCOMPARE(instant.has_value(), count >= 0);
    if (instant) {
        QCOMPARE(static_cast<qint64>(instant->count), count);
        QCOMPARE(static_cast<int>(instant->digits), digits);
        std::string back;
        QVERIFY(appendInstant(back, *instant));
        QCOMPARE(bytes(back), text);
    }
    std::string beyond;
    QVERIFY(!appendInstant(beyond, Instant{253402300800, 0}));
    QVERIFY(!appendInstant(beyond, Instant{0, 7}));
    QVERIFY(beyond.empty());
}

void TstForms::everyDay()
{
    constexpr std::uint64_t day = 86'400;
    std::string before;
    for (std::uint64_t seconds = 0; seconds < 250 * 366 * day; seconds += day) {
        std::string text;
        QVERIFY(appendInstant(text, Instant{seconds + 12'345, 0}));
        QVERIFY(text > before);
        const auto back = instantOf(text);
        QVERIFY(back && back->count == seconds + 12'345);
        before = text;
    }
}

void TstForms::uuids()
{
    const auto id = uuidOf("8bd3a61e-0c37-4c4a-9a5d-6a0d6ed3dd0e");
    QVERIFY(id);
    QCOMPARE(hex(std::string_view(id->data(), id->size())), QByteArray("8bd3a61e0c374c4a9a5d6a0d6ed3dd0e"));
    std::string back;
    appendUuid(back, std::string_view(id->data(), id->size()));
    QCOMPARE(bytes(back), QByteArray("8bd3a61e-0c37-4c4a-9a5d-6a0d6ed3dd0e"));
    for (const char *text : {"8bd3a61e-0c37-4c4a-9a5d-6a0d6ed3dd0", "8bd3a61e-0c37-4c4a-9a5d-6a0d6ed3dd0e0",
                             "8bd3a61e-0c37-4c4a-9a5d-6a0d6ed3dd0E", "8bd3a61e-0c37-4c4a-9a5d-6a0d6ed3dd0g",
                             "8bd3a61e-0c37-4c4a-9a5d06a0d6ed3dd0e", "8bd3a61e00c37-4c4a-9a5d-6a0d6ed3dd0e"}) {
        QVERIFY2(!uuidOf(text), text);
    }
}

/// Whatever has a form is the text of some bytes; here are some of every length.
void TstForms::bytesOfEveryLength()
{
    std::mt19937 random(3);
    for (std::size_t size = 9; size < 200; ++size) {
        std::string raw(size, '\0');
        for (char &byte : raw) {
            byte = static_cast<char>(random());
        }
        using Append = void (*)(std::string &, std::string_view);
        for (const Append append : {Append(appendHex), Append(appendBase64), Append(appendBase64Url)}) {
            std::string text;
            append(text, raw);
            std::string out;
            QVERIFY2(appendForm(out, text), text.c_str());
            QVERIFY2(out.ends_with(raw), text.c_str());
        }
    }
}

void TstForms::text_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isGood");
    const auto row = [](const char *name, const QByteArray &text, bool isGood) {
        QTest::newRow(name) << text << isGood;
    };
    row("empty", "", true);
    row("plain", "plain text of more than eight bytes", true);
    row("tab, line feed, carriage return", "a\tb\nc\rd", true);
    row("escape", "a long enough text with \x1b", false);
    row("NUL", QByteArray("\0", 1), false);
    row("NUL among eight",
        QByteArray("1234\0"
                   "678",
                   8),
        false);
    row("0x1f among eight",
        "1234\x1f"
        "678",
        false);
    row("DEL", "\x7f", true);
    row("two bytes", "größe", true);
    row("four bytes", "🐦🐦🐦", true);
    row("U+FFFD", "\xef\xbf\xbd", true);
    row("U+FFFE", "\xef\xbf\xbe", false);
    row("U+FFFF", "\xef\xbf\xbf", false);
    row("U+1FFFE", "\xf0\x9f\xbf\xbe", true);
    row("surrogate", "\xed\xa0\x80", false);
    row("beyond U+10FFFF", "\xf4\x90\x80\x80", false);
    row("overlong", "\xc0\xaf", false);
    row("cut", "12345678\xc3", false);
}

void TstForms::text()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, isGood);
    QCOMPARE(isXmlText(view(text)), isGood);
}

void TstForms::names_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("isGood");
    for (const char *good : {"a", "_", "body", "a.b-c_d9", "größe", "имя", "xmlnsfoo", "XML"}) {
        QTest::newRow(good) << QByteArray(good) << true;
    }
    for (const char *bad : {"", "1a", "-a", ".a", "a:b", ":a", "a b", "a<", "a>", "a/", "a='", "a\"", "a&", "×", "a×",
                            "🐦", "\u0301a", "\u2c30"}) {
        QTest::newRow(bad[0] == '\0' ? "empty" : bad) << QByteArray(bad) << false;
    }
}

void TstForms::names()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, isGood);
    QCOMPARE(isName(view(name)), isGood);
}

GODWIT_TEST(TstForms);
#include "tst_forms.moc"
