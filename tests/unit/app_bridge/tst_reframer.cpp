// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Corpus.h"
#include "Support.h"
#include "UnitTest.h"

#include "bridge/Reframer.h"
#include "xml/DocumentEditor.h"
#include "xml/NamespaceSet.h"
#include "xml/XmlWriter.h"

#include <QTest>

using namespace godwit;
using namespace godwit::bridge;
using test::bytes;
using test::tree;

namespace
{

constexpr std::string_view header = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><stream:stream from=\"a@example.org\" "
                                    "to=\"example.org\" version=\"1.0\" "
                                    "xmlns=\"jabber:client\" xmlns:stream=\"http://etherx.jabber.org/streams\">";
constexpr std::string_view open =
    "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' id='s1' from='example.org' version='1.0'/>";
constexpr std::string_view success = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>dj0x</success>";

/// The server's end of a bridge: it reads the messages and writes its own.
class Server
{
public:
    explicit Server(Wire wire)
        : m_wire(wire)
        , m_encoder(m_exchange)
        , m_decoder(m_exchange)
    {
    }

    /// What messages say, an element each.
    std::vector<xml::Document> read(const std::vector<std::string> &messages)
    {
        std::vector<xml::Document> elements;
        for (const std::string &message : messages) {
            if (m_wire == Wire::WebSocket) {
                elements.push_back(tree(message));
                continue;
            }
            std::string_view rest = message;
            for (;;) {
                auto frame = m_decoder.next(rest);
                if (!frame) {
                    qFatal("%s", frame.error().text().c_str());
                }
                if (!*frame) {
                    break;
                }
                elements.push_back(test::treeOf(**frame));
            }
        }
        return elements;
    }
    /// An element as a message.
    std::string write(std::string_view element)
    {
        if (m_wire == Wire::WebSocket) {
            return std::string(element);
        }
        std::string message;
        if (!m_encoder.written(message, element)) {
            qFatal("not an element");
        }
        return message;
    }

private:
    Wire m_wire;
    compact::Exchange m_exchange;
    compact::Encoder m_encoder;
    compact::Decoder m_decoder;
};

void wires()
{
    QTest::addColumn<Wire>("wire");
    QTest::newRow("websocket") << Wire::WebSocket;
    QTest::newRow("compact") << Wire::Compact;
}

/// A bridge with both streams open.
struct Bridged {
    explicit Bridged(Wire wire)
        : server(wire)
        , reframer(wire)
    {
        feed(header);
        server.read(reframer.takeMessages());
        say(open);
        reframer.takeStream();
    }
    void feed(std::string_view bytes) { QVERIFY(reframer.fromClient(bytes)); }
    void say(std::string_view element) { QVERIFY(reframer.fromServer(server.write(element))); }

    Server server;
    Reframer reframer;
};

/// With its addresses as a parser gives them (RFC 7622).
xml::Document prepared(xml::Document stanza)
{
    for (const std::string_view name : {"from", "to"}) {
        if (const auto address = jid::Jid::parse(stanza.root().attribute(name)); address) {
            xml::DocumentEditor(stanza).setRootAttribute(name, std::string(address->text()));
        }
    }
    return stanza;
}

QByteArray written(const std::vector<xml::Document> &elements)
{
    QByteArray all;
    for (const xml::Document &element : elements) {
        all += test::written(element);
    }
    return all;
}

} // namespace

class TstReframer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void opens_data() { wires(); }
    void opens();
    void startsAgainAfterSasl_data() { wires(); }
    void startsAgainAfterSasl();
    void carriesCorpus_data() { wires(); }
    void carriesCorpus();
    void takesAnyPieces_data() { wires(); }
    void takesAnyPieces();
    void acknowledges_data() { wires(); }
    void acknowledges();
    void closes_data() { wires(); }
    void closes();
    void staysAtTheBridge_data() { wires(); }
    void staysAtTheBridge();
    void keepsStrangeAddresses();
    void neverOwnForMalformed_data() { wires(); }
    void neverOwnForMalformed();
    void garbled_data() { wires(); }
    void garbled();
    void sharesMessages();
    void boundsMessages();
};

void TstReframer::opens()
{
    QFETCH(Wire, wire);
    Server server(wire);
    Reframer reframer(wire);
    QVERIFY(reframer.fromClient(header));
    const auto said = server.read(reframer.takeMessages());
    QCOMPARE(said.size(), 1u);
    QVERIFY(xml::sameInfoset(said[0].root(), tree("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' "
                                                  "from='a@example.org' version='1.0'/>")
                                                 .root()));
    QVERIFY(reframer.takeStream().empty());
    QVERIFY(reframer.fromServer(server.write(open)));
    QCOMPARE(bytes(reframer.takeStream()),
             "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
             "xmlns:stream='http://etherx.jabber.org/streams' from='example.org' id='s1' version='1.0'>");
    QVERIFY(reframer.fromServer(server.write("<features xmlns='http://etherx.jabber.org/streams'><bind "
                                             "xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></features>")));
    QCOMPARE(bytes(reframer.takeStream()), "<features xmlns='http://etherx.jabber.org/streams'>"
                                           "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></features>");
}

