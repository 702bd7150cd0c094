// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "bridge/WirePlan.h"

#include <QTest>

using namespace godwit::bridge;

class TstWirePlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void order();
    void onlyWhatIsWanted();
    void worksFirst();
    void deadAddress();
    void unknownProtocol();
    void words();
};

void TstWirePlan::order()
{
    WirePlan plan;
    QCOMPARE(plan.current(), Wire::Tcp);
    QVERIFY(plan.failed(WirePlan::Fault::Wire));
    QCOMPARE(plan.current(), Wire::Compact);
    QVERIFY(plan.failed(WirePlan::Fault::Wire));
    QCOMPARE(plan.current(), Wire::WebSocket);
    QVERIFY(!plan.hasOther());
    QVERIFY(!plan.failed(WirePlan::Fault::Wire));
    QCOMPARE(plan.current(), Wire::Tcp);
    plan.begin({.thrifty = true});
    QCOMPARE(plan.current(), Wire::Compact);
    QVERIFY(plan.failed(WirePlan::Fault::Wire));
    QCOMPARE(plan.current(), Wire::Tcp);
    plan.begin({.web = false, .thrifty = true});
    QCOMPARE(plan.current(), Wire::Tcp);
    QVERIFY(!plan.hasOther());
}

void TstWirePlan::onlyWhatIsWanted()
{
    for (const Wire wire : {Wire::Tcp, Wire::WebSocket, Wire::Compact}) {
        WirePlan plan({.wire = wire, .thrifty = true});
        QCOMPARE(plan.current(), wire);
        QVERIFY(!plan.failed(WirePlan::Fault::Protocol));
        QCOMPARE(plan.current(), wire);
    }
}

void TstWirePlan::worksFirst()
{
    WirePlan plan;
    QVERIFY(plan.failed(WirePlan::Fault::Wire));
    plan.worked();
    QCOMPARE(plan.current(), Wire::Compact);
    QVERIFY(plan.failed(WirePlan::Fault::Wire));
    QCOMPARE(plan.current(), Wire::Tcp);
    QVERIFY(plan.failed(WirePlan::Fault::Wire));
    QVERIFY(!plan.failed(WirePlan::Fault::Wire));
    // What worked and works no longer is nothing special.
    QCOMPARE(plan.current(), Wire::Tcp);
}

void TstWirePlan::deadAddress()
{
    WirePlan plan;
    QVERIFY(plan.failed(WirePlan::Fault::Wire));
    QCOMPARE(plan.current(), Wire::Compact);
    QVERIFY(!plan.failed(WirePlan::Fault::Address));
    QCOMPARE(plan.current(), Wire::Tcp);
    plan.begin({.thrifty = true});
    QVERIFY(plan.failed(WirePlan::Fault::Address));
    QCOMPARE(plan.current(), Wire::Tcp);
    QVERIFY(!plan.hasOther());
}

void TstWirePlan::unknownProtocol()
{
    WirePlan plan({.thrifty = true});
    QVERIFY(plan.failed(WirePlan::Fault::Protocol));
    QVERIFY(plan.failed(WirePlan::Fault::Wire));
    QCOMPARE(plan.current(), Wire::WebSocket);
    QVERIFY(!plan.failed(WirePlan::Fault::Wire));
    QCOMPARE(plan.current(), Wire::Tcp);
    // Still so when the network is another.
    plan.begin({.thrifty = true});
    QCOMPARE(plan.current(), Wire::Tcp);
    plan.begin({.web = false});
    plan.begin({.thrifty = true});
    QCOMPARE(plan.current(), Wire::Compact);
}

void TstWirePlan::words()
{
    for (const Wire wire : {Wire::Automatic, Wire::Tcp, Wire::WebSocket, Wire::Compact}) {
        QCOMPARE(wireOfWord(wireWord(wire)), wire);
    }
    QVERIFY(!wireOfWord(u"TCP"));
    QVERIFY(!wireOfWord(u""));
    QCOMPARE((Traffic{.sent = 10, .received = 20, .xmlSent = 50, .xmlReceived = 60}).saved(), 80);
    QCOMPARE((Traffic{.sent = 60, .received = 20, .xmlSent = 50, .xmlReceived = 20}).saved(), -10);
}

GODWIT_TEST(TstWirePlan);
#include "tst_wire_plan.moc"
