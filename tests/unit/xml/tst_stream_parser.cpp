// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "RecordingHandler.h"
#include "UnitTest.h"

#include "xml/StreamParser.h"

#include <QTest>

#include <malloc.h>

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
    void stopAndRest();
    void restartInHandler();
    void framed();
    void framedFaults_data();
    void framedFaults();
    void limits_data();
    void limits();
    void slowSender();
    void smallWhenIdle();
    void sharedHeaders();
    void moves();
    void namespacesRepeated();
    void prefixesInForce();
    void handlerFeedsAnother();
    void manyStanzasOnOneParser();
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

void TstStreamParser::framedFaults_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<XmlFault>("fault");
    const QByteArray open = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>";
    QTest::newRow("stanza before open") << QByteArray("<message xmlns='jabber:client'/>") << XmlFault::InvalidXml;
    QTest::newRow("stream header") << QByteArray("<stream:stream xmlns:stream='http://etherx.jabber.org/streams'/>")
                                   << XmlFault::InvalidXml;
    QTest::newRow("open of another kind") << QByteArray("<open xmlns='urn:other'/>") << XmlFault::InvalidNamespace;
    QTest::newRow("unfinished") << QByteArray("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'>")
                                << XmlFault::NotWellFormed;
    QTest::newRow("two elements") << open + "<presence xmlns='jabber:client'/>" << XmlFault::NotWellFormed;
    QTest::newRow("text") << QByteArray("hello") << XmlFault::NotWellFormed;
    QTest::newRow("text behind") << open + "hello" << XmlFault::NotWellFormed;
    QTest::newRow("XML declaration") << "<?xml version='1.0'?>" + open << XmlFault::RestrictedXml;
}

void TstStreamParser::framedFaults()
{
    QFETCH(QByteArray, message);
    QFETCH(XmlFault, fault);
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Framed);
    RecordingHandler handler;
    parser.feed(std::string_view(message.data(), static_cast<std::size_t>(message.size())), handler);
    QVERIFY(handler.fault);
    QCOMPARE(*handler.fault, fault);
}

