// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "web/OriginPolicy.h"

#include <QTest>

#include <algorithm>

using namespace godwit;

namespace
{

http::Request from(const std::string &origin)
{
    http::Request request;
    if (!origin.empty()) {
        request.fields.push_back({"origin", origin});
    }
    return request;
}

std::string fieldOf(const http::Response &response, std::string_view name)
{
    const auto found = std::ranges::find(response.fields, name, &http::Field::name);
    return found == response.fields.end() ? "none" : found->value;
}

std::string opened(const web::OriginPolicy &policy, const std::string &origin)
{
    http::Response response;
    policy.open(from(origin), response);
    return fieldOf(response, "Access-Control-Allow-Origin");
}

} // namespace

class TstOriginPolicy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allowsAny()
    {
        const web::OriginPolicy policy({"*"});
        QVERIFY(policy.allows(from("https://a.example")));
        QCOMPARE(opened(policy, "https://a.example"), std::string("*"));
    }
    void allowsThoseOfTheList()
    {
        const web::OriginPolicy policy({"https://a.example", "http://b.example:8080"});
        QVERIFY(policy.allows(from("https://A.example")));
        QVERIFY(policy.allows(from("http://b.example:8080")));
        QVERIFY(!policy.allows(from("http://b.example")));
        QVERIFY(!policy.allows(from("null")));
        // No browser.
        QVERIFY(policy.allows(from("")));
        QCOMPARE(opened(policy, "https://a.example"), std::string("https://a.example"));
        QCOMPARE(opened(policy, "https://c.example"), std::string("none"));
        QCOMPARE(opened(policy, ""), std::string("none"));
    }
    void answersPreflights()
    {
        const http::Response response = web::OriginPolicy({"*"}).preflight(from("https://a.example"), "POST, OPTIONS");
        QCOMPARE(response.status, http::Status::NoContent);
        QCOMPARE(fieldOf(response, "Access-Control-Allow-Methods"), std::string("POST, OPTIONS"));
        QCOMPARE(fieldOf(response, "Access-Control-Allow-Headers"), std::string("Content-Type"));
        QCOMPARE(fieldOf(response, "Access-Control-Allow-Origin"), std::string("*"));
    }
};

GODWIT_TEST(TstOriginPolicy);
#include "tst_originpolicy.moc"
