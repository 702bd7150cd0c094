// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "stream/StreamManagementNonzas.h"
#include "wire/XmlWire.h"

#include <QTest>

using namespace godwit;
using namespace godwit::stream;

namespace
{

base::Result<ManagementNonza> parsed(std::string_view bytes)
{
    xml::Document document;
    if (!xml::parseDocument(bytes, "jabber:client", document) || !isStreamManagement(document.root())) {
        return base::Error(base::ErrorCode::NotFound, "not stream management");
    }
    return parseManagement(document.root());
}

template <class F>
std::string written(F &&write)
{
    xml::ParserPool pool;
    wire::XmlWire wire(pool);
    std::string out;
    write(wire, out);
    return out;
}

} // namespace

class TstStreamManagementNonzas : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAcks_data()
    {
        QTest::addColumn<QByteArray>("h");
        QTest::addColumn<bool>("good");
        QTest::addColumn<quint32>("value");
        QTest::newRow("zero") << QByteArray("0") << true << quint32(0);
        QTest::newRow("largest") << QByteArray("4294967295") << true << quint32(4294967295);
        QTest::newRow("one too large") << QByteArray("4294967296") << false << quint32(0);
        QTest::newRow("empty") << QByteArray("") << false << quint32(0);
        QTest::newRow("negative") << QByteArray("-1") << false << quint32(0);
        QTest::newRow("plus") << QByteArray("+1") << false << quint32(0);
        QTest::newRow("space") << QByteArray(" 1") << false << quint32(0);
        QTest::newRow("letters behind") << QByteArray("1x") << false << quint32(0);
        QTest::newRow("hexadecimal") << QByteArray("0x10") << false << quint32(0);
    }
    void readsAcks()
    {
        QFETCH(QByteArray, h);
        QFETCH(bool, good);
        QFETCH(quint32, value);
        const auto ack = parsed("<a xmlns='urn:xmpp:sm:3' h='" + h.toStdString() + "'/>");
        const auto resume = parsed("<resume xmlns='urn:xmpp:sm:3' previd='x' h='" + h.toStdString() + "'/>");
        QCOMPARE(ack.ok(), good);
        QCOMPARE(resume.ok(), good);
        if (good) {
            QCOMPARE(std::get<Ack>(*ack).handled, value);
            QCOMPARE(std::get<ResumeRequest>(*resume).handled, value);
            QCOMPARE(std::get<ResumeRequest>(*resume).previousId, std::string("x"));
        }
    }

    void readsTheRest()
    {
        QVERIFY(std::holds_alternative<AckRequest>(parsed("<r xmlns='urn:xmpp:sm:3'/>").value()));
        const auto plain = std::get<EnableRequest>(parsed("<enable xmlns='urn:xmpp:sm:3'/>").value());
        QVERIFY(!plain.resume && !plain.max);
        const auto full =
            std::get<EnableRequest>(parsed("<enable xmlns='urn:xmpp:sm:3' resume='true' max='120'/>").value());
        QVERIFY(full.resume);
        QVERIFY(full.max == std::chrono::seconds(120));
        QVERIFY(std::get<EnableRequest>(parsed("<enable xmlns='urn:xmpp:sm:3' resume='1' max='x'/>").value()).resume);
        QVERIFY(!parsed("<resume xmlns='urn:xmpp:sm:3' h='1'/>").ok());
        QVERIFY(!parsed("<a xmlns='urn:xmpp:sm:3'/>").ok());
        QVERIFY(!parsed("<enabled xmlns='urn:xmpp:sm:3'/>").ok());
        QVERIFY(!parsed("<a xmlns='urn:xmpp:sm:2' h='1'/>").ok());
    }

    void writes()
    {
        using W = wire::Wire;
        QCOMPARE(written([](W &w, std::string &out) { writeAckRequest(w, out); }),
                 std::string("<r xmlns='urn:xmpp:sm:3'/>"));
        QCOMPARE(written([](W &w, std::string &out) { writeAck(w, out, {4294967295}); }),
                 std::string("<a xmlns='urn:xmpp:sm:3' h='4294967295'/>"));
        QCOMPARE(written([](W &w, std::string &out) { writeEnabled(w, out, {}); }),
                 std::string("<enabled xmlns='urn:xmpp:sm:3'/>"));
        QCOMPARE(written([](W &w, std::string &out) {
                     writeEnabled(w, out, {"abc", std::chrono::seconds(300), "a.example.com:5222"});
                 }),
                 std::string("<enabled xmlns='urn:xmpp:sm:3' id='abc' resume='true' max='300' "
                             "location='a.example.com:5222'/>"));
        QCOMPARE(written([](W &w, std::string &out) { writeResumed(w, out, {"abc", 7}); }),
                 std::string("<resumed xmlns='urn:xmpp:sm:3' previd='abc' h='7'/>"));
        QCOMPARE(written([](W &w, std::string &out) { writeFailed(w, out, {StanzaCondition::ItemNotFound, 9, {}}); }),
                 std::string("<failed xmlns='urn:xmpp:sm:3' h='9'>"
                             "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"));
        QCOMPARE(written([](W &w, std::string &out) {
                     writeFailed(w, out, {StanzaCondition::UnexpectedRequest, std::nullopt, {}});
                 }),
                 std::string("<failed xmlns='urn:xmpp:sm:3'>"
                             "<unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"));
        QCOMPARE(written([](W &w, std::string &out) { writeStreamError(w, out, handledCountTooHigh({10, 8})); }),
                 std::string("<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                             "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>You acknowledged more "
                             "stanzas than you were sent</text>"
                             "<handled-count-too-high xmlns='urn:xmpp:sm:3' h='10' send-count='8'/></stream:error>"));
    }
};

GODWIT_TEST(TstStreamManagementNonzas);
#include "tst_streammanagementnonzas.moc"
