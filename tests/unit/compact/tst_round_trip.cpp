// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Any stanza through the wire says the same: the corpus, whole streams, thousands of generated stanzas; on one
// connection after another and on one alone, whatever the tables hold.

#include "Corpus.h"
#include "Generator.h"
#include "Support.h"
#include "UnitTest.h"

#include "xml/StreamParser.h"

#include <QTest>

using namespace godwit;
using namespace godwit::compact;
using godwit::test::bytes;
using godwit::test::CorpusItem;
using godwit::test::Direction;
using godwit::test::view;

namespace
{

/// What an XML stream gives, as trees.
class Collector final : public xml::StreamHandler
{
public:
    void onStreamOpen(xml::StreamHeader &&) override {}
    void onStanza(xml::Stanza &&stanza) override { trees.push_back(stanza.tree); }
    void onMalformedStanza(xml::MalformedStanza &&) override {}
    void onNonza(xml::Nonza &&nonza) override { trees.push_back(nonza.tree); }
    void onStreamClose() override {}
    void onXmlFault(xml::XmlFault, std::string) override {}

    std::vector<xml::Document> trees;
};

std::vector<xml::Document> readStream(std::string_view stream)
{
    xml::ParserPool pool;
    xml::StreamParser parser(pool, xml::StreamParser::Framing::Continuous);
    Collector collector;
    parser.feed(stream, collector);
    return std::move(collector.trees);
}

xml::Stanza stanza(std::string_view written)
{
    base::Result<xml::Stanza> parsed = xml::parseStanza(written);
    if (!parsed) {
        qFatal("not a stanza: %s", bytes(written).constData());
    }
    return std::move(parsed).value();
}

/// Empty when the decoded stanza is the one that a parser makes of its bytes.
QByteArray whatIsWrong(const xml::Stanza &decoded)
{
    const base::Result<xml::Stanza> again = xml::parseStanza(decoded.bytes);
    if (!again) {
        return "kept bytes do not parse: " + bytes(decoded.bytes);
    }
    if (again->bytes != decoded.bytes) {
        return "kept bytes change: " + bytes(decoded.bytes) + " -> " + bytes(again->bytes);
    }
    if (!xml::sameInfoset(again->root(), decoded.root())) {
        return "the tree is not that of the bytes: " + bytes(decoded.bytes);
    }
    if (again->kind != decoded.kind || again->type != decoded.type || again->id != decoded.id ||
        again->from != decoded.from || again->to != decoded.to) {
        return "the fields are not those of the bytes: " + bytes(decoded.bytes);
    }
    if (again->tree.nodeCount() != decoded.tree.nodeCount()) {
        return "other nodes: " + bytes(decoded.bytes);
    }
    for (std::uint32_t i = 0; i < decoded.tree.nodeCount(); ++i) {
        const xml::Document::Node &a = again->tree.node(i);
        const xml::Document::Node &b = decoded.tree.node(i);
        if (a.kind == xml::Document::Kind::Element && (a.rawBegin != b.rawBegin || a.rawEnd != b.rawEnd)) {
            return "offsets are wrong: " + bytes(decoded.bytes);
        }
    }
    return {};
}

/// Empty when no string of the message is XML of this stanza.
QByteArray xmlInside(std::string_view message, const xml::Document &document)
{
    for (const std::string &text : test::stringsIn(message)) {
        for (std::uint32_t i = 0; i < document.nodeCount(); ++i) {
            const xml::Document::Node &node = document.node(i);
            if (node.kind != xml::Document::Kind::Element) {
                continue;
            }
            const std::string name(document.text(node.name));
            if (text.find('<' + name) != std::string::npos || text.find("</" + name) != std::string::npos) {
                return "XML inside: " + bytes(text);
            }
        }
        if (text.find("xmlns=") != std::string::npos) {
            return "a declaration inside: " + bytes(text);
        }
    }
    return {};
}

} // namespace

class TstRoundTrip : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stanzas_data();
    void stanzas();
    void streams_data();
    void streams();
    void oneConnection();
    void smallTables();
    void generated();
    void keptBytes_data() { stanzas_data(); }
    void keptBytes();
    void noXmlInside_data() { stanzas_data(); }
    void noXmlInside();
    void xmlInsideIsFound();
    void language();
    void malformedAddresses();
    void elementsInTheXmlNamespace();
    void contentNamespaceOfServers();
};

