// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "session/StreamTap.h"

#include <QTest>

using godwit::session::StreamTap;

namespace
{

void columns()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("seen");
}

void row(const char *name, const char *text, const QStringList &seen)
{
    QTest::newRow(name) << QString::fromLatin1(text) << seen;
}

} // namespace

class TstStreamTap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void received_data();
    void received();
    void whatTheServerTakes_data();
    void whatTheServerTakes();
    void sent_data();
    void sent();
    void failedOnlyCountsAfterResume();

private:
    QStringList m_seen;
    StreamTap tap()
    {
        m_seen.clear();
        return StreamTap({
            .enabled = [this] { m_seen.append(QStringLiteral("enabled")); },
            .acknowledged = [this](std::uint32_t h) { m_seen.append(QStringLiteral("a %1").arg(h)); },
            .resumed = [this](std::uint32_t h) { m_seen.append(QStringLiteral("resumed %1").arg(h)); },
            .resumeFailed =
                [this](std::optional<std::uint32_t> h) {
                    m_seen.append(h ? QStringLiteral("failed %1").arg(*h) : QStringLiteral("failed"));
                },
            .stanza =
                [this](bool ownPresence) {
                    m_seen.append(ownPresence ? QStringLiteral("available") : QStringLiteral("stanza"));
                },
            .aboutToAck = [this] { m_seen.append(QStringLiteral("ack")); },
            .authenticating =
                [this](bool byToken) {
                    m_seen.append(byToken ? QStringLiteral("by token") : QStringLiteral("by password"));
                },
            .notNow = [this] { m_seen.append(QStringLiteral("not now")); },
            .limitTold = [this](std::uint64_t bytes) { m_seen.append(QStringLiteral("limit %1").arg(bytes)); },
            .faulted = [this] { m_seen.append(QStringLiteral("faulted")); },
        });
    }
};

void TstStreamTap::received_data()
{
    columns();
    row("ack", "<a xmlns='urn:xmpp:sm:3' h='5'/>", {QStringLiteral("a 5")});
    row("ack at the top of the range", "<a xmlns='urn:xmpp:sm:3' h='4294967295'/>", {QStringLiteral("a 4294967295")});
    row("ack above the range", "<a xmlns='urn:xmpp:sm:3' h='4294967296'/>", {});
    row("ack without a count", "<a xmlns='urn:xmpp:sm:3'/>", {});
    row("two acks in one read", "<a xmlns='urn:xmpp:sm:3' h='1'/><a h='2' xmlns='urn:xmpp:sm:3'></a>",
        {QStringLiteral("a 1"), QStringLiteral("a 2")});
    row("ack between stanzas",
        "<message><body>x</body></message><a xmlns='urn:xmpp:sm:3' h='3'/><iq type='result' id='1'/>",
        {QStringLiteral("a 3")});
    row("another namespace", "<a xmlns='urn:xmpp:sm:2' h='3'/><r xmlns='urn:xmpp:sm:3'/>", {});
    row("an ack inside of a message is the sender's word",
        "<message><a xmlns='urn:xmpp:sm:3' h='999'/><body>urn:xmpp:sm:3</body></message>", {});
    row("a success inside of a message is too",
        "<message><success xmlns='urn:xmpp:sasl:2'><resumed xmlns='urn:xmpp:sm:3' h='9' "
        "previd='p'/></success></message>",
        {});
    row("enabled", "<enabled xmlns='urn:xmpp:sm:3' id='x' resume='true'/>", {QStringLiteral("enabled")});
    row("resumed", "<resumed xmlns='urn:xmpp:sm:3' h='7' previd='x'/>", {QStringLiteral("resumed 7")});
    row("resumed while signing in",
        "<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>a@b</authorization-identifier>"
        "<resumed xmlns='urn:xmpp:sm:3' h='7' previd='x'/></success>",
        {QStringLiteral("resumed 7")});
    row("enabled while signing in",
        "<success xmlns='urn:xmpp:sasl:2'><bound xmlns='urn:xmpp:bind:0'><enabled xmlns='urn:xmpp:sm:3' "
        "id='x'/></bound>"
        "</success><a xmlns='urn:xmpp:sm:3' h='0'/>",
        {QStringLiteral("enabled"), QStringLiteral("a 0")});
    row("a wrong password",
        "<failure xmlns='urn:xmpp:sasl:2'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
        "<text>no temporary-auth-failure</text></failure>",
        {});
    row("a password that cannot be checked",
        "<failure xmlns='urn:xmpp:sasl:2'><temporary-auth-failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>",
        {QStringLiteral("not now")});
    row("the same in the old way",
        "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><temporary-auth-failure/></failure>",
        {QStringLiteral("not now")});
    row("a failure inside of a message is the sender's word",
        "<message><failure xmlns='urn:xmpp:sasl:2'><temporary-auth-failure "
        "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure></message>",
        {});
    row("with the stream's header",
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
        "from='b' version='1.0'><stream:features><sm xmlns='urn:xmpp:sm:3'/></stream:features>",
        {QStringLiteral("limit 0")});
    row("with the stream's end", "<a xmlns='urn:xmpp:sm:3' h='8'/></stream:stream>", {QStringLiteral("a 8")});
}

