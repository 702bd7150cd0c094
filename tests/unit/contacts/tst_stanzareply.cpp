// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"
#include "contacts/StanzaReply.h"

#include <QTest>

using namespace godwit::contacts;
using godwit::base::ErrorCode;
using godwit::jid::Jid;
namespace xml = godwit::xml;

class TstStanzaReply : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void copies_data()
    {
        QTest::addColumn<QByteArray>("kept");
        QTest::addColumn<QByteArray>("copy");
        QTest::newRow("from and to are replaced")
            << QByteArray("<presence from='x@y/z' to='old@y' id='1'><show>away</show></presence>")
            << QByteArray("<presence from='a@b/c&apos;d' to='e@f' id='1'><show>away</show></presence>");
        QTest::newRow("from alone") << QByteArray("<presence from='x@y/z'></presence>")
                                    << QByteArray("<presence from='a@b/c&apos;d' to='e@f'></presence>");
        QTest::newRow("no address") << QByteArray("<presence type='unavailable'></presence>")
                                    << QByteArray(
                                           "<presence from='a@b/c&apos;d' to='e@f' type='unavailable'></presence>");
        QTest::newRow("to alone") << QByteArray("<presence to='old@y' xml:lang='en'></presence>")
                                  << QByteArray("<presence from='a@b/c&apos;d' to='e@f' xml:lang='en'></presence>");
        QTest::newRow("addresses inside are not touched")
            << QByteArray("<presence id='1'><x from='q' to='r'/></presence>")
            << QByteArray("<presence from='a@b/c&apos;d' to='e@f' id='1'><x from='q' to='r'/></presence>");
    }

    void copies()
    {
        QFETCH(QByteArray, kept);
        QFETCH(QByteArray, copy);
        const std::string bytes = kept.toStdString();
        const PresenceCopier copier(bytes, Jid::fromPrepared("a@b/c'd"));
        QCOMPARE(QByteArray::fromStdString(copier.copyFor("e@f")), copy);
    }

    void saysHowOldItIs()
    {
        const PresenceCopier copier("<presence from='a@b/c'><show>dnd</show></presence>", Jid::fromPrepared("a@b/c"));
        QCOMPARE(copier.copyFor("e@f", godwit::base::WallTime(std::chrono::milliseconds(1'700'000'000'250)), "a@b"),
                 std::string("<presence from='a@b/c' to='e@f'><show>dnd</show><delay xmlns='urn:xmpp:delay' "
                             "from='a@b' stamp='2023-11-14T22:13:20Z'/></presence>"));
    }

    void answersARequest()
    {
        const auto iq = xml::parseStanza("<iq from='a@b/c' to='a@b' id='&lt;1' type='set'><query xmlns='x'/></iq>");
        QVERIFY(iq.ok());
        QCOMPARE(resultReply(Request(*iq), {}),
                 std::string("<iq from='a@b' to='a@b/c' id='&lt;1' type='result'></iq>"));
        QCOMPARE(errorReply(Request(*iq), Condition::NotAcceptable),
                 std::string("<iq from='a@b' to='a@b/c' id='&lt;1' type='error'><error type='modify'><not-acceptable "
                             "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"));
    }

    void namesEveryCondition_data()
    {
        QTest::addColumn<int>("condition");
        QTest::addColumn<QByteArray>("written");
        const auto row = [](Condition condition, const char *type, const char *name) {
            QTest::newRow(name) << static_cast<int>(condition)
                                << QByteArray("<error type='") + type + "'><" + name +
                                       " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
        };
        row(Condition::BadRequest, "modify", "bad-request");
        row(Condition::Forbidden, "auth", "forbidden");
        row(Condition::InternalServerError, "wait", "internal-server-error");
        row(Condition::ItemNotFound, "cancel", "item-not-found");
        row(Condition::JidMalformed, "modify", "jid-malformed");
        row(Condition::NotAcceptable, "modify", "not-acceptable");
        row(Condition::NotAllowed, "cancel", "not-allowed");
        row(Condition::PolicyViolation, "modify", "policy-violation");
        row(Condition::ResourceConstraint, "wait", "resource-constraint");
    }

    void namesEveryCondition()
    {
        QFETCH(int, condition);
        QFETCH(QByteArray, written);
        const auto iq = xml::parseStanza("<iq id='1' type='get'></iq>");
        QVERIFY(iq.ok());
        QCOMPARE(QByteArray::fromStdString(errorReply(Request(*iq), static_cast<Condition>(condition))),
                 "<iq id='1' type='error'>" + written + "</iq>");
    }

    void failuresOfTheStoreThatPassAreForLater()
    {
        QCOMPARE(conditionOf(ErrorCode::Unavailable), Condition::ResourceConstraint);
        QCOMPARE(conditionOf(ErrorCode::ResourceFull), Condition::ResourceConstraint);
        QCOMPARE(conditionOf(ErrorCode::Corrupt), Condition::InternalServerError);
    }
};

GODWIT_TEST(TstStanzaReply);
#include "tst_stanzareply.moc"
