// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "bridge/Bridge.h"

#include <QFile>
#include <QHostAddress>
#include <QProcess>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QWebSocket>
#include <QWebSocketServer>

#include <memory>

using namespace godwit;
using namespace godwit::bridge;

namespace
{

const QByteArray header = "<?xml version='1.0'?><stream:stream to='example.org' version='1.0' xmlns='jabber:client' "
                          "xmlns:stream='http://etherx.jabber.org/streams'>";
const QString closeElement = QStringLiteral("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");

/// A server that takes one WebSocket; the test says what it answers.
class Server
{
public:
    explicit Server(const QStringList &subprotocols = {QStringLiteral("xmpp")})
        : server(QStringLiteral("test"), QWebSocketServer::NonSecureMode)
    {
        server.setSupportedSubprotocols(subprotocols);
        server.listen(QHostAddress::LocalHost);
        QObject::connect(&server, &QWebSocketServer::newConnection, &server, [this] {
            socket.reset(server.nextPendingConnection());
            QObject::connect(socket.get(), &QWebSocket::textMessageReceived, &server,
                             [this](const QString &message) { heard += message; });
        });
    }
    QUrl url() const { return QUrl(QStringLiteral("ws://127.0.0.1:%1/ws").arg(server.serverPort())); }

    QWebSocketServer server;
    std::unique_ptr<QWebSocket> socket;
    QStringList heard;
};

/// A client at a bridge to a server, both streams open.
struct Stage {
    Server server;
    Bridge bridge{server.url(), Wire::WebSocket};
    QTcpSocket client;
    QSignalSpy ended{&bridge, &Bridge::ended};

    Stage()
    {
        QObject::connect(&bridge, &Bridge::ready, &client, [this] {
            bridge.expect(&client);
            client.connectToHost(QHostAddress::LocalHost, bridge.port());
        });
        QObject::connect(&client, &QTcpSocket::connected, &client, [this] { client.write(header); });
        bridge.connectToServer();
    }
    bool opens()
    {
        return QTest::qWaitFor([this] { return server.heard.size() == 1; }) && [this] {
            server.socket->sendTextMessage(
                QStringLiteral("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' id='1' version='1.0'/>"));
            return QTest::qWaitFor([this] { return client.bytesAvailable() > 0; });
        }();
    }
    Bridge::Trouble trouble() const
    {
        return ended.isEmpty() ? Bridge::Trouble::None : ended.first().first().value<Bridge::Trouble>();
    }
};

/// What becomes of a bridge to that address.
Bridge::Trouble outcome(const QUrl &url, Wire wire = Wire::WebSocket)
{
    Bridge bridge(url, wire);
    QSignalSpy ended(&bridge, &Bridge::ended);
    bridge.connectToServer();
    if (ended.isEmpty() && !ended.wait(10'000)) {
        return Bridge::Trouble::None;
    }
    return ended.first().first().value<Bridge::Trouble>();
}

} // namespace

class TstBridge : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void carries();
    void endsProperly();
    void finishes();
    void clientTorn();
    void serverTorn();
    void serverSaysWhy();
    void silentServer();
    void garbled();
    void wrongKind();
    void wrongProtocol();
    void notThere();
    void noWebSocket();
    void untrusted();
    void certificates();
    void allowed_data();
    void allowed();
};

void TstBridge::carries()
{
    Stage stage;
    QVERIFY(stage.opens());
    stage.client.readAll();
    const Traffic before = stage.bridge.traffic();
    stage.client.write("<presence/><message to='b@example.org'><bo");
    stage.client.write("dy>hi</body></message>");
    QTRY_COMPARE(stage.server.heard.size(), 3);
    QCOMPARE(stage.server.heard.at(1), QStringLiteral("<presence xmlns='jabber:client'></presence>"));
    QCOMPARE(stage.server.heard.at(2),
             QStringLiteral("<message xmlns='jabber:client' to='b@example.org'><body>hi</body></message>"));
    stage.server.socket->sendTextMessage(
        QStringLiteral("<message xmlns='jabber:client' id='1'><body>\u00fc</body></message>"));
    const QByteArray expected = QByteArrayLiteral("<message id='1'><body>\xc3\xbc</body></message>");
    QTRY_COMPARE(stage.client.bytesAvailable(), expected.size());
    QCOMPARE(stage.client.readAll(), expected);
    const Traffic after = stage.bridge.traffic();
    // RFC 6455 §5.2: heads of 2 bytes, and a mask of 4 from the client.
    const auto framed =
        static_cast<std::uint64_t>(stage.server.heard.at(1).size() + stage.server.heard.at(2).size()) + 12;
    QCOMPARE(after.sent - before.sent, framed);
    QCOMPARE(after.xmlSent - before.xmlSent, 64u);
    QCOMPARE(after.received - before.received, static_cast<std::uint64_t>(expected.size()) + 22 + 2);
    QCOMPARE(after.xmlReceived - before.xmlReceived, static_cast<std::uint64_t>(expected.size()));
    QVERIFY(stage.ended.isEmpty());
}