void TstStreamTap::received()
{
    QFETCH(QString, text);
    tap().received(text);
    QTEST(m_seen, "seen");
}

/// XEP-0478, and stream errors that blame us.
void TstStreamTap::whatTheServerTakes_data()
{
    columns();
    row("a limit",
        "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><required/></bind>"
        "<limits xmlns='urn:xmpp:stream-limits:0'><idle-seconds>600</idle-seconds><max-bytes>10000</max-bytes></limits>"
        "<sm xmlns='urn:xmpp:sm:3'/></stream:features><a xmlns='urn:xmpp:sm:3' h='2'/>",
        {QStringLiteral("limit 10000"), QStringLiteral("a 2")});
    row("a limit that is no number",
        "<stream:features><limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>-5</max-bytes></limits>"
        "</stream:features>",
        {QStringLiteral("limit 0")});
    row("the limit before login is another",
        "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism>"
        "</mechanisms><limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>1000</max-bytes></limits></stream:features>",
        {});
    row("the server finds fault with us",
        "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
        "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>too large</text></stream:error></stream:stream>",
        {QStringLiteral("faulted")});
    row("the same with a prefix of its own",
        "<error xmlns='http://etherx.jabber.org/streams'><policy-violation "
        "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error>",
        {QStringLiteral("faulted")});
    row("the server's own trouble",
        "<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>", {});
    row("a stream error inside of a message is the sender's word",
        "<message><stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
        "</message><a xmlns='urn:xmpp:sm:3' h='3'/>",
        {QStringLiteral("a 3")});
}

void TstStreamTap::whatTheServerTakes()
{
    received();
}

void TstStreamTap::sent_data()
{
    columns();
    const QStringList stanza{QStringLiteral("stanza")};
    const QStringList ack{QStringLiteral("ack")};
    row("message", "<message to='x'><body>y</body></message>", stanza);
    const QStringList available{QStringLiteral("available")};
    row("presence", "<presence/>", available);
    row("presence with more in it", "<presence id=\"1\"><c to=\"x\"/></presence>", available);
    row("presence for one", "<presence to='x' type='subscribe'/>", stanza);
    row("the last presence", "<presence type=\"unavailable\"/>", stanza);
    row("iq", "<iq type=\"get\" id=\"1\"/>", stanza);
    row("our count", "<a xmlns=\"urn:xmpp:sm:3\" h=\"4\"/>", ack);
    row("resume", "<resume xmlns=\"urn:xmpp:sm:3\" h=\"4\" previd=\"x\"/>", ack);
    row("resume while signing in",
        "<authenticate xmlns=\"urn:xmpp:sasl:2\"><resume xmlns=\"urn:xmpp:sm:3\" h=\"4\" previd=\"x\"/></authenticate>",
        {QStringLiteral("by password"), QStringLiteral("ack")});
    row("a token",
        "<authenticate xmlns=\"urn:xmpp:sasl:2\" mechanism=\"HT-SHA-256-NONE\"><user-agent/>"
        "<fast xmlns=\"urn:xmpp:fast:0\"/></authenticate>",
        {QStringLiteral("by token")});
    row("the wish for a token",
        "<authenticate xmlns=\"urn:xmpp:sasl:2\" mechanism=\"SCRAM-SHA-256\">"
        "<request-token xmlns=\"urn:xmpp:fast:0\" mechanism=\"HT-SHA-256-NONE\"/></authenticate>",
        {QStringLiteral("by password")});
    row("a request", "<r xmlns=\"urn:xmpp:sm:3\"/>", {});
    row("enable", "<enable xmlns=\"urn:xmpp:sm:3\" resume=\"true\"/>", {});
    row("authentication", "<auth xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\" mechanism=\"SCRAM-SHA-1\">x</auth>", {});
    row("an iq-like name", "<iqx/>", {});
}

void TstStreamTap::sent()
{
    QFETCH(QString, text);
    tap().sent(text);
    QTEST(m_seen, "seen");
}

void TstStreamTap::failedOnlyCountsAfterResume()
{
    StreamTap one = tap();
    const QString failed = QStringLiteral("<failed xmlns='urn:xmpp:sm:3' h='3'><item-not-found "
                                          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
    one.received(failed); // enabling failed
    QVERIFY(m_seen.isEmpty());
    one.sent(QStringLiteral("<resume xmlns='urn:xmpp:sm:3' h='4' previd='x'/>"));
    one.received(failed);
    QCOMPARE(m_seen, QStringList({QStringLiteral("ack"), QStringLiteral("failed 3")}));
    one.received(failed);
    QCOMPARE(m_seen.size(), 2);
}

GODWIT_TEST(TstStreamTap);
#include "tst_streamtap.moc"
