// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "bosh/Body.h"

#include <QTest>

using namespace godwit;
using namespace std::string_literals;

namespace
{

base::Result<bosh::Body> parse(const std::string &text)
{
    xml::ParserPool pool;
    xml::XmlLimits limits;
    limits.stanzaBytesMax = 100;
    return bosh::parseBody(text, pool, limits);
}

std::string body(const std::string &attributes, const std::string &content = {})
{
    return "<body xmlns='http://jabber.org/protocol/httpbind' " + attributes + '>' + content + "</body>";
}

} // namespace

class TstBody : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAttributes();
    void readsChildren_data();
    void readsChildren();
    void refuses_data();
    void refuses();
    void writes();
};

void TstBody::readsAttributes()
{
    const auto got =
        parse("<?xml version='1.0'?>" +
              body("rid='1573741820' sid='s' to='example.org' from='a@example.org' xml:lang='en' wait='60' "
                   "hold='1' ack='1' pause='30' type='terminate' key='k' newkey='n' ver='1.6' content='text/html' "
                   "xmpp:restart='true' xmlns:xmpp='urn:xmpp:xbosh'"));
    QVERIFY(got.ok());
    QCOMPARE(got->rid, std::uint64_t{1573741820});
    QCOMPARE(got->sid, "s"s);
    QCOMPARE(got->to, "example.org"s);
    QCOMPARE(got->from, "a@example.org"s);
    QCOMPARE(got->language, "en"s);
    QCOMPARE(got->type, "terminate"s);
    QCOMPARE(got->key + got->newKey, "kn"s);
    QVERIFY(got->wait == 60U && got->hold == 1U && got->pause == 30U && got->acknowledged() == 1U);
    QVERIFY(got->restart);
    QCOMPARE(got->version, "1.6"s);
    QCOMPARE(got->content, "text/html"s);
    QVERIFY(got->children.empty());
}

void TstBody::readsChildren_data()
{
    QTest::addColumn<std::string>("content");
    QTest::addColumn<std::string>("child");
    QTest::newRow("a stanza") << "<message xmlns='jabber:client' to='a'><body>x</body></message>"s
                              << "<message to='a'><body>x</body></message>"s;
    QTest::newRow("a stanza that names no namespace") << "<message to='a'><body>x</body><y xmlns='z'/></message>"s
                                                      << "<message to='a'><body>x</body><y xmlns='z'/></message>"s;
    QTest::newRow("a nonza") << "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>x</auth>"s
                             << "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>x</auth>"s;
    QTest::newRow("text that must be escaped") << "<message xmlns='jabber:client'><body>&lt;&amp;</body></message>"s
                                               << "<message><body>&lt;&amp;</body></message>"s;
}

void TstBody::readsChildren()
{
    QFETCH(std::string, content);
    QFETCH(std::string, child);
    const auto got = parse(body("rid='1' sid='s'", content + content));
    QVERIFY(got.ok());
    QCOMPARE(got->children, (std::vector<std::string>{child, child}));
}

void TstBody::refuses_data()
{
    QTest::addColumn<std::string>("text");
    QTest::newRow("nothing") << ""s;
    QTest::newRow("another element") << "<a xmlns='http://jabber.org/protocol/httpbind' rid='1'/>"s;
    QTest::newRow("another namespace") << "<body xmlns='jabber:client' rid='1'/>"s;
    QTest::newRow("two") << body("rid='1'") + body("rid='1'");
    QTest::newRow("half of one") << "<body xmlns='http://jabber.org/protocol/httpbind' rid='1'>"s;
    QTest::newRow("no rid") << body("sid='s'");
    QTest::newRow("rid 0") << body("rid='0'");
    QTest::newRow("a rid that JavaScript cannot count") << body("rid='9007199254740992'");
    QTest::newRow("a rid that is no number") << body("rid='1x'");
    QTest::newRow("a declaration of types") << "<!DOCTYPE a>" + body("rid='1'");
    QTest::newRow("a child that is too long") << body("rid='1'", "<a xmlns='b'>" + std::string(100, 'x') + "</a>");
}

void TstBody::refuses()
{
    QFETCH(std::string, text);
    QVERIFY(!parse(text).ok());
}

void TstBody::writes()
{
    bosh::Answer answer;
    QCOMPARE(bosh::writeBody(answer), "<body xmlns='http://jabber.org/protocol/httpbind'/>"s);
    bosh::appendAttribute(answer.attributes, "a", "<'");
    answer.content = "<x/>";
    QCOMPARE(bosh::writeBody(answer), "<body xmlns='http://jabber.org/protocol/httpbind' a='&lt;&apos;'><x/></body>"s);
    QCOMPARE(bosh::terminateBody("bad-request"),
             "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='bad-request'/>"s);
}

GODWIT_TEST(TstBody);
#include "tst_body.moc"
