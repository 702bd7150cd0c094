// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Every stanza of the corpus and a few thousand generated ones through the parser, in every way it can come in, and
// back. What is kept of a stanza says what the stanza said, wherever it is put.

#include "Corpus.h"
#include "Generator.h"
#include "RecordingHandler.h"
#include "UnitTest.h"

#include "xml/Stanza.h"
#include "xml/StreamParser.h"

#include <QTest>

using namespace godwit;
using namespace godwit::xml;
using godwit::test::corpus;
using godwit::test::CorpusItem;
using godwit::test::RecordingHandler;

namespace
{

constexpr std::string_view clientHeader =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
    "to='example.org' version='1.0'>";
constexpr std::string_view serverHeader =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' "
    "xmlns:db='jabber:server:dialback' to='example.org' version='1.0'>";

std::string_view view(const QByteArray &bytes)
{
    return std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size()));
}

QByteArray bytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

/// What a stream of these pieces leads to.
std::vector<std::string> eventsOf(std::initializer_list<std::string_view> pieces)
{
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    RecordingHandler handler;
    for (const std::string_view piece : pieces) {
        parser.feed(piece, handler);
    }
    return handler.events;
}

std::optional<Stanza> readUnder(std::string_view header, std::string_view stanza)
{
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    RecordingHandler handler;
    parser.feed(header, handler);
    parser.feed(stanza, handler);
    if (handler.stanzas.size() != 1 || handler.fault) {
        return std::nullopt;
    }
    return std::move(handler.stanzas.front());
}

/// The start tag of kept bytes, and the end tag: what stands around the children.
std::string around(const Stanza &stanza, std::string_view child)
{
    const std::string startTag = stanza.bytes.substr(0, stanza.bytes.find('>') + 1);
    return startTag + std::string(child) + stanza.bytes.substr(endTagOffset(stanza.bytes, stanza.kind));
}

/// Empty when the stanza holds together: its bytes, parsed again, say what it says, and its offsets are right.
QByteArray whatIsWrong(const Stanza &stanza)
{
    const base::Result<Stanza> again = parseStanza(stanza.bytes);
    if (!again) {
        return "kept bytes do not parse: " + bytes(again.error().text()) + ": " + bytes(stanza.bytes);
    }
    if (again->bytes != stanza.bytes) {
        return "kept bytes change: " + bytes(stanza.bytes) + " -> " + bytes(again->bytes);
    }
    if (!sameInfoset(again->root(), stanza.root())) {
        return "the tree changes: " + bytes(stanza.bytes);
    }
    if (again->kind != stanza.kind || again->type != stanza.type || again->id != stanza.id ||
        again->from != stanza.from || again->to != stanza.to) {
        return "the fields change: " + bytes(stanza.bytes);
    }
    for (const ElementView child : children(stanza.root())) {
        const Document::Node &node = stanza.tree.node(child.index());
        const std::string_view raw = std::string_view(stanza.bytes).substr(node.rawBegin, node.rawEnd - node.rawBegin);
        const base::Result<Stanza> alone = parseStanza(around(stanza, raw));
        if (!alone || !sameInfoset(alone->root().child(), child)) {
            return "offsets are wrong: " + bytes(raw) + " in " + bytes(stanza.bytes);
        }
    }
    return {};
}

/// Empty when the stanza survives being kept, passed to a server, and cut, stamped and thinned.
QByteArray whatIsLost(std::string_view written)
{
    std::optional<Stanza> stanza = readUnder(clientHeader, written);
    if (!stanza) {
        return "not read";
    }
    if (const QByteArray wrong = whatIsWrong(*stanza); !wrong.isEmpty()) {
        return wrong;
    }
    const std::optional<Stanza> relayed = readUnder(serverHeader, stanza->bytes);
    if (!relayed || relayed->bytes != stanza->bytes || !sameInfoset(relayed->root(), stanza->root())) {
        return "not the same under jabber:server: " + bytes(stanza->bytes) + " -> " +
               (relayed ? bytes(relayed->bytes) : QByteArray());
    }
    stanza->from = *jid::Jid::parse("stamped@co.example/'res<ource' & more");
    stanza->to = jid::Jid();
    restamp(*stanza);
    if (const QByteArray wrong = whatIsWrong(*stanza); !wrong.isEmpty()) {
        return "stamped: " + wrong;
    }
    while (const ElementView child = stanza->root().child()) {
        removeChild(*stanza, child);
        if (const QByteArray wrong = whatIsWrong(*stanza); !wrong.isEmpty()) {
            return "child removed: " + wrong;
        }
    }
    return {};
}

} // namespace

class TstCorpus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void kept_data() { rows(QStringLiteral("stanzas")); }
    void kept();
    void cutAnywhere_data();
    void cutAnywhere();
    void byteByByte_data() { cutAnywhere_data(); }
    void byteByByte();
    void framed_data() { rows(QStringLiteral("stanzas")); }
    void framed();
    void malformedElements_data() { rows(QStringLiteral("malformed/elements.txt")); }
    void malformedElements();
    void malformedHeaders_data() { rows(QStringLiteral("malformed/headers.txt")); }
    void malformedHeaders();
    void generated();

