// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What the short way reads is what the parser reads; what it does not understand it leaves to the parser.

#include "Corpus.h"
#include "Generator.h"
#include "Support.h"
#include "UnitTest.h"

#include "compact/KeptReader.h"
#include "xml/NamespaceSet.h"

#include <QTest>

using namespace godwit;
using namespace godwit::compact;
using godwit::test::bytes;
using godwit::test::view;

namespace
{

enum class Outcome { Same, LeftAlone, Different };

Outcome outcome(std::string_view kept)
{
    xml::DocumentBuilder builder;
    xml::Document parsed;
    const bool isGood = xml::parseDocument(kept, xml::contentNamespace, parsed);
    if (!KeptReader(builder).read(kept, xml::contentNamespace)) {
        return Outcome::LeftAlone;
    }
    const bool isSame = isGood && xml::sameInfoset(builder.document().root(), parsed.root());
    return isSame ? Outcome::Same : Outcome::Different;
}

} // namespace

class TstKeptReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void corpus();
    void generated();
    void read_data();
    void read();
    void written();
    void notWellFormed();
};

void TstKeptReader::corpus()
{
    int same = 0;
    int leftAlone = 0;
    for (const test::CorpusItem &item : test::corpus(QStringLiteral("stanzas"))) {
        const Outcome found = outcome(xml::parseStanza(view(item.bytes))->bytes);
        QVERIFY2(found != Outcome::Different, item.name.constData());
        ++(found == Outcome::Same ? same : leftAlone);
    }
    // Ordinary stanzas go the short way.
    QVERIFY(same > 2 * leftAlone);
    QVERIFY(leftAlone > 0);
}

void TstKeptReader::generated()
{
    int same = 0;
    for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
        const std::string kept = xml::parseStanza(test::generateStanza(seed))->bytes;
        const Outcome found = outcome(kept);
        QVERIFY2(found != Outcome::Different, bytes(kept).constData());
        same += found == Outcome::Same ? 1 : 0;
    }
    QVERIFY(same > 50);
}

void TstKeptReader::read_data()
{
    QTest::addColumn<QByteArray>("kept");
    QTest::addColumn<bool>("isRead");
    const auto row = [](const char *name, const char *kept, bool isRead) {
        QTest::newRow(name) << QByteArray(kept) << isRead;
    };
    row("empty element", "<message></message>", true);
    row("closed at once", "<message/>", true);
    row("references", "<message id='&lt;&#65;&amp;&#x1F426;'>&gt;&apos;x&quot;&#233;&#xFFFD;</message>", true);
    row("both quotes", "<message id='\"' type=\"'\"></message>", true);
    row("language", "<message xml:lang='en'><body xml:lang='de'>x</body></message>", true);
    row("namespaces", "<message><x xmlns='urn:a'><y/><z xmlns='urn:b'><w/></z><v/></x><u/></message>", true);
    row("namespace with a reference", "<message><x xmlns='urn:a&amp;b'/></message>", true);
    row("white space in tags", "<message  id = '1' ><body >x</body ></message >", true);
    row("mixed content", "<message>a<b/>c<d>e</d>f</message>", true);
    row("line breaks in text", "<message>a\nb\tc</message>", true);
    row("default namespace undone", "<message><x xmlns=''><y/></x></message>", true);
    row("a prefix", "<message><p:x xmlns:p='urn:p'/></message>", false);
    row("a prefix declared only", "<message xmlns:p='urn:p'/>", false);
    row("an attribute with a prefix", "<message xml:space='preserve'/>", false);
    row("CDATA", "<message><![CDATA[x]]></message>", false);
    row("carriage return", "<message>a\r\nb</message>", false);
    row("line break in an attribute", "<message id='a\nb'/>", false);
    row("tab in an attribute", "<message id='a\tb'/>", false);
    row("unknown reference", "<message>&nbsp;</message>", false);
    row("reference without end", "<message>&amp</message>", false);
    row("reference to nothing", "<message>&#0;</message>", false);
    row("unknown reference in an attribute", "<message id='a&nbsp;'/>", false);
    row("comment", "<message><!-- x --></message>", false);
    row("declaration", "<?xml version='1.0'?><message/>", false);
    row("two elements", "<message/><message/>", false);
    row("text around", "<message/>x", false);
    row("another end tag", "<message><x></y></message>", false);
    row("no end", "<message><x>", false);
    row("cut in a tag", "<message id='1", false);
    row("cut behind a name", "<message", false);
    row("attribute without value", "<message id></message>", false);
    row("nothing", "", false);
    row("one letter", "<", false);
}

void TstKeptReader::read()
{
    QFETCH(QByteArray, kept);
    QFETCH(bool, isRead);
    QVERIFY(outcome(view(kept)) == (isRead ? Outcome::Same : Outcome::LeftAlone));
}

/// Either way the same frames come out.
void TstKeptReader::written()
{
    Exchange exchange;
    Encoder fromTrees(exchange);
    Encoder fromBytes(exchange);
    for (const test::CorpusItem &item : test::corpus(QStringLiteral("stanzas"))) {
        const xml::Stanza stanza = *xml::parseStanza(view(item.bytes));
        std::string one;
        std::string other;
        QVERIFY(fromTrees.element(one, stanza.root()).ok());
        QVERIFY(fromBytes.written(other, stanza.bytes).ok());
        // The short way reads attributes in the order of the bytes; frames do not know it but for unknown ones.
        QCOMPARE(other.size(), one.size());
    }
}

void TstKeptReader::notWellFormed()
{
    Exchange exchange;
    Encoder encoder(exchange);
    std::string out;
    const auto result = encoder.written(out, "<message><x></message>");
    QVERIFY(!result && result.error().code() == base::ErrorCode::InvalidInput);
    QVERIFY(out.empty());
    QVERIFY(encoder.written(out, "<message/>").ok());
}

GODWIT_TEST(TstKeptReader);
#include "tst_kept_reader.moc"
