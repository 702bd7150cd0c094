// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "xml/Stanza.h"

#include <QTest>

using namespace godwit;
using namespace godwit::xml;

namespace
{

QByteArray bytes(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

Stanza parsed(std::string_view text)
{
    base::Result<Stanza> stanza = parseStanza(text);
    if (!stanza) {
        qFatal("%s", stanza.error().text().c_str());
    }
    return std::move(stanza).value();
}

} // namespace

class TstStanza : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void types_data();
    void types();
    void fields();
    void stamped();
    void stampedAway();
    void childRemoved();
    void appended();
    void refused_data();
    void refused();
    void grownSinceItCameIn();
};

void TstStanza::types_data()
{
    QTest::addColumn<QByteArray>("stanza");
    QTest::addColumn<StanzaType>("type");
    QTest::addColumn<bool>("isRequest");
    const auto row = [](const char *stanza, StanzaType type, bool isRequest = false) {
        QTest::newRow(stanza) << QByteArray(stanza) << type << isRequest;
    };
    row("<message/>", StanzaType::Normal);
    row("<message type='normal'/>", StanzaType::Normal);
    row("<message type='nonsense'/>", StanzaType::Normal);
    row("<message type='subscribe'/>", StanzaType::Normal);
    row("<message type='chat'/>", StanzaType::Chat);
    row("<message type='groupchat'/>", StanzaType::Groupchat);
    row("<message type='headline'/>", StanzaType::Headline);
    row("<message type='error'/>", StanzaType::Error);
    row("<presence/>", StanzaType::Available);
    row("<presence type=''/>", StanzaType::Available);
    row("<presence type='available'/>", StanzaType::Unknown);
    row("<presence type='chat'/>", StanzaType::Unknown);
    row("<presence type='unavailable'/>", StanzaType::Unavailable);
    row("<presence type='subscribe'/>", StanzaType::Subscribe);
    row("<presence type='subscribed'/>", StanzaType::Subscribed);
    row("<presence type='unsubscribe'/>", StanzaType::Unsubscribe);
    row("<presence type='unsubscribed'/>", StanzaType::Unsubscribed);
    row("<presence type='probe'/>", StanzaType::Probe);
    row("<presence type='error'/>", StanzaType::Error);
    row("<iq type='get'/>", StanzaType::Get, true);
    row("<iq type='set'/>", StanzaType::Set, true);
    row("<iq type='result'/>", StanzaType::Result);
    row("<iq type='error'/>", StanzaType::Error);
    row("<iq/>", StanzaType::Unknown);
    row("<iq type='chat'/>", StanzaType::Unknown);
}

void TstStanza::types()
{
    QFETCH(QByteArray, stanza);
    const Stanza read = parsed(stanza.toStdString());
    QTEST(read.type, "type");
    QTEST(read.isRequest(), "isRequest");
    if (!typeName(read.type).empty()) {
        QCOMPARE(bytes(read.root().attribute("type")), bytes(typeName(read.type)));
    }
}

void TstStanza::fields()
{
    const Stanza stanza = parsed("<iq id='1' to='A@B/c' type='get' x='y' from='d'><q xmlns='urn:q'/></iq>");
    QCOMPARE(bytes(stanza.bytes), "<iq from='d' to='a@b/c' id='1' type='get' x='y'><q xmlns='urn:q'/></iq>");
    QCOMPARE(bytes(stanza.id), "1");
    QCOMPARE(bytes(stanza.to.text()), "a@b/c");
    QCOMPARE(bytes(stanza.from.text()), "d");
    QVERIFY(stanza.payload().is("q", "urn:q"));
    QCOMPARE(bytes(stanza.root().attribute("to")), "a@b/c");
}

void TstStanza::stamped()
{
    for (const char *text :
         {"<message to='a@b' id='1'><body>x</body></message>",
          "<message from='forged@evil' to='a@b' id='1'><body>x</body></message>",
          "<message from='someone@with.a.long.name/and-resource' to='a@b' id='1'><body>x</body></message>"}) {
        Stanza stanza = parsed(text);
        stanza.from = *jid::Jid::parse("me@here/it's me");
        restamp(stanza);
        QCOMPARE(bytes(stanza.bytes), "<message from='me@here/it&apos;s me' to='a@b' id='1'><body>x</body></message>");
        QCOMPARE(bytes(stanza.root().attribute("from")), "me@here/it's me");
        const Document::Node &body = stanza.tree.node(stanza.root().child().index());
        QCOMPARE(bytes(stanza.bytes.substr(body.rawBegin, body.rawEnd - body.rawBegin)), "<body>x</body>");
        const Document::Node &root = stanza.tree.node(0);
        QCOMPARE(root.rawBegin, 0u);
        QCOMPARE(root.rawEnd, static_cast<std::uint32_t>(stanza.bytes.size()));
    }
}

void TstStanza::stampedAway()
{
    Stanza stanza = parsed("<presence from='a@b' to='c@d' id='1' k='v'/>");
    stanza.from = jid::Jid();
    stanza.to = jid::Jid();
    restamp(stanza);
    QCOMPARE(bytes(stanza.bytes), "<presence id='1' k='v'></presence>");
    QVERIFY(!stanza.root().hasAttribute("from"));
    QCOMPARE(bytes(stanza.root().attribute("k")), "v");
}

void TstStanza::childRemoved()
{
    Stanza stanza =
        parsed("<message>a<x xmlns='urn:x' i='1'/>b<x xmlns='urn:x' i='2'><y/></x><body>c</body></message>");
    ElementView child = stanza.root().child("x", "urn:x");
    while (child) {
        const ElementView next = child.next("x", "urn:x");
        removeChild(stanza, child);
        child = next;
    }
    QCOMPARE(bytes(stanza.bytes), "<message>ab<body>c</body></message>");
    QVERIFY(stanza.root().child().is("body", "jabber:client"));
    QVERIFY(sameInfoset(stanza.root(), parsed(stanza.bytes).root()));
}

void TstStanza::appended()
{
    for (const char *text : {"<message/>", "<presence></presence >", "<iq><a/></iq>"}) {
        Stanza stanza = parsed(text);
        stanza.bytes.insert(endTagOffset(stanza.bytes, stanza.kind), "<new/>");
        const Stanza again = parsed(stanza.bytes);
        QVERIFY(again.root().child("new", "jabber:client"));
    }
}

void TstStanza::refused_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", "hello", "<message>", "<message/><message/>", "<message/> ", "<other/>",
                             "<message xmlns='urn:x'/>", "<message to='@'/>", "<message from=''/>"}) {
        QTest::newRow(*text ? text : "empty") << QByteArray(text);
    }
}

void TstStanza::refused()
{
    QFETCH(QByteArray, text);
    const base::Result<Stanza> stanza = parseStanza(text.toStdString());
    QVERIFY(!stanza);
    QCOMPARE(stanza.error().code(), base::ErrorCode::InvalidInput);
}

/// More than any stream may be configured to let in, for it was let in by one and something was put around it.
void TstStanza::grownSinceItCameIn()
{
    std::string deep = "<message>";
    for (int level = 0; level < 1'010; ++level) {
        deep += "<a xmlns='urn:x'>";
    }
    for (int level = 0; level < 1'010; ++level) {
        deep += "</a>";
    }
    QVERIFY(parseStanza(deep + "</message>"));
    std::string quotes;
    quotes.resize(20'000'000, '"');
    QCOMPARE(parsed("<iq type='get' id='" + quotes + "'><a xmlns='urn:x'/></iq>").id.size(), quotes.size());
}

GODWIT_TEST(TstStanza);
#include "tst_stanza.moc"
