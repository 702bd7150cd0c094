// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "web/Routes.h"

#include <QTest>

using namespace godwit;
using http::Method;
using web::Resource;

class TstRoutes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finds()
    {
        QVERIFY(web::findRoute("/xmpp-websocket")->resource == Resource::WebSocket);
        QVERIFY(web::findRoute("/http-bind")->resource == Resource::Bosh);
        QVERIFY(web::findRoute("/.well-known/host-meta")->resource == Resource::HostMeta);
        QVERIFY(web::findRoute("/.well-known/host-meta.json")->resource == Resource::HostMetaJson);
        QVERIFY(web::findRoute("/web-client.json")->resource == Resource::WebClient);
        QVERIFY(web::findRoute("*")->resource == Resource::Server);
        QVERIFY(!web::findRoute("/http-bind/"));
        QVERIFY(!web::findRoute("/"));
    }
    void knowsMethods()
    {
        const web::Route bosh = *web::findRoute("/http-bind");
        QVERIFY(web::hasMethod(bosh, Method::Post) && web::hasMethod(bosh, Method::Options));
        QVERIFY(!web::hasMethod(bosh, Method::Get) && !web::hasMethod(bosh, Method::Other));
        const http::Response response = web::methodNotAllowed(bosh);
        QCOMPARE(response.status, http::Status::MethodNotAllowed);
        QCOMPARE(response.fields.back().value, std::string("POST, OPTIONS"));
    }
    void leadsElsewhere()
    {
        http::Request request;
        request.path = "/a/index.html";
        const http::Response plain = web::redirect("https://example.org:5443", request);
        QCOMPARE(plain.status, http::Status::TemporaryRedirect);
        QCOMPARE(plain.fields.back().name, std::string("Location"));
        QCOMPARE(plain.fields.back().value, std::string("https://example.org:5443/a/index.html"));
        request.query = "b=c";
        QCOMPARE(web::redirect("https://example.org", request).fields.back().value,
                 std::string("https://example.org/a/index.html?b=c"));
    }
};

GODWIT_TEST(TstRoutes);
#include "tst_routes.moc"
