// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// FAST (XEP-0484): tokens are given, used, replaced and taken back inside of SASL2.
#include "ScriptedPeer.h"
#include "UnitTest.h"

#include "base/Base64.h"

#include <QTest>

using namespace godwit;
using namespace godwit::stream;
using namespace godwit::stream::test;
using Phase = Negotiation::Phase;
using std::chrono::hours;

namespace
{

const std::string device = "d4565fa7-4d72-4749-b3d3-740edbf87770";
const std::string romeo = "romeo@example.com " + device;
const std::string agent = "<user-agent id='" + device + "'/>";
const std::string fast = "<fast xmlns='urn:xmpp:fast:0'/>";
const std::string wish = "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/>";

std::string authenticate(std::string_view mechanism, std::string_view message, std::string_view content)
{
    return "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='" + std::string(mechanism) + "'><initial-response>" +
           base::encodeBase64(message) + "</initial-response>" + std::string(content) + "</authenticate>";
}

std::string byPassword(std::string_view content)
{
    std::string message(1, '\0');
    message += "romeo";
    message += '\0';
    message += "pencil";
    return authenticate("PLAIN", message, content);
}

std::string hashed(std::string_view token, std::string_view role, std::string_view binding = {})
{
    return crypto::hmac(crypto::Hash::Sha256, {token}, std::string(role) + std::string(binding));
}

std::string proof(std::string_view user, std::string_view token, std::string_view binding = {})
{
    return std::string(user) + '\0' + hashed(token, "Initiator", binding);
}

std::string byToken(std::string_view token, std::string_view content = fast, std::string_view user = "romeo")
{
    return authenticate("HT-SHA-256-NONE", proof(user, token), agent + std::string(content));
}

std::string success(std::string_view token, std::string_view binding = {})
{
    return "<success xmlns='urn:xmpp:sasl:2'><additional-data>" +
           base::encodeBase64(hashed(token, "Responder", binding)) + "</additional-data>";
}

std::string failure(std::string_view condition)
{
    return "<failure xmlns='urn:xmpp:sasl:2'><" + std::string(condition) +
           " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
}

std::string between(std::string_view text, std::string_view begin, std::string_view end)
{
    const std::size_t from = text.find(begin);
    const std::size_t to = from == std::string_view::npos ? from : text.find(end, from + begin.size());
    return to == std::string_view::npos ? std::string()
                                        : std::string(text.substr(from + begin.size(), to - from - begin.size()));
}

/// The token in a success; empty for none.
std::string given(const std::string &out)
{
    const std::string element = between(out, "<token xmlns='urn:xmpp:fast:0'", "/>");
    return between(element, " token='", "'");
}

accounts::Token token(std::string secret, base::WallTime expires, std::string mechanism = "HT-SHA-256-NONE")
{
    return {std::move(mechanism), std::move(secret), expires, 0};
}

/// A client with an open stream, whose server has these tokens of Romeo's.
struct Opened : ScriptedPeer {
    explicit Opened(std::map<std::string, accounts::DeviceTokens> known = {},
                    NegotiationOptions options = testOptions(), std::optional<TlsInfo> tls = std::nullopt)
        : ScriptedPeer(std::move(options), std::move(tls))
    {
        tokens = std::move(known);
        openStream();
    }
};

/// With one token that is half a life from being replaced.
std::map<std::string, accounts::DeviceTokens> fresh(const std::string &secret, std::uint32_t count = 0)
{
    accounts::Token current = token(secret, base::WallTime(hours(24 * 20'020)));
    current.count = count;
    return {{romeo, {current, std::nullopt}}};
}

} // namespace

class TstTokens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isGivenAndUsed()
    {
        Opened first;
        const std::string out = first.say(byPassword(agent + wish));
        const std::string secret = given(out);
        QCOMPARE(secret.size(), std::size_t(43));
        QCOMPARE(between(out, "expiry='", "'"), std::string("2024-10-25T00:00:00Z"));
        QVERIFY(!first.tokens[romeo].current);
        QCOMPARE(first.tokens[romeo].next->secret, secret);
        Opened second(first.tokens);
        const std::string again = second.say(byToken(secret));
        QVERIFY2(again.starts_with(success(secret)), again.c_str());
        QVERIFY2(given(again).empty(), again.c_str());
        QVERIFY(second.negotiation().authentication()->mechanism == SaslMechanism::HtSha256);
        QCOMPARE(second.negotiation().authentication()->device, device);
        // It has shown that it was received.
        QCOMPARE(second.tokens[romeo].current->secret, secret);
        QVERIFY(!second.tokens[romeo].next);
    }

    void bindsAndResumesInOneStep()
    {
        Opened peer(fresh("secret"));
        peer.resumable = 3;
        const std::string out =
            peer.say(byToken("secret", fast + "<resume xmlns='urn:xmpp:sm:3' previd='old' h='1'/>"));
        QCOMPARE(out, success("secret") + "<authorization-identifier>romeo@example.com/before"
                                          "</authorization-identifier><resumed xmlns='urn:xmpp:sm:3' previd='old' "
                                          "h='3'/></success>");
        QVERIFY(peer.negotiation().phase() == Phase::Resumed);
    }

    void bindsToTheChannel_data()
    {
        QTest::addColumn<QByteArray>("mechanism");
        QTest::addColumn<char>("binding");
        QTest::addColumn<bool>("right");
        QTest::newRow("exporter") << QByteArray("HT-SHA-256-EXPR") << 'e' << true;
        QTest::newRow("end point") << QByteArray("HT-SHA-256-ENDP") << 's' << true;
        QTest::newRow("another's exporter") << QByteArray("HT-SHA-256-EXPR") << 'x' << false;
        QTest::newRow("the other binding") << QByteArray("HT-SHA-256-ENDP") << 'e' << false;
    }
    void bindsToTheChannel()
    {
        QFETCH(QByteArray, mechanism);
        QFETCH(char, binding);
        QFETCH(bool, right);
        const std::string data(32, binding);
        const std::string name = mechanism.toStdString();
        Opened peer({{romeo, {token("secret", base::WallTime(hours(24 * 20'020)), name), std::nullopt}}},
                    testOptions(TlsPolicy::Required), testTls());
        const std::string out = peer.say(authenticate(name, proof("romeo", "secret", data), agent + fast));
        QVERIFY2(out.starts_with(right ? success("secret", data) : failure("not-authorized")), out.c_str());
    }

    void isGoodForItsMechanismOnly()
    {
        Opened peer({{romeo, {token("secret", base::WallTime(hours(24 * 20'020)), "HT-SHA-256-EXPR"), std::nullopt}}},
                    testOptions(TlsPolicy::Required), testTls());
        QVERIFY(peer.say(byToken("secret")).starts_with(failure("not-authorized")));
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("condition");
        const auto row = [](const char *name, const std::string &bytes, const char *condition) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(condition);
        };
        const std::string right = proof("romeo", "secret");
        const std::string another = "<user-agent id='a4565fa7-4d72-4749-b3d3-740edbf87770'/>";
        row("another token", byToken("secrets"), "not-authorized");
        row("an unknown account", byToken("secret", fast, "nobody"), "not-authorized");
        row("no account at all", byToken("secret", fast, "a@b"), "not-authorized");
        row("another installation", authenticate("HT-SHA-256-NONE", right, another + fast), "not-authorized");
        row("no installation", authenticate("HT-SHA-256-NONE", right, fast), "malformed-request");
        row("no hash", authenticate("HT-SHA-256-NONE", "romeo", agent + fast), "malformed-request");
        row("no name", authenticate("HT-SHA-256-NONE", right.substr(5), agent + fast), "malformed-request");
        row("not said to be a token", byToken("secret", ""), "invalid-mechanism");
        row("no channel to bind to", authenticate("HT-SHA-256-EXPR", right, agent + fast), "invalid-mechanism");
        row("a token as a password", authenticate("PLAIN", std::string("\0romeo\0secret", 13), agent + fast),
            "not-authorized");
    }
    void refusals()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, condition);
        Opened peer(fresh("secret"));
        const std::string out = peer.say(bytes.toStdString());
        QVERIFY2(out.starts_with(failure(condition.toStdString())), out.c_str());
        QVERIFY(peer.say(byToken("secret")).starts_with(success("secret")));
    }

    void inSasl1ThereAreNone()
    {
        Opened peer(fresh("secret"));
        const std::string out = peer.say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='HT-SHA-256-NONE'>" +
                                         base::encodeBase64(proof("romeo", "secret")) + "</auth>");
        QVERIFY2(out.starts_with(saslFailure("invalid-mechanism")), out.c_str());
    }

    void ofADisabledAccount()
    {
        Opened peer({{"tybalt@example.com " + device, fresh("secret").at(romeo)}});
        QVERIFY(peer.say(byToken("secret", fast, "tybalt")).starts_with(failure("account-disabled")));
    }

    void expires()
    {
        Opened peer(fresh("secret"));
        peer.time = peer.tokens[romeo].current->expires - std::chrono::microseconds(1);
        Opened late(fresh("secret"));
        late.time = peer.tokens[romeo].current->expires;
        QVERIFY(peer.say(byToken("secret")).starts_with(success("secret")));
        QVERIFY(late.say(byToken("secret")).starts_with(failure("credentials-expired")));
    }

    void isReplacedInItsSecondHalf()
    {
        for (const bool old : {false, true}) {
            Opened peer(fresh("secret"));
            const base::WallTime half = peer.tokens[romeo].current->expires - testOptions().tokenLifetime / 2;
            peer.time = old ? half + std::chrono::microseconds(1) : half;
            const std::string out = peer.say(byToken("secret"));
            QCOMPARE(!given(out).empty(), old);
            // The old one is good until the new one is used: the answer may not have arrived.
            QCOMPARE(peer.tokens[romeo].current->secret, std::string("secret"));
            QCOMPARE(peer.tokens[romeo].next.has_value(), old);
            Opened again(peer.tokens);
            again.random().number(); // or it would make the same token
            again.time = peer.time;
            QVERIFY(again.say(byToken("secret")).starts_with(success("secret")));
            if (old) {
                const std::string newest = again.tokens[romeo].next->secret;
                QVERIFY(newest != given(out));
                Opened later(again.tokens);
                QVERIFY(later.say(byToken(given(out))).starts_with(failure("not-authorized")));
                QVERIFY(later.say(byToken(newest)).starts_with(success(newest)));
                QCOMPARE(later.tokens[romeo].current->secret, newest);
                QVERIFY(!later.tokens[romeo].next);
                Opened last(later.tokens);
                QVERIFY(last.say(byToken("secret")).starts_with(failure("not-authorized")));
            }
        }
    }

    void isTakenBack()
    {
        for (const bool another : {false, true}) {
            Opened peer(fresh("secret"));
            const std::string content = "<fast xmlns='urn:xmpp:fast:0' invalidate='true'/>" + (another ? wish : "");
            const std::string out = peer.say(byToken("secret", content));
            QVERIFY2(out.starts_with(success("secret")), out.c_str());
            QCOMPARE(!given(out).empty(), another);
            QVERIFY(!peer.tokens[romeo].current);
            QCOMPARE(peer.tokens[romeo].next.has_value(), another);
        }
    }

    void countsGoUp_data()
    {
        QTest::addColumn<QByteArray>("count");
        QTest::addColumn<bool>("right");
        QTest::addColumn<uint>("kept");
        QTest::newRow("more") << QByteArray("8") << true << 8U;
        QTest::newRow("the most") << QByteArray("4294967295") << true << 4'294'967'295U;
        QTest::newRow("the same") << QByteArray("7") << false << 7U;
        QTest::newRow("less") << QByteArray("0") << false << 7U;
        QTest::newRow("none") << QByteArray() << true << 7U;
        QTest::newRow("no number") << QByteArray("x") << true << 7U;
    }
    void countsGoUp()
    {
        QFETCH(QByteArray, count);
        QFETCH(bool, right);
        QFETCH(uint, kept);
        Opened peer(fresh("secret", 7));
        const std::string content = "<fast xmlns='urn:xmpp:fast:0' count='" + count.toStdString() + "'/>";
        const std::string out = peer.say(byToken("secret", content));
        QVERIFY2(out.starts_with(right ? success("secret") : failure("not-authorized")), out.c_str());
        QCOMPARE(peer.tokens[romeo].current->count, kept);
    }

    void twoLoginsAtOnce()
    {
        // Between reading and writing another login used the same count: one of them is a repetition.
        const std::string counted = "<fast xmlns='urn:xmpp:fast:0' count='8'/>";
        Opened peer(fresh("secret", 7));
        peer.beforeChange = [&peer] { peer.tokens[romeo].current->count = 8; };
        QVERIFY(peer.say(byToken("secret", counted)).starts_with(failure("not-authorized")));
        // It used a lower one: this one goes on behind it.
        Opened later(fresh("secret", 6));
        later.beforeChange = [&later] { later.tokens[romeo].current->count = 7; };
        QVERIFY(later.say(byToken("secret", counted)).starts_with(success("secret")));
        QCOMPARE(later.tokens[romeo].current->count, 8U);
        // They change again and again.
        Opened busy(fresh("secret"));
        std::uint32_t count = 0;
        busy.beforeChange = [&] { busy.tokens[romeo].current->count = ++count; };
        QVERIFY(busy.say(byToken("secret", counted)).starts_with(failure("temporary-auth-failure")));
        QCOMPARE(count, 3U);
    }

    void theStoreIsAway()
    {
        Opened used(fresh("secret"));
        used.storeError = base::Error(base::ErrorCode::Unavailable, "no");
        QVERIFY(used.say(byToken("secret")).starts_with(failure("temporary-auth-failure")));
        used.storeError.reset();
        used.tokenError = base::Error(base::ErrorCode::ResourceFull, "no");
        const std::string counted = "<fast xmlns='urn:xmpp:fast:0' count='1'/>";
        QVERIFY(used.say(byToken("secret", counted)).starts_with(failure("temporary-auth-failure")));
        // A token that cannot be kept is not given; the password is good without one.
        Opened wanted;
        wanted.tokenError = base::Error(base::ErrorCode::ResourceFull, "no");
        const std::string out = wanted.say(byPassword(agent + wish));
        QVERIFY2(out.starts_with("<success") && given(out).empty(), out.c_str());
    }

    void wishesThatAreNotGranted_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("no installation") << QByteArray::fromStdString(wish);
        QTest::newRow("no mechanism") << QByteArray::fromStdString(agent) + "<request-token xmlns='urn:xmpp:fast:0'/>";
        QTest::newRow("no such mechanism")
            << QByteArray::fromStdString(agent) +
                   "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-512-NONE'/>";
        QTest::newRow("a mechanism for passwords")
            << QByteArray::fromStdString(agent) + "<request-token xmlns='urn:xmpp:fast:0' mechanism='PLAIN'/>";
        QTest::newRow("no channel to bind to")
            << QByteArray::fromStdString(agent) +
                   "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-EXPR'/>";
    }
    void wishesThatAreNotGranted()
    {
        QFETCH(QByteArray, content);
        Opened peer;
        const std::string out = peer.say(byPassword(content.toStdString()));
        QVERIFY2(out.starts_with("<success") && given(out).empty(), out.c_str());
        QVERIFY(peer.tokens.empty());
    }

    void switchedOff()
    {
        NegotiationOptions options = testOptions();
        options.tokensPerAccountMax = 0;
        ScriptedPeer peer(options);
        peer.tokens = fresh("secret");
        QVERIFY(peer.openStream().find("urn:xmpp:fast:0") == std::string::npos);
        QVERIFY(peer.say(byToken("secret")).starts_with(failure("invalid-mechanism")));
        const std::string out = peer.say(byPassword(agent + wish));
        QVERIFY2(out.starts_with("<success") && given(out).empty(), out.c_str());
    }

    void anonymousHaveNone()
    {
        ScriptedPeer peer(testOptions());
        QVERIFY(peer.openStream("anon.example.com").find("urn:xmpp:fast:0") == std::string::npos);
        const std::string out = peer.say(authenticate("ANONYMOUS", {}, agent + wish));
        QVERIFY2(out.starts_with("<success") && given(out).empty(), out.c_str());
    }
};

GODWIT_TEST(TstTokens);
#include "tst_tokens.moc"
