// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What an idle session holds, type by type (DELIVERY.md, "Budget"). A bound that is raised is a decision: with it grows
// the figure "memory per idle session" of tests/load.

#include "UnitTest.h"
#include "ledger/OutgoingWindow.h"
#include "net/Connection.h"
#include "router/Account.h"
#include "router/Resource.h"
#include "runtime/ClientPeer.h"
#include "session/Session.h"
#include "shard/ClientStream.h"
#include "wire/CompactWire.h"
#include "wire/WebSocketWire.h"
#include "wire/XmlWire.h"

#include <QTest>

using namespace godwit;

class TstSessionSizes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void staysSmall_data();
    void staysSmall();
};

void TstSessionSizes::staysSmall_data()
{
    QTest::addColumn<std::size_t>("bytes");
    QTest::addColumn<std::size_t>("most");
    QTest::newRow("an unproved row") << sizeof(ledger::Outgoing) << std::size_t{8};
    QTest::newRow("the window") << sizeof(ledger::OutgoingWindow) << std::size_t{104};
    QTest::newRow("the cursor") << sizeof(ledger::Cursor) << std::size_t{48};
    QTest::newRow("the wire") << sizeof(wire::XmlWire) << std::size_t{16};
    QTest::newRow("the wire of a WebSocket") << sizeof(wire::WebSocketWire) << std::size_t{72};
    QTest::newRow("the compact wire") << sizeof(wire::CompactWire) << std::size_t{840};
    QTest::newRow("the connection") << sizeof(net::Connection) << std::size_t{112};
    QTest::newRow("the stream") << sizeof(shard::ClientStream) << std::size_t{152};
    QTest::newRow("the peer") << sizeof(runtime::ClientPeer) << std::size_t{352};
    QTest::newRow("the session") << sizeof(session::Session) << std::size_t{512};
    QTest::newRow("the resource") << sizeof(router::Resource) << std::size_t{720};
    QTest::newRow("the account") << sizeof(router::Account) << std::size_t{720};
}

void TstSessionSizes::staysSmall()
{
    QFETCH(std::size_t, bytes);
    QFETCH(std::size_t, most);
    QVERIFY2(bytes <= most, qPrintable(QStringLiteral("%1 bytes").arg(bytes)));
}

GODWIT_TEST(TstSessionSizes);
#include "tst_sessionsizes.moc"
