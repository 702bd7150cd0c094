// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "stream/StanzaError.h"
#include "stream/StreamError.h"
#include "wire/XmlWire.h"

#include <QTest>

using namespace godwit;
using namespace godwit::stream;

namespace
{

std::string written(const StreamError &error)
{
    xml::ParserPool pool;
    wire::XmlWire wire(pool);
    std::string out;
    writeStreamError(wire, out, error);
    return out;
}

xml::Stanza stanza(std::string_view bytes)
{
    return xml::parseStanza(bytes).value();
}

/// A name as Qt Test compares and prints it.
QByteArray shown(std::string_view name)
{
    return QByteArrayView(name).toByteArray();
}

} // namespace

class TstErrors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void streamConditions_data()
    {
        // RFC 6120 §4.9.3.1 to §4.9.3.25
        QTest::addColumn<int>("condition");
        QTest::addColumn<QByteArray>("expected");
        const char *const names[] = {"bad-format",
                                     "bad-namespace-prefix",
                                     "conflict",
                                     "connection-timeout",
                                     "host-gone",
                                     "host-unknown",
                                     "improper-addressing",
                                     "internal-server-error",
                                     "invalid-from",
                                     "invalid-namespace",
                                     "invalid-xml",
                                     "not-authorized",
                                     "not-well-formed",
                                     "policy-violation",
                                     "remote-connection-failed",
                                     "reset",
                                     "resource-constraint",
                                     "restricted-xml",
                                     "see-other-host",
                                     "system-shutdown",
                                     "undefined-condition",
                                     "unsupported-encoding",
                                     "unsupported-feature",
                                     "unsupported-stanza-type",
                                     "unsupported-version"};
        int index = 0;
        for (const char *text : names) {
            QTest::newRow(text) << index++ << QByteArray(text);
        }
    }
    void streamConditions()
    {
        QFETCH(int, condition);
        QFETCH(QByteArray, expected);
        QCOMPARE(written({static_cast<StreamCondition>(condition), {}, {}, {}}),
                 "<stream:error><" + expected.toStdString() +
                     " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
    }

    void streamErrorInFull()
    {
        QCOMPARE(written({StreamCondition::SeeOtherHost, "over <there>", "<a xmlns='b'/>", "[2001:db8::1]:5222"}),
                 std::string("<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
                             "[2001:db8::1]:5222</see-other-host>"
                             "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>over &lt;there&gt;</text>"
                             "<a xmlns='b'/></stream:error>"));
    }

    void stanzaConditions_data()
    {
        // RFC 6120 §8.3.3.1 to §8.3.3.22 with the error types it recommends.
        QTest::addColumn<int>("condition");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("type");
        const std::pair<const char *, const char *> rows[] = {{"bad-request", "modify"},
                                                              {"conflict", "cancel"},
                                                              {"feature-not-implemented", "cancel"},
                                                              {"forbidden", "auth"},
                                                              {"gone", "cancel"},
                                                              {"internal-server-error", "cancel"},
                                                              {"item-not-found", "cancel"},
                                                              {"jid-malformed", "modify"},
                                                              {"not-acceptable", "modify"},
                                                              {"not-allowed", "cancel"},
                                                              {"not-authorized", "auth"},
                                                              {"policy-violation", "modify"},
                                                              {"recipient-unavailable", "wait"},
                                                              {"redirect", "modify"},
                                                              {"registration-required", "auth"},
                                                              {"remote-server-not-found", "cancel"},
                                                              {"remote-server-timeout", "wait"},
                                                              {"resource-constraint", "wait"},
                                                              {"service-unavailable", "cancel"},
                                                              {"subscription-required", "auth"},
                                                              {"undefined-condition", "cancel"},
                                                              {"unexpected-request", "wait"}};
        int index = 0;
        for (const auto &[name, type] : rows) {
            QTest::newRow(name) << index++ << QByteArray(name) << QByteArray(type);
        }
    }
    void stanzaConditions()
    {
        QFETCH(int, condition);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, type);
        QCOMPARE(errorElement(static_cast<StanzaCondition>(condition)),
                 "<error type='" + type.toStdString() + "'><" + name.toStdString() +
                     " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
    }

    void replySwapsAndDropsTheContent()
    {
        const xml::Stanza request = stanza("<message from='romeo@example.com/a' to='juliet@example.com' id='m&apos;1' "
                                           "type='chat'><body>hello</body></message>");
        StanzaError error(ErrorType::Wait, StanzaCondition::ResourceConstraint, "full");
        QCOMPARE(errorReply(request, error).value_or(""),
                 std::string("<message from='juliet@example.com' to='romeo@example.com/a' id='m&apos;1' type='error'>"
                             "<error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                             "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>full</text></error>"
                             "</message>"));
    }

    void replyIsKeptForm()
    {
        const xml::Stanza request = stanza("<iq id='1' type='get'><q xmlns='x'></q></iq>");
        const std::string error = errorReply(request, StanzaCondition::ServiceUnavailable).value_or("");
        QCOMPARE(xml::parseStanza(error).value().bytes, error);
        const std::string result = resultReply(request, {});
        QCOMPARE(result, std::string("<iq id='1' type='result'></iq>"));
        QVERIFY(xml::parseStanza(result).value().type == xml::StanzaType::Result);
        QCOMPARE(resultReply(request, "<q xmlns='x'/>"), std::string("<iq id='1' type='result'><q xmlns='x'/></iq>"));
    }

    void errorsAndResultsGetNoError()
    {
        QVERIFY(!errorReply(stanza("<message type='error' id='1'></message>"), StanzaCondition::ItemNotFound));
        QVERIFY(!errorReply(stanza("<presence type='error'></presence>"), StanzaCondition::ItemNotFound));
        QVERIFY(!errorReply(stanza("<iq type='error' id='1'></iq>"), StanzaCondition::ItemNotFound));
        QVERIFY(!errorReply(stanza("<iq type='result' id='1'></iq>"), StanzaCondition::ItemNotFound));
    }

    void newAddressAndApplication()
    {
        StanzaError error(StanzaCondition::Gone);
        error.newAddress = "xmpp:romeo@afterlife.example.net";
        error.application = "<x xmlns='y'/>";
        QCOMPARE(errorElement(error),
                 std::string("<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>"
                             "xmpp:romeo@afterlife.example.net</gone><x xmlns='y'/></error>"));
    }

    void table_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("stanza");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("stream");
        using enum base::ErrorCode;
        const auto row = [](base::ErrorCode code, const char *stanzaName, const char *type, const char *streamName) {
            QTest::newRow(shown(base::name(code)).constData())
                << int(code) << QByteArray(stanzaName) << QByteArray(type) << QByteArray(streamName);
        };
        row(InvalidInput, "bad-request", "modify", "bad-format");
        row(LimitExceeded, "policy-violation", "wait", "policy-violation");
        row(NotFound, "item-not-found", "cancel", "undefined-condition");
        row(AlreadyExists, "conflict", "cancel", "conflict");
        row(NotAuthorized, "forbidden", "auth", "not-authorized");
        row(Unavailable, "service-unavailable", "wait", "internal-server-error");
        row(ResourceFull, "resource-constraint", "wait", "resource-constraint");
        row(Conflict, "conflict", "cancel", "reset");
        row(Corrupt, "internal-server-error", "cancel", "internal-server-error");
        row(TooNew, "internal-server-error", "cancel", "internal-server-error");
        row(Io, "internal-server-error", "cancel", "internal-server-error");
        row(Cancelled, "service-unavailable", "wait", "system-shutdown");
    }
    void table()
    {
        QFETCH(int, code);
        QFETCH(QByteArray, stanza);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, stream);
        const base::Error error(static_cast<base::ErrorCode>(code), "secret words");
        const StanzaError answer = toStanzaError(error);
        QCOMPARE(shown(name(answer.condition)), stanza);
        QCOMPARE(shown(name(answer.type)), type);
        QVERIFY(answer.text.empty());
        const StreamError fault = toStreamError(error);
        QCOMPARE(shown(name(fault.condition)), stream);
        QVERIFY(fault.text.empty());
    }

    void faults_data()
    {
        QTest::addColumn<int>("fault");
        QTest::addColumn<QByteArray>("condition");
        using enum xml::XmlFault;
        QTest::newRow("not well-formed") << int(NotWellFormed) << QByteArray("not-well-formed");
        QTest::newRow("restricted") << int(RestrictedXml) << QByteArray("restricted-xml");
        QTest::newRow("prefix") << int(BadNamespacePrefix) << QByteArray("bad-namespace-prefix");
        QTest::newRow("namespace") << int(InvalidNamespace) << QByteArray("invalid-namespace");
        QTest::newRow("encoding") << int(UnsupportedEncoding) << QByteArray("unsupported-encoding");
        QTest::newRow("invalid") << int(InvalidXml) << QByteArray("invalid-xml");
        QTest::newRow("too large") << int(TooLarge) << QByteArray("policy-violation");
    }
    void faults()
    {
        QFETCH(int, fault);
        QFETCH(QByteArray, condition);
        QCOMPARE(shown(name(toStreamError(static_cast<xml::XmlFault>(fault), "why").condition)), condition);
    }
};

GODWIT_TEST(TstErrors);
#include "tst_errors.moc"
