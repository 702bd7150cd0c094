// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// SASL2 (XEP-0388), and what stands inside of it: resumption (XEP-0198 §9) and Bind 2 (XEP-0386).
#include "ScriptedPeer.h"
#include "UnitTest.h"

#include "base/Base64.h"

#include <QTest>

using namespace godwit;
using namespace godwit::stream;
using namespace godwit::stream::test;
using crypto::Hash;
using Phase = Negotiation::Phase;

namespace
{

using Events = std::vector<std::string>;

constexpr std::string_view sasl1 = "urn:ietf:params:xml:ns:xmpp-sasl";
constexpr std::string_view sasl2 = "urn:xmpp:sasl:2";
const std::string agent =
    "<user-agent id='D4565fa7-4d72-4749-b3d3-740edbf87770'><software>Test</software></user-agent>";
const std::string device = "d4565fa7-4d72-4749-b3d3-740edbf87770";
const std::string resumeOld = "<resume xmlns='urn:xmpp:sm:3' previd='old' h='5'/>";
const std::string bindPlain = "<bind xmlns='urn:xmpp:bind:0'/>";
const std::string bindAll = "<bind xmlns='urn:xmpp:bind:0'><tag>Test</tag><enable xmlns='urn:xmpp:sm:3' resume='true' "
                            "max='60'/><inactive xmlns='urn:xmpp:csi:0'/><enable xmlns='urn:xmpp:carbons:2'/></bind>";
const std::string notFound =
    "<failed xmlns='urn:xmpp:sm:3'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>";
const std::string unboundFeatures = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>";
const std::string boundFeatures = "<stream:features><sm xmlns='urn:xmpp:sm:3'/><csi xmlns='urn:xmpp:csi:0'/>";
const std::string ackedFeatures = "<stream:features><csi xmlns='urn:xmpp:csi:0'/>";

std::string initial(std::string_view message)
{
    return "<initial-response>" + base::encodeBase64(message) + "</initial-response>";
}

std::string plain(std::string_view user, std::string_view password, std::string_view authzid = {})
{
    std::string message(authzid);
    message += '\0';
    message += user;
    message += '\0';
    message += password;
    return initial(message);
}

std::string authenticate(std::string_view mechanism, std::string_view content)
{
    return "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='" + std::string(mechanism) + "'>" + std::string(content) +
           "</authenticate>";
}

/// Romeo's, in one step.
std::string enter(std::string_view content)
{
    return authenticate("PLAIN", plain("romeo", "pencil") + std::string(content));
}

std::string success(std::string_view identity, std::string_view results = {})
{
    return "<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>" + std::string(identity) +
           "</authorization-identifier>" + std::string(results) + "</success>";
}

std::string bound(std::string_view results = {})
{
    return results.empty() ? "<bound xmlns='urn:xmpp:bind:0'/>"
                           : "<bound xmlns='urn:xmpp:bind:0'>" + std::string(results) + "</bound>";
}

std::string failure(std::string_view condition)
{
    return "<failure xmlns='urn:xmpp:sasl:2'><" + std::string(condition) +
           " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
}

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    if (const std::size_t at = text.find(from); at != std::string::npos) {
        text.replace(at, from.size(), to);
    }
    return text;
}

struct Opened : ScriptedPeer {
    explicit Opened(NegotiationOptions options = testOptions(), std::optional<TlsInfo> tls = std::nullopt,
                    Answers answers = Answers::Later)
        : ScriptedPeer(std::move(options), std::move(tls), answers)
    {
        openStream();
    }
};

} // namespace

