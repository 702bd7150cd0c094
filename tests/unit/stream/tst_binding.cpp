// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Resource binding, resumption, and a whole login cut at every byte.
#include "ScriptedPeer.h"
#include "UnitTest.h"

#include <QTest>

using namespace godwit;
using namespace godwit::stream;
using namespace godwit::stream::test;
using Phase = Negotiation::Phase;

namespace
{

std::string bindIq(const std::string &content = {}, const std::string &attributes = "type='set' id='b1'")
{
    return "<iq " + attributes + "><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>" + content + "</bind></iq>";
}

std::string resource(const std::string &text)
{
    return "<resource>" + text + "</resource>";
}

std::string boundReply(const std::string &jid)
{
    return "<iq id='b1' type='result'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>" + jid +
           "</jid></bind></iq>";
}

std::string bindError(const std::string &type, const std::string &condition)
{
    return "<iq id='b1' type='error'><error type='" + type + "'><" + condition +
           " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>";
}

const std::string resumeOld = "<resume xmlns='urn:xmpp:sm:3' previd='old&amp;id' h='5'/>";

} // namespace

class TstBinding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bindsTheAskedResource()
    {
        for (Answers answers : {Answers::Later, Answers::AtOnce}) {
            ScriptedPeer peer(testOptions(), std::nullopt, answers);
            peer.login();
            QCOMPARE(peer.say(bindIq(resource("balcony"))), boundReply("romeo@example.com/balcony"));
            QVERIFY(peer.negotiation().phase() == Phase::Bound);
            QVERIFY(peer.negotiation().finished());
            QCOMPARE(peer.bound->full.text(), std::string("romeo@example.com/balcony"));
            QVERIFY(peer.bound->origin == ResourceOrigin::Chosen);
            QVERIFY(peer.bound->who.mechanism == SaslMechanism::Plain);
        }
    }

    void replyNamesNoAddressItWasNotGiven()
    {
        ScriptedPeer peer(testOptions());
        peer.login();
        QCOMPARE(peer.say(bindIq(resource("x"), "type='set' id='b1' to='example.com'")),
                 std::string("<iq from='example.com' id='b1' type='result'>"
                             "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@example.com/x</jid></bind>"
                             "</iq>"));
    }

    void makesAResource()
    {
        std::vector<std::string> names;
        for (const std::string &content : {std::string(), resource("")}) {
            ScriptedPeer peer(testOptions());
            if (!names.empty()) {
                peer.random().number();
            }
            peer.login();
            peer.say(bindIq(content));
            QVERIFY(peer.negotiation().phase() == Phase::Bound);
            QVERIFY(peer.bound->origin == ResourceOrigin::Generated);
            names.emplace_back(peer.bound->full.resource());
            QCOMPARE(names.back().size(), std::size_t(16));
        }
        QVERIFY(names[0] != names[1]);
    }

    void refusesAndGoesOn_data()
    {
        QTest::addColumn<int>("code"); // -1: the host is not asked
        QTest::addColumn<QByteArray>("resource");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("condition");
        using enum base::ErrorCode;
        QTest::newRow("bad resource") << -1 << QByteArray("&#9;") << QByteArray("modify") << QByteArray("bad-request");
        QTest::newRow("too long a resource")
            << -1 << QByteArray(1024, 'x') << QByteArray("modify") << QByteArray("bad-request");
        QTest::newRow("conflict") << int(Conflict) << QByteArray("x") << QByteArray("cancel") << QByteArray("conflict");
        QTest::newRow("too many sessions")
            << int(LimitExceeded) << QByteArray("x") << QByteArray("wait") << QByteArray("resource-constraint");
        QTest::newRow("no memory") << int(ResourceFull) << QByteArray("x") << QByteArray("wait")
                                   << QByteArray("resource-constraint");
        QTest::newRow("not allowed") << int(NotAuthorized) << QByteArray("x") << QByteArray("cancel")
                                     << QByteArray("not-allowed");
        QTest::newRow("store away") << int(Unavailable) << QByteArray("x") << QByteArray("wait")
                                    << QByteArray("service-unavailable");
    }
    void refusesAndGoesOn()
    {
        QFETCH(int, code);
        QFETCH(QByteArray, resource);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, condition);
        ScriptedPeer peer(testOptions());
        peer.login();
        if (code >= 0) {
            peer.bindError = base::Error(static_cast<base::ErrorCode>(code), "no");
        }
        const std::string out = peer.say(bindIq("<resource>" + resource.toStdString() + "</resource>"));
        QVERIFY2(out.starts_with(bindError(type.toStdString(), condition.toStdString())), out.c_str());
        QVERIFY2(out.ends_with("</error></iq>"), out.c_str());
        QVERIFY(peer.negotiation().phase() == Phase::Binding);
        QCOMPARE(peer.bound.has_value(), code >= 0);
        peer.bindError.reset();
        QCOMPARE(peer.say(bindIq("<resource>good</resource>")), boundReply("romeo@example.com/good"));
    }

    void nothingBeforeBinding_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("message") << QByteArray("<message to='juliet@example.com'><body>x</body></message>");
        QTest::newRow("presence") << QByteArray("<presence/>");
        QTest::newRow("another iq") << QByteArray("<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>");
        QTest::newRow("bind of somebody else")
            << QByteArray::fromStdString(bindIq({}, "type='set' id='b1' to='juliet@example.com'"));
        QTest::newRow("bind by get") << QByteArray::fromStdString(bindIq({}, "type='get' id='b1'"));
        QTest::newRow("legacy session") << QByteArray("<iq type='set' id='1'><session "
                                                      "xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>");
        QTest::newRow("ack request") << QByteArray("<r xmlns='urn:xmpp:sm:3'/>");
    }
    void nothingBeforeBinding()
    {
        QFETCH(QByteArray, bytes);
        ScriptedPeer peer(testOptions());
        peer.login();
        QCOMPARE(peer.say(bytes.toStdString()), streamError("not-authorized") + "</stream:error></stream:stream>");
        QCOMPARE(peer.events.back(), std::string("close error"));
    }

    void keepsWhatComesBehind()
    {
        for (Answers answers : {Answers::Later, Answers::AtOnce}) {
            ScriptedPeer peer(testOptions(), std::nullopt, answers);
            peer.login();
            peer.say(bindIq(resource("x")) + "<presence/><mess");
            peer.negotiation().feed("age/>");
            QVERIFY(peer.negotiation().phase() == Phase::Bound);
            QCOMPARE(peer.negotiation().takeRest(), std::string("<presence/><message/>"));
            QCOMPARE(peer.negotiation().takeRest(), std::string());
        }
    }

    void movesWhileItBinds()
    {
        // The stream goes to another thread between the request and its answer: another host answers.
        ScriptedPeer here(testOptions());
        ScriptedPeer there(testOptions());
        here.login();
        here.sayOnly(bindIq(resource("x")));
        here.negotiation().attach(there);
        here.negotiation().answerBind(RequestId(3), BindAnswer{here.bound->full, {}, false});
        QCOMPARE(here.takeOutput(), std::string());
        QCOMPARE(there.takeOutput(), boundReply("romeo@example.com/x"));
        QVERIFY(here.negotiation().phase() == Phase::Bound);
    }

    void resumes()
    {
        for (Answers answers : {Answers::Later, Answers::AtOnce}) {
            ScriptedPeer peer(testOptions(), std::nullopt, answers);
            peer.login();
            peer.resumable = 4294967295;
            QCOMPARE(peer.say(resumeOld + "<r xmlns='urn:xmpp:sm:3'/>"),
                     std::string("<resumed xmlns='urn:xmpp:sm:3' previd='old&amp;id' h='4294967295'/>"));
            QVERIFY(peer.negotiation().phase() == Phase::Resumed);
            QCOMPARE(peer.negotiation().takeRest(), std::string("<r xmlns='urn:xmpp:sm:3'/>"));
            QCOMPARE(peer.resumption->resume.previousId, std::string("old&id"));
            QCOMPARE(peer.resumption->resume.handled, 5U);
            QCOMPARE(peer.resumption->who.account.text(), std::string("romeo@example.com"));
        }
    }

    void bindsAfterAFailedResumption()
    {
        ScriptedPeer peer(testOptions());
        peer.login();
        peer.refusal = {StanzaCondition::ItemNotFound, 12};
        QCOMPARE(peer.say(resumeOld + bindIq(resource("x"))), "<failed xmlns='urn:xmpp:sm:3' h='12'><item-not-found "
                                                              "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>" +
                                                                  boundReply("romeo@example.com/x"));
    }

    void managementOutOfOrder_data()
    {
        QTest::addColumn<bool>("loggedIn");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("condition");
        const QByteArray enable("<enable xmlns='urn:xmpp:sm:3'/>");
        QTest::newRow("enable before login") << false << enable << QByteArray("unexpected-request");
        QTest::newRow("resume before login")
            << false << QByteArray::fromStdString(resumeOld) << QByteArray("unexpected-request");
        QTest::newRow("enable before binding") << true << enable << QByteArray("unexpected-request");
        QTest::newRow("resume without h")
            << true << QByteArray("<resume xmlns='urn:xmpp:sm:3' previd='x'/>") << QByteArray("bad-request");
        QTest::newRow("resume with an h too large")
            << true << QByteArray("<resume xmlns='urn:xmpp:sm:3' previd='x' h='4294967296'/>")
            << QByteArray("bad-request");
    }
    void managementOutOfOrder()
    {
        QFETCH(bool, loggedIn);
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, condition);
        ScriptedPeer peer(testOptions());
        if (loggedIn) {
            peer.login();
        } else {
            peer.openStream();
        }
        const Phase before = peer.negotiation().phase();
        QCOMPARE(peer.say(bytes.toStdString()), "<failed xmlns='urn:xmpp:sm:3'><" + condition.toStdString() +
                                                    " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
        QVERIFY(peer.negotiation().phase() == before);
    }

    void managementSwitchedOff()
    {
        NegotiationOptions options = testOptions();
        options.streamManagement = false;
        ScriptedPeer peer(options);
        peer.login();
        QVERIFY(peer.say(resumeOld).find("<feature-not-implemented") != std::string::npos);
        QVERIFY(!peer.resumption);
    }

    void closedWhileItBinds()
    {
        ScriptedPeer peer(testOptions());
        peer.login();
        peer.sayOnly(bindIq(resource("x")));
        peer.negotiation().abort({StreamCondition::ConnectionTimeout, {}, {}, {}});
        peer.takeOutput();
        peer.settle();
        QCOMPARE(peer.takeOutput(), std::string());
        QVERIFY(peer.negotiation().phase() == Phase::Closed);
    }

    void wholeLoginCutAnywhere()
    {
        // A client that waits for nothing (it knows what will come), so that any answer meets any state of reading.
        const std::string transcript =
            header() + plainAuth("romeo", "pencil") + "\n" + header() + bindIq(resource("orchard")) + "<presence/>";
        const auto play = [&](std::size_t cut, Answers answers) {
            ScriptedPeer peer(testOptions(), std::nullopt, answers);
            std::string out = peer.sayOnly(std::string_view(transcript).substr(0, cut));
            out += peer.say(std::string_view(transcript).substr(cut));
            out += peer.negotiation().phase() == Phase::Bound ? " BOUND " : " NOT BOUND ";
            return out + peer.negotiation().takeRest();
        };
        const std::string expected = play(0, Answers::Later);
        QVERIFY2(expected.ends_with(boundReply("romeo@example.com/orchard") + " BOUND <presence/>"), expected.c_str());
        for (std::size_t cut = 0; cut <= transcript.size(); ++cut) {
            QCOMPARE(play(cut, Answers::Later), expected);
            QCOMPARE(play(cut, Answers::AtOnce), expected);
        }
        ScriptedPeer slow(testOptions());
        std::string out;
        for (char byte : transcript) {
            out += slow.say(std::string_view(&byte, 1));
        }
        QCOMPARE(out + " BOUND " + slow.negotiation().takeRest(), expected);
    }

    void destroyedAnywhere()
    {
        const std::string transcript = header() + plainAuth("romeo", "pencil") + header() + bindIq();
        for (std::size_t cut = 0; cut <= transcript.size(); ++cut) {
            ScriptedPeer peer(testOptions());
            peer.sayOnly(std::string_view(transcript).substr(0, cut));
            peer.destroy();
        }
    }
};

GODWIT_TEST(TstBinding);
#include "tst_binding.moc"
