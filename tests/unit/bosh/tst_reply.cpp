// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "bosh/Reply.h"

#include <QTest>

using namespace godwit;
using namespace std::string_literals;
using Status = bosh::Reply::Status;

class TstReply : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesMediaTypes_data();
    void takesMediaTypes();
    /// XEP-0124 §17.1.
    void knowsTheOlderCodes()
    {
        QVERIFY(bosh::statusOf("bad-request") == Status::BadRequest);
        QVERIFY(bosh::statusOf("policy-violation") == Status::Forbidden);
        QVERIFY(bosh::statusOf("item-not-found") == Status::NotFound);
        QVERIFY(bosh::statusOf("host-unknown") == Status::Ok);
    }
};

void TstReply::takesMediaTypes_data()
{
    QTest::addColumn<std::string>("content");
    QTest::addColumn<bool>("taken");
    QTest::newRow("of a browser without XML") << "text/html; charset=utf-8"s << true;
    QTest::newRow("the usual one") << "text/xml; charset=utf-8"s << false;
    QTest::newRow("none") << ""s << false;
    QTest::newRow("no type") << "text"s << false;
    QTest::newRow("no name") << "/xml"s << false;
    QTest::newRow("another field") << "text/html\r\nSet-Cookie: a=b"s << false;
    QTest::newRow("not ASCII") << "text/h\xc3\xa4"s << false;
    QTest::newRow("too long") << "text/" + std::string(200, 'x') << false;
}

void TstReply::takesMediaTypes()
{
    QFETCH(std::string, content);
    QFETCH(bool, taken);
    QCOMPARE(bosh::usableMediaType(content), taken ? content : std::string());
}

GODWIT_TEST(TstReply);
#include "tst_reply.moc"
