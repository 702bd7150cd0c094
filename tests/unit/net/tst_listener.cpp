// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Loopback.h"
#include "UnitTest.h"

#include <QTest>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <optional>

using namespace godwit;
using namespace godwit::net;
using namespace godwit::net::test;
using namespace std::chrono_literals;

namespace
{

int option(int descriptor, int level, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    getsockopt(descriptor, level, name, &value, &size);
    return value;
}

/// Lowers the bound of descriptors to `more` above what is in use, and puts it back.
class FewDescriptors
{
public:
    explicit FewDescriptors(int more)
    {
        getrlimit(RLIMIT_NOFILE, &m_before);
        const int lowest = open("/dev/null", O_RDONLY);
        ::close(lowest);
        rlimit lower = m_before;
        lower.rlim_cur = static_cast<rlim_t>(lowest) + static_cast<rlim_t>(more);
        setrlimit(RLIMIT_NOFILE, &lower);
    }
    FewDescriptors(const FewDescriptors &) = delete;
    FewDescriptors &operator=(const FewDescriptors &) = delete;
    ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &m_before); }

private:
    rlimit m_before{};
};

} // namespace

class TstListener : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesAFreePort()
    {
        HerePoller poller;
        Acceptor acceptor(*poller);
        QVERIFY(acceptor.port() != 0);
        Client client(acceptor.port());
        QTRY_COMPARE(acceptor.sockets.size(), std::size_t{1});
        QCOMPARE(acceptor.sockets[0].peer.host(), std::string("127.0.0.1"));
    }

    /// The limits keepalive_idle, keepalive_interval, send_timeout and socket_input_bytes.
    void acceptedSocketsHaveTheOptions()
    {
        HerePoller poller;
        Acceptor acceptor(
            *poller, {.keepAliveIdle = 123s, .keepAliveInterval = 45s, .userTimeout = 4567ms, .receiveBytes = 30'000});
        Client client(acceptor.port());
        QTRY_COMPARE(acceptor.sockets.size(), std::size_t{1});
        const int descriptor = acceptor.sockets[0].socket.number();
        QVERIFY(option(descriptor, IPPROTO_TCP, TCP_NODELAY) != 0);
        QVERIFY(option(descriptor, SOL_SOCKET, SO_KEEPALIVE) != 0);
        QCOMPARE(option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE), 123);
        QCOMPARE(option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL), 45);
        QCOMPARE(option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT), 4567);
        // Linux takes the double, for its own books.
        const int receiveBytes = option(descriptor, SOL_SOCKET, SO_RCVBUF);
        QVERIFY(receiveBytes == 30'000 || receiveBytes == 60'000);
        QVERIFY((fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0);
        QVERIFY((fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    }

    void severalListenOnOneAddress()
    {
        HerePoller poller;
        Acceptor first(*poller);
        // Whoever begins here can tell.
        QVERIFY(Listener::isTaken(first.listener().address()));
        Acceptor second(*poller);
        auto shared = Listener::listen(*poller, first.listener().address(), {}, second);
        QVERIFY(shared.ok());
        std::vector<std::unique_ptr<Client>> clients;
        for (int i = 0; i < 64; ++i) {
            clients.push_back(std::make_unique<Client>(first.port()));
        }
        QTRY_COMPARE(first.sockets.size() + second.sockets.size(), std::size_t{64});
        QVERIFY(!first.sockets.empty());
        QVERIFY(!second.sockets.empty());
    }

    void nobodyListensThere()
    {
        HerePoller poller;
        std::optional<SocketAddress> address;
        {
            Acceptor acceptor(*poller);
            address = acceptor.listener().address();
        }
        QVERIFY(!Listener::isTaken(*address));
    }

    void dualStack()
    {
        HerePoller poller;
        Acceptor acceptor(*poller);
        auto made = Listener::listen(*poller, *SocketAddress::parse("[::]:0"), {}, acceptor);
        QVERIFY(made.ok());
        Client client((*made)->address().port());
        QTRY_COMPARE(acceptor.sockets.size(), std::size_t{1});
        QCOMPARE(acceptor.sockets[0].peer.host(), std::string("127.0.0.1"));
    }

    void refusesWhomTheHandlerDoesNotAdmit()
    {
        HerePoller poller;
        Acceptor acceptor(*poller);
        acceptor.admits = false;
        Client client(acceptor.port());
        QTRY_COMPARE(acceptor.refused, 1);
        QTRY_VERIFY((client.received(), client.ended()));
        QVERIFY(acceptor.sockets.empty());
    }

    void addressInUseIsSaid()
    {
        HerePoller poller;
        Acceptor acceptor(*poller);
        const Descriptor taken(socket(AF_INET, SOCK_STREAM, 0));
        const auto native = SocketAddress::parse("127.0.0.1", 0)->native();
        QCOMPARE(bind(taken.number(), native.get(), native.size), 0);
        QCOMPARE(::listen(taken.number(), 1), 0);
        sockaddr_storage bound{};
        socklen_t size = sizeof bound;
        getsockname(taken.number(), reinterpret_cast<sockaddr *>(&bound), &size);
        const auto address = SocketAddress::fromNative(reinterpret_cast<sockaddr *>(&bound));
        const auto made = Listener::listen(*poller, address, {}, acceptor);
        QVERIFY(!made.ok());
        QCOMPARE(made.error().code(), base::ErrorCode::Conflict);
        QVERIFY(made.error().text().find(address.text()) != std::string::npos);
    }

    void noDescriptorsLeft()
    {
        HerePoller poller;
        Acceptor acceptor(*poller);
        std::vector<std::unique_ptr<Client>> clients;
        for (int i = 0; i < 20; ++i) {
            clients.push_back(std::make_unique<Client>(acceptor.port()));
        }
        const auto turns = poller->statistics().turns;
        {
            const FewDescriptors few(5);
            QTRY_COMPARE(acceptor.listener().refusedForDescriptors(), std::uint64_t{15});
            QCOMPARE(acceptor.sockets.size(), std::size_t{5});
        }
        // Refused ones are told, and nothing spins.
        int ended = 0;
        for (const auto &client : clients) {
            client->received();
            ended += client->ended() ? 1 : 0;
        }
        QCOMPARE(ended, 15);
        QVERIFY(poller->statistics().turns - turns < 20);
        acceptor.sockets.clear();
        Client late(acceptor.port());
        QTRY_COMPARE(acceptor.sockets.size(), std::size_t{1});
    }

    void addresses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("canonical");
        QTest::newRow("IPv4") << QByteArray("192.0.2.1:5222") << QByteArray("192.0.2.1:5222");
        QTest::newRow("IPv6") << QByteArray("[2001:db8:0:0::1]:5222") << QByteArray("[2001:db8::1]:5222");
        QTest::newRow("all") << QByteArray("*:1") << QByteArray("[::]:1");
        QTest::newRow("localhost") << QByteArray("localhost:1") << QByteArray("127.0.0.1:1");
        QTest::newRow("mapped") << QByteArray("[::ffff:192.0.2.1]:1") << QByteArray("192.0.2.1:1");
        QTest::newRow("no port") << QByteArray("192.0.2.1") << QByteArray();
        QTest::newRow("port too high") << QByteArray("192.0.2.1:65536") << QByteArray();
        QTest::newRow("port with rest") << QByteArray("192.0.2.1:1x") << QByteArray();
        QTest::newRow("IPv6 without brackets") << QByteArray("2001:db8::1:5222") << QByteArray();
        QTest::newRow("name") << QByteArray("example.org:5222") << QByteArray();
        QTest::newRow("unknown zone") << QByteArray("[fe80::1%nonesuch]:1") << QByteArray();
        QTest::newRow("empty") << QByteArray("") << QByteArray();
    }

    void addresses()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, canonical);
        const auto address = SocketAddress::parse(text.toStdString());
        QCOMPARE(address.ok(), !canonical.isEmpty());
        if (address) {
            QCOMPARE(address->text(), canonical.toStdString());
            QVERIFY(SocketAddress::fromNative(address->native().get()) == *address);
        }
    }

    void limitsCountNetworksOfIPv6()
    {
        const auto key = [](const char *host) { return SocketAddress::parse(host, 1)->limitKey(); };
        QVERIFY(key("192.0.2.1") != key("192.0.2.2"));
        QVERIFY(key("2001:db8::1") == key("2001:db8::ffff:2"));
        QVERIFY(key("2001:db8:0:1::1") != key("2001:db8::1"));
    }
};

GODWIT_TEST(TstListener);
#include "tst_listener.moc"
