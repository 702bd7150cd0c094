// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "RecordingHandler.h"
#include "UnitTest.h"

#include "xml/StreamParser.h"

#include <QTest>

using namespace godwit;
using namespace godwit::xml;
using godwit::test::RecordingHandler;

namespace
{

constexpr std::string_view clientHeader =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
    "to='example.org' version='1.0' xml:lang='en'>";

QByteArray bytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

class TstStreamParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void header();
    void stanzas();
    void faults_data();
    void faults();
    void stopAndRest();
    void restartInHandler();
    void framed();
};

void TstStreamParser::header()
{
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    RecordingHandler handler;
    parser.feed(clientHeader, handler);
    QCOMPARE(handler.headers.size(), 1u);
    const StreamHeader &seen = handler.headers.front();
    QCOMPARE(bytes(seen.to), "example.org");
    QCOMPARE(bytes(seen.version), "1.0");
    QCOMPARE(bytes(seen.language), "en");
    QCOMPARE(bytes(seen.contentNs), "jabber:client");
    QVERIFY(seen.validStreamNs);
    parser.feed(" \n</stream:stream>", handler);
    QCOMPARE(bytes(handler.events.back()), "close");
    parser.feed("<message/>", handler);
    QCOMPARE(handler.events.size(), 2u);
}

void TstStreamParser::stanzas()
{
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    RecordingHandler handler;
    parser.feed(clientHeader, handler);
    parser.feed("<message type=\"chat\" to='Juliet@Example.org/Balcony'><body>a &amp; b</body>"
                "<x xmlns='urn:x' stream:y='1'/></message >\n<presence/> <r xmlns='urn:xmpp:sm:3'/>"
                "<message to='a b@c'><body/></message>",
                handler);
    QCOMPARE(handler.stanzas.size(), 2u);
    const Stanza &message = handler.stanzas[0];
    QCOMPARE(bytes(message.bytes), "<message to='juliet@example.org/Balcony' type='chat' xml:lang='en' "
                                   "xmlns:stream='http://etherx.jabber.org/streams'><body>a &amp; b</body>"
                                   "<x xmlns='urn:x' stream:y='1'/></message>");
    QCOMPARE(message.type, StanzaType::Chat);
    QCOMPARE(bytes(message.root().child("body", "jabber:client").text()), "a & b");
    const ElementView x = message.root().child("x", "urn:x");
    const Document::Node &node = message.tree.node(x.index());
    QCOMPARE(bytes(std::string_view(message.bytes).substr(node.rawBegin, node.rawEnd - node.rawBegin)),
             "<x xmlns='urn:x' stream:y='1'/>");
    QCOMPARE(bytes(handler.stanzas[1].bytes), "<presence xml:lang='en'></presence>");
    QCOMPARE(handler.nonzas.size(), 1u);
    QVERIFY(handler.nonzas[0].root().is("r", "urn:xmpp:sm:3"));
    QCOMPARE(handler.malformed.size(), 1u);
    QVERIFY(!handler.fault);
    QCOMPARE(pool.lent(), 0u);
}

void TstStreamParser::faults_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<XmlFault>("fault");
    const QByteArray header = bytes(clientHeader);
    QTest::newRow("comment") << header + "<message><!-- x --></message>" << XmlFault::RestrictedXml;
    QTest::newRow("comment between") << header + "<!--" << XmlFault::RestrictedXml;
    QTest::newRow("instruction") << header + "<message><?php" << XmlFault::RestrictedXml;
    QTest::newRow("doctype") << QByteArray("<!DOCTYPE x>") << XmlFault::RestrictedXml;
    QTest::newRow("entity") << header + "<message>&x;</message>" << XmlFault::RestrictedXml;
    QTest::newRow("prefix") << header + "<message><a:b/></message>" << XmlFault::BadNamespacePrefix;
    QTest::newRow("tags") << header + "<message><body></message>" << XmlFault::NotWellFormed;
    QTest::newRow("encoding") << QByteArray("<?xml version='1.0' encoding='ISO-8859-1'?><stream:stream "
                                            "xmlns:stream='http://etherx.jabber.org/streams'>")
                              << XmlFault::UnsupportedEncoding;
    QTest::newRow("utf-8") << header + "<message>\xc3\x28</message>" << XmlFault::UnsupportedEncoding;
    QTest::newRow("text") << header + "hello" << XmlFault::InvalidXml;
}

void TstStreamParser::faults()
{
    QFETCH(QByteArray, input);
    QFETCH(XmlFault, fault);
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    RecordingHandler handler;
    parser.feed(std::string_view(input.data(), static_cast<std::size_t>(input.size())), handler);
    QVERIFY(handler.fault);
    QCOMPARE(*handler.fault, fault);
}

void TstStreamParser::stopAndRest()
{
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    RecordingHandler handler;
    parser.feed(clientHeader, handler);
    handler.onEvent = [&parser] { parser.stop(); };
    parser.feed("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\x16\x03", handler);
    QCOMPARE(handler.nonzas.size(), 1u);
    QCOMPARE(bytes(parser.takeRest()), "\x16\x03");
    parser.feed("<presence/><message/>", handler);
    QCOMPARE(handler.stanzas.size(), 1u);
    parser.feed("<iq/>", handler);
    QCOMPARE(handler.stanzas.size(), 2u);
    handler.onEvent = nullptr;
    parser.feed("", handler);
    QCOMPARE(handler.stanzas.size(), 3u);
}

void TstStreamParser::restartInHandler()
{
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    RecordingHandler handler;
    parser.feed(clientHeader, handler);
    handler.onEvent = [&] {
        if (!handler.nonzas.empty() && handler.headers.size() == 1) {
            parser.restart();
        }
    };
    parser.feed("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>" + std::string(clientHeader) + "<presence/>",
                handler);
    QCOMPARE(handler.headers.size(), 2u);
    QCOMPARE(handler.stanzas.size(), 1u);
}

void TstStreamParser::framed()
{
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Framed);
    RecordingHandler handler;
    parser.feed("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' version='1.0'/>", handler);
    QCOMPARE(bytes(handler.headers.at(0).to), "example.org");
    parser.feed("<message xmlns='jabber:client' to='a@b'><body>x</body></message>", handler);
    QCOMPARE(bytes(handler.stanzas.at(0).bytes), "<message to='a@b'><body>x</body></message>");
    parser.feed("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", handler);
    QCOMPARE(bytes(handler.events.back()), "close");
}

GODWIT_TEST(TstStreamParser);
#include "tst_stream_parser.moc"
