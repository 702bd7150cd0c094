// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "xml/PlainText.h"
#include "xml/XmlWriter.h"

#include <QTest>

using namespace godwit::xml;

class TstXmlWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writing();
    void escapes();
    void escapesAnywhere();
    void elements_data();
    void elements();
};

void TstXmlWriter::writing()
{
    std::string out = "kept";
    XmlWriter writer(out);
    writer.open("iq").attribute("type", "result").attributeIf("to", "").attributeIf("id", "a'b");
    writer.open("query", "urn:x").textElement("name", "a < b").textElement("none", "").text("").close();
    writer.open("empty").close();
    writer.raw("<raw/>").close();
    QCOMPARE(QByteArray::fromStdString(out), "kept<iq type='result' id='a&apos;b'><query xmlns='urn:x'>"
                                             "<name>a &lt; b</name></query><empty/><raw/></iq>");
}

void TstXmlWriter::escapes()
{
    using namespace std::string_literals;
    const std::string all = "a&<>\"'\t\n\r\x01\x00\x1f\xef\xbf\xbe\xef\xbf\xbf\xef\xbb\xbf\xc3\xa9z"s;
    std::string text;
    appendEscapedText(text, all);
    QCOMPARE(QByteArray::fromStdString(text), "a&amp;&lt;&gt;\"'\t\n&#13;\xef\xbb\xbf\xc3\xa9z");
    std::string attribute;
    appendEscapedAttribute(attribute, all);
    QCOMPARE(QByteArray::fromStdString(attribute), "a&amp;&lt;&gt;&quot;&apos;&#9;&#10;&#13;\xef\xbb\xbf\xc3\xa9z");
}

/// Text is looked at in words of eight bytes; a character is found wherever in them it stands.
void TstXmlWriter::escapesAnywhere()
{
    struct Row {
        std::string_view letter, inText, inAttribute;
    };
    constexpr Row rows[] = {
        {"&", "&amp;", "&amp;"},
        {"<", "&lt;", "&lt;"},
        {">", "&gt;", "&gt;"},
        {"'", "'", "&apos;"},
        {"\"", "\"", "&quot;"},
        {"\t", "\t", "&#9;"},
        {"\n", "\n", "&#10;"},
        {"\x1f", "", ""},
        {"\x7f", "\x7f", "\x7f"},
        {" ", " ", " "},
        {"%", "%", "%"},
        {"=", "=", "="},
        {"\xc3\xa9", "\xc3\xa9", "\xc3\xa9"},
        {"\xef\xbf\xbe", "", ""},
    };
    for (std::size_t size = 0; size < 36; ++size) {
        for (std::size_t at = 0; at <= size; ++at) {
            for (const Row &row : rows) {
                const std::string front(at, 'f');
                const std::string back(size - at, '(');
                std::string source = front;
                source.append(row.letter).append(back);
                std::string text;
                appendEscapedText(text, source);
                QCOMPARE(QByteArray::fromStdString(text),
                         QByteArray::fromStdString(std::string(front).append(row.inText).append(back)));
                std::string attribute;
                appendEscapedAttribute(attribute, source);
                QCOMPARE(QByteArray::fromStdString(attribute),
                         QByteArray::fromStdString(std::string(front).append(row.inAttribute).append(back)));
                // What is copied in one go is what needs no escape; text beyond ASCII is left to the slow way.
                char copy[64];
                const bool isPlain = row.inAttribute == row.letter && row.letter.size() == 1 && row.letter != "\x7f";
                QCOMPARE(copyPlain(copy, source) || row.letter == "\x7f", isPlain || row.letter == "\x7f");
                QVERIFY(!isPlain || std::string_view(copy, source.size()) == source);
                QCOMPARE(godwit::xml::isPlain(source) || row.letter == "\x7f", isPlain || row.letter == "\x7f");
            }
        }
    }
}

void TstXmlWriter::elements_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QByteArray>("written");
    const auto row = [](const char *name, const char *source, const char *written) {
        QTest::newRow(name) << QByteArray(source) << QByteArray(written);
    };
    row("plain", "<a x='1'>t<b/>u</a>", "<a x='1'>t<b/>u</a>");
    row("namespace changes", "<a><b xmlns='urn:b'><c/><d xmlns=''/></b></a>",
        "<a><b xmlns='urn:b'><c/><d xmlns=''/></b></a>");
    row("prefixes go", "<p:a xmlns:p='urn:p'><p:b/><c/></p:a>", "<a xmlns='urn:p'><b/><c xmlns='jabber:client'/></a>");
    row("prefixed attributes stay", "<a xmlns:p='urn:p' p:x='1' p:y='2'/>", "<a xmlns:p='urn:p' p:x='1' p:y='2'/>");
    row("xml attributes need no declaration", "<a xml:lang='de'/>", "<a xml:lang='de'/>");
    row("two namespaces in attributes", "<a xmlns:p='urn:p' xmlns:q='urn:q' p:x='1' q:x='2'/>",
        "<a xmlns:p='urn:p' p:x='1' xmlns:q='urn:q' q:x='2'/>");
    row("everything escaped", "<a x='&lt;&#10;'>&lt;&#13;</a>", "<a x='&lt;&#10;'>&lt;&#13;</a>");
}

void TstXmlWriter::elements()
{
    QFETCH(QByteArray, source);
    Document document;
    QVERIFY(parseDocument(source.toStdString(), "jabber:client", document));
    std::string out;
    XmlWriter(out).element(document.root(), "jabber:client").element(ElementView(), "jabber:client");
    QTEST(QByteArray::fromStdString(out), "written");
    Document again;
    QVERIFY(parseDocument(out, "jabber:client", again));
    QVERIFY(sameInfoset(again.root(), document.root()));
}

GODWIT_TEST(TstXmlWriter);
#include "tst_xml_writer.moc"
