// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Headers, TLS and the shape of a whole login. SASL is in tst_login.cpp, binding in tst_binding.cpp.
#include "ScriptedPeer.h"
#include "UnitTest.h"

#include <QTest>

using namespace godwit;
using namespace godwit::stream;
using namespace godwit::stream::test;
using Phase = Negotiation::Phase;

namespace
{

using Events = std::vector<std::string>;

const std::string startTls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const std::string proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const std::string tlsFailure = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const std::string end = "</stream:error></stream:stream>";

std::string listed(std::initializer_list<std::string_view> names)
{
    std::string list;
    for (std::string_view name : names) {
        list += "<mechanism>" + std::string(name) + "</mechanism>";
    }
    return list;
}

/// In both profiles of SASL, with what SASL2 does in one go; `byToken` those of FAST.
std::string mechanisms(std::initializer_list<std::string_view> names, std::initializer_list<std::string_view> byToken)
{
    const std::string list = listed(names);
    const std::string fast = byToken.size() == 0 ? "" : "<fast xmlns='urn:xmpp:fast:0'>" + listed(byToken) + "</fast>";
    return "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" + list +
           "</mechanisms><authentication xmlns='urn:xmpp:sasl:2'>" + list +
           "<inline><sm xmlns='urn:xmpp:sm:3'/><bind xmlns='urn:xmpp:bind:0'><inline><feature var='urn:xmpp:sm:3'/>"
           "<feature var='urn:xmpp:csi:0'/></inline></bind>" +
           fast + "</inline></authentication>";
}

std::string features(const std::string &content)
{
    return "<stream:features>" + content + "</stream:features>";
}

const std::string withoutBinding =
    mechanisms({"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"}, {"HT-SHA-256-NONE"});
const std::string withBinding =
    "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/>"
    "<channel-binding type='tls-server-end-point'/></sasl-channel-binding>" +
    mechanisms({"SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-512", "SCRAM-SHA-256",
                "SCRAM-SHA-1", "PLAIN"},
               {"HT-SHA-256-EXPR", "HT-SHA-256-ENDP", "HT-SHA-256-NONE"});
const std::string sessionFeatures =
    features("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
             "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session>"
             "<sm xmlns='urn:xmpp:sm:3'/><csi xmlns='urn:xmpp:csi:0'/><ver xmlns='urn:xmpp:features:rosterver'/>"
             "<sub xmlns='urn:xmpp:features:pre-approval'/>"
             "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>262144</max-bytes></limits>");

} // namespace