void TstReframer::startsAgainAfterSasl()
{
    QFETCH(Wire, wire);
    Bridged bridged(wire);
    bridged.say(success);
    QCOMPARE(bytes(bridged.reframer.takeStream()), bytes(success));
    bridged.feed(header);
    const auto elements = bridged.server.read(bridged.reframer.takeMessages());
    QCOMPARE(elements.size(), 1u);
    QCOMPARE(bytes(elements[0].root().name()), "open");
    bridged.say(open);
    QVERIFY(bytes(bridged.reframer.takeStream()).startsWith("<?xml version='1.0'?><stream:stream "));
    bridged.feed("<presence/>");
    QCOMPARE(written(bridged.server.read(bridged.reframer.takeMessages())), "<presence/>");
}

/// Both directions: what comes out says the same as what went in, and is one whole element.
void TstReframer::carriesCorpus()
{
    QFETCH(Wire, wire);
    Bridged bridged(wire);
    const auto items = test::corpus(QStringLiteral("stanzas"));
    QVERIFY(items.size() > 20);
    for (const test::CorpusItem &item : items) {
        const xml::Document said = prepared(tree(test::view(item.bytes)));
        bridged.feed(test::view(item.bytes));
        const auto elements = bridged.server.read(bridged.reframer.takeMessages());
        QCOMPARE(elements.size(), 1u);
        QVERIFY2(xml::sameInfoset(said.root(), elements[0].root()), item.name.constData());
        std::string element;
        xml::XmlWriter(element).element(said.root(), {});
        bridged.say(element);
        const std::string heard = bridged.reframer.takeStream();
        xml::Document read;
        QVERIFY2(xml::parseDocument(heard, xml::contentNamespace, read), heard.c_str());
        QVERIFY2(xml::sameInfoset(said.root(), read.root()), heard.c_str());
    }
}

void TstReframer::takesAnyPieces()
{
    QFETCH(Wire, wire);
    const std::string stream = std::string(header) +
                               "<message to='b@example.org'><body>a &amp; b</body></message>\n"
                               "<r xmlns='urn:xmpp:sm:3'/><iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>"
                               "</stream:stream>";
    QByteArray whole;
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
        Server server(wire);
        Reframer reframer(wire);
        QByteArray said;
        for (const std::string_view piece :
             {std::string_view(stream).substr(0, cut), std::string_view(stream).substr(cut)}) {
            QVERIFY(reframer.fromClient(piece));
            said += written(server.read(reframer.takeMessages()));
        }
        whole = whole.isEmpty() ? said : whole;
        QCOMPARE(said, whole);
        QVERIFY(reframer.clientClosed());
    }
    QVERIFY(whole.endsWith("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"));
}

void TstReframer::acknowledges()
{
    QFETCH(Wire, wire);
    Bridged bridged(wire);
    for (const std::string_view element : {"<r xmlns='urn:xmpp:sm:3'/>", "<a xmlns='urn:xmpp:sm:3' h='4294967295'/>",
                                           "<a xmlns='urn:xmpp:sm:3' h='3'/>"}) {
        bridged.feed(element);
        QCOMPARE(written(bridged.server.read(bridged.reframer.takeMessages())), bytes(element));
        bridged.say(element);
        QCOMPARE(bytes(bridged.reframer.takeStream()), bytes(element));
    }
}

