// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Recorder.h"
#include "UnitTest.h"

#include "wire/XmlWire.h"

#include <QTest>

using namespace godwit;
using test::Events;
using test::Recorder;

namespace
{

const std::string header = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                           "xmlns:stream='http://etherx.jabber.org/streams' to='example.com' version='1.0'>";

} // namespace

class TstXmlWire : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesAStream()
    {
        xml::ParserPool pool;
        wire::XmlWire wire(pool);
        std::string out;
        xml::StreamHeader opening;
        opening.from = "example.com";
        opening.to = "o'hara@example.com";
        opening.id = "x1";
        opening.version = "1.0";
        opening.language = "en";
        wire.open(out, opening);
        wire.streamElement(out, {"features", "<a xmlns='b'/>"});
        wire.stanza(out, {"<message>", "<stanza-id xmlns='urn:xmpp:sid:0'/>", "</message>"});
        wire.nonza(out, {"<r xmlns='urn:xmpp:sm:3'/>"});
        wire.whitespace(out);
        wire.close(out);
        QCOMPARE(out, std::string("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                                  "xmlns:stream='http://etherx.jabber.org/streams' from='example.com' "
                                  "to='o&apos;hara@example.com' id='x1' version='1.0' xml:lang='en'>"
                                  "<stream:features><a xmlns='b'/></stream:features>"
                                  "<message><stanza-id xmlns='urn:xmpp:sid:0'/></message>"
                                  "<r xmlns='urn:xmpp:sm:3'/> </stream:stream>"));
    }

    void emptyFieldsOfTheHeaderAreLeftOut()
    {
        xml::ParserPool pool;
        wire::XmlWire wire(pool);
        std::string out = "before";
        wire.open(out, {});
        QCOMPARE(out, std::string("before<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                                  "xmlns:stream='http://etherx.jabber.org/streams'>"));
    }

    void readsWhatAnotherWrote()
    {
        xml::ParserPool pool;
        wire::XmlWire writing(pool);
        wire::XmlWire reading(pool);
        std::string bytes;
        xml::StreamHeader opening;
        opening.to = "example.com";
        opening.version = "1.0";
        writing.open(bytes, opening);
        writing.stanza(bytes, {"<presence>", "</presence>"});
        writing.nonza(bytes, {"<r xmlns='urn:xmpp:sm:3'/>"});
        writing.close(bytes);
        const Events expected{"open example.com", "<presence></presence>", "nonza r", "close"};
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            wire::XmlWire wire(pool);
            Recorder recorder;
            wire.feed(std::string_view(bytes).substr(0, cut), recorder);
            wire.feed(std::string_view(bytes).substr(cut), recorder);
            QCOMPARE(recorder.events, expected);
        }
    }

    void stopsAndRestarts()
    {
        xml::ParserPool pool;
        wire::XmlWire wire(pool);
        Recorder recorder;
        recorder.stopAfterNonza = &wire;
        wire.feed(header + "<r xmlns='urn:xmpp:sm:3'/>" + header + "<a xmlns='x'/>behind", recorder);
        QCOMPARE(recorder.events, (Events{"open example.com", "nonza r"}));
        const std::string rest = wire.takeRest();
        QCOMPARE(rest, header + "<a xmlns='x'/>behind");
        wire.restart();
        wire.feed(rest, recorder);
        QCOMPARE(recorder.events, (Events{"open example.com", "nonza r", "open example.com", "nonza a"}));
        QCOMPARE(wire.takeRest(), std::string("behind"));
    }

    void movesWithAnUnfinishedElement()
    {
        xml::ParserPool here;
        xml::ParserPool there;
        wire::XmlWire wire(here);
        Recorder recorder;
        wire.feed(header + "<presence", recorder);
        QVERIFY(wire.heldBytes() > 0);
        wire.moveTo(there);
        wire.feed("/>", recorder);
        QCOMPARE(recorder.events, (Events{"open example.com", "<presence></presence>"}));
        QCOMPARE(wire.heldBytes(), std::size_t(0));
    }

    void limitsHold()
    {
        xml::ParserPool pool;
        wire::XmlWire wire(pool);
        xml::XmlLimits limits;
        limits.stanzaBytesMax = 300;
        wire.setLimits(&limits);
        Recorder recorder;
        wire.feed(header + "<message><body>" + std::string(400, 'x'), recorder);
        QCOMPARE(recorder.events, (Events{"open example.com", test::fault(xml::XmlFault::TooLarge)}));
    }

    void isSmall() { QVERIFY(sizeof(wire::XmlWire) <= 16); }
};

GODWIT_TEST(TstXmlWire);
#include "tst_xmlwire.moc"
