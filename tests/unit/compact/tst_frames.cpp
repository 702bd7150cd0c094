// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Frames one by one: what they cost, what is in them, and every limit on both sides.

#include "Support.h"
#include "UnitTest.h"

#include "compact/Cbor.h"
#include "compact/Dictionary.h"
#include "xml/DocumentBuilder.h"

#include <QFile>
#include <QTest>

using namespace godwit;
using namespace godwit::compact;
using godwit::test::bytes;
using godwit::test::Direction;
using godwit::test::fromHex;
using godwit::test::hex;

namespace
{

/// What a client's frame and a server's cost on a WebSocket besides their payload (RFC 6455 §5.2), up to 125 bytes.
constexpr std::size_t clientHeader = 6;
constexpr std::size_t serverHeader = 2;

std::string nested(std::size_t depth)
{
    std::string xml = "<message>";
    for (std::size_t i = 1; i < depth; ++i) {
        xml += "<x xmlns='urn:x'>";
    }
    for (std::size_t i = 1; i < depth; ++i) {
        xml += "</x>";
    }
    return xml + "</message>";
}

std::string repeated(std::string_view part, std::size_t times)
{
    std::string all;
    for (std::size_t i = 0; i < times; ++i) {
        all += part;
    }
    return all;
}

} // namespace

class TstFrames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void messageWithAck();
    void smallStanzas();
    void acks();
    void open();
    void openAgain();
    void severalInOneMessage();
    void nothingBehindAnError();
    void limits_data();
    void limits();
    void messageLimit();
    void expansion();
    void sentDepth();
    void tables();
    void idleCosts();
    void dictionaryAndFile();
    void dictionaryIsReachable();
};

/// A message of 20 characters and its ack: under 60 bytes in all, the headers of the WebSocket counted.
void TstFrames::messageWithAck()
{
    Direction client;
    Direction server;
    const std::string id = "8bd3a61e-0c37-4c4a-9a5d-6a0d6ed3dd0e";
    const xml::Document first = test::tree("<message to='juliet@capulet.example' type='chat'/>");
    const xml::Document message =
        test::tree("<message to='juliet@capulet.example' type='chat' id='" + id +
                   "'><body>20 characters of it.</body><origin-id xmlns='urn:xmpp:sid:0' id='" + id +
                   "'/><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
                   "<active xmlns='http://jabber.org/protocol/chatstates'/></message>");
    QCOMPARE(client.whatIsLost(first), QByteArray());
    std::string sent = client.encode(message.root());
    client.encoder().ackRequest(sent);
    std::string answer;
    server.encoder().ack(answer, 1);
    answer.clear();
    server.encoder().ack(answer, 2);
    QCOMPARE(sent.size(), 47u);
    QCOMPARE(answer.size(), 1u);
    QVERIFY(clientHeader + sent.size() + serverHeader + answer.size() < 60);
}

