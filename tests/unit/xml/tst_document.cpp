// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "xml/Document.h"
#include "xml/DocumentBuilder.h"

#include <QTest>

using namespace godwit::xml;

namespace
{

QByteArray bytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

Document parsed(std::string_view text)
{
    Document document;
    if (!parseDocument(text, "jabber:client", document)) {
        qFatal("not a document: %s", bytes(text).constData());
    }
    return document;
}

} // namespace

class TstDocument : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reading();
    void nothing();
    void ranges();
    void built();
    void written();
    void same_data();
    void same();
    void refused_data();
    void refused();
};

void TstDocument::reading()
{
    const Document document =
        parsed("<a x='1' xml:lang='de'>one<b xmlns='urn:b'>two</b>three<c/><b xmlns='urn:b' n='2'/></a>");
    const ElementView root = document.root();
    QVERIFY(root.is("a", "jabber:client"));
    QCOMPARE(bytes(root.attribute("x")), "1");
    QCOMPARE(bytes(root.attribute("lang")), "");
    QCOMPARE(bytes(root.attribute("lang", xmlNamespace)), "de");
    QVERIFY(root.hasAttribute("x"));
    QVERIFY(!root.hasAttribute("lang"));
    QCOMPARE(bytes(root.text()), "onethree");
    QVERIFY(root.hasText());
    QVERIFY(root.child().is("b", "urn:b"));
    QVERIFY(root.child("c", "jabber:client"));
    QVERIFY(!root.child("c", "urn:b"));
    QVERIFY(root.childInNamespace("urn:b"));
    QCOMPARE(bytes(root.child().next("b", "urn:b").attribute("n")), "2");
    QVERIFY(!root.child("c", "jabber:client").hasText());
}

/// "No element" answers every question with nothing.
void TstDocument::nothing()
{
    const ElementView none = Document().root();
    QVERIFY(!none);
    QVERIFY(none.name().empty() && none.ns().empty() && none.text().empty() && none.attribute("a").empty());
    QVERIFY(!none.hasAttribute("a") && !none.hasText() && !none.is("", ""));
    QVERIFY(!none.child() && !none.next() && !none.child("a", "b").child("c", "d").next("e", "f"));
    QVERIFY(none.attribute("a", "b").empty() && !none.childInNamespace("x"));
    for (const ElementView element : godwit::xml::children(none)) {
        QFAIL(element.name().data());
    }
}

void TstDocument::ranges()
{
    const Document document = parsed("<a>x<b/>y<c/>z<d/></a>");
    QByteArray names;
    for (const ElementView element : godwit::xml::children(document.root())) {
        names += bytes(element.name());
    }
    QCOMPARE(names, "bcd");
}

void TstDocument::built()
{
    DocumentBuilder builder;
    for (int round = 0; round < 2; ++round) {
        builder.clear();
        builder.open("a", "jabber:client");
        builder.attribute("x", "1");
        builder.characters("one");
        builder.characters("");
        builder.open("b", "urn:b");
        builder.characters("tw");
        builder.characters("o");
        builder.close();
        builder.characters("three");
        builder.close();
        QCOMPARE(builder.depth(), 0u);
        const Document expected = parsed("<a x='1'>one<b xmlns='urn:b'>two</b>three</a>");
        QVERIFY(sameInfoset(builder.document().root(), expected.root()));
        QCOMPARE(builder.copy().nodeCount(), expected.nodeCount());
    }
}

