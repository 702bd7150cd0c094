// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "jid/Jid.h"

#include <QTest>

using godwit::jid::Jid;

namespace
{

std::string_view view(const QByteArray &bytes)
{
    return std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size()));
}

QByteArray bytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

class TstJid : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void valid_data();
    void valid();
    void invalid_data();
    void invalid();
    void lengths_data();
    void lengths();
    void parts();
    void fromParts();
    void fromPrepared();
    void equality();
};

/// RFC 7622 §3.5, table 1, and what the tables leave out.
void TstJid::valid_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("prepared");
    const auto same = [](const char *name, const char *text) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(text);
    };
    const auto row = [](const char *name, const char *text, const char *prepared) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(prepared);
    };
    same("rfc 1: bare", "juliet@example.com");
    same("rfc 2: full", "juliet@example.com/foo");
    same("rfc 3: space in resource", "juliet@example.com/foo bar");
    same("rfc 4: at sign in resource", "juliet@example.com/foo@bar");
    same("rfc 5: escaped space", "foo\\20bar@example.com");
    same("rfc 6: ss", "fussball@example.com");
    same("rfc 7: sharp s", "fu\xc3\x9f"
                           "ball@example.com");
    same("rfc 8: pi", "\xcf\x80@example.com");
    row("rfc 9: capital sigma", "\xce\xa3@example.com/foo", "\xcf\x83@example.com/foo");
    same("rfc 10: small sigma", "\xcf\x83@example.com/foo");
    same("rfc 11: final sigma", "\xcf\x82@example.com/foo");
    same("rfc 12: chess king in resource", "king@example.com/\xe2\x99\x9a");
    same("rfc 13: domain", "example.com");
    same("rfc 14: domain and resource", "example.com/foobar");
    same("rfc 15: at sign behind the slash", "a.example.com/b@example.net");
    row("upper case ASCII", "Juliet@EXAMPLE.com/Foo", "juliet@example.com/Foo");
    same("two hyphens in a label", "juliet@a--b.example/x");
    same("signs that are allowed", "a!#$%*+-._=?^`{|}~\\@b_c-d.e/\"&'<>@/ ~");
    row("trailing dot", "juliet@example.com.", "juliet@example.com");
    row("trailing dot and resource", "example.com./r", "example.com/r");
    same("slash in resource", "example.com/a/b");
    same("IPv4", "romeo@127.0.0.1");
    same("IPv6", "romeo@[::1]/x");
    row("IPv6 in capitals", "[2001:DB8::FF]", "[2001:db8::ff]");
    same("IPv6 with IPv4", "[::ffff:10.0.0.1]");
    row("A-label", "xn--mnchen-3ya.example", "m\xc3\xbcnchen.example");
    row("capital U-label", "M\xc3\x9cnchen.example", "m\xc3\xbcnchen.example");
    row("fullwidth domain with an ideographic full stop", "\xef\xbc\xa3\xe3\x80\x82\xef\xbd\x84\xef\xbd\xa1", "c.d");
    same("underscore in domain", "chat_rooms.example.com");
    same("one label", "localhost");
    row("fullwidth local", "\xef\xbd\x8a\xef\xbd\x95@example.com", "ju@example.com");
    row("decomposed local", "e\xcc\x81@example.com", "\xc3\xa9@example.com");
    row("decomposed resource", "a@b/e\xcc\x81", "a@b/\xc3\xa9");
    row("ideographic space in resource", "a@b/x\xe3\x80\x80y", "a@b/x y");
    same("Hebrew local", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d@example.com");
    same("Cyrillic all over",
         "\xd1\x8e\xd0\xbb\xd1\x8f@\xd0\xb4\xd0\xbe\xd0\xbc.\xd1\x80\xd1\x84/\xd0\x91\xd0\xb0\xd0\xbb");
    same("emoji in resource", "a@b/\xf0\x9f\x90\xa6");
    same("middle dot between l", "col\xc2\xb7lega@example.com");
    same("all that ASCII allows", "!#$%()*+,-.;=?[\\]^_`{|}~@example.com");
}