/// The client ends its stream and goes: the server hears of it and has the last word.
void TstBridge::endsProperly()
{
    Stage stage;
    QVERIFY(stage.opens());
    stage.client.write("</stream:stream>");
    stage.client.disconnectFromHost();
    QTRY_COMPARE(stage.server.heard.value(1), closeElement);
    QVERIFY(stage.ended.isEmpty());
    QSignalSpy closed(stage.server.socket.get(), &QWebSocket::disconnected);
    stage.server.socket->sendTextMessage(closeElement);
    QTRY_COMPARE(closed.size(), 1);
    QCOMPARE(stage.server.socket->closeCode(), QWebSocketProtocol::CloseCodeNormal);
    QTRY_COMPARE(stage.ended.size(), 1);
    QCOMPARE(stage.trouble(), Bridge::Trouble::None);
}

/// What was written a moment before finish() goes out in front of <close/>, without a turn of the loop.
void TstBridge::finishes()
{
    Stage stage;
    QVERIFY(stage.opens());
    stage.client.write("<presence type='unavailable'/>");
    stage.client.flush();
    stage.bridge.finish();
    stage.bridge.abort();
    QTRY_COMPARE(stage.server.heard.size(), 3);
    QVERIFY(stage.server.heard.at(1).contains(QLatin1StringView("unavailable")));
    QCOMPARE(stage.server.heard.at(2), closeElement);
}

/// Not a word of an end: the server keeps the session.
void TstBridge::clientTorn()
{
    Stage stage;
    QVERIFY(stage.opens());
    QSignalSpy closed(stage.server.socket.get(), &QWebSocket::disconnected);
    const QSignalSpy closing(stage.server.socket.get(), &QWebSocket::aboutToClose);
    stage.client.abort();
    QTRY_COMPARE(stage.ended.size(), 1);
    stage.bridge.abort();
    QTRY_COMPARE(closed.size(), 1);
    QCOMPARE(stage.server.heard.size(), 1);
    QVERIFY(closing.isEmpty());
}

void TstBridge::serverTorn()
{
    Stage stage;
    QVERIFY(stage.opens());
    stage.server.socket->abort();
    QTRY_COMPARE(stage.ended.size(), 1);
    QCOMPARE(stage.trouble(), Bridge::Trouble::Lost);
}