void TstRoundTrip::stanzas_data()
{
    QTest::addColumn<QByteArray>("input");
    for (const CorpusItem &item : test::corpus(QStringLiteral("stanzas"))) {
        QTest::newRow(item.name.constData()) << item.bytes;
    }
}

void TstRoundTrip::stanzas()
{
    QFETCH(QByteArray, input);
    const xml::Stanza original = stanza(view(input));
    Direction direction;
    // A second time the tables hold what the first has entered, and a third time what the second has.
    std::size_t first = 0;
    std::size_t later = 0;
    QCOMPARE(direction.whatIsLost(original.tree, &first), QByteArray());
    QCOMPARE(direction.whatIsLost(original.tree, &later), QByteArray());
    QCOMPARE(direction.whatIsLost(original.tree, &later), QByteArray());
    QVERIFY(later <= first);
    QVERIFY(first < original.bytes.size());
}

void TstRoundTrip::streams_data()
{
    QTest::addColumn<QByteArray>("input");
    for (const CorpusItem &item : test::corpus(QStringLiteral("streams"))) {
        QTest::newRow(item.name.constData()) << item.bytes;
    }
}

void TstRoundTrip::streams()
{
    QFETCH(QByteArray, input);
    Direction direction;
    for (const xml::Document &document : readStream(view(input))) {
        QCOMPARE(direction.whatIsLost(document), QByteArray());
    }
}

void TstRoundTrip::oneConnection()
{
    Direction direction;
    for (int round = 0; round < 3; ++round) {
        for (const CorpusItem &item : test::corpus(QStringLiteral("stanzas"))) {
            const QByteArray lost = direction.whatIsLost(stanza(view(item.bytes)).tree);
            QVERIFY2(lost.isEmpty(), (item.name + ": " + lost).constData());
        }
    }
}

void TstRoundTrip::smallTables()
{
    for (const TableSizes sizes :
         {TableSizes{0, 0, 0}, TableSizes{1, 1, 1}, TableSizes{2, 0, 3}, TableSizes{3, 5, 2}}) {
        Direction direction(sizes);
        for (const CorpusItem &item : test::corpus(QStringLiteral("stanzas"))) {
            const QByteArray lost = direction.whatIsLost(stanza(view(item.bytes)).tree);
            QVERIFY2(lost.isEmpty(), (item.name + ": " + lost).constData());
        }
    }
}

void TstRoundTrip::generated()
{
    constexpr std::uint64_t seeds = 4'000;
    Direction direction;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const xml::Stanza original = stanza(test::generateStanza(seed));
        const std::string message = direction.encode(original.root());
        const auto frames = direction.decode(message);
        QVERIFY2(frames && frames->size() == 1, QByteArray::number(static_cast<qulonglong>(seed)).constData());
        const auto *decoded = std::get_if<xml::Stanza>(&frames->front());
        QVERIFY(decoded);
        const QByteArray lost = xml::sameInfoset(decoded->root(), original.root()) ? whatIsWrong(*decoded) : "changed";
        QVERIFY2(lost.isEmpty(), (QByteArray("seed ") + QByteArray::number(static_cast<qulonglong>(seed)) + ": " +
                                  lost + "\nwritten: " + bytes(original.bytes))
                                     .constData());
    }
}

void TstRoundTrip::keptBytes()
{
    QFETCH(QByteArray, input);
    const xml::Stanza original = stanza(view(input));
    Direction direction;
    const auto frames = direction.decode(direction.encode(original.root()));
    QVERIFY(frames);
    const auto *decoded = std::get_if<xml::Stanza>(&frames->front());
    QVERIFY(decoded);
    QCOMPARE(decoded->kind, original.kind);
    QCOMPARE(decoded->type, original.type);
    QCOMPARE(decoded->id, original.id);
    QVERIFY(decoded->from == original.from && decoded->to == original.to);
    QCOMPARE(whatIsWrong(*decoded), QByteArray());
}

void TstRoundTrip::noXmlInside()
{
    QFETCH(QByteArray, input);
    const xml::Stanza original = stanza(view(input));
    Direction direction;
    QCOMPARE(xmlInside(direction.encode(original.root()), original.tree), QByteArray());
    QCOMPARE(xmlInside(direction.encode(original.root()), original.tree), QByteArray());
}

