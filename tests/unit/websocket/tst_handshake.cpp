// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "websocket/Handshake.h"

#include <QTest>

#include <algorithm>
#include <array>

using namespace godwit;
using namespace std::string_literals;
using http::Status;
using websocket::Takeover;

namespace
{

constexpr std::array offered = {websocket::Subprotocol{"godwit.test", false}, websocket::Subprotocol{"xmpp"}};

/// The example of RFC 6455 §1.3, for RFC 7395.
http::Request example()
{
    http::Request request;
    request.method = http::Method::Get;
    request.path = "/xmpp-websocket";
    request.upgrade = true;
    request.fields = {{"host", "server.example.com"},           {"upgrade", "websocket"},
                      {"connection", "keep-alive, Upgrade"},    {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="},
                      {"sec-websocket-protocol", "chat, xmpp"}, {"sec-websocket-version", "13"}};
    return request;
}

std::string fieldOf(const http::Response &response, std::string_view name)
{
    const auto found = std::ranges::find(response.fields, name, &http::Field::name);
    return found == response.fields.end() ? "none" : found->value;
}

void set(http::Request &request, std::string_view name, std::string value)
{
    std::ranges::find(request.fields, name, &http::Field::name)->value = std::move(value);
}

} // namespace

class TstHandshake : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersTheExampleOfTheRfc()
    {
        const auto handshake = websocket::answerHandshake(example(), {offered});
        QVERIFY(handshake.accepted());
        QCOMPARE(handshake.response.status, Status::SwitchingProtocols);
        QCOMPARE(fieldOf(handshake.response, "Sec-WebSocket-Accept"), std::string("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        QCOMPARE(fieldOf(handshake.response, "Sec-WebSocket-Protocol"), std::string("xmpp"));
        QCOMPARE(fieldOf(handshake.response, "Sec-WebSocket-Extensions"), std::string("none"));
    }
    void choosesByOurPreference()
    {
        http::Request request = example();
        set(request, "sec-websocket-protocol", "xmpp, godwit.test");
        QCOMPARE(websocket::answerHandshake(request, {offered}).subprotocol, std::string("godwit.test"));
    }
    void refuses_data();
    void refuses();
    void agreesOnCompression_data();
    void agreesOnCompression();
};

void TstHandshake::refuses_data()
{
    QTest::addColumn<std::string>("field");
    QTest::addColumn<std::string>("value");
    QTest::addColumn<int>("status");
    QTest::newRow("an older version") << "sec-websocket-version"s << "8"s << 426;
    QTest::newRow("no upgrade") << "upgrade"s << "h2c"s << 426;
    QTest::newRow("not upgraded here") << "connection"s << "keep-alive"s << 426;
    QTest::newRow("a short key") << "sec-websocket-key"s << "dGhlIHNhbXBsZQ=="s << 400;
    QTest::newRow("no key at all") << "sec-websocket-key"s << "!"s << 400;
    QTest::newRow("another subprotocol") << "sec-websocket-protocol"s << "chat"s << 400;
    QTest::newRow("a part of a subprotocol") << "sec-websocket-protocol"s << "xmpp2"s << 400;
}

void TstHandshake::refuses()
{
    QFETCH(std::string, field);
    QFETCH(std::string, value);
    QFETCH(int, status);
    http::Request request = example();
    set(request, field, value);
    const auto handshake = websocket::answerHandshake(request, {offered});
    QVERIFY(!handshake.accepted());
    QCOMPARE(static_cast<int>(handshake.response.status), status);
    // RFC 6455 §4.4 and RFC 9110 §15.5.22.
    QCOMPARE(fieldOf(handshake.response, "Sec-WebSocket-Version"), std::string(status == 426 ? "13" : "none"));
    QCOMPARE(fieldOf(handshake.response, "Upgrade"), std::string(status == 426 ? "websocket" : "none"));
}

void TstHandshake::agreesOnCompression_data()
{
    QTest::addColumn<std::string>("offer");
    QTest::addColumn<bool>("takeover");
    QTest::addColumn<std::string>("answer");
    const std::string none = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    QTest::newRow("plain") << "permessage-deflate"s << false << none;
    QTest::newRow("of a browser") << "permessage-deflate; client_max_window_bits"s << false << none;
    QTest::newRow("with takeover") << "permessage-deflate; client_max_window_bits"s << true << "permessage-deflate"s;
    QTest::newRow("the client wants less") << "permessage-deflate; server_no_context_takeover"s << true
                                           << "permessage-deflate; server_no_context_takeover"s;
    QTest::newRow("the second offer") << "permessage-deflate; server_max_window_bits=10, permessage-deflate"s << false
                                      << none;
    QTest::newRow("the window that we have")
        << "permessage-deflate; server_max_window_bits=15"s << false << none + "; server_max_window_bits=15";
    QTest::newRow("the same in quotation marks")
        << "permessage-deflate; server_max_window_bits=\"15\""s << false << none + "; server_max_window_bits=15";
    QTest::newRow("a window of theirs") << "permessage-deflate; client_max_window_bits=10"s << false << none;
    // RFC 7692 §7.1: what is not defined is declined.
    QTest::newRow("no window of theirs") << "permessage-deflate; client_max_window_bits=7"s << false << "none"s;
    QTest::newRow("a window with a zero") << "permessage-deflate; client_max_window_bits=09"s << false << "none"s;
    QTest::newRow("a window without a value") << "permessage-deflate; server_max_window_bits"s << false << "none"s;
    QTest::newRow("a value where none is") << "permessage-deflate; server_no_context_takeover=1"s << false << "none"s;
    QTest::newRow("a parameter twice") << "permessage-deflate; client_no_context_takeover; client_no_context_takeover"s
                                       << false << "none"s;
    QTest::newRow("an unknown parameter") << "permessage-deflate; magic"s << false << "none"s;
    QTest::newRow("another extension") << "x-webkit-deflate-frame"s << false << "none"s;
}

void TstHandshake::agreesOnCompression()
{
    QFETCH(std::string, offer);
    QFETCH(bool, takeover);
    QFETCH(std::string, answer);
    http::Request request = example();
    request.fields.push_back({"sec-websocket-extensions", offer});
    const auto handshake =
        websocket::answerHandshake(request, {offered, true, takeover ? Takeover::Yes : Takeover::No});
    QVERIFY(handshake.accepted());
    QCOMPARE(fieldOf(handshake.response, "Sec-WebSocket-Extensions"), answer);
    QCOMPARE(handshake.compression.has_value(), answer != "none");
    // Off by default, and never for a subprotocol that says so.
    QVERIFY(!websocket::answerHandshake(request, {offered}).compression);
    set(request, "sec-websocket-protocol", "godwit.test");
    QVERIFY(!websocket::answerHandshake(request, {offered, true}).compression);
}

GODWIT_TEST(TstHandshake);
#include "tst_handshake.moc"
