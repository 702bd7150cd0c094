// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "../websocket/Frames.h"
#include "Recorder.h"
#include "UnitTest.h"

#include "wire/WebSocketWire.h"

#include <QTest>

using namespace godwit;
using test::Events;
using test::fault;
using test::frame;
using test::Recorder;

namespace
{

const std::string openFrame =
    frame("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.com' version='1.0'/>");
const std::string endFrame = frame("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");

} // namespace

class TstWebSocketWire : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAStream();
    void readsAStream();
    void beginsAnew();
    void stopsForATurn();
    void refuses_data();
    void refuses();
    void tellsALostConnection();
    void refusesStartTls();
};

void TstWebSocketWire::writesAStream()
{
    xml::ParserPool pool;
    wire::WebSocketWire wire(pool, std::nullopt);
    std::string out;
    xml::StreamHeader opening;
    opening.from = "example.com";
    opening.id = "x1";
    opening.version = "1.0";
    opening.language = "en";
    wire.open(out, opening);
    wire.streamElement(out, {"features", "<a xmlns='b'/>"});
    wire.stanza(out, {"<message to='a'>", "<stanza-id xmlns='urn:xmpp:sid:0'/>", "</message>"});
    wire.nonza(out, {"<r xmlns='urn:xmpp:sm:3'/>"});
    const std::size_t from = out.size();
    out += "<iq></iq>";
    wire.sealStanza(out, from);
    wire.whitespace(out);
    wire.close(out);
    std::vector<std::string> texts;
    std::vector<unsigned> opcodes;
    for (const test::ServerFrame &got : test::readFrames(out)) {
        texts.push_back(got.payload);
        opcodes.push_back(got.opcode);
    }
    QCOMPARE(opcodes, (std::vector<unsigned>{1, 1, 1, 1, 1, 9, 1, 8}));
    texts.resize(7);
    QCOMPARE(texts,
             (Events{
                 ("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='example.com' id='x1' version='1.0' "
                  "xml:lang='en'/>"),
                 "<stream:features xmlns:stream='http://etherx.jabber.org/streams'><a xmlns='b'/></stream:features>",
                 "<message xmlns='jabber:client' to='a'><stanza-id xmlns='urn:xmpp:sid:0'/></message>",
                 "<r xmlns='urn:xmpp:sm:3'/>",
                 "<iq xmlns='jabber:client'></iq>",
                 "",
                 "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>",
             }));
}

void TstWebSocketWire::readsAStream()
{
    const std::string bytes = openFrame + frame("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>") +
                              frame("<message xmlns='jabber:client' to='a@b'><body>", {.fin = false}) +
                              frame("hi</body></message>", {.opcode = 0}) + frame(" ") + endFrame;
    for (const std::size_t step : {bytes.size(), std::size_t{1}}) {
        xml::ParserPool pool;
        wire::WebSocketWire wire(pool, std::nullopt);
        Recorder recorder;
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            wire.feed(std::string_view(bytes).substr(at, step), recorder);
        }
        QCOMPARE(recorder.events,
                 (Events{"open example.com", "nonza auth", "<message to='a@b'><body>hi</body></message>", "close"}));
        QCOMPARE(wire.heldBytes(), std::size_t{0});
    }
}

/// RFC 7395 §3.7: after SASL the client sends another <open/>.
void TstWebSocketWire::beginsAnew()
{
    xml::ParserPool pool;
    wire::WebSocketWire wire(pool, std::nullopt);
    Recorder recorder;
    wire.feed(openFrame, recorder);
    wire.restart();
    wire.feed(openFrame + frame("<iq xmlns='jabber:client'/>"), recorder);
    QCOMPARE(recorder.events, (Events{"open example.com", "open example.com", "<iq></iq>"}));
}