/// The reason of the end reaches the client before the end does.
void TstBridge::serverSaysWhy()
{
    Stage stage;
    QVERIFY(stage.opens());
    stage.client.readAll();
    QByteArray read;
    QByteArray readAtEnd;
    connect(&stage.client, &QTcpSocket::readyRead, this, [&] { read += stage.client.readAll(); });
    connect(&stage.bridge, &Bridge::ended, this, [&] { readAtEnd = read; });
    stage.server.socket->sendTextMessage(QStringLiteral("<error xmlns='http://etherx.jabber.org/streams'><conflict "
                                                        "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error>"));
    stage.server.socket->sendTextMessage(closeElement);
    stage.server.socket->close();
    QTRY_COMPARE(stage.ended.size(), 1);
    QVERIFY(readAtEnd.endsWith("</error></stream:stream>"));
    QCOMPARE(stage.client.state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(stage.trouble(), Bridge::Trouble::Closed);
}

/// A server that does not answer <close/> is not waited for.
void TstBridge::silentServer()
{
    Stage stage;
    QVERIFY(stage.opens());
    stage.client.write("</stream:stream>");
    stage.client.disconnectFromHost();
    QTRY_COMPARE_WITH_TIMEOUT(stage.ended.size(), 1, 10'000);
    QCOMPARE(stage.trouble(), Bridge::Trouble::None);
}

void TstBridge::garbled()
{
    Stage stage;
    QVERIFY(stage.opens());
    stage.server.socket->sendTextMessage(QStringLiteral("<stream:stream>"));
    QTRY_COMPARE(stage.ended.size(), 1);
    QCOMPARE(stage.trouble(), Bridge::Trouble::Garbled);
}

void TstBridge::wrongKind()
{
    Stage stage;
    QVERIFY(stage.opens());
    stage.server.socket->sendBinaryMessage("<presence/>");
    QTRY_COMPARE(stage.ended.size(), 1);
    QCOMPARE(stage.trouble(), Bridge::Trouble::Garbled);
}

void TstBridge::wrongProtocol()
{
    const Server server;
    QCOMPARE(outcome(server.url(), Wire::Compact), Bridge::Trouble::WrongProtocol);
    const Server other({QStringLiteral("mqtt")});
    QCOMPARE(outcome(other.url()), Bridge::Trouble::WrongProtocol);
}

void TstBridge::notThere()
{
    QUrl url;
    {
        const Server gone;
        url = gone.url();
    }
    QCOMPARE(outcome(url), Bridge::Trouble::Refused);
    QCOMPARE(outcome(QUrl(QStringLiteral("ws://nowhere.invalid/ws"))), Bridge::Trouble::NotFound);
}

void TstBridge::noWebSocket()
{
    for (const QByteArray &answer : {QByteArray("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), QByteArray()}) {
        QTcpServer web;
        QVERIFY(web.listen(QHostAddress::LocalHost));
        QObject::connect(&web, &QTcpServer::newConnection, &web, [&] {
            QTcpSocket *socket = web.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [&answer, socket] {
                socket->readAll();
                socket->write(answer);
                if (answer.isEmpty()) {
                    socket->disconnectFromHost();
                }
            });
        });
        QCOMPARE(outcome(QUrl(QStringLiteral("ws://127.0.0.1:%1/").arg(web.serverPort()))),
                 Bridge::Trouble::NoWebSocket);
    }
}

/// TLS that cannot be: there is no TLS at the other end.
void TstBridge::untrusted()
{
    QTcpServer plain;
    QVERIFY(plain.listen(QHostAddress::LocalHost));
    QObject::connect(&plain, &QTcpServer::newConnection, &plain,
                     [&] { plain.nextPendingConnection()->write("220 this is no TLS, whatever you say to it\r\n"); });
    QCOMPARE(outcome(QUrl(QStringLiteral("wss://127.0.0.1:%1/").arg(plain.serverPort()))), Bridge::Trouble::Untrusted);
}

/// A certificate is looked at: who signed it, and for which name.
void TstBridge::certificates()
{
    const QTemporaryDir folder;
    const QString certificate = folder.filePath(QStringLiteral("cert.pem"));
    const QString key = folder.filePath(QStringLiteral("key.pem"));
    QCOMPARE(QProcess::execute(
                 QStringLiteral("openssl"),
                 QStringLiteral("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -batch "
                                "-subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout %1 -out %2")
                     .arg(key, certificate)
                     .split(u' ')),
             0);
    QFile keyFile(key);
    QVERIFY(keyFile.open(QFile::ReadOnly));
    const auto signer = QSslCertificate::fromPath(certificate);
    QCOMPARE(signer.size(), 1);
    QSslConfiguration theirs;
    theirs.setLocalCertificate(signer.first());
    theirs.setPrivateKey(QSslKey(&keyFile, QSsl::Ec));
    QWebSocketServer server(QStringLiteral("test"), QWebSocketServer::SecureMode);
    server.setSslConfiguration(theirs);
    server.setSupportedSubprotocols({QStringLiteral("xmpp")});
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const QUrl url(QStringLiteral("wss://localhost:%1/ws").arg(server.serverPort()));
    QCOMPARE(outcome(url), Bridge::Trouble::Untrusted);

    const QSslConfiguration before = QSslConfiguration::defaultConfiguration();
    QSslConfiguration ours = before;
    ours.addCaCertificate(signer.first());
    QSslConfiguration::setDefaultConfiguration(ours);
    const auto restore = qScopeGuard([&] { QSslConfiguration::setDefaultConfiguration(before); });
    Bridge bridge(url, Wire::WebSocket);
    const QSignalSpy ready(&bridge, &Bridge::ready);
    bridge.connectToServer();
    QTRY_COMPARE(ready.size(), 1);
    QVERIFY(bridge.isEncrypted());
    QCOMPARE(bridge.tlsVersion(), QSsl::TlsV1_3);
    QUrl otherName = url;
    otherName.setHost(QStringLiteral("127.0.0.1"));
    QCOMPARE(outcome(otherName), Bridge::Trouble::Untrusted);
}

void TstBridge::allowed_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("never");
    QTest::addColumn<bool>("onLoopback");
    QTest::newRow("wss") << "wss://example.org/ws" << true << true;
    QTest::newRow("ws") << "ws://example.org/ws" << false << false;
    QTest::newRow("ws here") << "ws://127.0.0.1:5280/ws" << false << true;
    QTest::newRow("ws here, IPv6") << "ws://[::1]:5280/ws" << false << true;
    QTest::newRow("ws here by name") << "ws://localhost:5280/ws" << false << true;
    QTest::newRow("looks like here") << "ws://127.0.0.1.example.org/ws" << false << false;
    QTest::newRow("user looks like here") << "ws://127.0.0.1@example.org/ws" << false << false;
    QTest::newRow("http") << "http://127.0.0.1/ws" << false << false;
    QTest::newRow("no host") << "wss:///ws" << false << false;
    QTest::newRow("nothing") << "" << false << false;
}

void TstBridge::allowed()
{
    QFETCH(QString, url);
    QFETCH(bool, never);
    QFETCH(bool, onLoopback);
    QCOMPARE(Bridge::isAllowed(QUrl(url), Bridge::Plaintext::Never), never);
    QCOMPARE(Bridge::isAllowed(QUrl(url), Bridge::Plaintext::OnLoopback), onLoopback);
}

GODWIT_TEST(TstBridge);
#include "tst_bridge.moc"