void TstReframer::closes()
{
    QFETCH(Wire, wire);
    {
        Bridged bridged(wire);
        bridged.feed("<presence type='unavailable'/></stream:stream>");
        QVERIFY(bridged.reframer.clientClosed() && !bridged.reframer.serverClosed());
        const QByteArray said = written(bridged.server.read(bridged.reframer.takeMessages()));
        QCOMPARE(said, "<presence type='unavailable'/><close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
        bridged.reframer.closeForClient();
        QVERIFY(bridged.reframer.takeMessages().empty());
        bridged.say("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
        QVERIFY(bridged.reframer.serverClosed());
        QCOMPARE(bytes(bridged.reframer.takeStream()), "</stream:stream>");
    }
    // A client that was torn away does not end its stream: the session can be resumed.
    Bridged bridged(wire);
    bridged.say("<error xmlns='http://etherx.jabber.org/streams'><conflict "
                "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error>");
    bridged.say("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
    QVERIFY(bytes(bridged.reframer.takeStream()).endsWith("</error></stream:stream>"));
    QVERIFY(!bridged.reframer.clientClosed() && bridged.reframer.takeMessages().empty());
    // Nothing to close before there is a stream.
    Reframer early(wire);
    early.closeForClient();
    QVERIFY(early.takeMessages().empty());
}

/// Nothing makes the client go elsewhere over TCP without TLS.
void TstReframer::staysAtTheBridge()
{
    QFETCH(Wire, wire);
    Bridged bridged(wire);
    bridged.say("<enabled xmlns='urn:xmpp:sm:3' id='x' resume='true' location='evil.example:5222' max='60'/>");
    QCOMPARE(bytes(bridged.reframer.takeStream()), "<enabled xmlns='urn:xmpp:sm:3' id='x' resume='true' max='60'/>");
    bridged.say("<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>a@example.org</authorization-identifier>"
                "<bound xmlns='urn:xmpp:bind:0'><enabled xmlns='urn:xmpp:sm:3' location='evil.example:5222' id='y'/>"
                "</bound></success>");
    QCOMPARE(bytes(bridged.reframer.takeStream()),
             "<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>a@example.org</authorization-identifier>"
             "<bound xmlns='urn:xmpp:bind:0'><enabled xmlns='urn:xmpp:sm:3' id='y'/></bound></success>");
    bridged.say("<error xmlns='http://etherx.jabber.org/streams'><see-other-host "
                "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>evil.example</see-other-host></error>");
    QCOMPARE(bytes(bridged.reframer.takeStream()), "<error xmlns='http://etherx.jabber.org/streams'><reset "
                                                   "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error>");
}

/// A server may know addresses that we do not: they reach the client as they are.
void TstReframer::keepsStrangeAddresses()
{
    Bridged bridged(Wire::WebSocket);
    const std::string_view strange = "<message xmlns='jabber:client' from='a b@@x//' id='1'><body>hi</body></message>";
    bridged.say(strange);
    QCOMPARE(bytes(bridged.reframer.takeStream()), bytes(strange));
}

void TstReframer::neverOwnForMalformed()
{
    QFETCH(Wire, wire);
    Bridged bridged(wire);
    bridged.feed("<message to='a b@@x//' id='1'><body>hi</body></message>");
    const auto elements = bridged.server.read(bridged.reframer.takeMessages());
    QCOMPARE(elements.size(), 1u);
    if (wire == Wire::WebSocket) {
        QCOMPARE(bytes(elements[0].root().attribute("to")), "@");
    }
    QCOMPARE(bytes(elements[0].root().attribute("id")), "1");
    bridged.say("<message xmlns='jabber:client' from='a b@@x//' id='2'><body>hi</body></message>");
    xml::Document heard;
    QVERIFY(xml::parseDocument(bridged.reframer.takeStream(), xml::contentNamespace, heard));
    QVERIFY(heard.root().hasAttribute("from"));
    QCOMPARE(bytes(heard.root().attribute("id")), "2");
}

void TstReframer::garbled()
{
    QFETCH(Wire, wire);
    for (const std::string_view bad : {"<message>", "no element", "<a/><b/>", "<!-- -->", "\xff\x00"}) {
        Bridged bridged(wire);
        QVERIFY(!bridged.reframer.fromServer(bad));
        QVERIFY(bridged.reframer.takeStream().empty());
        QVERIFY(!bridged.reframer.fromServer(bridged.server.write("<presence/>")));
    }
    Bridged bridged(wire);
    QVERIFY(!bridged.reframer.fromClient("</other>"));
}

/// A stanza and the request for its ack cost one message of the compact wire.
void TstReframer::sharesMessages()
{
    Bridged bridged(Wire::Compact);
    bridged.feed("<message to='b@example.org' type='chat'><body>hello</body></message><r xmlns='urn:xmpp:sm:3'/>");
    const auto messages = bridged.reframer.takeMessages();
    QCOMPARE(messages.size(), 1u);
    QCOMPARE(bridged.server.read(messages).size(), 2u);
    QVERIFY(messages[0].size() < 40);
}

/// Within what every receiver takes, with the request behind its stanza.
void TstReframer::boundsMessages()
{
    Bridged bridged(Wire::Compact);
    std::string stanzas;
    for (const std::size_t size : {60'000, 250'000, 100}) {
        stanzas += "<message to='b@example.org'><body>" + std::string(size, '.') +
                   "</body></message><r xmlns='urn:xmpp:sm:3'/>";
    }
    bridged.feed(stanzas);
    const auto messages = bridged.reframer.takeMessages();
    QCOMPARE(messages.size(), 3u);
    for (const std::string &message : messages) {
        QVERIFY(message.size() <= 262'144);
        QVERIFY(message.ends_with('\xf5'));
    }
    QCOMPARE(bridged.server.read(messages).size(), 6u);
}

GODWIT_TEST(TstReframer);
#include "tst_reframer.moc"