/// That the check above can fail.
void TstRoundTrip::xmlInsideIsFound()
{
    const xml::Document honest = test::tree("<message><body>a</body><x xmlns='urn:x'/></message>");
    const xml::Document smuggled =
        test::tree("<message><body>a&lt;body>b&lt;/body></body><x xmlns='urn:x'/></message>");
    const xml::Document declared = test::tree("<message><body>xmlns='urn:y'</body></message>");
    Direction direction;
    QCOMPARE(xmlInside(direction.encode(honest.root()), honest), QByteArray());
    QVERIFY(xmlInside(direction.encode(smuggled.root()), smuggled).contains("XML inside"));
    QVERIFY(xmlInside(direction.encode(declared.root()), declared).contains("a declaration inside"));
}

void TstRoundTrip::language()
{
    Exchange here;
    Exchange there;
    Encoder encoder(here);
    Decoder decoder(there);
    xml::StreamHeader header;
    header.language = "de";
    std::string message;
    encoder.open(message, header);
    const xml::Document plain = test::tree("<message><body>x</body></message>");
    const xml::Document own = test::tree("<message xml:lang='fr'><body>x</body></message>");
    const xml::Document nonza = test::tree("<enable xmlns='urn:xmpp:sm:3'/>");
    QVERIFY(encoder.element(message, plain.root()).ok());
    QVERIFY(encoder.element(message, own.root()).ok());
    QVERIFY(encoder.element(message, nonza.root()).ok());
    std::string_view rest = message;
    QVERIFY(decoder.next(rest).ok());
    const auto first = decoder.next(rest);
    QCOMPARE(bytes(std::get<xml::Stanza>(**first).bytes),
             QByteArray("<message xml:lang='de'><body>x</body></message>"));
    const auto second = decoder.next(rest);
    QCOMPARE(bytes(std::get<xml::Stanza>(**second).bytes),
             QByteArray("<message xml:lang='fr'><body>x</body></message>"));
    const auto third = decoder.next(rest);
    QVERIFY(xml::sameInfoset(std::get<xml::Nonza>(**third).root(), nonza.root()));
    QVERIFY(rest.empty());
}

void TstRoundTrip::malformedAddresses()
{
    Direction direction;
    const xml::Document bad =
        test::tree("<iq type='get' id='1' to='a@b@c' from='x@y'><ping xmlns='urn:xmpp:ping'/></iq>");
    const auto frames = direction.decode(direction.encode(bad.root()));
    QVERIFY(frames);
    const auto *malformed = std::get_if<xml::MalformedStanza>(&frames->front());
    QVERIFY(malformed);
    QCOMPARE(bytes(malformed->reason), QByteArray("the address in 'to' is not valid"));
    QCOMPARE(bytes(malformed->stanza.bytes),
             QByteArray("<iq from='x@y' id='1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>"));
    QVERIFY(malformed->stanza.to.empty());
    QCOMPARE(whatIsWrong(malformed->stanza), QByteArray());
}

void TstRoundTrip::elementsInTheXmlNamespace()
{
    const xml::Stanza odd = stanza("<message><xml:x xml:y='1'><body>z</body><i xmlns='urn:i'/></xml:x></message>");
    Direction direction;
    const auto frames = direction.decode(direction.encode(odd.root()));
    QVERIFY(frames);
    const auto &decoded = std::get<xml::Stanza>(frames->front());
    QVERIFY(xml::sameInfoset(decoded.root(), odd.root()));
    QCOMPARE(whatIsWrong(decoded), QByteArray());
}

/// A frame may name the content namespace of servers inside a stanza; it is the stanza's own.
void TstRoundTrip::contentNamespaceOfServers()
{
    Direction direction;
    // [1, null, null, null, [["jabber:server", "body"], "x"]]
    const auto frames = direction.decode(test::fromHex("8501f6f6f682826d6a61626265723a73657276657264626f64796178"));
    QVERIFY(frames);
    const auto &decoded = std::get<xml::Stanza>(frames->front());
    QCOMPARE(bytes(decoded.bytes), QByteArray("<message><body>x</body></message>"));
    QCOMPARE(whatIsWrong(decoded), QByteArray());
}

GODWIT_TEST(TstRoundTrip);
#include "tst_round_trip.moc"
