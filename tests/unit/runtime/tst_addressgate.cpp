// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "runtime/AddressGate.h"

#include <QTest>

using namespace godwit;
using runtime::AddressGate;

namespace
{

net::SocketAddress address(const char *host)
{
    return net::SocketAddress::parse(host, 5222).value();
}

} // namespace

class TstAddressGate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// The limit connections_per_address_max.
    void connectionsOfAnAddress()
    {
        AddressGate gate({}, {.perAddress = 2, .handshakes = 2, .total = 10});
        const net::SocketAddress one = address("192.0.2.1");
        QVERIFY(gate.enter(one));
        QVERIFY(gate.enter(one));
        QVERIFY(!gate.enter(one));
        QVERIFY(gate.enter(address("192.0.2.2")));
        gate.leave(one, AddressGate::Progress::Handshake);
        QVERIFY(gate.enter(one));
    }

    /// The limit handshakes_per_address_max.
    void handshakesOfAnAddress()
    {
        AddressGate gate({}, {.perAddress = 10, .handshakes = 1, .total = 10});
        const net::SocketAddress one = address("192.0.2.1");
        QVERIFY(gate.enter(one));
        QVERIFY(!gate.enter(one));
        gate.pass(one);
        QVERIFY(gate.enter(one));
        QVERIFY(!gate.enter(one));
        // Who logged in gives no handshake back when it leaves; who did not does.
        gate.leave(one, AddressGate::Progress::Passed);
        QVERIFY(!gate.enter(one));
        gate.leave(one, AddressGate::Progress::Handshake);
        QVERIFY(gate.enter(one));
    }

    void refusedOnesAreNotCounted()
    {
        AddressGate gate({}, {.perAddress = 10, .handshakes = 1, .total = 2});
        const net::SocketAddress one = address("192.0.2.1");
        QVERIFY(gate.enter(one));
        for (int i = 0; i < 5; ++i) {
            QVERIFY(!gate.enter(one));
        }
        QVERIFY(gate.enter(address("192.0.2.2")));
        QVERIFY(!gate.enter(address("192.0.2.3")));
    }

    void loopbackIsBoundByTheTotalOnly()
    {
        AddressGate gate({}, {.perAddress = 1, .handshakes = 1, .total = 3});
        const net::SocketAddress own = address("127.0.0.1");
        for (int i = 0; i < 3; ++i) {
            QVERIFY(gate.enter(own));
        }
        QVERIFY(!gate.enter(own));
        gate.pass(own);
        gate.leave(own, AddressGate::Progress::Passed);
        QVERIFY(gate.enter(own));
    }
};

GODWIT_TEST(TstAddressGate);
#include "tst_addressgate.moc"
