// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Loopback.h"
#include "UnitTest.h"

#include <QTest>

#include <array>
#include <thread>

#include <sys/socket.h>

using namespace godwit;
using namespace godwit::net;
using namespace godwit::net::test;
using namespace std::chrono_literals;

namespace
{

/// Bytes that show where they belong.
std::string pattern(std::size_t size)
{
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) {
        bytes[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
    }
    return bytes;
}

} // namespace

class TstConnection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isSmallAndIdleOnesHoldNoBuffers()
    {
        qInfo("sizeof(Connection) = %zu", sizeof(Connection));
        QVERIFY(sizeof(Connection) <= 200);
    }

    void deliversWhatComes()
    {
        HerePoller poller;
        Pair pair(*poller);
        QVERIFY(pair.server->peer().isLoopback());
        QCOMPARE(pair.client->send("hello"), std::size_t{5});
        QTRY_COMPARE(pair.recorder.bytes, std::string("hello"));
        QCOMPARE(pair.recorder.calls, 1);
    }

    void sendsOnceATurn()
    {
        HerePoller poller;
        Pair pair(*poller);
        pair.recorder.inBytes = [&pair](std::string_view bytes) {
            pair.server->append("<");
            const std::array<std::string_view, 2> pieces{bytes, ">"};
            pair.server->append(pieces);
        };
        const auto before = poller->statistics().sends;
        pair.client->send("x");
        QTRY_COMPARE(pair.client->received(), std::string("<x>"));
        QCOMPARE(poller->statistics().sends, before + 1);
        QCOMPARE(pair.server->pendingOutput(), std::size_t{0});
    }

    void sendsWhatIsAppendedOutsideATurn()
    {
        HerePoller poller;
        Pair pair(*poller);
        pair.server->append("now");
        QCOMPARE(pair.server->pendingOutput(), std::size_t{3});
        QTRY_COMPARE(pair.client->received(), std::string("now"));
    }

    void givesBackWhatNobodyHas()
    {
        HerePoller poller;
        Pair pair(*poller, 4096);
        QVERIFY(!pair.server->unsent(0));
        pair.server->append("one");
        QVERIFY(!pair.server->unsent(4));
        std::string *const output = pair.server->unsent(2);
        QVERIFY(output);
        output->replace(output->size() - 2, 1, "ther o");
        QTRY_COMPARE(pair.client->received(), std::string("other oe"));
        QVERIFY(!pair.server->unsent(1));
        // The peer reads nothing: some of it is the system's.
        const std::string much = pattern(20'000'000);
        pair.server->append(much);
        QTRY_VERIFY(pair.server->unacknowledgedBytes() > 0);
        pair.server->append("end");
        QVERIFY(pair.server->unsent(3));
        QVERIFY(!pair.server->unsent(much.size() + 3));
        pair.server->closeAfterFlush(std::chrono::seconds(1));
        QVERIFY(!pair.server->unsent(3));
    }

    void slowReaderGetsAllInOrder()
    {
        HerePoller poller;
        Pair pair(*poller, 4096);
        pair.server->setOutputBytesMax(1'000'000);
        const std::string wanted = pattern(20'000'000);
        pair.server->append(wanted);
        QTRY_COMPARE(pair.recorder.full, 1);
        QVERIFY(pair.recorder.fullBytes > 1'000'000);
        QVERIFY(pair.server->unacknowledgedBytes() > 0);
        QCOMPARE(pair.recorder.drained, 0);
        QTRY_VERIFY_WITH_TIMEOUT(pair.client->received().size() >= wanted.size(), 30000);
        QVERIFY(pair.client->received() == wanted);
        QTRY_COMPARE(pair.recorder.drained, 1);
        QCOMPARE(pair.recorder.full, 1);
        QTRY_COMPARE(pair.server->unacknowledgedBytes(), std::size_t{0});
    }

    void tellsOnceWhenNothingWaits()
    {
        HerePoller poller;
        Pair pair(*poller, 4096);
        pair.server->append("taken at once");
        pair.server->tellDrained();
        QCOMPARE(pair.recorder.drained, 0);
        QTRY_COMPARE(pair.recorder.drained, 1);
        pair.server->append("not asked about");
        QTRY_COMPARE(pair.client->received(), std::string("taken at oncenot asked about"));
        QCOMPARE(pair.recorder.drained, 1);
        // Nothing waits already.
        pair.server->tellDrained();
        QTRY_COMPARE(pair.recorder.drained, 2);
    }

    void blockedOutputCostsNoSends()
    {
        HerePoller poller;
        Pair pair(*poller, 4096);
        pair.server->append(pattern(20'000'000));
        QTRY_VERIFY(poller->statistics().sends > 0);
        for (int i = 0; i < 100; ++i) {
            QCoreApplication::processEvents();
        }
        const auto before = poller->statistics().sends;
        for (int i = 0; i < 100; ++i) {
            pair.server->append("more");
            QCoreApplication::processEvents();
        }
        QCOMPARE(poller->statistics().sends, before);
    }

    void fullHandlerMayDestroyIt()
    {
        HerePoller poller;
        Pair pair(*poller, 4096);
        pair.server->setOutputBytesMax(1000);
        pair.recorder.inFull = [&pair] { pair.server.reset(); };
        pair.server->append(pattern(20'000'000));
        QTRY_VERIFY(!pair.server);
        QCOMPARE(pair.recorder.closedCalls, 0);
    }

    void pauseHoldsInputBack()
    {
        HerePoller poller;
        Pair pair(*poller);
        pair.server->pauseReading();
        pair.client->send("held");
        // A second connection shows that the poller has worked since.
        Pair other(*poller);
        other.client->send("x");
        QTRY_COMPARE(other.recorder.bytes, std::string("x"));
        QCOMPARE(pair.recorder.calls, 0);
        pair.server->resumeReading();
        QTRY_COMPARE(pair.recorder.bytes, std::string("held"));
    }

    void pushedBackInputComesFirst()
    {
        HerePoller poller;
        Pair pair(*poller);
        pair.recorder.inBytes = [&pair](std::string_view bytes) {
            if (pair.recorder.calls == 1) {
                pair.server->pauseReading();
                pair.server->pushBack(bytes.substr(2));
                pair.recorder.bytes.resize(2);
            }
        };
        pair.client->send("abcd");
        QTRY_COMPARE(pair.recorder.bytes, std::string("ab"));
        pair.client->send("efgh");
        pair.server->resumeReading();
        QTRY_COMPARE(pair.recorder.bytes, std::string("abcdefgh"));
    }

    void halfCloseEndsAfterDelivery()
    {
        HerePoller poller;
        Pair pair(*poller);
        pair.client->send("last words");
        pair.client->shutdownWriting();
        QTRY_COMPARE(pair.recorder.closedCalls, 1);
        QCOMPARE(pair.recorder.bytes, std::string("last words"));
        QCOMPARE(pair.recorder.closed->code(), base::ErrorCode::Unavailable);
        QVERIFY(!pair.server->isOpen());
    }

    void resetIsTold()
    {
        HerePoller poller;
        Pair pair(*poller);
        pair.client->reset();
        QTRY_COMPARE(pair.recorder.closedCalls, 1);
        QCOMPARE(pair.recorder.closed->code(), base::ErrorCode::Unavailable);
    }

    void resetIsToldWhilePaused()
    {
#ifndef Q_OS_LINUX
        QSKIP("Qt's notifiers tell of a reset only when reading goes on");
#endif
        HerePoller poller;
        Pair pair(*poller);
        pair.server->pauseReading();
        pair.client->reset();
        QTRY_COMPARE(pair.recorder.closedCalls, 1);
    }

    void inputBeforeABrokenPipeIsDelivered()
    {
        HerePoller poller;
        Pair pair(*poller);
        // The client sends more than one read takes and goes; answers to the first part fail while the rest is unread.
        const std::string wanted = pattern(150'000);
        pair.server->pauseReading();
        QCOMPARE(pair.client->send(wanted), wanted.size());
        QTRY_COMPARE(pair.client->unacknowledged(), 0);
        pair.client->close();
        pair.recorder.inBytes = [&pair](std::string_view) { pair.server->append(pattern(1000)); };
        pair.server->resumeReading();
        QTRY_COMPARE(pair.recorder.closedCalls, 1);
        QVERIFY(pair.recorder.bytes == wanted);
        QVERIFY(pair.recorder.calls > 1);
    }

    void closeAfterFlushDelivers()
    {
        HerePoller poller;
        Pair pair(*poller, 4096);
        const std::string wanted = pattern(3'000'000);
        pair.server->append(wanted);
        pair.server->closeAfterFlush(30s);
        pair.server->append("not this");
        pair.client->send("nor this");
        QTRY_VERIFY_WITH_TIMEOUT(pair.client->received().size() >= wanted.size() && pair.client->ended(), 30000);
        QVERIFY(pair.client->received() == wanted);
        QVERIFY(!pair.client->wasReset());
        QCOMPARE(pair.recorder.closedCalls, 0);
        pair.client->close();
        QTRY_COMPARE(pair.recorder.closedCalls, 1);
        QCOMPARE(pair.recorder.closed->code(), base::ErrorCode::Cancelled);
        QCOMPARE(pair.recorder.calls, 0);
    }

    /// The limit close_time.
    void closeAfterFlushHasATimeout()
    {
        HerePoller poller;
        Pair pair(*poller, 4096);
        pair.server->append(pattern(20'000'000));
        pair.server->closeAfterFlush(30ms);
        QTRY_COMPARE(pair.recorder.closedCalls, 1);
        QCOMPARE(pair.recorder.closed->code(), base::ErrorCode::LimitExceeded);
    }

    void abortIsSilent()
    {
        HerePoller poller;
        Pair pair(*poller);
        pair.server->append("never sent");
        pair.server->abort();
        QTRY_VERIFY(pair.client->received().empty() && pair.client->ended());
        QCOMPARE(pair.recorder.closedCalls, 0);
        pair.server->append("ignored");
        pair.server->closeAfterFlush(1s);
        pair.server->pauseReading();
        pair.server->resumeReading();
        QCOMPARE(pair.server->pendingOutput(), std::size_t{0});
    }

    void handlerMayDestroyItInBytes()
    {
        HerePoller poller;
        Pair pair(*poller);
        pair.recorder.inBytes = [&pair](std::string_view) {
            pair.server->append("gone with it");
            pair.server.reset();
        };
        pair.client->send("x");
        QTRY_VERIFY(pair.client->received().empty() && pair.client->ended());
        QVERIFY(!pair.server);
    }

    void handlerMayDestroyItInClosed()
    {
        HerePoller poller;
        Pair pair(*poller);
        pair.recorder.inClosed = [&pair] { pair.server.reset(); };
        pair.client->close();
        QTRY_VERIFY(!pair.server);
    }

    void handlerMayDestroyAnotherOfTheSameTurn()
    {
        HerePoller poller;
        Pair first(*poller);
        Pair second(*poller);
        first.recorder.inBytes = [&second](std::string_view) { second.server.reset(); };
        second.recorder.inBytes = [&first](std::string_view) { first.server.reset(); };
        first.client->send("x");
        second.client->send("y");
        QTRY_COMPARE(first.recorder.calls + second.recorder.calls, 1);
        QVERIFY(!first.server != !second.server);
    }

    /// Two pollers on two threads hand one connection to and fro while the client sends and gets echoes.
    void movesBetweenPollersWithoutLosingAByte();
};

