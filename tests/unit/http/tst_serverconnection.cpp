// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "http/ServerConnection.h"

#include <QTest>

#include <map>

using namespace godwit;
using http::ExchangeId;
using http::ServerConnection;
using http::Status;

namespace
{

/// A site that answers when the test says so, and a transport that notes what it is told.
class Stage : public http::Site, public http::ConnectionOutput
{
public:
    explicit Stage(http::ConnectionLimits bounds = {})
        : limits(bounds)
    {
    }

    std::optional<http::Response> refuse(const http::Request &head) override
    {
        return head.path == "/no" ? std::optional(http::plainResponse(Status::NotFound)) : std::nullopt;
    }
    void serve(ServerConnection &, ExchangeId exchange, http::Request &&request) override
    {
        served.push_back(request.path);
        if (request.path == "/upgrade" && connection.mayUpgrade(exchange)) {
            http::Response response;
            response.status = Status::SwitchingProtocols;
            connection.upgrade(exchange, std::move(response));
        } else if (request.path == "/later") {
            later.push_back(exchange);
        } else {
            answer(exchange, request.path);
        }
    }
    void answer(ExchangeId exchange, const std::string &body)
    {
        http::Response response;
        response.body = body;
        connection.respond(exchange, std::move(response));
    }
    void send(std::string_view bytes) override { sent += bytes; }
    void close() override { closed = true; }
    std::size_t waitingBytes() const override { return waiting; }
    void holdReading(std::string_view unread) override { held = unread; }
    void resumeReading() override { ++resumed; }
    void upgraded(std::string_view unread) override { upgradedWith = unread; }

    /// The bodies that were sent, in order.
    std::vector<std::string> bodies() const
    {
        std::vector<std::string> found;
        std::size_t at = 0;
        while ((at = sent.find("\r\n\r\n", at)) != std::string::npos) {
            at += 4;
            const std::size_t end = std::min(sent.find("HTTP/1.1 ", at), sent.size());
            found.push_back(sent.substr(at, end - at));
        }
        return found;
    }
    bool sentStatus(int status) const
    {
        return sent.find("HTTP/1.1 " + std::to_string(status) + ' ') != std::string::npos;
    }

