// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "web/Discovery.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace godwit;

class TstDiscovery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesTheWires()
    {
        const web::WireAddresses addresses{"wss://example.org/xmpp-websocket", "https://example.org/http-bind"};
        QCOMPARE(
            web::hostMeta(addresses).body,
            std::string("<?xml version='1.0' encoding='utf-8'?>"
                        "<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>"
                        "<Link rel='urn:xmpp:alt-connections:websocket' href='wss://example.org/xmpp-websocket'/>"
                        "<Link rel='urn:xmpp:alt-connections:xbosh' href='https://example.org/http-bind'/></XRD>"));
        const QJsonDocument json =
            QJsonDocument::fromJson(QByteArray::fromStdString(web::hostMetaJson(addresses).body));
        const QJsonArray links = json.object().value(QStringLiteral("links")).toArray();
        QCOMPARE(links.size(), 2);
        QCOMPARE(links.at(0).toObject().value(QStringLiteral("rel")).toString(),
                 QStringLiteral("urn:xmpp:alt-connections:websocket"));
        QCOMPARE(links.at(1).toObject().value(QStringLiteral("href")).toString(),
                 QStringLiteral("https://example.org/http-bind"));
    }
    void tellsAPageWhereItIs()
    {
        const http::Response response = web::webClient("example.org");
        QCOMPARE(response.fields.front().value, std::string("application/json"));
        const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(response.body)).object();
        QCOMPARE(json.value(QStringLiteral("domain")).toString(), QStringLiteral("example.org"));
        // Relative: below whatever path a proxy has put the page and its wires.
        QCOMPARE(json.value(QStringLiteral("websocket")).toString(), QStringLiteral("xmpp-websocket"));
        QCOMPARE(json.value(QStringLiteral("bosh")).toString(), QStringLiteral("http-bind"));
    }
    void leavesOutWhatThereIsNot()
    {
        QCOMPARE(web::hostMetaJson({}).body, std::string("{\"links\":[]}"));
        QVERIFY(web::hostMeta({"wss://a/b", {}}).body.find("xbosh") == std::string::npos);
    }
};

GODWIT_TEST(TstDiscovery);
#include "tst_discovery.moc"