void TstJid::valid()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, prepared);
    const auto jid = Jid::parse(view(text));
    QVERIFY2(jid.ok(), jid.ok() ? "" : jid.error().text().c_str());
    QCOMPARE(bytes(jid->text()), prepared);
    const auto again = Jid::parse(jid->text());
    QVERIFY(again.ok());
    QVERIFY(*again == *jid);
    const Jid stored = Jid::fromPrepared(jid->text());
    QCOMPARE(bytes(stored.local()), bytes(jid->local()));
    QCOMPARE(bytes(stored.domain()), bytes(jid->domain()));
    QCOMPARE(bytes(stored.resource()), bytes(jid->resource()));
}

/// RFC 7622 §3.5, table 2, and what the tables leave out.
void TstJid::invalid_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const QByteArray &text) { QTest::newRow(name) << text; };
    row("rfc 16: quotation marks in local", "\"juliet\"@example.com");
    row("rfc 17: space in local", "foo bar@example.com");
    row("rfc 18: leading space in resource", "juliet@example.com/ foo");
    row("rfc 19: empty local and resource", "@example.com/");
    row("rfc 20: Roman numeral", "henry\xe2\x85\xa3@example.com");
    row("rfc 21: chess king", "\xe2\x99\x9a@example.com");
    row("rfc 22: no domain", "juliet@");
    row("rfc 23: no domain, resource", "/foobar");
    row("empty", "");
    row("empty resource", "juliet@example.com/");
    row("empty local", "@example.com");
    row("two at signs", "a@b@c");
    row("control in resource", "a@b/\x01");
    row("delete in resource", "a@b/\x7f");
    row("line feed in local", "a\nb@c");
    row("ampersand in local", "a&b@c");
    row("apostrophe in local", "d'artagnan@musketeers.lit");
    row("colon in local", "a:b@c");
    row("not UTF-8 in local", "\xff@c");
    row("overlong in resource", "a@b/\xc0\xaf");
    row("surrogate in resource", "a@b/\xed\xa0\x80");
    row("space in domain", "a@b c");
    row("dot alone", "a@.");
    row("empty label", "a@b..c");
    row("leading dot", "a@.b");
    row("label begins with hyphen", "a@-b.c");
    row("label ends with hyphen", "a@b-.c");
    row("label of 64", "a@" + QByteArray(64, 'b') + ".c");
    row("IPv6 without end", "[::1");
    row("IPv6 too long", "[1:2:3:4:5:6:7:8:9]");
    row("IPv6 two gaps", "[1::2::3]");
    row("IPv6 zone", "[fe80::1%eth0]");
    row("IPv6 nonsense", "[hello]");
    row("behind the bracket", "[::1]x");
    row("bad A-label", "xn--\xff.example");
    row("fullwidth slash in domain", "a@b\xef\xbc\x8f"
                                     "c");
    row("fullwidth at sign in domain", "b\xef\xbc\xa0"
                                       "c");
    row("two ideographic full stops", "b\xe3\x80\x82\xe3\x80\x82"
                                      "c");
    row("bidi rule in local", "a\xd7\xa9@example.com");
    row("private use in local", "\xee\x80\x80@example.com");
    row("zero width space in local", "a\xe2\x80\x8b"
                                     "b@example.com");
    row("zero width joiner without virama", "a\xe2\x80\x8d"
                                            "b@example.com");
    row("middle dot elsewhere", "a\xc2\xb7"
                                "b@example.com");
    row("noncharacter in resource", "a@b/\xef\xbf\xbe");
    row("byte order mark in local", "\xef\xbb\xbf"
                                    "a@example.com");
    row("byte order mark in domain", "a@\xef\xbb\xbf"
                                     "example.com");
    row("byte order mark in resource", "a@example.com/\xef\xbb\xbf"
                                       "a");
    row("mixed Arabic digits", "\xd8\xa7\xd9\xa1\xdb\xb1@example.com");
    row("decomposes to what is excluded", "\xef\xbc\xa0@example.com");
}

void TstJid::invalid()
{
    QFETCH(QByteArray, text);
    const auto jid = Jid::parse(view(text));
    QVERIFY2(!jid.ok(), jid.ok() ? jid->text().c_str() : "");
    QCOMPARE(jid.error().code(), godwit::base::ErrorCode::InvalidInput);
}

