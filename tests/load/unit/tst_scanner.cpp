// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "generator/Scanner.h"

#include "UnitTest.h"

#include <QTest>

#include <string>
#include <vector>

using godwit::load::Piece;
using godwit::load::Scanner;

namespace
{

struct Found {
    Piece piece;
    std::string text;
    bool operator==(const Found &) const = default;
};

/// What comes out when the text arrives in pieces of so many bytes; `ok` says whether it was believed.
std::vector<Found> scanned(std::string_view text, std::size_t step, bool &ok)
{
    std::vector<Found> found;
    Scanner scanner;
    ok = true;
    for (std::size_t i = 0; i < text.size() && ok; i += step) {
        ok = scanner.feed(text.substr(i, step), [&](Piece piece, std::string_view piecesText) {
            found.push_back({piece, std::string(piecesText)});
            return true;
        });
    }
    return found;
}

} // namespace

class TstScanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void piecesDoNotDependOnChunks();
    void brokenStreams_data();
    void brokenStreams();
    void sinkCanStop();
    void attributes_data();
    void attributes();
    void descendantsAndText();
    void escapesRoundTrip();
};

void TstScanner::piecesDoNotDependOnChunks()
{
    const std::string header = "<stream:stream xmlns='jabber:client' id='a>b'>";
    const std::vector<std::string> elements{
        "<stream:features><mechanisms><mechanism>PLAIN</mechanism></mechanisms></stream:features>",
        "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        "<message id=\"it's\"><body>1 > 0 &lt; \xc3\xa4</body><a><a/></a></message>",
        "<x><![CDATA[</x><y>]]></x>",
    };
    std::string text = "<?xml version='1.0'?>" + header;
    std::vector<Found> expected{{Piece::StreamOpen, header}};
    for (const std::string &element : elements) {
        text += " \n" + element;
        expected.push_back({Piece::Element, element});
    }
    text += header + "</stream:stream>";
    expected.push_back({Piece::StreamOpen, header});
    expected.push_back({Piece::StreamClose, "</stream:stream>"});
    for (std::size_t step = 1; step <= text.size(); ++step) {
        bool ok = false;
        const std::vector<Found> found = scanned(text, step, ok);
        QVERIFY(ok);
        QVERIFY2(found == expected, qPrintable(QString::number(step)));
    }
}

void TstScanner::brokenStreams_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("unknown declaration") << QByteArray("<!DOCTYPE x>");
    QTest::newRow("element without end") << QByteArray("<a>") +
                                                QByteArray(static_cast<qsizetype>(Scanner::elementBytesMax) + 1, 'x');
}

void TstScanner::brokenStreams()
{
    QFETCH(const QByteArray, text);
    bool ok = true;
    const auto found = scanned({text.constData(), static_cast<std::size_t>(text.size())}, 1U << 20, ok);
    QVERIFY(!ok);
    QVERIFY(found.empty());
}

void TstScanner::sinkCanStop()
{
    Scanner scanner;
    int calls = 0;
    QVERIFY(scanner.feed("<a/><b/>", [&](Piece, std::string_view) { return ++calls < 1; }));
    QCOMPARE(calls, 1);
    // It starts afresh, as for a new connection.
    QVERIFY(scanner.feed("<c/>", [&](Piece, std::string_view text) { return text == "<c/>" && ++calls > 0; }));
    QCOMPARE(calls, 2);
}

void TstScanner::attributes_data()
{
    QTest::addColumn<QByteArray>("element");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("single quotes") << QByteArray("<a id='1'/>") << QByteArray("1");
    QTest::newRow("double quotes") << QByteArray("<a id=\"1\">") << QByteArray("1");
    QTest::newRow("behind others") << QByteArray("<a xid='0' to='x id=\"2\"' id='1'>") << QByteArray("1");
    QTest::newRow("newline between") << QByteArray("<a to='x'\n id='1'/>") << QByteArray("1");
    QTest::newRow("empty") << QByteArray("<a id=''/>") << QByteArray();
    QTest::newRow("absent") << QByteArray("<a><b id='1'/></a>") << QByteArray();
    QTest::newRow("none at all") << QByteArray("<a/>") << QByteArray();
    QTest::newRow("cut off") << QByteArray("<a id='1") << QByteArray();
}

void TstScanner::attributes()
{
    QFETCH(const QByteArray, element);
    QFETCH(const QByteArray, value);
    const std::string_view found =
        godwit::load::attribute({element.constData(), static_cast<std::size_t>(element.size())}, "id");
    QCOMPARE(QByteArray(found.data(), static_cast<qsizetype>(found.size())), value);
}

void TstScanner::descendantsAndText()
{
    const std::string_view element = "<m><bodyless/><body>hi</body><x/></m>";
    QVERIFY(godwit::load::textOf(godwit::load::descendant(element, "body")) == "hi");
    QVERIFY(godwit::load::textOf(godwit::load::descendant(element, "x")).empty());
    QVERIFY(godwit::load::descendant(element, "m").empty());
    QVERIFY(godwit::load::elementName(element) == "m");
    QVERIFY(godwit::load::elementName("text").empty());
}

void TstScanner::escapesRoundTrip()
{
    const std::string text = "a<b>&amp;'\"\xc3\xa4";
    QVERIFY(godwit::load::unescape(godwit::load::escape(text)) == text);
    QVERIFY(godwit::load::escape("<&>") == "&lt;&amp;&gt;");
}

GODWIT_TEST(TstScanner);
#include "tst_scanner.moc"