namespace
{

/// Echoes what comes, and after a number of bytes moves itself to the other poller, in the middle of what it was given.
class Mover final : public ConnectionHandler
{
public:
    Mover(Poller &first, Poller &second)
        : m_pollers{&first, &second}
    {
    }

    void take(std::unique_ptr<Connection> connection)
    {
        m_connection = std::move(connection);
        GW_ASSERT(m_connection->attach(*m_pollers[m_here]).ok());
    }

    void onBytes(std::string_view bytes) override
    {
        const std::string_view used = bytes.substr(0, (bytes.size() + 1) / 2);
        m_connection->append(used);
        m_connection->pushBack(bytes.substr(used.size()));
        if (++m_calls % 3 != 0) {
            return;
        }
        ++moves;
        m_here = 1 - m_here;
        m_connection->detach();
        // The other thread may have it before this call returns.
        m_pollers[m_here]->mailbox().post(
            [this, connection = std::move(m_connection)]() mutable { take(std::move(connection)); });
    }

    void onClosed(base::Error) override
    {
        m_connection.reset();
        closed.store(true);
    }

    int moves = 0;
    std::atomic<bool> closed{false};

private:
    std::array<Poller *, 2> m_pollers;
    std::size_t m_here = 0;
    int m_calls = 0;
    std::unique_ptr<Connection> m_connection;
};

} // namespace