class TstNegotiation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void offersByPolicy_data()
    {
        QTest::addColumn<int>("policy");
        QTest::addColumn<bool>("tls");
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, TlsPolicy policy, bool tls, const char *host, const std::string &text) {
            QTest::newRow(name) << int(policy) << tls << QByteArray(host) << QByteArray::fromStdString(text);
        };
        const std::string offer = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
        const std::string demand = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
        row("TLS required, not yet up: nothing else", TlsPolicy::Required, false, "example.com", demand);
        row("TLS optional", TlsPolicy::Optional, false, "example.com", offer + withoutBinding);
        row("TLS off", TlsPolicy::Off, false, "example.com", withoutBinding);
        row("TLS up", TlsPolicy::Required, true, "example.com", withBinding);
        row("anonymous host", TlsPolicy::Off, false, "anon.example.com", mechanisms({"ANONYMOUS"}, {}));
        row("anonymous host, TLS required", TlsPolicy::Required, false, "anon.example.com", demand);
        row("anonymous host, TLS up", TlsPolicy::Required, true, "anon.example.com", mechanisms({"ANONYMOUS"}, {}));
    }
    void offersByPolicy()
    {
        QFETCH(int, policy);
        QFETCH(bool, tls);
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, expected);
        ScriptedPeer peer(testOptions(static_cast<TlsPolicy>(policy)),
                          tls ? std::optional<TlsInfo>(testTls()) : std::nullopt);
        const std::string to = host.toStdString();
        QCOMPARE(peer.say(header(to)), serverHeader(to) + features(expected.toStdString()));
        QVERIFY(peer.negotiation().phase() == Phase::Features);
        QCOMPARE(peer.negotiation().domain(), std::string_view(to));
    }

    void tlsWithoutBindingsOffersNoPlus()
    {
        ScriptedPeer peer(testOptions(TlsPolicy::Required), TlsInfo{"TLSv1.2", "", {}});
        QCOMPARE(peer.openStream(), features(withoutBinding));
    }

    void headerErrors_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("condition");
        const auto row = [](const char *name, const std::string &attributes, const char *condition) {
            QTest::newRow(name) << QByteArray::fromStdString("<stream:stream " + attributes + ">")
                                << QByteArray(condition);
        };
        const std::string spaces = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' ";
        row("no version", spaces + "to='example.com'", "unsupported-version");
        row("version 0.9", spaces + "to='example.com' version='0.9'", "unsupported-version");
        row("version without a minor", spaces + "to='example.com' version='1'", "unsupported-version");
        row("version of letters", spaces + "to='example.com' version='a.b'", "unsupported-version");
        row("version with a sign", spaces + "to='example.com' version='-1.0'", "unsupported-version");
        row("no to", spaces + "version='1.0'", "improper-addressing");
        row("to is no JID", spaces + "to='a@@b' version='1.0'", "improper-addressing");
        row("to is not served", spaces + "to='example.org' version='1.0'", "host-unknown");
        row("to is a user", spaces + "to='romeo@example.com' version='1.0'", "host-unknown");
        row("stream of another namespace",
            "xmlns='jabber:client' xmlns:stream='http://example.com/streams' to='example.com' version='1.0'",
            "invalid-namespace");
        row("content of a server",
            "xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' "
            "to='example.com' version='1.0'",
            "invalid-namespace");
    }
    void headerErrors()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, condition);
        ScriptedPeer peer(testOptions());
        const std::string out = peer.say(bytes.toStdString());
        // RFC 6120 §4.9.1.2: the header comes before the error.
        QVERIFY2(out.starts_with(serverHeader() + streamError(condition.toStdString())), out.c_str());
        QVERIFY2(out.ends_with(end), out.c_str());
        QCOMPARE(peer.events, Events{"close error"});
        QVERIFY(peer.negotiation().phase() == Phase::Closed);
        QCOMPARE(peer.say("<presence/>"), std::string());
        QCOMPARE(peer.events, Events{"close error"});
    }

    void headerVariants_data()
    {
        QTest::addColumn<QByteArray>("attributes");
        QTest::addColumn<QByteArray>("reply");
        QTest::newRow("newer minor") << QByteArray("version='1.15' to='example.com'") << QByteArray("");
        QTest::newRow("newer major") << QByteArray("version='2.0' to='example.com'") << QByteArray("");
        QTest::newRow("leading zeros") << QByteArray("version='01.00' to='example.com'") << QByteArray("");
        QTest::newRow("host in capitals") << QByteArray("version='1.0' to='EXAMPLE.com'") << QByteArray("");
        QTest::newRow("language") << QByteArray("version='1.0' to='example.com' xml:lang='de'") << QByteArray("");
        QTest::newRow("from is answered by its bare JID")
            << QByteArray("version='1.0' to='example.com' from='Romeo@example.com/x'")
            << QByteArray(" to='romeo@example.com'");
        QTest::newRow("from that is no JID is passed over")
            << QByteArray("version='1.0' to='example.com' from='@'") << QByteArray("");
    }
    void headerVariants()
    {
        QFETCH(QByteArray, attributes);
        QFETCH(QByteArray, reply);
        ScriptedPeer peer(testOptions());
        const std::string out = peer.say("<stream:stream xmlns='jabber:client' "
                                         "xmlns:stream='http://etherx.jabber.org/streams' " +
                                         attributes.toStdString() + ">");
        QCOMPARE(out, "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                      "xmlns:stream='http://etherx.jabber.org/streams' from='example.com'" +
                          reply.toStdString() + " id='ID' version='1.0' xml:lang='en'>" + features(withoutBinding));
    }

    void brokenXml_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("condition");
        QTest::newRow("not XML") << QByteArray("GET / HTTP/1.1\r\n") << QByteArray("not-well-formed");
        QTest::newRow("comment") << QByteArray::fromStdString(header() + "<!-- x -->") << QByteArray("restricted-xml");
        QTest::newRow("mismatched tags") << QByteArray::fromStdString(header() + "<iq></presence>")
                                         << QByteArray("not-well-formed");
        QTest::newRow("undeclared prefix")
            << QByteArray::fromStdString(header() + "<x:iq/>") << QByteArray("bad-namespace-prefix");
        QTest::newRow("over the handshake's size")
            << QByteArray::fromStdString(header() + "<auth>" + std::string(17'000, 'x'))
            << QByteArray("policy-violation");
        QTest::newRow("over the handshake's sum") << QByteArray(70'000, ' ') << QByteArray("policy-violation");
    }
    void brokenXml()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, condition);
        ScriptedPeer peer(testOptions());
        const std::string out = peer.say(bytes.toStdString());
        QVERIFY2(out.starts_with(serverHeader()), out.c_str());
        QVERIFY2(out.find(streamError(condition.toStdString())) != std::string::npos, out.c_str());
        QVERIFY2(out.ends_with(end), out.c_str());
        QCOMPARE(peer.events, Events{"close error"});
    }

    void startsTls()
    {
        ScriptedPeer peer(testOptions(TlsPolicy::Required));
        peer.openStream();
        QCOMPARE(peer.say(startTls), proceed);
        QCOMPARE(peer.events, Events{"startTls"});
        QVERIFY(peer.negotiation().phase() == Phase::TlsHandshake);
        peer.negotiation().tlsEstablished(testTls());
        QVERIFY(peer.negotiation().domain().empty());
        QCOMPARE(peer.say(header()), serverHeader() + features(withBinding));
    }

    void tlsForgetsTheHost()
    {
        ScriptedPeer peer(testOptions(TlsPolicy::Required));
        peer.openStream();
        peer.say(startTls);
        peer.negotiation().tlsEstablished(testTls());
        QCOMPARE(peer.say(header("anon.example.com")),
                 serverHeader("anon.example.com") + features(mechanisms({"ANONYMOUS"}, {})));
    }

    void bytesBehindStartTls_data()
    {
        QTest::addColumn<QByteArray>("behind");
        QTest::addColumn<bool>("good");
        QTest::newRow("nothing") << QByteArray("") << true;
        QTest::newRow("white space") << QByteArray("\r\n ") << true;
        QTest::newRow("a login") << QByteArray::fromStdString(plainAuth("romeo", "pencil")) << false;
        QTest::newRow("a header") << QByteArray::fromStdString(header()) << false;
        QTest::newRow("half an element") << QByteArray("<iq") << false;
        QTest::newRow("a TLS record") << QByteArray("\x16\x03\x01\x02", 4) << false;
    }
    void bytesBehindStartTls()
    {
        QFETCH(QByteArray, behind);
        QFETCH(bool, good);
        ScriptedPeer peer(testOptions(TlsPolicy::Required));
        peer.openStream();
        const std::string out = peer.say(startTls + behind.toStdString());
        if (good) {
            QCOMPARE(out, proceed);
            QCOMPARE(peer.events, Events{"startTls"});
        } else {
            QCOMPARE(out, tlsFailure + "</stream:stream>");
            QCOMPARE(peer.events, Events{"close error"});
        }
    }

    void startTlsWhereItIsNotOffered()
    {
        ScriptedPeer off(testOptions(TlsPolicy::Off));
        off.openStream();
        QCOMPARE(off.say(startTls), tlsFailure + "</stream:stream>");
        QCOMPARE(off.events, Events{"close error"});
        ScriptedPeer up(testOptions(TlsPolicy::Required), testTls());
        up.openStream();
        QCOMPARE(up.say(startTls), tlsFailure + "</stream:stream>");
        ScriptedPeer loggedIn(testOptions(TlsPolicy::Optional));
        loggedIn.login();
        QCOMPARE(loggedIn.say(startTls), tlsFailure + "</stream:stream>");
    }

    void early_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("condition");
        QTest::newRow("message") << QByteArray("<message to='a@example.com'/>") << QByteArray("not-authorized");
        QTest::newRow("malformed message") << QByteArray("<message to='@'/>") << QByteArray("not-authorized");
        QTest::newRow("bind") << QByteArray("<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
                                            "</iq>")
                              << QByteArray("not-authorized");
        QTest::newRow("ack") << QByteArray("<a xmlns='urn:xmpp:sm:3' h='0'/>") << QByteArray("not-authorized");
        QTest::newRow("something else") << QByteArray("<x xmlns='y'/>") << QByteArray("unsupported-stanza-type");
        QTest::newRow("unknown SASL element")
            << QByteArray("<x xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>") << QByteArray("unsupported-stanza-type");
    }
    void early()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, condition);
        ScriptedPeer peer(testOptions());
        peer.openStream();
        QCOMPARE(peer.say(bytes.toStdString()), streamError(condition.toStdString()) + end);
        QCOMPARE(peer.events, Events{"close error"});
    }

    void closes()
    {
        ScriptedPeer peer(testOptions());
        peer.openStream();
        QCOMPARE(peer.say("</stream:stream>"), std::string("</stream:stream>"));
        QCOMPARE(peer.events, Events{"close"});
        QVERIFY(peer.negotiation().finished());
    }

    void abortedFromOutside()
    {
        const StreamError shutdown{StreamCondition::SystemShutdown, {}, {}, {}};
        ScriptedPeer before(testOptions());
        before.negotiation().abort(shutdown);
        QCOMPARE(before.takeOutput(), serverHeader() + streamError("system-shutdown") + end);
        ScriptedPeer open(testOptions());
        open.openStream();
        open.negotiation().abort(shutdown);
        QCOMPARE(open.takeOutput(), streamError("system-shutdown") + end);
        open.negotiation().abort(shutdown);
        QCOMPARE(open.takeOutput(), std::string());
        QCOMPARE(open.events, Events{"close error"});
        ScriptedPeer handshake(testOptions(TlsPolicy::Required));
        handshake.openStream();
        handshake.say(startTls);
        handshake.negotiation().abort(shutdown);
        QCOMPARE(handshake.takeOutput(), std::string());
        QCOMPARE(handshake.events, (Events{"startTls", "close error"}));
        handshake.negotiation().tlsEstablished(testTls());
        QCOMPARE(handshake.say(header()), std::string());
    }

    void streamIdsDiffer()
    {
        ScriptedPeer peer(testOptions(TlsPolicy::Required));
        peer.negotiation().feed(header());
        const std::string first = std::exchange(peer.output(), {});
        peer.negotiation().feed(startTls);
        peer.negotiation().tlsEstablished(testTls());
        peer.output().clear();
        peer.negotiation().feed(header());
        const std::string second = std::exchange(peer.output(), {});
        const auto idOf = [](const std::string &text) { return text.substr(text.find(" id='") + 5, 22); };
        QVERIFY(idOf(first) != idOf(second));
    }

    void authenticatedHeader()
    {
        ScriptedPeer other(testOptions());
        other.openStream();
        other.say(plainAuth("romeo", "pencil"));
        const std::string out = other.say(header("anon.example.com"));
        QVERIFY2(out.find(streamError("host-unknown")) != std::string::npos, out.c_str());

        ScriptedPeer lying(testOptions());
        lying.openStream();
        lying.say(plainAuth("romeo", "pencil"));
        const std::string claimed = lying.say("<stream:stream xmlns='jabber:client' version='1.0' to='example.com' "
                                              "from='juliet@example.com' "
                                              "xmlns:stream='http://etherx.jabber.org/streams'>");
        QVERIFY2(claimed.find(streamError("invalid-from")) != std::string::npos, claimed.c_str());

        ScriptedPeer honest(testOptions());
        honest.openStream();
        honest.say(plainAuth("romeo", "pencil"));
        const std::string good = honest.say("<stream:stream xmlns='jabber:client' version='1.0' to='example.com' "
                                            "from='romeo@example.com' "
                                            "xmlns:stream='http://etherx.jabber.org/streams'>");
        QVERIFY2(good.ends_with(sessionFeatures), good.c_str());
    }

    void featuresAfterLogin()
    {
        NegotiationOptions options = testOptions();
        options.moduleFeatures = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/>";
        options.idleTimeout = std::chrono::seconds(600);
        options.streamManagement = false;
        ScriptedPeer changed(options);
        const std::string out = changed.login();
        QVERIFY(out.find("urn:xmpp:sm:3") == std::string::npos);
        QVERIFY(out.find("<max-bytes>262144</max-bytes><idle-seconds>600</idle-seconds></limits>"
                         "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/>") !=
                std::string::npos);
        ScriptedPeer plain(testOptions());
        QCOMPARE(plain.login(), sessionFeatures);
    }
};

GODWIT_TEST(TstNegotiation);
#include "tst_negotiation.moc"