void TstFrames::smallStanzas()
{
    Direction direction;
    const auto size = [&direction](std::string_view xml) {
        const xml::Document document = test::tree(xml);
        std::size_t bytes = 0;
        // The second time, when the addresses are known.
        if (!direction.whatIsLost(document).isEmpty() || !direction.whatIsLost(document, &bytes).isEmpty()) {
            return std::size_t{1'000};
        }
        return bytes;
    };
    const std::string to = " to='juliet@capulet.example/balcony'";
    QVERIFY(size("<message type='chat'" + to +
                 "><composing xmlns='http://jabber.org/protocol/chatstates'/></message>") <= 6);
    QVERIFY(size("<iq type='get' id='p1'" + to + "><ping xmlns='urn:xmpp:ping'/></iq>") <= 9);
    QVERIFY(size("<iq type='result' id='p1'" + to + "/>") <= 7);
    QVERIFY(size("<presence/>") <= 2);
    QVERIFY(size("<presence><show>away</show></presence>") <= 7);
    QVERIFY(size("<message type='chat' id='m-2'" + to +
                 "><displayed xmlns='urn:xmpp:chat-markers:0' "
                 "id='8bd3a61e-0c37-4c4a-9a5d-6a0d6ed3dd0e'/></message>") <= 12);
}

void TstFrames::acks()
{
    Direction direction;
    std::string message;
    const std::vector<std::uint32_t> said{0, 0, 1, 24, 300, 65'835, 131'371, 5, 0xffff'ffff, 3, 0xffff'0000};
    for (const std::uint32_t h : said) {
        direction.encoder().ack(message, h);
    }
    QCOMPARE(hex(message), QByteArray("20000117190114"
                                      "19ffff3a0002012b"
                                      "253affffffff"
                                      "043affff0000"));
    const auto frames = direction.decode(message);
    QVERIFY(frames);
    QCOMPARE(frames->size(), said.size());
    for (std::size_t i = 0; i < said.size(); ++i) {
        QCOMPARE(std::get<Ack>(frames->at(i)).h, said.at(i));
    }
}

void TstFrames::open()
{
    Exchange here;
    Exchange there;
    Encoder encoder(here, TableSizes{4, 0, 64});
    Decoder decoder(there);
    xml::StreamHeader header;
    header.to = "capulet.example";
    header.id = "7";
    header.version = "1.0";
    std::string message;
    encoder.open(message, header);
    QCOMPARE(hex(message), QByteArray("87f6018304001840"
                                      "6f636170756c65742e6578616d706c65"
                                      "f6073852"));
    std::string_view rest = message;
    const auto frame = decoder.next(rest);
    QVERIFY(frame && *frame);
    const xml::StreamHeader &read = std::get<Open>(**frame).header;
    QCOMPARE(read.to, header.to);
    QCOMPARE(read.from, std::string());
    QCOMPARE(read.id, header.id);
    QCOMPARE(read.version, header.version);
    QCOMPARE(read.contentNs, std::string("jabber:client"));
    QCOMPARE(decoder.peerDictionary(), 1u);
}

void TstFrames::openAgain()
{
    Direction direction;
    const xml::Document presence = test::tree("<presence to='juliet@capulet.example/balcony'/>");
    QCOMPARE(direction.whatIsLost(presence), QByteArray());
    std::string message;
    direction.encoder().open(message, {});
    QCOMPARE(hex(message), QByteArray("81f6"));
    QVERIFY(direction.decode(message));
    std::size_t size = 0;
    QCOMPARE(direction.whatIsLost(presence, &size), QByteArray());
    QCOMPARE(size, 3u);
    // A newer dictionary is no error: we go on with what both know.
    Exchange exchange;
    Decoder decoder(exchange);
    const std::string newer = fromHex("82f61903e8");
    std::string_view rest = newer;
    QVERIFY(decoder.next(rest).ok());
    QCOMPARE(decoder.peerDictionary(), 1'000u);
}

void TstFrames::severalInOneMessage()
{
    Direction direction;
    const auto frames = direction.decode(fromHex("8102"
                                                 "43ffffff"
                                                 "f5"
                                                 "20"
                                                 "40"
                                                 "8102"
                                                 "f4"
                                                 "41ff"));
    QVERIFY(frames);
    QCOMPARE(frames->size(), 5u);
    QVERIFY(std::holds_alternative<xml::Stanza>(frames->at(0)));
    QVERIFY(std::holds_alternative<AckRequest>(frames->at(1)));
    QVERIFY(std::holds_alternative<Ack>(frames->at(2)));
    QVERIFY(std::holds_alternative<xml::Stanza>(frames->at(3)));
    QVERIFY(std::holds_alternative<Close>(frames->at(4)));
    QVERIFY(direction.decode({})->empty());
}

void TstFrames::nothingBehindAnError()
{
    Direction direction;
    QVERIFY(direction.decode(fromHex("8102")));
    QVERIFY(!direction.decode(fromHex("f5f7f5")));
    QVERIFY(direction.error()->code() == base::ErrorCode::InvalidInput);
    QVERIFY(!direction.decode(fromHex("8102")));
}

void TstFrames::limits_data()
{
    QTest::addColumn<Limits>("limits");
    QTest::addColumn<QByteArray>("under");
    QTest::addColumn<QByteArray>("over");
    Limits depth;
    depth.depthMax = 20;
    QTest::newRow("depth") << depth << bytes(nested(20)) << bytes(nested(21));
    Limits elements;
    elements.elementsMax = 50;
    QTest::newRow("elements") << elements << bytes("<message>" + repeated("<x/>", 49) + "</message>")
                              << bytes("<message>" + repeated("<x/>", 50) + "</message>");
    Limits attributes;
    attributes.attributesMax = 3;
    QTest::newRow("attributes") << attributes << bytes("<message type='chat' a='1' b='2'/>")
                                << bytes("<message type='chat' a='1' b='2' c='3'/>");
    Limits size;
    size.stanzaBytesMax = 1'000;
    // <message><body> and their end tags are 32 bytes.
    QTest::newRow("size") << size << bytes("<message><body>" + std::string(968, 'x') + "</body></message>")
                          << bytes("<message><body>" + std::string(969, 'x') + "</body></message>");
    QTest::newRow("size, escaped") << size << bytes("<message><body>" + repeated("&lt;", 242) + "</body></message>")
                                   << bytes("<message><body>" + repeated("&lt;", 243) + "</body></message>");
}

void TstFrames::limits()
{
    QFETCH(Limits, limits);
    QFETCH(QByteArray, under);
    QFETCH(QByteArray, over);
    Direction direction(tableSizesMax, &limits);
    QCOMPARE(direction.whatIsLost(test::tree(test::view(under))), QByteArray());
    const xml::Document tooMuch = test::tree(test::view(over));
    QVERIFY(!direction.decode(direction.encode(tooMuch.root())));
    QVERIFY(direction.error()->code() == base::ErrorCode::LimitExceeded);
}

void TstFrames::messageLimit()
{
    Limits limits;
    limits.messageBytesMax = 100;
    Direction direction(tableSizesMax, &limits);
    const std::string most = repeated("\xf5", 100);
    QCOMPARE(direction.decode(most)->size(), 100u);
    QVERIFY(!direction.decode(most + '\xf5'));
    QVERIFY(direction.error()->code() == base::ErrorCode::LimitExceeded);
}

/// A small message cannot become a large stanza: what references stand for is counted.
void TstFrames::expansion()
{
    Limits limits;
    limits.elementsMax = 1'000'000;
    Direction direction(tableSizesMax, &limits);
    // presence with an address of 128 bytes, then roster items that refer to it.
    const std::string address = "8202"
                                "7880" +
                                hex(std::string(128, 'a')).toStdString();
    QVERIFY(direction.decode(fromHex(address)));
    const auto &roster = *dictionary().findElement("jabber:iq:roster", "item");
    std::string item;
    appendHead(item, Major::Array, 2);
    appendHead(item, Major::Unsigned, roster.index);
    appendHead(item, Major::Negative, 0);
    const auto presence = [&item](std::size_t items) {
        std::string frame;
        appendHead(frame, Major::Array, 4 + items);
        return frame + fromHex("02f6f6f6") + repeated(item, items);
    };
    // <item xmlns='jabber:iq:roster' jid='…'/> is 167 bytes.
    QVERIFY(direction.decode(presence(1'500)));
    QVERIFY(!direction.decode(presence(1'600)));
    QVERIFY(direction.error()->code() == base::ErrorCode::LimitExceeded);
}

void TstFrames::sentDepth()
{
    Limits limits;
    limits.depthMax = sentDepthMax;
    Direction direction(tableSizesMax, &limits);
    QCOMPARE(direction.whatIsLost(test::tree(nested(sentDepthMax - 1))), QByteArray());
    // Our parser reads so much and no more; the writer is asked with a tree that no parser made.
    xml::DocumentBuilder builder;
    for (std::size_t i = 0; i < sentDepthMax + 1; ++i) {
        builder.open("x", "urn:x");
    }
    for (std::size_t i = 0; i < sentDepthMax + 1; ++i) {
        builder.close();
    }
    std::string out = "before";
    const auto result = direction.encoder().element(out, builder.document().root());
    QVERIFY(!result && result.error().code() == base::ErrorCode::LimitExceeded);
    QCOMPARE(out, std::string("before"));
    QVERIFY(!direction.encoder().element(out, test::tree("<presence/>").root()).ok());
}

/// The 129th address takes the place of the first.
void TstFrames::tables()
{
    Direction direction;
    const auto presence = [](int number) {
        return test::tree("<presence to='n" + std::to_string(1'000 + number) + "'/>");
    };
    std::size_t size = 0;
    for (int i = 0; i < 128; ++i) {
        QCOMPARE(direction.whatIsLost(presence(i), &size), QByteArray());
        QCOMPARE(size, 8u);
    }
    QCOMPARE(direction.whatIsLost(presence(0), &size), QByteArray());
    QCOMPARE(size, 3u);
    QCOMPARE(direction.whatIsLost(presence(127), &size), QByteArray());
    QCOMPARE(size, 4u);
    QCOMPARE(direction.whatIsLost(presence(128), &size), QByteArray());
    QCOMPARE(size, 8u);
    QCOMPARE(direction.whatIsLost(presence(128), &size), QByteArray());
    QCOMPARE(size, 3u);
    QCOMPARE(direction.whatIsLost(presence(0), &size), QByteArray());
    QCOMPARE(size, 8u);
}

/// Both ends of an idle connection: what they are, and nothing behind it.
void TstFrames::idleCosts()
{
    Exchange exchange;
    Encoder encoder(exchange);
    Decoder decoder(exchange);
    QVERIFY(sizeof encoder + sizeof decoder + sizeof exchange <= 1'024);
    QVERIFY(encoder.heldBytes() + decoder.heldBytes() <= 128);
}

/// What is compiled in is the file that the specification names.
void TstFrames::dictionaryAndFile()
{
    QFile file(QStringLiteral(GODWIT_CORPUS "/../../shared/compact/dictionary.txt"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(bytes(dictionaryText), file.readAll());
}

/// Each entry is found by what it says, and comes out of a frame.
void TstFrames::dictionaryIsReachable()
{
    Direction direction;
    for (std::uint64_t i = 0; i < dictionary().elementCount(); ++i) {
        const ElementEntry &entry = *dictionary().element(i);
        xml::DocumentBuilder builder;
        builder.open("presence", "jabber:client");
        builder.open(entry.name, entry.ns);
        if (!entry.fixed.name.empty()) {
            builder.attribute(entry.fixed.name, entry.fixedValue);
        }
        builder.characters(entry.fixedText);
        builder.close();
        builder.close();
        std::string expected = fromHex("8502f6f6f6");
        appendHead(expected, Major::Unsigned, i);
        const std::string message = direction.encode(builder.document().root());
        QCOMPARE(hex(message), hex(expected));
        const auto frames = direction.decode(message);
        QVERIFY(frames && xml::sameInfoset(test::treeOf(frames->front()).root(), builder.document().root()));
    }
    for (std::uint64_t i = 1; i < dictionary().attributeCount(); ++i) {
        QCOMPARE(dictionary().findAttribute(dictionary().attribute(i)->name), static_cast<int>(i));
    }
    for (std::uint64_t i = 0; i < dictionary().stringCount(); ++i) {
        QCOMPARE(dictionary().findString(*dictionary().string(i)), static_cast<int>(i));
    }
    QVERIFY(!dictionary().element(dictionary().elementCount()));
    QVERIFY(!dictionary().findElement("jabber:client", "nothing"));
    QCOMPARE(dictionary().findAttribute("nothing"), -1);
    QCOMPARE(dictionary().findString("nothing"), -1);
}

GODWIT_TEST(TstFrames);
#include "tst_frames.moc"