class TstSasl2 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void logsInWithoutARestart()
    {
        Opened peer;
        const std::string out = peer.say(enter({}));
        QVERIFY2(out.starts_with(success("romeo@example.com") + unboundFeatures), out.c_str());
        QVERIFY(peer.negotiation().phase() == Phase::Binding);
        QCOMPARE(peer.events, (Events{"fetch romeo@example.com", "hash", "login PLAIN"}));
        QCOMPARE(peer.negotiation().authentication()->device, std::string());
        const std::string reply = peer.say("<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                                           "<resource>old</resource></bind></iq>");
        QVERIFY2(reply.find("<jid>romeo@example.com/old</jid>") != std::string::npos, reply.c_str());
        QVERIFY(!peer.bound->bind2);
    }

    void scram()
    {
        for (const bool first : {true, false}) {
            Opened peer(testOptions(TlsPolicy::Required), testTls());
            ScramClient client(Hash::Sha256, "romeo", "pencil", {"p=tls-exporter,,", std::string(32, 'e')});
            std::string challenge =
                peer.say(authenticate("SCRAM-SHA-256-PLUS", (first ? initial(client.first()) : "") + agent));
            if (!first) {
                QCOMPARE(challenge, std::string("<challenge xmlns='urn:xmpp:sasl:2'/>"));
                challenge =
                    peer.say("<response xmlns='urn:xmpp:sasl:2'>" + base::encodeBase64(client.first()) + "</response>");
            }
            QVERIFY2(challenge.starts_with("<challenge xmlns='urn:xmpp:sasl:2'>"), challenge.c_str());
            const std::string response = replaced(client.response(replaced(challenge, sasl2, sasl1)), sasl1, sasl2);
            const std::string out = peer.say(response);
            const std::string begin = "<success xmlns='urn:xmpp:sasl:2'><additional-data>";
            QVERIFY2(out.starts_with(begin), out.c_str());
            const std::string data = out.substr(begin.size(), out.find("</additional-data>") - begin.size());
            QVERIFY(client.verifies("-sasl'>" + data + "</success>"));
            QCOMPARE(peer.negotiation().authentication()->device, device);
        }
    }

    void anonymous()
    {
        ScriptedPeer peer(testOptions());
        peer.openStream("anon.example.com");
        const std::string out = peer.say(authenticate("ANONYMOUS", "<initial-response/>" + bindPlain));
        QVERIFY2(out.find("@anon.example.com/") != std::string::npos, out.c_str());
        QVERIFY(peer.negotiation().phase() == Phase::Bound);
        QVERIFY(peer.bound->who.anonymous);
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("condition");
        const auto row = [](const char *name, const std::string &bytes, const char *condition) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(condition);
        };
        row("wrong password", authenticate("PLAIN", plain("romeo", "pen") + bindAll), "not-authorized");
        row("unknown account", authenticate("PLAIN", plain("nobody", "pencil") + bindAll), "not-authorized");
        row("disabled account", authenticate("PLAIN", plain("tybalt", "pencil") + bindAll), "account-disabled");
        row("somebody else", authenticate("PLAIN", plain("romeo", "pencil", "juliet@example.com")), "invalid-authzid");
        row("no mechanism", "<authenticate xmlns='urn:xmpp:sasl:2'/>", "invalid-mechanism");
        row("unknown mechanism", authenticate("X-ANY", {}), "invalid-mechanism");
        row("a mechanism of another host", authenticate("ANONYMOUS", {}), "invalid-mechanism");
        row("no TLS to bind to", authenticate("SCRAM-SHA-256-PLUS", {}), "invalid-mechanism");
        row("no base64", authenticate("PLAIN", "<initial-response>AG=A</initial-response>"), "incorrect-encoding");
        row("= is no empty data", authenticate("PLAIN", "<initial-response>=</initial-response>"),
            "incorrect-encoding");
        row("empty data", authenticate("PLAIN", "<initial-response/>"), "malformed-request");
        row("a user agent of another kind", enter("<user-agent id='me'/>"), "malformed-request");
        row("a user agent that is nearly one", enter("<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf8777g'/>"),
            "malformed-request");
        row("a response to nothing", "<response xmlns='urn:xmpp:sasl:2'/>", "malformed-request");
        row("abort", "<abort xmlns='urn:xmpp:sasl:2'/>", "aborted");
        row("abort of an exchange", authenticate("PLAIN", {}) + "<abort xmlns='urn:xmpp:sasl:2'/>", "aborted");
        row("an exchange inside of another", authenticate("PLAIN", {}) + enter(bindAll), "malformed-request");
    }
    void refusals()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, condition);
        Opened peer;
        const std::string out = replaced(peer.say(bytes.toStdString()), "<challenge xmlns='urn:xmpp:sasl:2'/>", "");
        QVERIFY2(out.starts_with(failure(condition.toStdString())) && out.ends_with("</failure>"), out.c_str());
        QVERIFY(peer.negotiation().phase() == Phase::Features);
        QVERIFY(!peer.bound);
        // The stream is as it was: the next attempt may succeed, in either profile.
        QVERIFY(peer.say(enter(bindPlain)).starts_with("<success"));
    }

    void storeAway()
    {
        Opened peer;
        peer.storeError = base::Error(base::ErrorCode::Unavailable, "no");
        QVERIFY(peer.say(enter({})).starts_with(failure("temporary-auth-failure")));
    }

    void tlsFirst()
    {
        Opened peer(testOptions(TlsPolicy::Required));
        QVERIFY(peer.say(enter({})).starts_with(failure("encryption-required")));
    }

    void tooManyAttempts()
    {
        NegotiationOptions options = testOptions();
        options.loginFailuresMax = 2;
        Opened peer(options);
        const std::string wrong = authenticate("PLAIN", plain("romeo", "pen"));
        QVERIFY(peer.say(wrong).ends_with("</failure>"));
        const std::string out = peer.say(wrong);
        QVERIFY2(out.find(streamError("policy-violation")) != std::string::npos, out.c_str());
        QVERIFY(peer.negotiation().phase() == Phase::Closed);
    }

    void nothingElseDuringAnExchange_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("stanza") << QByteArray("<message/>");
        QTest::newRow("the other profile") << QByteArray("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        QTest::newRow("its abort") << QByteArray("<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        QTest::newRow("foreign element") << QByteArray("<x xmlns='urn:x'/>");
        QTest::newRow("unknown element") << QByteArray("<next xmlns='urn:xmpp:sasl:2'/>");
    }
    void nothingElseDuringAnExchange()
    {
        QFETCH(QByteArray, bytes);
        Opened peer;
        peer.say(authenticate("PLAIN", {}));
        QVERIFY(peer.say(bytes.toStdString()).starts_with("<stream:error>"));
        QVERIFY(peer.negotiation().phase() == Phase::Closed);
    }

    void onceIsEnough()
    {
        Opened peer;
        peer.say(enter({}));
        QVERIFY(peer.say(enter({})).starts_with(streamError("unsupported-stanza-type")));
    }

    void theStreamIsFromWhoLogsIn()
    {
        for (const bool same : {true, false}) {
            ScriptedPeer peer(testOptions());
            const std::string from = same ? "from='romeo@example.com' " : "from='juliet@example.com' ";
            peer.say(replaced(header(), "to=", from + "to="));
            const std::string out = peer.say(enter(bindPlain));
            QVERIFY2(out.starts_with(same ? "<success" : failure("invalid-authzid").c_str()), out.c_str());
            QCOMPARE(peer.negotiation().authentication().has_value(), same);
            QCOMPARE(peer.bound.has_value(), same);
        }
    }

    void binds()
    {
        for (Answers answers : {Answers::Later, Answers::AtOnce}) {
            Opened peer(testOptions(), std::nullopt, answers);
            peer.boundResults = "<enabled xmlns='urn:xmpp:sm:3'/>";
            const std::string out = peer.say(enter(agent + bindAll) + "<presence/>");
            const std::string full = peer.bound->full.text();
            QVERIFY2(full.starts_with("romeo@example.com/Test/"), full.c_str());
            QVERIFY2(out.starts_with(success(full, bound(peer.boundResults)) + ackedFeatures), out.c_str());
            QVERIFY(peer.negotiation().phase() == Phase::Bound);
            QCOMPARE(peer.negotiation().takeRest(), std::string("<presence/>"));
            QVERIFY(peer.bound->origin == ResourceOrigin::Generated);
            QCOMPARE(peer.bound->who.device, device);
            const Bind2Wishes &wishes = *peer.bound->bind2;
            QVERIFY(wishes.acks->resume);
            QCOMPARE(wishes.acks->max->count(), 60);
            QVERIFY(wishes.inactive);
            QCOMPARE(wishes.features.size(), std::size_t(1));
            QCOMPARE(wishes.features.front().ns, std::string("urn:xmpp:carbons:2"));
            QCOMPARE(wishes.features.front().name, std::string("enable"));
        }
    }

    void bindsWithoutWishes()
    {
        Opened peer;
        const std::string out = peer.say(enter(bindPlain));
        QVERIFY2(out.starts_with(success(peer.bound->full.text(), bound()) + boundFeatures), out.c_str());
        QVERIFY(!peer.bound->bind2->acks);
        QVERIFY(!peer.bound->bind2->inactive);
        QVERIFY(peer.bound->bind2->features.empty());
    }

    void theResourceIsOfTheClient()
    {
        const auto resource = [](std::string_view user, const std::string &content, std::uint64_t draws = 0) {
            ScriptedPeer peer(testOptions());
            for (std::uint64_t i = 0; i < draws; ++i) {
                peer.random().number();
            }
            peer.openStream();
            peer.say(authenticate("PLAIN", plain(user, "pencil") + content));
            return std::string(peer.bound->full.resource());
        };
        const std::string tagged = "<bind xmlns='urn:xmpp:bind:0'><tag>Test</tag></bind>";
        const std::string mine = resource("romeo", agent + tagged);
        QCOMPARE(resource("romeo", agent + tagged, 3), mine);
        QVERIFY(mine.find(device.substr(0, 8)) == std::string::npos);
        QVERIFY(resource("juliet", agent + tagged) != mine);
        QVERIFY(resource("romeo", replaced(agent, "D4", "A4") + tagged) != mine);
        QVERIFY("Test/" + resource("romeo", agent + bindPlain) != mine);
        // Without an id it is a new one each time.
        QVERIFY(resource("romeo", tagged) != resource("romeo", tagged, 3));
        QVERIFY(resource("romeo", tagged).starts_with("Test/"));
        QCOMPARE(resource("romeo", bindPlain).size(), std::size_t(16));
        // What cannot stand in a resource is left out.
        const std::string tooLong = "<bind xmlns='urn:xmpp:bind:0'><tag>" + std::string(1'100, 'x') + "</tag></bind>";
        QCOMPARE(resource("romeo", tooLong).size(), std::size_t(16));
        QCOMPARE(resource("romeo", "<bind xmlns='urn:xmpp:bind:0'><tag>&#9;</tag></bind>").size(), std::size_t(16));
    }

    void notBound()
    {
        Opened peer;
        peer.bindError = base::Error(base::ErrorCode::LimitExceeded, "too many");
        const std::string out = peer.say(enter(bindAll));
        QVERIFY2(out.starts_with(success("romeo@example.com") + unboundFeatures), out.c_str());
        QVERIFY(peer.negotiation().phase() == Phase::Binding);
        const std::string again =
            peer.say("<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        QVERIFY2(again.find("<resource-constraint") != std::string::npos, again.c_str());
    }

    void resumes()
    {
        for (Answers answers : {Answers::Later, Answers::AtOnce}) {
            Opened peer(testOptions(), std::nullopt, answers);
            peer.resumable = 7;
            // Features do not follow, and nothing is bound.
            QCOMPARE(peer.say(enter(resumeOld + bindAll) + "<presence/>"),
                     success("romeo@example.com/before", "<resumed xmlns='urn:xmpp:sm:3' previd='old' h='7'/>"));
            QVERIFY(peer.negotiation().phase() == Phase::Resumed);
            QCOMPARE(peer.negotiation().takeRest(), std::string("<presence/>"));
            QCOMPARE(peer.resumption->resume.previousId, std::string("old"));
            QCOMPARE(peer.resumption->resume.handled, 5U);
            QVERIFY(!peer.bound);
        }
    }

    void bindsWhenThereIsNothingToResume()
    {
        for (Answers answers : {Answers::Later, Answers::AtOnce}) {
            Opened peer(testOptions(), std::nullopt, answers);
            peer.refusal = {StanzaCondition::ItemNotFound, 12};
            const std::string out = peer.say(enter(resumeOld + bindAll));
            const std::string failed = replaced(notFound, "'urn:xmpp:sm:3'", "'urn:xmpp:sm:3' h='12'");
            QVERIFY2(out.starts_with(success(peer.bound->full.text(), failed + bound()) + ackedFeatures), out.c_str());
            QCOMPARE(peer.events, (Events{"fetch romeo@example.com", "hash", "login PLAIN", "resume old 5",
                                          "bind romeo@example.com"}));
        }
    }

    void staysUnboundWhenNothingElseWasAsked()
    {
        Opened peer;
        const std::string out = peer.say(enter(resumeOld));
        QVERIFY2(out.starts_with(success("romeo@example.com", notFound) + unboundFeatures), out.c_str());
        QVERIFY(peer.negotiation().phase() == Phase::Binding);
    }

    void aWrongResumptionIsNotAsked()
    {
        Opened peer;
        const std::string out = peer.say(enter("<resume xmlns='urn:xmpp:sm:3' previd='old'/>" + bindPlain));
        const std::string failed = replaced(notFound, "item-not-found", "bad-request");
        QVERIFY2(out.starts_with(success(peer.bound->full.text(), failed + bound())), out.c_str());
        QVERIFY(!peer.resumption);
    }

    void managementSwitchedOff()
    {
        NegotiationOptions options = testOptions();
        options.streamManagement = false;
        ScriptedPeer peer(options);
        const std::string offer = peer.openStream();
        QVERIFY2(offer.find("urn:xmpp:sm:3") == std::string::npos, offer.c_str());
        const std::string out = peer.say(enter(resumeOld + bindAll));
        const std::string failed = replaced(notFound, "item-not-found", "feature-not-implemented");
        QVERIFY2(out.starts_with(success(peer.bound->full.text(), failed + bound(failed))), out.c_str());
        QVERIFY(!peer.resumption && !peer.bound->bind2->acks);
    }

    void modulesSayWhatBindingSwitchesOn()
    {
        NegotiationOptions options = testOptions();
        options.moduleBindFeatures = {"urn:x"};
        ScriptedPeer peer(options);
        QVERIFY(peer.openStream().find("<feature var='urn:x'/></inline></bind>") != std::string::npos);
    }

    void movesWhileItResumesAndBinds()
    {
        ScriptedPeer here(testOptions());
        ScriptedPeer there(testOptions());
        here.openStream("anon.example.com");
        here.sayOnly(authenticate("ANONYMOUS", "<initial-response/>" + resumeOld + bindPlain));
        here.negotiation().attach(there);
        here.negotiation().answerResume(RequestId(1), ResumeRefused());
        QVERIFY(there.bound.has_value());
        here.negotiation().answerBind(RequestId(2), BindAnswer{there.bound->full, {}, false});
        QCOMPARE(here.takeOutput(), std::string());
        const std::string out = there.takeOutput();
        QVERIFY2(out.starts_with(success(there.bound->full.text(), notFound + bound())), out.c_str());
        QVERIFY(here.negotiation().phase() == Phase::Bound);
    }

    void wholeLoginCutAnywhere()
    {
        const std::string transcript = header() + enter(agent + resumeOld + bindAll) + "<presence/>";
        const auto play = [&](std::size_t cut, Answers answers) {
            ScriptedPeer peer(testOptions(), std::nullopt, answers);
            std::string out = peer.sayOnly(std::string_view(transcript).substr(0, cut));
            out += peer.say(std::string_view(transcript).substr(cut));
            out += peer.negotiation().phase() == Phase::Bound ? " BOUND " : " NOT BOUND ";
            return out + peer.negotiation().takeRest();
        };
        const std::string expected = play(0, Answers::Later);
        QVERIFY2(expected.ends_with("</stream:features> BOUND <presence/>"), expected.c_str());
        for (std::size_t cut = 0; cut <= transcript.size(); ++cut) {
            QCOMPARE(play(cut, Answers::Later), expected);
            QCOMPARE(play(cut, Answers::AtOnce), expected);
            ScriptedPeer peer(testOptions());
            peer.sayOnly(std::string_view(transcript).substr(0, cut));
            peer.destroy();
        }
    }
};

GODWIT_TEST(TstSasl2);
#include "tst_sasl2.moc"
