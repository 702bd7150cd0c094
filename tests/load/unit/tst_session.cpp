// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "generator/Session.h"

#include "UnitTest.h"

#include <QTest>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <string>

using namespace godwit::load;

namespace
{

/// A server of one connection that says what the test tells it to, on the test's own thread.
class ScriptedServer
{
public:
    ScriptedServer()
        : m_listener(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(m_listener, reinterpret_cast<const sockaddr *>(&address), size) != 0 || listen(m_listener, 8) != 0 ||
            getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size) != 0) {
            qFatal("the scripted server cannot listen");
        }
        port = ntohs(address.sin_port);
    }
    ~ScriptedServer()
    {
        hangUp();
        close(m_listener);
    }
    ScriptedServer(const ScriptedServer &) = delete;
    ScriptedServer &operator=(const ScriptedServer &) = delete;

    void hangUp()
    {
        if (m_fd >= 0) {
            close(std::exchange(m_fd, -1));
        }
    }
    /// Turns the loop until the client has sent `text`, and forgets what came up to it.
    bool expect(Loop &loop, std::string_view text)
    {
        return loop.runUntil(
                   [&] {
                       if (m_fd < 0) {
                           m_fd = accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK);
                       }
                       char buffer[4096];
                       const ssize_t got = m_fd < 0 ? 0 : recv(m_fd, buffer, sizeof buffer, 0);
                       m_heard.append(buffer, got > 0 ? static_cast<std::size_t>(got) : 0);
                       const std::size_t at = m_heard.find(text);
                       if (at == std::string::npos) {
                           loop.after(1000, [] {});
                           return false;
                       }
                       m_heard.erase(0, at + text.size());
                       return true;
                   },
                   seconds(5)) == Loop::Ended::Done;
    }
    void say(std::string_view text) { (void)!::send(m_fd, text.data(), text.size(), MSG_NOSIGNAL); }

    std::uint16_t port = 0;

private:
    int m_listener;
    int m_fd = -1;
    std::string m_heard;
};

class Recorder final : public SessionUser
{
public:
    void onReady(Session &session) override
    {
        ++ready;
        left = session.takeUnacked();
    }
    void onStanza(Session &, std::string_view stanza) override { stanzas.emplace_back(stanza); }
    void onAccepted(Session &, Tag tag) override { accepted.push_back(tag); }
    void onClosed(Session &) override { ++closed; }

    int ready = 0;
    int closed = 0;
    std::vector<std::string> stanzas;
    std::vector<Tag> accepted;
    std::vector<Tag> left;
};

constexpr std::string_view header = "<?xml version='1.0'?><stream:stream id='1' from='example' version='1.0'>";
constexpr std::string_view features =
    "<stream:features><bind/><sm xmlns='urn:xmpp:sm:2'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>";

/// The server, the loop and a session with its user, up to the authentication.
struct World {
    World()
        : session(loop, endpoint(), {"juliet", "secret", "r", 0}, &user)
    {
    }
    const Endpoint &endpoint()
    {
        target.port = server.port;
        return target;
    }
    bool authenticate()
    {
        if (!server.expect(loop, "version='1.0'")) {
            return false;
        }
        server.say(header);
        server.say("<stream:features><mechanisms><mechanism>PLAIN</mechanism></mechanisms></stream:features>");
        if (!server.expect(loop, "</auth>")) {
            return false;
        }
        server.say("<success/>");
        if (!server.expect(loop, "<stream:stream")) {
            return false;
        }
        server.say(header);
        server.say(features);
        return true;
    }
    bool bind()
    {
        if (!server.expect(loop, "<resource>r</resource>")) {
            return false;
        }
        server.say("<iq type='result' id='bind'><bind><jid>juliet@example/r</jid></bind></iq>");
        if (!server.expect(loop, "resume='true'/>")) {
            return false;
        }
        server.say("<enabled xmlns='urn:xmpp:sm:3' id='again&amp;1' resume='true'/>");
        return server.expect(loop, "<presence/>");
    }
    bool until(const std::function<bool()> &done) { return loop.runUntil(done, seconds(5)) == Loop::Ended::Done; }

    Loop loop;
    ScriptedServer server;
    Recorder user;
    Endpoint target;
    Session session;
};

} // namespace

class TstSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void logsInAndCounts();
    void acksAreBelievedOnlyWhenPossible_data();
    void acksAreBelievedOnlyWhenPossible();
    void resumes();
    void refusedResumptionBinds();
    void failuresNameTheirReason_data();
    void failuresNameTheirReason();
};

void TstSession::logsInAndCounts()
{
    World world;
    world.session.connect();
    QVERIFY(world.authenticate() && world.bind());
    QCOMPARE(world.user.ready, 1);
    QVERIFY(world.session.jid() == "juliet@example/r");
    world.server.say("<message id='1'/><message id='2'/><iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq><r/>");
    QVERIFY(world.server.expect(world.loop, "<iq id='p' type='result'/>"));
    QVERIFY(world.server.expect(world.loop, "h='3'/>"));
    QCOMPARE(world.user.stanzas.size(), std::size_t(3));
}

