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

/// Who owns a wire: takes its output, and sends it at the end of a turn.
class Owner
{
public:
    wire::CompactWire wire;
    std::string out;

    Owner()
    {
        wire.open(out, xml::StreamHeader{});
        send();
    }
    /// As ClientStream does.
    void take()
    {
        const std::size_t open = wire.openBytes();
        wire.seal(out, open > 0 && open <= m_taken.size() - m_sent ? &m_taken : nullptr);
        m_taken += out;
        out.clear();
    }
    void stanza(std::string_view bytes)
    {
        wire.stanza(out, {bytes});
        take();
    }
    void requestAck()
    {
        wire.nonza(out, {"<r xmlns='urn:xmpp:sm:3'/>"});
        take();
    }
    void send()
    {
        take();
        m_sent = m_taken.size();
    }
    /// How many frames of the WebSocket it came to so far, the first one being that of the opening.
    std::size_t messages() const { return test::readFrames(m_taken).size(); }
    std::size_t lastSize() const { return test::readFrames(m_taken).back().payload.size(); }
    const std::string &all() const { return m_taken; }

private:
    std::string m_taken;
    std::size_t m_sent = 0;
};

/// A message whose frame is of `size` bytes when its address is in a table: an array's head, a dictionary's entry,
/// three fields, a text.
std::string messageOfFrame(std::size_t size)
{
    const std::size_t textHead = size < 256 ? 2 : size < 65'536 ? 3 : 5;
    return "<message to='a@b' type='chat'><body>" + std::string(size - 5 - textHead, '.') + "</body></message>";
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
                if (!next || !*next) {
                    events.emplace_back("broken");
                    break;
                }
                events.push_back(lineOf(**next));
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

    /// As XML a frame is longer than its message.
    static compact::Limits limits()
    {
        compact::Limits limits;
        limits.messageBytesMax *= 2;
        limits.stanzaBytesMax *= 2;
        return limits;
    }

    compact::Exchange m_exchange;
    compact::Limits m_limits = limits();
    compact::Encoder m_encoder{m_exchange};
    compact::Decoder m_decoder{m_exchange, &m_limits};
    std::string m_frames;
};

} // namespace

class TstCompactWire : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAStream();
    void sharesAMessage();
    void sharesNothingThatIsSent();
    void sharesUpToABound_data();
    void sharesUpToABound();
    void sharesNothingAcrossAControlFrame();
    void boundsWhatIsTakenAtOnce();
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
    wire.seal(out, nullptr);
    QCOMPARE(Client().read(out), (Events{"open example.com x1 en", "http://etherx.jabber.org/streams features",
                                         "<message to='a' xml:lang='en'><stanza-id xmlns='urn:xmpp:sid:0'/></message>",
                                         "a 7", "r", "<iq xml:lang='en'></iq>", "control", "close", "1000"}));
}

/// Rule 2: a stanza, and the request for an ack behind it, cost one head; so does all that goes out at once.
void TstCompactWire::sharesAMessage()
{
    Owner owner;
    for (int turn = 0; turn < 3; ++turn) {
        owner.stanza("<message to='a@b'/>");
        owner.requestAck();
        owner.send();
    }
    QCOMPARE(owner.messages(), std::size_t{4});
    // Over the sizes at which a head grows.
    Events expected{"open   ", "<message to='a@b'></message>", "r", "<message to='a@b'></message>",
                    "r",       "<message to='a@b'></message>", "r"};
    const std::string stanza = messageOfFrame(100);
    for (int count = 0; count < 100; ++count) {
        owner.stanza(stanza);
        owner.requestAck();
        expected.insert(expected.end(), {stanza, "r"});
    }
    QCOMPARE(owner.messages(), std::size_t{5});
    QCOMPARE(Client().read(owner.all()), expected);
}

void TstCompactWire::sharesNothingThatIsSent()
{
    Owner owner;
    owner.stanza("<message/>");
    owner.send();
    const std::string sent = owner.all();
    owner.requestAck();
    QVERIFY(owner.all().starts_with(sent));
    QCOMPARE(owner.messages(), std::size_t{3});
}

void TstCompactWire::sharesUpToABound_data()
{
    QTest::addColumn<std::size_t>("first");
    QTest::addColumn<std::size_t>("second");
    QTest::addColumn<bool>("share");
    QTest::newRow("stanzas of 16 KiB") << std::size_t{16'000} << std::size_t{384} << true;
    QTest::newRow("more of them") << std::size_t{16'000} << std::size_t{385} << false;
    QTest::newRow("a long one behind a short one") << std::size_t{100} << std::size_t{20'000} << false;
    // What every receiver takes.
    QTest::newRow("a request behind what is as long as may be") << std::size_t{262'143} << std::size_t{1} << true;
    QTest::newRow("behind what is longer") << std::size_t{262'144} << std::size_t{1} << false;
}

void TstCompactWire::sharesUpToABound()
{
    QFETCH(std::size_t, first);
    QFETCH(std::size_t, second);
    QFETCH(bool, share);
    Owner owner;
    // The address is in a table from now on, so frames have the sizes that are wanted.
    owner.stanza("<message to='a@b' type='chat'/>");
    owner.send();
    const std::string text = messageOfFrame(first);
    owner.stanza(text);
    QCOMPARE(owner.lastSize(), first);
    Events expected{"open   ", "<message to='a@b' type='chat'></message>", text};
    if (second == 1) {
        owner.requestAck();
        expected.emplace_back("r");
    } else {
        expected.push_back(messageOfFrame(second));
        owner.stanza(expected.back());
    }
    QCOMPARE(owner.messages(), std::size_t{share ? 3U : 4U});
    QCOMPARE(owner.lastSize(), share ? first + second : second);
    QCOMPARE(Client().read(owner.all()), expected);
}

void TstCompactWire::sharesNothingAcrossAControlFrame()
{
    Client client;
    Owner owner;
    Recorder recorder;
    owner.stanza("<message/>");
    owner.wire.feed(client.open().take() + frame("p", {.opcode = 9}), recorder);
    owner.wire.takeReplies(owner.out);
    owner.take();
    owner.requestAck();
    owner.wire.takeReplies(owner.out);
    owner.take();
    owner.stanza("<iq/>");
    owner.wire.whitespace(owner.out);
    owner.take();
    owner.requestAck();
    owner.wire.close(owner.out);
    owner.stanza("<iq/>");
    owner.requestAck();
    QCOMPARE(Client().read(owner.all()),
             (Events{"open   ", "<message></message>", "control", "r", "<iq></iq>", "control", "r", "close", "1000"}));
}

void TstCompactWire::boundsWhatIsTakenAtOnce()
{
    Owner owner;
    Events expected{"open   "};
    for (const std::size_t size : {std::size_t{100}, std::size_t{16'000}, std::size_t{300}, std::size_t{200'000}}) {
        expected.push_back(messageOfFrame(size));
        owner.wire.stanza(owner.out, {expected.back()});
    }
    owner.take();
    QCOMPARE(owner.messages(), std::size_t{4});
    owner.requestAck();
    expected.emplace_back("r");
    QCOMPARE(owner.messages(), std::size_t{4});
    QCOMPARE(Client().read(owner.all()), expected);
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
    wire.stanza(out, {deep});
    wire.stanza(out, {"<message/>"});
    wire.seal(out, nullptr);
    QVERIFY(wire.lost());
    QCOMPARE(Client().read(out), (Events{"open   ", "1001"}));
}

void TstCompactWire::refusesStartTls()
{
    QVERIFY(!wire::CompactWire().canStartTls());
}

GODWIT_TEST(TstCompactWire);
#include "tst_compactwire.moc"
