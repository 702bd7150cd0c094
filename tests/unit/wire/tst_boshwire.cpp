// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "wire/BoshWire.h"

#include <QTest>

using namespace godwit;
using namespace std::string_literals;

class TstBoshWire : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesWhatStandsInABody();
    void tellsTheCondition_data();
    void tellsTheCondition();
};

void TstBoshWire::writesWhatStandsInABody()
{
    xml::ParserPool pool;
    wire::BoshWire wire(pool);
    std::string out;
    xml::StreamHeader header;
    header.id = "x1";
    wire.open(out, header);
    QCOMPARE(out, ""s);
    QCOMPARE(wire.streamId(), "x1"s);
    wire.streamElement(out, {"features", "<a xmlns='b'/>"});
    wire.stanza(out, {"<message to='a'>", "</message>"});
    const std::size_t from = out.size();
    out += "<iq></iq>";
    wire.sealStanza(out, from);
    wire.nonza(out, {"<r xmlns='urn:xmpp:sm:3'/>"});
    wire.whitespace(out);
    wire.close(out);
    QCOMPARE(out, "<stream:features xmlns:stream='http://etherx.jabber.org/streams'><a xmlns='b'/></stream:features>"
                  "<message xmlns='jabber:client' to='a'></message><iq xmlns='jabber:client'></iq>"
                  "<r xmlns='urn:xmpp:sm:3'/>"s);
    QCOMPARE(wire.condition(), ""s);
    QVERIFY(!wire.canStartTls());
}

void TstBoshWire::tellsTheCondition_data()
{
    QTest::addColumn<std::string>("content");
    QTest::addColumn<std::string>("condition");
    QTest::newRow("one that BOSH knows") << "<host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"s
                                         << "host-unknown"s;
    QTest::newRow("with more behind it") << "<system-shutdown xmlns='x'/><text xmlns='x'>a</text>"s
                                         << "system-shutdown"s;
    QTest::newRow("one of streams") << "<not-authorized xmlns='x'/>"s << "remote-stream-error"s;
    QTest::newRow("none") << ""s << "remote-stream-error"s;
}

void TstBoshWire::tellsTheCondition()
{
    QFETCH(std::string, content);
    QFETCH(std::string, condition);
    xml::ParserPool pool;
    wire::BoshWire wire(pool);
    std::string out;
    wire.streamElement(out, {"error", content});
    QCOMPARE(wire.condition(), condition);
}

GODWIT_TEST(TstBoshWire);
#include "tst_boshwire.moc"
