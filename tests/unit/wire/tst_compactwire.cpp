// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "../websocket/Frames.h"
#include "Recorder.h"
#include "UnitTest.h"

#include "wire/CompactWire.h"

#include <QTest>

using namespace godwit;
using test::Events;
using test::fault;
using test::frame;
using test::Recorder;

namespace
{

std::string message(std::string_view frames)
{
    return frame(frames, {.opcode = 2});
}

/// The other end: what it writes is one message until it is taken.
class Client
{
public:
    Client &open()
    {
        xml::StreamHeader header;
        header.to = "example.com";
        header.version = "1.0";
        m_encoder.open(m_frames, header);
        return *this;
    }
    Client &element(std::string_view xml)
    {
        const base::Result<base::Ok> written = m_encoder.written(m_frames, xml);
        GW_ASSERT(written.ok());
        return *this;
    }
    Client &ack(std::uint32_t h)
    {
        m_encoder.ack(m_frames, h);
        return *this;
    }
    Client &ackRequest()
    {
        m_encoder.ackRequest(m_frames);
        return *this;
    }
    Client &close()
    {
        m_encoder.close(m_frames);
        return *this;
    }
    std::string take() { return message(std::exchange(m_frames, {})); }

    /// What the server says: each frame a line.
    Events read(std::string_view bytes)
    {
        Events events;
        for (const test::ServerFrame &got : test::readFrames(bytes)) {
            if (got.opcode != 2) {
                events.push_back(got.opcode == 8 ? std::to_string(test::closeCode(got)) : "control");
                continue;
            }
            std::string_view rest = got.payload;
            while (!rest.empty()) {
                base::Result<std::optional<compact::Frame>> next = m_decoder.next(rest);
                events.push_back(next && *next ? lineOf(**next) : "broken");
            }
        }
        return events;
    }

private:
    static std::string lineOf(const compact::Frame &frame)
    {
        struct Visitor {
            std::string operator()(const compact::Open &open) const
            {
                return "open " + open.header.from + ' ' + open.header.id + ' ' + open.header.language;
            }
            std::string operator()(compact::Close) const { return "close"; }
            std::string operator()(compact::Ack ack) const { return "a " + std::to_string(ack.h); }
            std::string operator()(compact::AckRequest) const { return "r"; }
            std::string operator()(const xml::Stanza &stanza) const { return stanza.bytes; }
            std::string operator()(const xml::MalformedStanza &) const { return "malformed"; }
            std::string operator()(const xml::Nonza &nonza) const
            {
                return std::string(nonza.root().ns()) + ' ' + std::string(nonza.root().name());
            }
        };
        return std::visit(Visitor{}, frame);
    }

    compact::Exchange m_exchange;
    compact::Encoder m_encoder{m_exchange};
    compact::Decoder m_decoder{m_exchange};
    std::string m_frames;
};

} // namespace

class TstCompactWire : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAStream();
    void readsAStream();
    void beginsAnew();
    void stopsInsideAMessage();
    void readsNothingBehindTheEnd();
    void refuses_data();
    void refuses();
    void tellsALostConnection();
    void losesTheConnectionOverWhatHasNoForm();
    void refusesStartTls();
};

void TstCompactWire::writesAStream()
{
    wire::CompactWire wire;
    std::string out;
    xml::StreamHeader opening;
    opening.from = "example.com";
    opening.id = "x1";
    opening.version = "1.0";
    opening.language = "en";
    wire.open(out, opening);
    wire.streamElement(out, {"features", "<a xmlns='b'/>"});
    wire.stanza(out, {"<message to='a'>", "<stanza-id xmlns='urn:xmpp:sid:0'/>", "</message>"});
    wire.nonza(out, {"<a xmlns='urn:xmpp:sm:3' h='7'/>"});
    wire.nonza(out, {"<r xmlns='urn:xmpp:sm:3'/>"});
    const std::size_t from = out.size();
    out += "<iq></iq>";
    wire.sealStanza(out, from);
    wire.whitespace(out);
    wire.close(out);
    QCOMPARE(Client().read(out), (Events{"open example.com x1 en", "http://etherx.jabber.org/streams features",
                                         "<message to='a' xml:lang='en'><stanza-id xmlns='urn:xmpp:sid:0'/></message>",
                                         "a 7", "r", "<iq xml:lang='en'></iq>", "control", "close", "1000"}));
}

void TstCompactWire::readsAStream()
{
    Client client;
    std::string bytes = client.open().element("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>").take();
    bytes += client.element("<message to='a@b'><body>hi</body></message>").ackRequest().ack(3).take();
    bytes += client.element("<message to='@b'/>").take();
    bytes += client.close().take();
    for (const std::size_t step : {bytes.size(), std::size_t{1}}) {
        wire::CompactWire wire;
        Recorder recorder;
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            wire.feed(std::string_view(bytes).substr(at, step), recorder);
        }
        QCOMPARE(recorder.events,
                 (Events{"open example.com", "nonza auth", "<message to='a@b'><body>hi</body></message>", "nonza r",
                         "nonza a", "malformed", "close"}));
        QCOMPARE(wire.heldBytes(), std::size_t{0});
    }
}