void TstWebSocketWire::stopsForATurn()
{
    xml::ParserPool pool;
    wire::WebSocketWire wire(pool, std::nullopt);
    Recorder recorder;
    recorder.stopAfterNonza = &wire;
    wire.feed(openFrame + frame("<a xmlns='b'/>") + frame("<c xmlns='b'/>"), recorder);
    QCOMPARE(recorder.events, (Events{"open example.com", "nonza a"}));
    const std::string rest = wire.takeRest();
    QCOMPARE(rest, frame("<c xmlns='b'/>"));
    wire.feed(rest, recorder);
    QCOMPARE(recorder.events.back(), std::string("nonza c"));
}

void TstWebSocketWire::refuses_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("event");
    QTest::addColumn<int>("code");
    using xml::XmlFault;
    const std::string header = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                               "xmlns:stream='http://etherx.jabber.org/streams' to='example.com' version='1.0'>";
    QTest::newRow("the header of a stream") << frame(header) << fault(XmlFault::RestrictedXml) << 1000;
    QTest::newRow("the header without a declaration")
        << frame(header.substr(21)) << fault(XmlFault::NotWellFormed) << 1000;
    QTest::newRow("a stanza before <open/>")
        << frame("<iq xmlns='jabber:client'/>") << fault(XmlFault::InvalidXml) << 1000;
    QTest::newRow("half an element") << openFrame + frame("<iq xmlns='jabber:client'>")
                                     << fault(XmlFault::NotWellFormed) << 1000;
    QTest::newRow("two elements") << openFrame + frame("<a xmlns='b'/><a xmlns='b'/>") << fault(XmlFault::NotWellFormed)
                                  << 1000;
    QTest::newRow("text") << openFrame + frame("hello") << fault(XmlFault::NotWellFormed) << 1000;
    QTest::newRow("another namespace for <open/>")
        << frame("<open xmlns='jabber:client'/>") << fault(XmlFault::InvalidNamespace) << 1000;
    QTest::newRow("binary") << openFrame + frame("<a/>", {.opcode = 2}) << fault(XmlFault::InvalidXml) << 1003;
    QTest::newRow("not masked") << openFrame + frame("<a/>", {.masked = false}) << fault(XmlFault::InvalidXml) << 1002;
    QTest::newRow("not UTF-8") << openFrame + frame("<a>\xff</a>") << fault(XmlFault::UnsupportedEncoding) << 1007;
    QTest::newRow("too long") << openFrame + frame("<a>" + std::string(300, 'x') + "</a>") << fault(XmlFault::TooLarge)
                              << 1009;
}

void TstWebSocketWire::refuses()
{
    QFETCH(std::string, bytes);
    QFETCH(std::string, event);
    QFETCH(int, code);
    xml::ParserPool pool;
    wire::WebSocketWire wire(pool, std::nullopt);
    xml::XmlLimits limits;
    limits.stanzaBytesMax = 250;
    wire.setLimits(&limits);
    Recorder recorder;
    wire.feed(bytes, recorder);
    QCOMPARE(recorder.events.back(), event);
    // The stream's owner ends the stream; the WebSocket ends with what it broke, or in order.
    std::string out;
    wire.close(out);
    QCOMPARE(test::closeCode(test::readFrames(out).back()), static_cast<unsigned>(code));
    QVERIFY(!wire.lost());
}

void TstWebSocketWire::tellsALostConnection()
{
    xml::ParserPool pool;
    wire::WebSocketWire wire(pool, std::nullopt);
    Recorder recorder;
    wire.feed(openFrame + frame("p", {.opcode = 9}) + test::closeFrame(1001), recorder);
    QVERIFY(wire.lost());
    QCOMPARE(recorder.events, (Events{"open example.com"}));
    std::string out;
    wire.takeReplies(out);
    const auto frames = test::readFrames(out);
    QCOMPARE(frames.size(), std::size_t{2});
    QCOMPARE(frames[0].opcode, 10U);
    QCOMPARE(test::closeCode(frames[1]), 1001U);
}

void TstWebSocketWire::refusesStartTls()
{
    xml::ParserPool pool;
    QVERIFY(!wire::WebSocketWire(pool, std::nullopt).canStartTls());
}

GODWIT_TEST(TstWebSocketWire);
#include "tst_websocketwire.moc"