/// A document whose text is something written, with what that says in another way behind it.
void TstDocument::written()
{
    DocumentBuilder builder;
    for (int round = 0; round < 2; ++round) {
        builder.clear();
        const auto ns = builder.store("urn:a");
        const auto tag = builder.store("<a x='&lt;' y='2'>");
        const auto part = [&](std::uint32_t at, std::uint32_t size) {
            return DocumentBuilder::Span{tag.begin + at, size};
        };
        builder.open(part(1, 1), ns, {});
        builder.attribute(part(3, 1), {}, {}, builder.storeBehind("<"));
        builder.attribute(part(12, 1), {}, {}, part(15, 1));
        QCOMPARE(bytes(builder.text(builder.document().attribute(0).value)), "<");
        // Plain, escaped, plain, escaped twice, plain: one text node.
        builder.characters(builder.store("one"));
        builder.characters(builder.storeBehind("&"));
        builder.characters(builder.store("two"));
        builder.characters(builder.storeBehind("<"));
        builder.characters(builder.storeBehind(">"));
        builder.characters(builder.store("three"));
        builder.open(part(1, 1), ns, {});
        builder.close();
        builder.characters(builder.storeBehind("'"));
        builder.close();
        builder.finish();
        const Document expected = parsed("<a xmlns='urn:a' x='&lt;' y='2'>one&amp;two&lt;&gt;three<a/>'</a>");
        const Document copy = builder.copy();
        QVERIFY(sameInfoset(copy.root(), expected.root()));
        QCOMPARE(copy.nodeCount(), expected.nodeCount());
    }
    // Parts of what was written change their places.
    builder.clear();
    const auto names = builder.store("a b");
    builder.open("e", "urn:e");
    builder.attribute({names.begin, 1}, {}, {}, {});
    builder.attribute({names.begin + 2, 1}, {}, {}, {});
    builder.close();
    builder.rewrite(names.begin, "b a");
    builder.moveAttribute(0, 2);
    builder.moveAttribute(1, static_cast<std::uint32_t>(-2));
    QCOMPARE(bytes(builder.text(builder.document().attribute(0).name)), "a");
    QCOMPARE(bytes(builder.text(builder.document().attribute(1).name)), "b");
}

void TstDocument::same_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    QTest::addColumn<bool>("same");
    const auto row = [](const char *name, const char *a, const char *b, bool same) {
        QTest::newRow(name) << QByteArray(a) << QByteArray(b) << same;
    };
    row("order of attributes", "<a x='1' y='2'/>", "<a y='2' x='1'/>", true);
    row("prefixes", "<p:a xmlns:p='urn:p' p:x='1'/>", "<a xmlns='urn:p' xmlns:q='urn:p' q:x='1'/>", true);
    row("escaping", "<a>&lt;<![CDATA[&]]></a>", "<a>&#60;&amp;</a>", true);
    row("ways to be empty", "<a></a>", "<a/>", true);
    row("name", "<a/>", "<b/>", false);
    row("namespace", "<a/>", "<a xmlns='urn:x'/>", false);
    row("attribute value", "<a x='1'/>", "<a x='2'/>", false);
    row("attribute missing", "<a x='1'/>", "<a/>", false);
    row("attribute more", "<a/>", "<a x='1'/>", false);
    row("attribute namespace", "<a xmlns:p='urn:p' p:x='1'/>", "<a x='1'/>", false);
    row("text", "<a>x</a>", "<a>y</a>", false);
    row("place of text", "<a>x<b/></a>", "<a><b/>x</a>", false);
    row("order of children", "<a><b/><c/></a>", "<a><c/><b/></a>", false);
    row("child more", "<a><b/></a>", "<a><b/><b/></a>", false);
    row("level", "<a><b><c/></b></a>", "<a><b/><c/></a>", false);
    row("white space", "<a> <b/></a>", "<a><b/></a>", false);
}

void TstDocument::same()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    const Document left = parsed(a.toStdString());
    const Document right = parsed(b.toStdString());
    QTEST(sameInfoset(left.root(), right.root()), "same");
    QTEST(sameInfoset(right.root(), left.root()), "same");
    QVERIFY(!sameInfoset(left.root(), ElementView()));
}

void TstDocument::refused_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", " ", "a", "<a>", "<a/><b/>", "<a/> ", " <a/>", "</a>", "<?xml version='1.0'?><a/>",
                             "<!-- x --><a/>", "<a>&x;</a>", "<p:a/>", "<a></b>"}) {
        QTest::newRow(*text ? text : "empty") << QByteArray(text);
    }
}

void TstDocument::refused()
{
    QFETCH(QByteArray, text);
    Document document = parsed("<kept/>");
    QVERIFY(!parseDocument(text.toStdString(), "jabber:client", document));
    QVERIFY(document.root().is("kept", "jabber:client"));
}

GODWIT_TEST(TstDocument);
#include "tst_document.moc"