/// Rule 6: after SASL a further open, before anything else.
void TstCompactWire::beginsAnew()
{
    Client client;
    wire::CompactWire wire;
    Recorder recorder;
    wire.feed(client.open().take(), recorder);
    wire.restart();
    wire.feed(client.open().element("<iq/>").take(), recorder);
    QCOMPARE(recorder.events, (Events{"open example.com", "open example.com", "<iq></iq>"}));
    wire.restart();
    wire.feed(client.element("<iq/>").take(), recorder);
    QCOMPARE(recorder.events.back(), fault(xml::XmlFault::InvalidXml));
}

void TstCompactWire::stopsInsideAMessage()
{
    Client client;
    std::string bytes = client.open().element("<a xmlns='b'/>").element("<c xmlns='b'/>").take();
    bytes += client.element("<d xmlns='b'/>").take();
    for (const std::size_t step : {bytes.size(), std::size_t{1}}) {
        wire::CompactWire wire;
        Recorder recorder;
        recorder.stopAfterNonza = &wire;
        std::string rest;
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            rest += bytes.substr(at, step);
            wire.feed(rest, recorder);
            rest = wire.takeRest();
        }
        while (!rest.empty()) {
            wire.feed(rest, recorder);
            rest = wire.takeRest();
        }
        QCOMPARE(recorder.events, (Events{"open example.com", "nonza a", "nonza c", "nonza d"}));
    }
}

void TstCompactWire::readsNothingBehindTheEnd()
{
    Client client;
    wire::CompactWire wire;
    Recorder recorder;
    std::string bytes = client.open().close().element("<a xmlns='b'/>").take();
    bytes += client.element("<a xmlns='b'/>").take();
    wire.feed(bytes, recorder);
    wire.feed(client.element("<a xmlns='b'/>").take(), recorder);
    QCOMPARE(recorder.events, (Events{"open example.com", "close"}));
    QCOMPARE(wire.takeRest(), std::string());
}

void TstCompactWire::refuses_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("event");
    QTest::addColumn<int>("code");
    using xml::XmlFault;
    const std::string opened = Client().open().take();
    const std::string child = "<y xmlns='" + std::string(60, 'm') + "'/>";
    QTest::newRow("a stanza before the open") << message("\x81\x00") << fault(XmlFault::NotWellFormed) << 1007;
    QTest::newRow("half a frame") << opened + message("\x82\x00") << fault(XmlFault::NotWellFormed) << 1007;
    QTest::newRow("a float") << opened + message("\xf9\x3c") << fault(XmlFault::NotWellFormed) << 1007;
    QTest::newRow("text") << opened + frame("<a/>") << fault(XmlFault::InvalidXml) << 1003;
    QTest::newRow("not masked") << opened + frame("\xf5", {.opcode = 2, .masked = false}) << fault(XmlFault::InvalidXml)
                                << 1002;
    QTest::newRow("a message too long") << opened + message(std::string(300, '\x00')) << fault(XmlFault::TooLarge)
                                        << 1009;
    QTest::newRow("an element too long when written out")
        << Client().open().element("<x xmlns='" + std::string(60, 'n') + "'>" + child + child + child + "</x>").take()
        << fault(XmlFault::TooLarge) << 1009;
    QTest::newRow("an element too deep") << Client().open().element("<a xmlns='b'><a><a><a><a/></a></a></a></a>").take()
                                         << fault(XmlFault::TooLarge) << 1009;
}

void TstCompactWire::refuses()
{
    QFETCH(std::string, bytes);
    QFETCH(std::string, event);
    QFETCH(int, code);
    wire::CompactWire wire;
    xml::XmlLimits limits;
    limits.stanzaBytesMax = 250;
    limits.depthMax = 4;
    wire.setLimits(&limits);
    Recorder recorder;
    wire.feed(bytes, recorder);
    QCOMPARE(recorder.events.back(), event);
    const std::size_t heard = recorder.events.size();
    wire.feed(bytes, recorder);
    QCOMPARE(recorder.events.size(), heard);
    std::string out;
    wire.close(out);
    QCOMPARE(test::closeCode(test::readFrames(out).back()), static_cast<unsigned>(code));
    QVERIFY(!wire.lost());
}

void TstCompactWire::tellsALostConnection()
{
    wire::CompactWire wire;
    Recorder recorder;
    wire.feed(Client().open().take() + frame("p", {.opcode = 9}) + test::closeFrame(1001), recorder);
    QVERIFY(wire.lost());
    QCOMPARE(recorder.events, (Events{"open example.com"}));
    std::string out;
    wire.takeReplies(out);
    QCOMPARE(test::readFrames(out).size(), std::size_t{2});
}

void TstCompactWire::losesTheConnectionOverWhatHasNoForm()
{
    std::string deep;
    for (std::size_t i = 0; i <= compact::sentDepthMax; ++i) {
        deep += "<a>";
    }
    for (std::size_t i = 0; i <= compact::sentDepthMax; ++i) {
        deep += "</a>";
    }
    wire::CompactWire wire;
    std::string out;
    wire.open(out, xml::StreamHeader{});
    const std::size_t opened = out.size();
    wire.stanza(out, {deep});
    wire.stanza(out, {"<message/>"});
    QVERIFY(wire.lost());
    const std::vector<test::ServerFrame> frames = test::readFrames(std::string_view(out).substr(opened));
    QCOMPARE(frames.size(), std::size_t{1});
    QCOMPARE(test::closeCode(frames.front()), 1001U);
}

void TstCompactWire::refusesStartTls()
{
    QVERIFY(!wire::CompactWire().canStartTls());
}

GODWIT_TEST(TstCompactWire);
#include "tst_compactwire.moc"
