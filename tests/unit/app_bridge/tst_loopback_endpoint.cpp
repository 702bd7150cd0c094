// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "bridge/LoopbackEndpoint.h"

#include <QHostAddress>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

#include <algorithm>
#include <memory>
#include <vector>

using godwit::bridge::LoopbackEndpoint;

class TstLoopbackEndpoint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void letsTheClientIn();
    void dropsOthers();
    void dropsManyOthers();
    void aborts();
};

void TstLoopbackEndpoint::letsTheClientIn()
{
    LoopbackEndpoint endpoint;
    const QSignalSpy joined(&endpoint, &LoopbackEndpoint::joined);
    const auto port = endpoint.listen();
    QVERIFY(port);
    QTcpSocket client;
    endpoint.expect(&client);
    client.connectToHost(QHostAddress::LocalHost, *port);
    QTRY_COMPARE(joined.size(), 1);
    QVERIFY(!endpoint.isListening());
    client.write("hello");
    QTRY_COMPARE(endpoint.peer()->bytesAvailable(), 5);
    // Nobody listens any more.
    QTcpSocket late;
    late.connectToHost(QHostAddress::LocalHost, *port);
    QTRY_COMPARE(late.error(), QAbstractSocket::ConnectionRefusedError);
}

/// Somebody who is faster than our client, and speaks at once, is not heard.
void TstLoopbackEndpoint::dropsOthers()
{
    LoopbackEndpoint endpoint;
    const QSignalSpy joined(&endpoint, &LoopbackEndpoint::joined);
    const auto port = endpoint.listen();
    QVERIFY(port);
    QTcpSocket thief;
    thief.connectToHost(QHostAddress::LocalHost, *port);
    QVERIFY(thief.waitForConnected());
    thief.write("<stream:stream>");
    QTcpSocket client;
    endpoint.expect(&client);
    QCoreApplication::processEvents();
    QVERIFY(!endpoint.peer());
    client.connectToHost(QHostAddress::LocalHost, *port);
    QTRY_COMPARE(joined.size(), 1);
    QCOMPARE(endpoint.peer()->peerPort(), client.localPort());
    QCOMPARE(endpoint.peer()->bytesAvailable(), 0);
    QTRY_COMPARE(thief.state(), QAbstractSocket::UnconnectedState);
}

void TstLoopbackEndpoint::dropsManyOthers()
{
    LoopbackEndpoint endpoint;
    const auto port = endpoint.listen();
    QVERIFY(port);
    std::vector<std::unique_ptr<QTcpSocket>> thieves;
    for (int i = 0; i < 40; ++i) {
        thieves.push_back(std::make_unique<QTcpSocket>());
        thieves.back()->connectToHost(QHostAddress::LocalHost, *port);
    }
    const auto held = [&] {
        return std::ranges::count_if(thieves,
                                     [](const auto &one) { return one->state() == QTcpSocket::ConnectedState; });
    };
    QTRY_COMPARE(held(), 16);
    QVERIFY(!endpoint.peer());
}

void TstLoopbackEndpoint::aborts()
{
    LoopbackEndpoint endpoint;
    const auto port = endpoint.listen();
    QVERIFY(port);
    QTcpSocket client;
    endpoint.expect(&client);
    client.connectToHost(QHostAddress::LocalHost, *port);
    QTRY_VERIFY(endpoint.peer());
    endpoint.abort();
    QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
}

GODWIT_TEST(TstLoopbackEndpoint);
#include "tst_loopback_endpoint.moc"