void TstConnection::movesBetweenPollersWithoutLosingAByte()
{
    const base::SystemClock clock;
    auto first = *Poller::create(clock);
    auto second = *Poller::create(clock);
    Mover mover(*first, *second);
    std::thread firstThread([&first] { first->run(); });
    std::thread secondThread([&second] { second->run(); });
    std::unique_ptr<Client> client;
    {
        HerePoller poller;
        Acceptor acceptor(*poller);
        client = std::make_unique<Client>(acceptor.port());
        QTRY_VERIFY(!acceptor.sockets.empty());
        auto connection =
            std::make_unique<Connection>(std::move(acceptor.sockets[0].socket), acceptor.sockets[0].peer, mover);
        first->mailbox().post(
            [&mover, connection = std::move(connection)]() mutable { mover.take(std::move(connection)); });
    }
    const std::string wanted = pattern(2'000'000);
    std::size_t sent = 0;
    const bool echoed = QTest::qWaitFor(
        [&] {
            sent += client->send(std::string_view(wanted).substr(sent, 50'000));
            return client->received().size() >= wanted.size();
        },
        30000);
    client->close();
    const bool closed = QTest::qWaitFor([&mover] { return mover.closed.load(); });
    first->stop();
    second->stop();
    firstThread.join();
    secondThread.join();
    QVERIFY(echoed);
    QVERIFY(closed);
    QVERIFY(client->received() == wanted || client->ended());
    QVERIFY(mover.moves > 10);
}

GODWIT_TEST(TstConnection);
#include "tst_connection.moc"