void TstSession::acksAreBelievedOnlyWhenPossible_data()
{
    QTest::addColumn<QString>("acks");
    QTest::addColumn<int>("accepted");
    QTest::addColumn<bool>("failed");
    // The presence is the first stanza that counts; two messages follow.
    QTest::newRow("presence only") << "<a h='1'/>" << 0 << false;
    QTest::newRow("one") << "<a h='2'/>" << 1 << false;
    QTest::newRow("one, twice") << "<a h='2'/><a h='2'/>" << 1 << false;
    QTest::newRow("both") << "<a h='3'/>" << 2 << false;
    QTest::newRow("too high") << "<a h='4'/>" << 0 << true;
    QTest::newRow("going back") << "<a h='3'/><a h='2'/>" << 2 << true;
    QTest::newRow("no number") << "<a h='x'/>" << 0 << true;
}

void TstSession::acksAreBelievedOnlyWhenPossible()
{
    QFETCH(const QString, acks);
    QFETCH(const int, accepted);
    QFETCH(const bool, failed);
    World world;
    world.session.connect();
    QVERIFY(world.authenticate() && world.bind());
    world.session.send("<message id='a'/>", 7);
    world.session.send("<message id='b'/>", 8);
    QVERIFY(world.server.expect(world.loop, "id='b'/>"));
    world.server.say(acks.toStdString() + "<message id='end'/>");
    QVERIFY(world.until([&] { return world.user.closed > 0 || !world.user.stanzas.empty(); }));
    QCOMPARE(world.user.accepted.size(), static_cast<std::size_t>(accepted));
    QCOMPARE(world.user.closed, failed ? 1 : 0);
}

void TstSession::resumes()
{
    World world;
    world.session.connect();
    QVERIFY(world.authenticate() && world.bind());
    world.session.send("<message id='a'/>", 7);
    world.session.send("<message id='b'/>", 8);
    world.server.say("<message id='1'/>");
    QVERIFY(world.server.expect(world.loop, "id='b'/>"));
    QVERIFY(world.until([&] { return !world.user.stanzas.empty(); }));
    world.session.cut();
    world.server.hangUp();
    world.session.connectResuming();
    QVERIFY(world.authenticate());
    QVERIFY(world.server.expect(world.loop, "<resume xmlns='urn:xmpp:sm:3' h='1' previd='again&amp;1'/>"));
    world.server.say("<resumed h='2' previd='again&amp;1'/>");
    QVERIFY(world.until([&] { return world.user.ready == 2; }));
    QVERIFY(world.session.resumed());
    QVERIFY((world.user.accepted == std::vector<Tag>{7}));
    QVERIFY((world.user.left == std::vector<Tag>{8}));
    world.session.send("<message id='b'/>", 8);
    QVERIFY(world.server.expect(world.loop, "id='b'/>"));
    world.server.say("<a h='3'/>");
    QVERIFY(world.until([&] { return world.user.accepted.size() == 2; }));
}

void TstSession::refusedResumptionBinds()
{
    World world;
    world.session.connect();
    QVERIFY(world.authenticate() && world.bind());
    world.session.send("<message id='a'/>", 7);
    world.session.send("<message id='b'/>", 8);
    QVERIFY(world.server.expect(world.loop, "id='b'/>"));
    world.session.cut();
    world.server.hangUp();
    world.session.connectResuming();
    QVERIFY(world.authenticate());
    QVERIFY(world.server.expect(world.loop, "<resume"));
    world.server.say("<failed h='2'><item-not-found/></failed>");
    QVERIFY(world.bind());
    QVERIFY(!world.session.resumed());
    QVERIFY((world.user.accepted == std::vector<Tag>{7}));
    QVERIFY((world.user.left == std::vector<Tag>{8}));
}

void TstSession::failuresNameTheirReason_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QString>("named");
    QTest::newRow("stream error") << "<stream:error><host-unknown/><text>who?</text></stream:error>"
                                  << "host-unknown (who?)";
    QTest::newRow("other mechanisms")
        << "<stream:features><mechanisms><mechanism>X-1</mechanism></mechanisms></stream:features>" << "X-1";
    QTest::newRow("only TLS") << "<stream:features><starttls><required/></starttls></stream:features>" << "STARTTLS";
    QTest::newRow("no XML") << "<!DOCTYPE x>" << "no XML";
    QTest::newRow("end") << "</stream:stream>" << "closed the stream";
}

void TstSession::failuresNameTheirReason()
{
    QFETCH(const QString, answer);
    QFETCH(const QString, named);
    World world;
    world.session.connect();
    QVERIFY(world.server.expect(world.loop, "version='1.0'"));
    world.server.say(header);
    world.server.say(answer.toStdString());
    QVERIFY(world.until([&] { return world.user.closed > 0; }));
    const QString failure = QString::fromStdString(world.session.failure());
    QVERIFY2(failure.contains(named), qPrintable(failure));
}

GODWIT_TEST(TstSession);
#include "tst_session.moc"