void TstJid::lengths_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    const auto domain = [](int size) {
        QByteArray text;
        while (text.size() < size) {
            text += text.isEmpty() || text.endsWith('.')                 ? "a"
                    : (text.size() % 50 == 49 && text.size() + 1 < size) ? "."
                                                                         : "a";
        }
        return text;
    };
    QTest::newRow("local 1023") << QByteArray(1023, 'a') + "@b" << true;
    QTest::newRow("local 1024") << QByteArray(1024, 'a') + "@b" << false;
    QTest::newRow("resource 1023") << "a@b/" + QByteArray(1023, 'r') << true;
    QTest::newRow("resource 1024") << "a@b/" + QByteArray(1024, 'r') << false;
    QTest::newRow("domain 1023") << domain(1023) << true;
    QTest::newRow("domain 1024") << domain(1024) << false;
    QTest::newRow("all 1023") << QByteArray(1023, 'a') + '@' + domain(1023) + '/' + QByteArray(1023, 'r') << true;
    QTest::newRow("local 1022 in two-byte letters") << QByteArray("\xcf\x80").repeated(511) + "@b" << true;
    QTest::newRow("local 1024 in two-byte letters") << QByteArray("\xcf\x80").repeated(512) + "@b" << false;
    QTest::newRow("fullwidth shrinks to 1023") << QByteArray("\xef\xbd\x81").repeated(1023) + "@b" << true;
    QTest::newRow("fullwidth shrinks to 1024") << QByteArray("\xef\xbd\x81").repeated(1024) + "@b" << false;
    QTest::newRow("a megabyte") << QByteArray(1'000'000, 'a') + "@b" << false;
}

void TstJid::lengths()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, good);
    QCOMPARE(Jid::parse(view(text)).ok(), good);
}

void TstJid::parts()
{
    const Jid jid = *Jid::parse("romeo@example.net/a@b/c");
    QCOMPARE(bytes(jid.local()), "romeo");
    QCOMPARE(bytes(jid.domain()), "example.net");
    QCOMPARE(bytes(jid.resource()), "a@b/c");
    QCOMPARE(bytes(jid.bareText()), "romeo@example.net");
    QVERIFY(!jid.isBare());
    QVERIFY(jid.hasLocal());
    QVERIFY(jid.bare().isBare());
    QCOMPARE(bytes(jid.bare().text()), "romeo@example.net");
    QCOMPARE(bytes(jid.host().text()), "example.net");
    QVERIFY(!jid.host().hasLocal());
    QCOMPARE(bytes(jid.withResource("x")->text()), "romeo@example.net/x");
    QVERIFY(!jid.withResource("").ok());
    QVERIFY(!jid.withResource("\x02").ok());
    QVERIFY(Jid().empty());
    QVERIFY(Jid().isBare());
    QCOMPARE(bytes(Jid().domain()), "");
    QCOMPARE(bytes(Jid().resource()), "");
}

void TstJid::fromParts()
{
    QCOMPARE(bytes(Jid::fromParts("Romeo", "Example.net", "X")->text()), "romeo@example.net/X");
    QCOMPARE(bytes(Jid::fromParts("", "example.net", "")->text()), "example.net");
    QVERIFY(!Jid::fromParts("a", "", "").ok());
    QVERIFY(!Jid::fromParts("a@b", "c", "").ok());
    QVERIFY(!Jid::fromParts("a", "c/d", "").ok());
}

void TstJid::fromPrepared()
{
    const Jid jid = Jid::fromPrepared("example.org/a@b");
    QVERIFY(!jid.hasLocal());
    QCOMPARE(bytes(jid.domain()), "example.org");
    QCOMPARE(bytes(jid.resource()), "a@b");
    QVERIFY(Jid::fromPrepared("").empty());
}

void TstJid::equality()
{
    QVERIFY(*Jid::parse("A@B.c/D") == *Jid::parse("a@b.C/D"));
    QVERIFY(*Jid::parse("a@b/D") != *Jid::parse("a@b/d"));
    QCOMPARE(std::hash<Jid>{}(*Jid::parse("A@b")), std::hash<Jid>{}(*Jid::parse("a@B")));
}

GODWIT_TEST(TstJid);
#include "tst_jid.moc"
