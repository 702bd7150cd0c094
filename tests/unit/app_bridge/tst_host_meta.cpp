// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "bridge/HostMeta.h"

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <map>
#include <optional>

using namespace godwit;
using namespace godwit::bridge;

namespace
{

const QByteArray goodJson = "{\"links\":[{\"rel\":\"urn:xmpp:alt-connections:xbosh\",\"href\":\"https://x.example/b\"},"
                            "{\"rel\":\"urn:xmpp:alt-connections:websocket\",\"href\":\"ws://x.example/plain\"},"
                            "{\"rel\":\"urn:xmpp:alt-connections:websocket\",\"href\":\"wss://x.example:5443/ws\"}]}";
const QByteArray goodXrd =
    "<?xml version='1.0' encoding='utf-8'?><XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>"
    "<Link rel='urn:xmpp:alt-connections:xbosh' href='https://x.example/b'/>"
    "<Link rel='urn:xmpp:alt-connections:websocket' href='wss://x.example/xrd'/></XRD>";

/// A domain's web server with some documents; it closes behind each.
class Web
{
public:
    std::map<QByteArray, QByteArray> documents;
    QList<QByteArray> asked;

    Web()
    {
        server.listen(QHostAddress::LocalHost);
        QObject::connect(&server, &QTcpServer::newConnection, &server, [this] {
            QTcpSocket *socket = server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
                if (!socket->peek(65536).contains("\r\n\r\n")) {
                    return;
                }
                const QByteArray path = socket->readAll().split(' ').value(1);
                asked += path;
                const bool known = documents.contains(path);
                const QByteArray body = known ? documents[path] : QByteArray();
                socket->write((known ? "HTTP/1.1 200 OK" : "HTTP/1.1 404 Not Found") +
                              QByteArray("\r\nConnection: close\r\nContent-Length: ") +
                              QByteArray::number(body.size()) + "\r\n\r\n" + body);
                socket->disconnectFromHost();
            });
        });
    }
    QUrl place() const { return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(server.serverPort())); }

    QTcpServer server;
};

} // namespace

class TstHostMeta : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads();
    void asks();
    void asksTheOtherOne();
    void nothingThere();
    void nobodyThere();
    void tooLong();
    void cancelled();
};

void TstHostMeta::reads()
{
    QCOMPARE(webSocketsOfJson(goodJson), std::vector{QUrl(QStringLiteral("wss://x.example:5443/ws"))});
    QCOMPARE(webSocketsOfXrd(goodXrd), std::vector{QUrl(QStringLiteral("wss://x.example/xrd"))});
    for (const QByteArray &bad : {QByteArray(), QByteArray("[]"), QByteArray("{\"links\":{}}"), goodXrd}) {
        QVERIFY(webSocketsOfJson(bad).empty());
    }
    for (const QByteArray &bad : {QByteArray(), goodJson, goodXrd.chopped(3), QByteArray(goodXrd).replace("xri", "xyz"),
                                  QByteArray(goodXrd).replace("wss:", "http:")}) {
        QVERIFY(webSocketsOfXrd(bad).empty());
    }
    QCOMPARE(HostMeta::placeOf(QStringLiteral("example.org")), QUrl(QStringLiteral("https://example.org")));
}

void TstHostMeta::asks()
{
    Web web;
    web.documents["/.well-known/host-meta.json"] = goodJson;
    HostMeta meta;
    std::optional<base::Result<QUrl>> found;
    meta.ask(web.place(), [&](const auto &result) { found = result; });
    QTRY_VERIFY(found);
    QVERIFY(*found);
    QCOMPARE(found->value(), QUrl(QStringLiteral("wss://x.example:5443/ws")));
    QCOMPARE(web.asked.size(), 1);
}

void TstHostMeta::asksTheOtherOne()
{
    Web web;
    web.documents["/.well-known/host-meta"] = goodXrd;
    HostMeta meta;
    std::optional<base::Result<QUrl>> found;
    meta.ask(web.place(), [&](const auto &result) { found = result; });
    QTRY_VERIFY(found);
    QVERIFY(*found);
    QCOMPARE(found->value(), QUrl(QStringLiteral("wss://x.example/xrd")));
}

void TstHostMeta::nothingThere()
{
    Web web;
    HostMeta meta;
    std::optional<base::Result<QUrl>> found;
    meta.ask(web.place(), [&](const auto &result) { found = result; });
    QTRY_VERIFY(found);
    QCOMPARE(found->error().code(), base::ErrorCode::NotFound);
    QCOMPARE(web.asked.size(), 2);
}

void TstHostMeta::nobodyThere()
{
    QUrl place;
    {
        const Web gone;
        place = gone.place();
    }
    HostMeta meta;
    std::optional<base::Result<QUrl>> found;
    meta.ask(place, [&](const auto &result) { found = result; });
    QTRY_VERIFY(found);
    QCOMPARE(found->error().code(), base::ErrorCode::Unavailable);
}

void TstHostMeta::tooLong()
{
    Web web;
    web.documents["/.well-known/host-meta.json"] = QByteArray(4'000'000, ' ') + goodJson;
    HostMeta meta;
    std::optional<base::Result<QUrl>> found;
    meta.ask(web.place(), [&](const auto &result) { found = result; });
    QTRY_VERIFY(found);
    QVERIFY(!*found);
}

void TstHostMeta::cancelled()
{
    Web web;
    web.documents["/.well-known/host-meta.json"] = goodJson;
    HostMeta meta;
    int answers = 0;
    meta.ask(web.place(), [&](const auto &) { ++answers; });
    meta.cancel();
    std::optional<base::Result<QUrl>> found;
    meta.ask(web.place(), [&](const auto &result) { found = result; });
    QTRY_VERIFY(found);
    QVERIFY(*found);
    QCOMPARE(answers, 0);
}

GODWIT_TEST(TstHostMeta);
#include "tst_host_meta.moc"