void TstStreamParser::limits_data()
{
    QTest::addColumn<QByteArray>("stanza");
    QTest::addColumn<bool>("good");
    const auto sized = [](qsizetype size) {
        const QByteArray frame = "<message><body></body></message>";
        return QByteArray("<message><body>" + QByteArray(size - frame.size(), 'a') + "</body></message>");
    };
    const auto deep = [](int depth) {
        return "<message>" + QByteArray("<a>").repeated(depth - 1) + QByteArray("</a>").repeated(depth - 1) +
               "</message>";
    };
    const auto attributes = [](int count) {
        QByteArray stanza = "<message";
        for (int i = 0; i < count; ++i) {
            stanza += " a" + QByteArray::number(i) + "=''";
        }
        return QByteArray(stanza + "/>");
    };
    const auto elements = [](int count) { return "<message>" + QByteArray("<a/>").repeated(count - 1) + "</message>"; };
    QTest::newRow("1,000 bytes") << sized(1'000) << true;
    QTest::newRow("1,001 bytes") << sized(1'001) << false;
    QTest::newRow("depth 8") << QByteArray(deep(8)) << true;
    QTest::newRow("depth 9") << QByteArray(deep(9)) << false;
    QTest::newRow("5 attributes") << attributes(5) << true;
    QTest::newRow("6 attributes") << attributes(6) << false;
    QTest::newRow("20 elements") << QByteArray(elements(20)) << true;
    QTest::newRow("21 elements") << QByteArray(elements(21)) << false;
}

/// The bounds hold to the unit, whether the stanza comes whole or in bytes, and no more than that is ever held.
void TstStreamParser::limits()
{
    QFETCH(QByteArray, stanza);
    QFETCH(bool, good);
    constexpr XmlLimits small{1'000, 8, 5, 20};
    for (const qsizetype piece : {stanza.size(), qsizetype(1)}) {
        ParserPool pool;
        StreamParser parser(pool, StreamParser::Framing::Continuous);
        RecordingHandler handler;
        parser.setLimits(&small);
        parser.feed(clientHeader, handler);
        for (qsizetype at = 0; at < stanza.size(); at += piece) {
            parser.feed(std::string_view(stanza.data() + at, static_cast<std::size_t>(piece)), handler);
            QVERIFY(parser.heldBytes() <= small.stanzaBytesMax);
        }
        QCOMPARE(handler.stanzas.size(), good ? 1u : 0u);
        QCOMPARE(handler.fault.has_value(), !good);
        QVERIFY(good || *handler.fault == XmlFault::TooLarge);
    }
}

/// 256 KiB fed byte by byte, in text and inside one tag, is looked at once: quadratic work would take minutes here.
void TstStreamParser::slowSender()
{
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    RecordingHandler handler;
    parser.feed(clientHeader, handler);
    const std::string frame = "<message id=''><body></body></message>";
    const std::string filling(262'144 - frame.size(), '>');
    for (const std::string &stanza : {"<message id=''><body>" + filling + "</body></message>",
                                      "<message id='" + filling + "'><body></body></message>"}) {
        for (std::size_t i = 0; i < stanza.size(); ++i) {
            parser.feed(std::string_view(stanza).substr(i, 1), handler);
            QCOMPARE(pool.lent(), 0u);
        }
    }
    QCOMPARE(handler.stanzas.size(), 2u);
    QCOMPARE(handler.stanzas[0].root().child().text().size(), filling.size());
    QCOMPARE(handler.stanzas[1].id.size(), filling.size());
}

/// DELIVERY.md, budget: an idle stream costs its state alone.
void TstStreamParser::smallWhenIdle()
{
    ParserPool pool;
    RecordingHandler handler;
    std::vector<StreamParser> parsers;
    constexpr std::size_t count = 2'000;
    parsers.reserve(count);
    const auto inUse = [] { return mallinfo2().uordblks; };
    const std::size_t before = inUse();
    for (std::size_t i = 0; i < count; ++i) {
        parsers.emplace_back(pool, StreamParser::Framing::Continuous);
        parsers.back().feed(clientHeader, handler);
        parsers.back().feed("<presence/>", handler);
        parsers.back().feed(" ", handler);
        handler = {};
    }
    const std::size_t each = (inUse() - before) / count;
    QCOMPARE(sizeof(StreamParser), sizeof(void *));
    // The heap's own rounding is in it, the pool's one parser too.
    QVERIFY2(each + sizeof(StreamParser) <= 80, qPrintable(QString::number(each)));
    QCOMPARE(pool.lent(), 0u);
    QCOMPARE(pool.idle(), 1u);
}

/// Streams of different headers side by side keep their own namespaces and languages.
void TstStreamParser::sharedHeaders()
{
    ParserPool pool;
    RecordingHandler handler;
    std::vector<StreamParser> parsers;
    for (int i = 0; i < 40; ++i) {
        parsers.emplace_back(pool, StreamParser::Framing::Continuous);
        parsers.back().feed("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
                            "xmlns:p='urn:" +
                                std::to_string(i) + "' xml:lang='l" + std::to_string(i) + "'>",
                            handler);
    }
    for (std::size_t i = 0; i < parsers.size(); ++i) {
        parsers[i].feed("<message><p:x/></message>", handler);
        const ElementView root = handler.stanzas.back().root();
        QVERIFY(root.child().is("x", "urn:" + std::to_string(i)));
        QCOMPARE(bytes(root.attribute("lang", xmlNamespace)), "l" + QByteArray::number(static_cast<int>(i)));
    }
}

void TstStreamParser::moves()
{
    ParserPool first;
    ParserPool second;
    StreamParser parser(first, StreamParser::Framing::Continuous);
    RecordingHandler handler;
    parser.feed(clientHeader, handler);
    parser.feed("<message><body>be", handler);
    QCOMPARE(parser.heldBytes(), 17u);
    StreamParser moved = std::move(parser);
    moved.moveTo(second);
    moved.feed("fore and after</body></message>", handler);
    QCOMPARE(bytes(handler.stanzas.at(0).root().child().text()), "before and after");
    QCOMPARE(moved.heldBytes(), 0u);
    QCOMPARE(second.idle(), 1u);
}

/// A namespace said once as a prefix must not become megabytes when the tree is written anew.
void TstStreamParser::namespacesRepeated()
{
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    RecordingHandler handler;
    parser.feed(clientHeader, handler);
    std::string stanza = "<message xmlns:p='urn:" + std::string(20'000, 'p') + "'>";
    for (int i = 0; i < 1'000; ++i) {
        stanza += "<p:x/>";
    }
    parser.feed(stanza + "</message>", handler);
    QVERIFY(handler.fault && *handler.fault == XmlFault::TooLarge);
}

/// Prefixes are searched one by one, so there must not be thousands of them at one place.
void TstStreamParser::prefixesInForce()
{
    for (const int levels : {128, 129}) {
        ParserPool pool;
        StreamParser parser(pool, StreamParser::Framing::Continuous);
        RecordingHandler handler;
        parser.feed(clientHeader, handler);
        std::string opening;
        std::string closing;
        for (int i = 0; i < levels; i += 4) {
            opening += "<x";
            for (int j = i; j < i + 4 && j < levels; ++j) {
                opening += " xmlns:p" + std::to_string(j) + "='urn:p'";
            }
            opening += '>';
            closing += "</x>";
        }
        parser.feed("<message>" + opening + closing + "</message>", handler);
        QCOMPARE(handler.fault.has_value(), levels > 128);
        QVERIFY(levels == 128 || *handler.fault == XmlFault::TooLarge);
    }
}

/// A handler may feed another stream of the same thread.
void TstStreamParser::handlerFeedsAnother()
{
    ParserPool pool;
    StreamParser outer(pool, StreamParser::Framing::Continuous);
    StreamParser inner(pool, StreamParser::Framing::Continuous);
    RecordingHandler outerHandler;
    RecordingHandler innerHandler;
    inner.feed(clientHeader, innerHandler);
    outer.feed(clientHeader, outerHandler);
    outerHandler.onEvent = [&] { inner.feed("<iq type='get' id='1'><x xmlns='urn:x'/></iq>", innerHandler); };
    outer.feed("<message><body>1</body></message><message><body>2</body></message>", outerHandler);
    QCOMPARE(outerHandler.stanzas.size(), 2u);
    QCOMPARE(innerHandler.stanzas.size(), 2u);
    QCOMPARE(bytes(outerHandler.stanzas[1].root().child().text()), "2");
}

/// The parser of a thread starts afresh now and then, for it keeps every name; nobody notices.
void TstStreamParser::manyStanzasOnOneParser()
{
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    RecordingHandler handler;
    parser.feed(clientHeader, handler);
    for (int i = 0; i < 20'000; ++i) {
        const std::string name = "name-" + std::to_string(i);
        parser.feed("<message " + name + "='1'><" + name + " xmlns='urn:x'/></message>", handler);
        QCOMPARE(handler.stanzas.size(), 1u);
        QVERIFY(handler.stanzas[0].root().child().is(name, "urn:x"));
        handler = {};
    }
}

GODWIT_TEST(TstStreamParser);
#include "tst_stream_parser.moc"
