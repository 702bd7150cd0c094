// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// SASL: every mechanism, every failure condition of RFC 6120 §6.5 that can come about.
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

const std::string abortSasl = "<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
const std::string successEmpty = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
const std::string challengeEmpty = "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
const std::string exporter = std::string(32, 'e');
const std::string endPoint = std::string(32, 's');

std::string auth(const std::string &mechanism, const std::string &text = {})
{
    return "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='" + mechanism + "'>" + text + "</auth>";
}

std::string response(const std::string &text)
{
    return "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" + text + "</response>";
}

bool isFailure(const std::string &out, std::string_view condition)
{
    return out.starts_with(saslFailure(condition)) && out.ends_with("</failure>");
}

/// Says the client's first and final message; what comes out of the final one.
std::string run(ScriptedPeer &peer, ScramClient &client)
{
    std::string challenge = peer.say(client.auth());
    if (!challenge.starts_with("<challenge")) {
        return challenge;
    }
    return peer.say(client.response(challenge));
}

} // namespace

class TstLogin : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void scram_data()
    {
        QTest::addColumn<int>("hash");
        QTest::addColumn<bool>("tls");
        QTest::addColumn<QByteArray>("gs2");
        QTest::addColumn<QByteArray>("data");
        QTest::addColumn<QByteArray>("failure"); // empty: success
        const auto row = [](const char *name, Hash hash, bool tls, const char *gs2, const std::string &data,
                            const char *failure) {
            QTest::newRow(name) << int(hash) << tls << QByteArray(gs2) << QByteArray::fromStdString(data)
                                << QByteArray(failure);
        };
        row("SHA-1", Hash::Sha1, false, "n,,", "", "");
        row("SHA-256", Hash::Sha256, false, "n,,", "", "");
        row("SHA-512", Hash::Sha512, false, "n,,", "", "");
        row("the client could bind, nothing was offered", Hash::Sha256, false, "y,,", "", "");
        row("the client cannot bind, the server can", Hash::Sha256, true, "n,,", "", "");
        row("the offer was taken out on the way", Hash::Sha256, true, "y,,", "", "not-authorized");
        row("SHA-1-PLUS, exporter", Hash::Sha1, true, "p=tls-exporter,,", exporter, "");
        row("SHA-256-PLUS, exporter", Hash::Sha256, true, "p=tls-exporter,,", exporter, "");
        row("SHA-512-PLUS, exporter", Hash::Sha512, true, "p=tls-exporter,,", exporter, "");
        row("SHA-256-PLUS, end point", Hash::Sha256, true, "p=tls-server-end-point,,", endPoint, "");
        row("wrong binding data", Hash::Sha256, true, "p=tls-exporter,,", endPoint, "not-authorized");
        row("no binding data", Hash::Sha256, true, "p=tls-exporter,,", "", "not-authorized");
        row("binding not offered", Hash::Sha256, true, "p=tls-unique,,", exporter, "malformed-request");
        row("own authzid", Hash::Sha256, false, "n,a=romeo@example.com,", "", "");
        row("own authzid, other spelling", Hash::Sha256, false, "n,a=ROMEO@example.com,", "", "");
        row("another's authzid", Hash::Sha256, false, "n,a=juliet@example.com,", "", "invalid-authzid");
        row("authzid with a resource", Hash::Sha256, false, "n,a=romeo@example.com/x,", "", "invalid-authzid");
        row("authzid that is no JID", Hash::Sha256, false, "n,a=@,", "", "invalid-authzid");
    }
    void scram()
    {
        QFETCH(int, hash);
        QFETCH(bool, tls);
        QFETCH(QByteArray, gs2);
        QFETCH(QByteArray, data);
        QFETCH(QByteArray, failure);
        for (Answers answers : {Answers::Later, Answers::AtOnce}) {
            ScriptedPeer peer(testOptions(), tls ? std::optional<TlsInfo>(testTls()) : std::nullopt, answers);
            peer.openStream();
            ScramClient client(static_cast<Hash>(hash), "romeo", "pencil", {gs2.toStdString(), data.toStdString()});
            const std::string out = run(peer, client);
            if (failure.isEmpty()) {
                QVERIFY2(client.verifies(out), out.c_str());
                QVERIFY(peer.negotiation().phase() == Phase::Opening);
                QCOMPARE(peer.negotiation().authentication()->account.text(), std::string("romeo@example.com"));
                QVERIFY(peer.openStream().find("xmpp-bind") != std::string::npos);
            } else {
                QVERIFY2(isFailure(out, failure.toStdString()), out.c_str());
                QVERIFY(!peer.negotiation().authentication());
            }
        }
    }

    void scramWrong_data()
    {
        QTest::addColumn<QByteArray>("user");
        QTest::addColumn<QByteArray>("password");
        QTest::addColumn<int>("hash");
        QTest::addColumn<QByteArray>("condition");
        QTest::newRow("wrong password") << QByteArray("romeo") << QByteArray("pencils") << int(Hash::Sha256)
                                        << QByteArray("not-authorized");
        QTest::newRow("unknown user") << QByteArray("mercutio") << QByteArray("pencil") << int(Hash::Sha256)
                                      << QByteArray("not-authorized");
        QTest::newRow("name that can be none")
            << QByteArray("a@b") << QByteArray("pencil") << int(Hash::Sha256) << QByteArray("not-authorized");
        QTest::newRow("account without keys")
            << QByteArray("rosaline") << QByteArray("pencil") << int(Hash::Sha256) << QByteArray("not-authorized");
        QTest::newRow("account without this hash")
            << QByteArray("paris") << QByteArray("pencil") << int(Hash::Sha256) << QByteArray("not-authorized");
        QTest::newRow("disabled account, right password")
            << QByteArray("tybalt") << QByteArray("pencil") << int(Hash::Sha256) << QByteArray("account-disabled");
        QTest::newRow("disabled account, wrong password")
            << QByteArray("tybalt") << QByteArray("pencils") << int(Hash::Sha256) << QByteArray("not-authorized");
    }
    void scramWrong()
    {
        QFETCH(QByteArray, user);
        QFETCH(QByteArray, password);
        QFETCH(int, hash);
        QFETCH(QByteArray, condition);
        ScriptedPeer peer(testOptions());
        peer.openStream();
        ScramClient client(static_cast<Hash>(hash), user.toStdString(), password.toStdString());
        const std::string out = run(peer, client);
        QVERIFY2(isFailure(out, condition.toStdString()), out.c_str());
        QVERIFY(peer.negotiation().phase() == Phase::Features);
        // The stream goes on: the right password gets in.
        ScramClient again(Hash::Sha1, "paris", "pencil");
        const std::string second = run(peer, again);
        QVERIFY2(again.verifies(second), second.c_str());
    }

    void unknownUsersLookLikeKnownOnes()
    {
        const auto firstAnswer = [](const std::string &user, std::uint32_t iterations) {
            NegotiationOptions options = testOptions();
            options.scramIterations = iterations;
            ScriptedPeer peer(options);
            peer.openStream();
            ScramClient client(Hash::Sha256, user, "pencil");
            client.response(peer.say(client.auth()));
            return client.serverFirst.substr(client.serverFirst.find(",s="));
        };
        const std::string known = firstAnswer("romeo", 16);
        const std::string unknown = firstAnswer("mercutio", 16);
        QCOMPARE(unknown.size(), known.size());
        QVERIFY(unknown.ends_with(",i=16"));
        // The salt stays, for each name its own, however the name is spelt.
        QCOMPARE(firstAnswer("mercutio", 16), unknown);
        QCOMPARE(firstAnswer("Mercutio", 16), unknown);
        QVERIFY(firstAnswer("benvolio", 16) != unknown);
        QVERIFY(firstAnswer("mercutio", 17).ends_with(",i=17"));
    }

    void scramDetails()
    {
        ScriptedPeer peer(testOptions());
        peer.openStream();
        ScramClient nonce(Hash::Sha256, "romeo", "pencil");
        nonce.nonceSuffix = "x";
        QVERIFY(isFailure(run(peer, nonce), "not-authorized"));
        ScramClient extension(Hash::Sha256, "romeo", "pencil");
        extension.extraBeforeProof = ",x=future";
        QVERIFY(extension.verifies(run(peer, extension)));
    }

    void noncesDiffer()
    {
        ScriptedPeer peer(testOptions());
        peer.openStream();
        ScramClient first(Hash::Sha256, "romeo", "pencil");
        ScramClient second(Hash::Sha256, "romeo", "wrong");
        second.response(peer.say(second.auth()));
        peer.say(abortSasl);
        first.response(peer.say(first.auth()));
        QVERIFY(first.serverFirst != second.serverFirst);
        QVERIFY(first.serverFirst.starts_with("r=clientnonce"));
        QVERIFY(first.serverFirst.find(',') >= std::string("r=clientnonce").size() + 20);
    }

    void responsesCannotBeReplayed()
    {
        ScriptedPeer peer(testOptions());
        peer.openStream();
        ScramClient client(Hash::Sha256, "romeo", "pencil");
        const std::string good = client.response(peer.say(client.auth()));
        ScriptedPeer later(testOptions());
        later.random().number();
        later.openStream();
        later.say(client.auth());
        QVERIFY(isFailure(later.say(good), "not-authorized"));
    }

    void plain_data()
    {
        QTest::addColumn<QByteArray>("auth");
        QTest::addColumn<QByteArray>("condition"); // empty: success
        const auto row = [](const char *name, const std::string &text, const char *condition) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(condition);
        };
        row("right", plainAuth("romeo", "pencil"), "");
        row("name in capitals", plainAuth("Romeo", "pencil"), "");
        row("own authzid", plainAuth("romeo", "pencil", "romeo@example.com"), "");
        row("only SHA-1 keys", plainAuth("paris", "pencil"), "");
        row("wrong password", plainAuth("romeo", "pencils"), "not-authorized");
        row("unknown user", plainAuth("mercutio", "pencil"), "not-authorized");
        row("name that can be none", plainAuth("a@b", "pencil"), "not-authorized");
        row("account without keys", plainAuth("rosaline", "pencil"), "not-authorized");
        row("password that can be none", plainAuth("romeo", "\x01"), "not-authorized");
        row("disabled", plainAuth("tybalt", "pencil"), "account-disabled");
        row("disabled, wrong password", plainAuth("tybalt", "pencils"), "not-authorized");
        row("another's authzid", plainAuth("romeo", "pencil", "juliet@example.com"), "invalid-authzid");
        row("another's authzid, wrong password", plainAuth("romeo", "x", "juliet@example.com"), "not-authorized");
        row("no name", plainAuth("", "pencil"), "malformed-request");
        row("no password", plainAuth("romeo", ""), "malformed-request");
        row("two parts", auth("PLAIN", base::encodeBase64(std::string_view("a\0b", 3))), "malformed-request");
        row("four parts", auth("PLAIN", base::encodeBase64(std::string_view("\0a\0b\0c", 6))), "malformed-request");
        row("not base64", auth("PLAIN", "*"), "incorrect-encoding");
        row("base64 without padding", auth("PLAIN", "YQ"), "incorrect-encoding");
        row("empty response", auth("PLAIN", "="), "malformed-request");
    }
    void plain()
    {
        QFETCH(QByteArray, auth);
        QFETCH(QByteArray, condition);
        for (Answers answers : {Answers::Later, Answers::AtOnce}) {
            ScriptedPeer peer(testOptions(), std::nullopt, answers);
            peer.openStream();
            const std::string out = peer.say(auth.toStdString());
            if (condition.isEmpty()) {
                QCOMPARE(out, successEmpty);
                QVERIFY(peer.openStream().find("xmpp-bind") != std::string::npos);
            } else {
                QVERIFY2(isFailure(out, condition.toStdString()), out.c_str());
            }
        }
    }

    void plainHashesForUnknownUsersToo()
    {
        const auto effects = [](const std::string &user) {
            ScriptedPeer peer(testOptions());
            peer.openStream();
            peer.say(plainAuth(user, "wrong"));
            return std::count(peer.events.begin(), peer.events.end(), "hash");
        };
        QCOMPARE(effects("romeo"), std::ptrdiff_t(1));
        QCOMPARE(effects("mercutio"), std::ptrdiff_t(1));
        QCOMPARE(effects("a@b"), std::ptrdiff_t(1));
    }

    void plainNeedsTls()
    {
        ScriptedPeer peer(testOptions(TlsPolicy::Required));
        peer.openStream();
        QVERIFY(isFailure(peer.say(plainAuth("romeo", "pencil")), "encryption-required"));
        ScramClient client(Hash::Sha256, "romeo", "pencil");
        QVERIFY(isFailure(peer.say(client.auth()), "encryption-required"));
        QVERIFY(std::find(peer.events.begin(), peer.events.end(), "fetch romeo@example.com") == peer.events.end());
        ScriptedPeer up(testOptions(TlsPolicy::Required), testTls());
        up.openStream();
        QCOMPARE(up.say(plainAuth("romeo", "pencil")), successEmpty);
    }

    void mechanisms_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("auth");
        QTest::addColumn<QByteArray>("condition");
        const QByteArray accounts("example.com");
        const QByteArray anonymous("anon.example.com");
        const auto bytes = [](const std::string &text) { return QByteArray::fromStdString(text); };
        QTest::newRow("unknown") << accounts << bytes(auth("DIGEST-MD5", "=")) << QByteArray("invalid-mechanism");
        QTest::newRow("none") << accounts << bytes("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>=</auth>")
                              << QByteArray("invalid-mechanism");
        QTest::newRow("lower case") << accounts << bytes(auth("plain", "=")) << QByteArray("invalid-mechanism");
        QTest::newRow("PLUS without TLS")
            << accounts << bytes(auth("SCRAM-SHA-256-PLUS", "=")) << QByteArray("invalid-mechanism");
        QTest::newRow("ANONYMOUS with accounts")
            << accounts << bytes(auth("ANONYMOUS", "=")) << QByteArray("invalid-mechanism");
        QTest::newRow("PLAIN on an anonymous host")
            << anonymous << bytes(plainAuth("romeo", "pencil")) << QByteArray("invalid-mechanism");
        QTest::newRow("SCRAM on an anonymous host")
            << anonymous << bytes(auth("SCRAM-SHA-256", "=")) << QByteArray("invalid-mechanism");
    }
    void mechanisms()
    {
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, auth);
        QFETCH(QByteArray, condition);
        ScriptedPeer peer(testOptions());
        peer.openStream(host.toStdString());
        const std::string out = peer.say(auth.toStdString());
        QVERIFY2(isFailure(out, condition.toStdString()), out.c_str());
    }

    void mechanismSwitchedOff()
    {
        NegotiationOptions options = testOptions();
        options.mechanisms = {SaslMechanism::ScramSha256};
        ScriptedPeer peer(options);
        QVERIFY(peer.openStream().find("PLAIN") == std::string::npos);
        QVERIFY(isFailure(peer.say(plainAuth("romeo", "pencil")), "mechanism-too-weak"));
        QVERIFY(isFailure(peer.say(auth("SCRAM-SHA-1", "=")), "invalid-mechanism"));
    }

    void anonymous_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("no initial response") << QByteArray("");
        QTest::newRow("empty initial response") << QByteArray("=");
        QTest::newRow("trace") << QByteArray("c2lyaGM=");
    }
    void anonymous()
    {
        QFETCH(QByteArray, text);
        ScriptedPeer peer(testOptions());
        peer.openStream("anon.example.com");
        std::string out = peer.say(auth("ANONYMOUS", text.toStdString()));
        if (text.isEmpty()) {
            QCOMPARE(out, challengeEmpty);
            out = peer.say(response(""));
        }
        QCOMPARE(out, successEmpty);
        const Authentication who = *peer.negotiation().authentication();
        QVERIFY(who.anonymous);
        QCOMPARE(who.account.domain(), std::string_view("anon.example.com"));
        QCOMPARE(who.account.local().size(), std::size_t(20));
        QVERIFY(peer.openStream("anon.example.com").find("xmpp-bind") != std::string::npos);
        // Nobody else gets the same name.
        peer.destroy();
    }

    void anonymousNamesDiffer()
    {
        ScriptedPeer peer(testOptions());
        ScriptedPeer other(testOptions());
        other.random().number();
        std::vector<std::string> names;
        for (ScriptedPeer *each : {&peer, &other}) {
            each->openStream("anon.example.com");
            each->say(auth("ANONYMOUS", "="));
            names.push_back(each->negotiation().authentication()->account.text());
        }
        QVERIFY(names[0] != names[1]);
    }

    void initialResponseCanComeLater()
    {
        ScriptedPeer peer(testOptions());
        peer.openStream();
        QCOMPARE(peer.say(auth("PLAIN")), challengeEmpty);
        QCOMPARE(peer.say(response(base::encodeBase64(std::string_view("\0romeo\0pencil", 13)))), successEmpty);
        ScriptedPeer scram(testOptions());
        scram.openStream();
        ScramClient client(Hash::Sha256, "romeo", "pencil");
        QCOMPARE(scram.say(auth("SCRAM-SHA-256")), challengeEmpty);
        const std::string challenge = scram.say(response(base::encodeBase64(client.first())));
        QVERIFY(client.verifies(scram.say(client.response(challenge))));
    }

    void order_data()
    {
        QTest::addColumn<QByteArray>("first");
        QTest::addColumn<QByteArray>("second");
        QTest::addColumn<QByteArray>("condition");
        ScramClient client(Hash::Sha256, "romeo", "pencil");
        const auto bytes = [](const std::string &text) { return QByteArray::fromStdString(text); };
        QTest::newRow("response without a challenge")
            << bytes("") << bytes(response("=")) << QByteArray("malformed-request");
        QTest::newRow("abort without an exchange") << bytes("") << bytes(abortSasl) << QByteArray("aborted");
        QTest::newRow("abort") << bytes(client.auth()) << bytes(abortSasl) << QByteArray("aborted");
        QTest::newRow("auth within an exchange")
            << bytes(client.auth()) << bytes(client.auth()) << QByteArray("malformed-request");
        QTest::newRow("final message that is none")
            << bytes(client.auth()) << bytes(response("YWJj")) << QByteArray("malformed-request");
        QTest::newRow("final message not base64")
            << bytes(client.auth()) << bytes(response("a")) << QByteArray("incorrect-encoding");
        QTest::newRow("first message that is none")
            << bytes("") << bytes(auth("SCRAM-SHA-256", "YWJj")) << QByteArray("malformed-request");
    }
    void order()
    {
        QFETCH(QByteArray, first);
        QFETCH(QByteArray, second);
        QFETCH(QByteArray, condition);
        ScriptedPeer peer(testOptions());
        peer.openStream();
        peer.say(first.toStdString());
        const std::string out = peer.say(second.toStdString());
        QVERIFY2(isFailure(out, condition.toStdString()), out.c_str());
        QCOMPARE(peer.say(plainAuth("romeo", "pencil")), successEmpty);
    }

    void temporaryFailures()
    {
        ScriptedPeer store(testOptions());
        store.storeError = base::Error(base::ErrorCode::Unavailable, "the store is away");
        store.openStream();
        QVERIFY(isFailure(store.say(plainAuth("romeo", "pencil")), "temporary-auth-failure"));
        ScramClient client(Hash::Sha256, "romeo", "pencil");
        QVERIFY(isFailure(run(store, client), "temporary-auth-failure"));
        ScriptedPeer pool(testOptions());
        pool.hashingError = base::Error(base::ErrorCode::LimitExceeded, "too many wait");
        pool.openStream();
        QVERIFY(isFailure(pool.say(plainAuth("romeo", "pencil")), "temporary-auth-failure"));
    }

    void tooManyFailures()
    {
        NegotiationOptions options = testOptions();
        options.loginFailuresMax = 3;
        ScriptedPeer peer(options);
        peer.openStream();
        QVERIFY(isFailure(peer.say(plainAuth("romeo", "a")), "not-authorized"));
        QVERIFY(isFailure(peer.say(plainAuth("romeo", "b")), "not-authorized"));
        const std::string out = peer.say(plainAuth("romeo", "c"));
        QVERIFY2(out.starts_with(saslFailure("not-authorized")), out.c_str());
        QVERIFY2(out.find(streamError("policy-violation")) != std::string::npos, out.c_str());
        QVERIFY(out.ends_with("</stream:stream>"));
        QCOMPARE(peer.events.back(), std::string("close error"));
        QCOMPARE(peer.say(plainAuth("romeo", "pencil")), std::string());
    }

    void effects()
    {
        ScriptedPeer peer(testOptions());
        peer.openStream();
        peer.say(plainAuth("romeo", "wrong"));
        peer.say(plainAuth("romeo", "pencil"));
        QCOMPARE(peer.events, (Events{"fetch romeo@example.com", "hash", "failed romeo@example.com not-authorized",
                                      "fetch romeo@example.com", "hash", "login PLAIN"}));
    }

    void saslIsOverAfterLogin()
    {
        ScriptedPeer peer(testOptions());
        peer.login();
        const std::string out = peer.say(plainAuth("juliet", "pencil"));
        QVERIFY2(out.starts_with(streamError("unsupported-stanza-type")), out.c_str());
    }

    void answersAfterTheEnd()
    {
        ScriptedPeer peer(testOptions());
        peer.openStream();
        peer.sayOnly(plainAuth("romeo", "pencil"));
        QVERIFY(peer.negotiation().waiting());
        peer.negotiation().abort({StreamCondition::SystemShutdown, {}, {}, {}});
        peer.takeOutput();
        peer.settle();
        QCOMPARE(peer.takeOutput(), std::string());
        QCOMPARE(peer.events, (Events{"fetch romeo@example.com", "close error"}));
    }

    void answersToAnotherRequest()
    {
        ScriptedPeer peer(testOptions());
        peer.openStream();
        peer.sayOnly(plainAuth("romeo", "pencil"));
        peer.negotiation().answerCredentials(RequestId(99), accounts::Credentials());
        peer.negotiation().answerHashing(RequestId(1), accounts::ScramKeys());
        peer.negotiation().answerBind(RequestId(1), BindAnswer());
        peer.negotiation().answerResume(RequestId(1), ResumeAnswer());
        QVERIFY(peer.negotiation().waiting());
        peer.settle();
        QCOMPARE(peer.takeOutput(), successEmpty);
    }
};

GODWIT_TEST(TstLogin);
#include "tst_login.moc"