    http::ConnectionLimits limits;
    base::ManualClock clock;
    std::string sent;
    std::string held;
    std::optional<std::string> upgradedWith;
    std::vector<std::string> served;
    std::vector<ExchangeId> later;
    std::size_t waiting = 0;
    int resumed = 0;
    bool closed = false;
    ServerConnection connection{limits, *this, *this, clock};
};

std::string get(const std::string &path, const std::string &fields = {})
{
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

using Waits = ServerConnection::Waits;

} // namespace

class TstServerConnection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersAndStaysOpen()
    {
        Stage stage;
        stage.connection.receive(get("/a"));
        stage.connection.receive(get("/b"));
        QCOMPARE(stage.bodies(), (std::vector<std::string>{"/a", "/b"}));
        QVERIFY(!stage.closed);
        QVERIFY(stage.sent.find("Date: ") != std::string::npos);
    }
    void closesWhenTheClientWants()
    {
        Stage stage;
        stage.connection.receive(get("/a", "Connection: close\r\n") + get("/b"));
        QCOMPARE(stage.served, (std::vector<std::string>{"/a"}));
        QVERIFY(stage.closed);
        QVERIFY(stage.sent.find("Connection: close") != std::string::npos);
    }
    void closesForHttp10()
    {
        Stage stage;
        stage.connection.receive("GET /a HTTP/1.0\r\n\r\n");
        QVERIFY(stage.closed);
        QCOMPARE(stage.bodies(), (std::vector<std::string>{"/a"}));
    }
    void staysOpenForHttp10ThatAsks()
    {
        Stage stage;
        stage.connection.receive("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        QVERIFY(!stage.closed);
        // RFC 9112 §C.2.2: else it would not know.
        QVERIFY(stage.sent.find("Connection: keep-alive\r\n") != std::string::npos);
        stage.connection.receive(get("/b"));
        QCOMPARE(stage.sent.find("keep-alive"), stage.sent.rfind("keep-alive"));
    }
    void answersInTheOrderOfTheRequests()
    {
        Stage stage;
        stage.connection.receive(get("/later") + get("/later") + get("/c"));
        QCOMPARE(stage.sent, std::string());
        stage.answer(stage.later[1], "second");
        QCOMPARE(stage.sent, std::string());
        stage.answer(stage.later[0], "first");
        QCOMPARE(stage.bodies(), (std::vector<std::string>{"first", "second", "/c"}));
    }
    void answersOnce()
    {
        Stage stage;
        stage.connection.receive(get("/later"));
        stage.answer(stage.later[0], "first");
        stage.answer(stage.later[0], "again");
        QCOMPARE(stage.bodies(), (std::vector<std::string>{"first"}));
    }
    void boundsThePipeline()
    {
        http::ConnectionLimits limits;
        limits.pipelinedMax = 2;
        Stage stage(limits);
        const std::string third = get("/c");
        stage.connection.receive(get("/later") + get("/later") + third);
        QCOMPARE(stage.held, third);
        stage.answer(stage.later[0], "first");
        QCOMPARE(stage.resumed, 1);
        stage.connection.receive(std::exchange(stage.held, {}));
        stage.answer(stage.later[1], "second");
        QCOMPARE(stage.bodies(), (std::vector<std::string>{"first", "second", "/c"}));
    }
    /// Who asks for much and reads nothing is not asked for more.
    void boundsWhatWaitsToBeSent()
    {
        Stage stage;
        const std::string second = get("/b");
        stage.waiting = stage.limits.outputBytesMax;
        stage.connection.receive(get("/a"));
        QCOMPARE(stage.held, std::string());
        ++stage.waiting;
        stage.connection.receive(second);
        QCOMPARE(stage.held, second);
        stage.waiting = 0;
        stage.connection.onDrained();
        QCOMPARE(stage.resumed, 1);
        stage.connection.receive(std::exchange(stage.held, {}));
        QCOMPARE(stage.bodies(), (std::vector<std::string>{"/a", "/b"}));
        stage.connection.onDrained();
        QCOMPARE(stage.resumed, 1);
    }
    void leavesOutTheBodyForHead()
    {
        Stage stage;
        stage.connection.receive("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n");
        QCOMPARE(stage.bodies(), (std::vector<std::string>{""}));
        QVERIFY(stage.sent.find("Content-Length: 4\r\n") != std::string::npos);
    }
    void refusesBeforeTheBody()
    {
        Stage stage;
        stage.connection.receive("POST /no HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        QVERIFY(stage.sentStatus(404));
        QVERIFY(!stage.sentStatus(100));
        QVERIFY(stage.closed);
        stage.connection.receive("hello");
        QVERIFY(stage.served.empty());
    }
    void letsTheBodyCome()
    {
        Stage stage;
        stage.connection.receive("POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        QVERIFY(stage.sentStatus(100));
        QVERIFY(stage.served.empty());
        QCOMPARE(stage.connection.patience().what, Waits::Body);
        stage.connection.receive("hello");
        QCOMPARE(stage.served, (std::vector<std::string>{"/a"}));
    }
    void refusesBehindOpenAnswers()
    {
        Stage stage;
        stage.connection.receive(get("/later") + "rubbish\r\n\r\n" + get("/c"));
        QCOMPARE(stage.sent, std::string());
        QVERIFY(!stage.closed);
        stage.answer(stage.later[0], "first");
        QVERIFY(stage.sentStatus(400));
        QVERIFY(stage.closed);
        QCOMPARE(stage.served.size(), std::size_t{1});
    }
    void upgrades()
    {
        Stage stage;
        stage.connection.receive(get("/upgrade", "Connection: Upgrade\r\nUpgrade: websocket\r\n") + "frames");
        QVERIFY(stage.sentStatus(101));
        QCOMPARE(stage.upgradedWith, std::optional<std::string>("frames"));
        QVERIFY(stage.sent.find("Content-Length") == std::string::npos);
    }
    void upgradesNotBehindAnOpenAnswer()
    {
        Stage stage;
        stage.connection.receive(get("/later") + get("/upgrade", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
        QVERIFY(!stage.upgradedWith);
    }
    void goesOnWithoutAnUpgradeThatNobodyWants()
    {
        Stage stage;
        stage.connection.receive(get("/a", "Connection: Upgrade\r\nUpgrade: h2c\r\n") + get("/b"));
        QCOMPARE(stage.bodies(), (std::vector<std::string>{"/a", "/b"}));
    }
    void countsTheTimeOfEachWait()
    {
        Stage stage;
        QCOMPARE(stage.connection.patience().what, Waits::Idle);
        QCOMPARE(stage.connection.timeFor(Waits::Idle), stage.limits.idleTime);
        stage.connection.receive("GET /la");
        const ServerConnection::Patience head = stage.connection.patience();
        QCOMPARE(head.what, Waits::Head);
        stage.connection.receive("ter HTTP/1.1\r\nHost: x\r\n\r\n");
        QCOMPARE(stage.connection.patience().what, Waits::No);
        stage.connection.receive("GET");
        QCOMPARE(stage.connection.patience().what, Waits::Head);
        QVERIFY(stage.connection.patience() != head);
    }
    void saysThatARequestCameTooSlowly()
    {
        Stage stage;
        stage.connection.receive("GET / HT");
        stage.connection.onTimeout();
        QVERIFY(stage.sentStatus(408));
        QVERIFY(stage.closed);
    }
    void closesAnIdleConnectionWithoutAWord()
    {
        Stage stage;
        stage.connection.onTimeout();
        QCOMPARE(stage.sent, std::string());
        QVERIFY(stage.closed);
    }
};

GODWIT_TEST(TstServerConnection);
#include "tst_serverconnection.moc"