private:
    void rows(const QString &where);
    static QByteArray expected();
};

void TstCorpus::rows(const QString &where)
{
    QTest::addColumn<QByteArray>("input");
    const QList<CorpusItem> items = corpus(where);
    QVERIFY(!items.isEmpty());
    for (const CorpusItem &item : items) {
        QTest::newRow(item.name.constData()) << item.bytes;
    }
}

void TstCorpus::kept()
{
    QFETCH(QByteArray, input);
    const QByteArray lost = whatIsLost(view(input));
    QVERIFY2(lost.isEmpty(), lost.constData());
}

void TstCorpus::cutAnywhere_data()
{
    QTest::addColumn<QByteArray>("input");
    for (const CorpusItem &item : corpus(QStringLiteral("streams"))) {
        QTest::newRow(item.name.constData()) << item.bytes;
    }
    for (const QString &where : {QStringLiteral("stanzas"), QStringLiteral("malformed/elements.txt")}) {
        for (const CorpusItem &item : corpus(where)) {
            QTest::newRow(item.name.constData()) << bytes(clientHeader) + item.bytes;
        }
    }
    for (const CorpusItem &item : corpus(QStringLiteral("malformed/headers.txt"))) {
        QTest::newRow(item.name.constData()) << item.bytes;
    }
}

void TstCorpus::cutAnywhere()
{
    QFETCH(QByteArray, input);
    const std::string_view whole = view(input);
    const std::vector<std::string> events = eventsOf({whole});
    for (std::size_t cut = 1; cut < whole.size(); ++cut) {
        const bool same = eventsOf({whole.substr(0, cut), whole.substr(cut)}) == events;
        QVERIFY2(same, qPrintable(QStringLiteral("cut at %1").arg(cut)));
    }
}

void TstCorpus::byteByByte()
{
    QFETCH(QByteArray, input);
    const std::string_view whole = view(input);
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    RecordingHandler handler;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        parser.feed(whole.substr(i, 1), handler);
    }
    QVERIFY(handler.events == eventsOf({whole}));
}

/// A message of a WebSocket gives the stanza that the stream gives.
void TstCorpus::framed()
{
    QFETCH(QByteArray, input);
    const std::optional<Stanza> streamed = readUnder(clientHeader, view(input));
    QVERIFY(streamed);
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Framed);
    RecordingHandler handler;
    parser.feed("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' version='1.0'/>", handler);
    std::string message = streamed->bytes;
    message.insert(1 + elementName(streamed->kind).size(), " xmlns='jabber:client'");
    parser.feed(message, handler);
    QCOMPARE(handler.stanzas.size(), 1u);
    QCOMPARE(bytes(handler.stanzas.front().bytes), bytes(streamed->bytes));
}

/// The name of the row says what is expected.
QByteArray TstCorpus::expected()
{
    const QByteArray row = QTest::currentDataTag();
    return row.split(':').at(1).trimmed();
}

void TstCorpus::malformedElements()
{
    QFETCH(QByteArray, input);
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    RecordingHandler handler;
    parser.feed(clientHeader, handler);
    parser.feed(view(input), handler);
    if (expected() == "malformed-stanza") {
        QCOMPARE(handler.malformed.size(), 1u);
        QVERIFY(!handler.malformed.front().reason.empty());
        QVERIFY(parseStanza(handler.malformed.front().stanza.bytes).ok());
        return;
    }
    QVERIFY(handler.fault);
    QCOMPARE(QByteArray(test::faultName(*handler.fault)), expected());
    QCOMPARE(parser.heldBytes(), 0u);
    const std::size_t count = handler.events.size();
    parser.feed("<presence/>", handler);
    QCOMPARE(handler.events.size(), count);
}

void TstCorpus::malformedHeaders()
{
    QFETCH(QByteArray, input);
    ParserPool pool;
    StreamParser parser(pool, StreamParser::Framing::Continuous);
    RecordingHandler handler;
    parser.feed(view(input), handler);
    QVERIFY(handler.fault);
    QCOMPARE(QByteArray(test::faultName(*handler.fault)), expected());
    QCOMPARE(handler.events.size(), 1u);
}

void TstCorpus::generated()
{
    constexpr std::uint64_t seeds = 4'000;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const std::string stanza = test::generateStanza(seed);
        const QByteArray lost = whatIsLost(stanza);
        QVERIFY2(lost.isEmpty(), (QByteArray("seed ") + QByteArray::number(static_cast<qulonglong>(seed)) + ": " +
                                  lost + "\nwritten: " + bytes(stanza))
                                     .constData());
    }
}

GODWIT_TEST(TstCorpus);
#include "tst_corpus.moc"
