// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Loopback.h"
#include "TlsClient.h"
#include "UnitTest.h"

#include "net/TlsContext.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <thread>

using namespace godwit;
using namespace godwit::net;
using namespace godwit::net::test;
using namespace std::chrono_literals;

namespace
{

std::shared_ptr<const TlsContext> context(const std::string &host = "localhost",
                                          std::vector<std::string> alpn = {"xmpp-client", "http/1.1"})
{
    auto identity = makeSelfSigned(host);
    GW_ASSERT(identity.ok());
    auto made = TlsContext::create({*std::move(identity), std::move(alpn)});
    GW_ASSERT(made.ok());
    return *std::move(made);
}

/// A connected pair with a TLS client on one end; the handshake is not done yet.
struct TlsPair {
    TlsPair(Poller &poller, const TlsContext &context, const TlsClientOptions &options = {})
        : pair(poller)
        , client(*pair.client, options)
    {
        GW_ASSERT(pair.server->startTls(context).ok());
    }
    bool handshake()
    {
        return QTest::qWaitFor([this] { return (client.handshake() && pair.recorder.tls) || client.failed(); }) &&
               !client.failed();
    }

    Pair pair;
    TlsClient client;
};

std::string pattern(std::size_t size)
{
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) {
        bytes[i] = static_cast<char>('a' + (i * 11 + i / 509) % 26);
    }
    return bytes;
}

} // namespace

class TstTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void handshake_data()
    {
        QTest::addColumn<int>("version");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("TLS 1.3") << TLS1_3_VERSION << QByteArray("TLSv1.3");
        QTest::newRow("TLS 1.2") << TLS1_2_VERSION << QByteArray("TLSv1.2");
    }

    void handshake()
    {
        QFETCH(int, version);
        QFETCH(QByteArray, name);
        HerePoller poller;
        const auto server = context();
        TlsPair tls(*poller, *server, {.version = version, .alpn = "\x0bxmpp-client"});
        QVERIFY(tls.handshake());
        const TlsInfo &info = *tls.pair.recorder.tls;
        QCOMPARE(info.version, name.toStdString());
        QVERIFY(!info.cipher.empty());
        QCOMPARE(info.alpn, std::string("xmpp-client"));
        QCOMPARE(tls.client.alpn(), std::string("xmpp-client"));
        QCOMPARE(info.sni, std::string("localhost"));
        QVERIFY(!info.resumed);
        QVERIFY(tls.pair.server->isEncrypted());
        QCOMPARE(tls.pair.server->tlsInfo().exporter, info.exporter);
        tls.client.send("ping");
        QTRY_COMPARE(tls.pair.recorder.bytes, std::string("ping"));
        tls.pair.server->append("pong");
        QVERIFY(tls.pair.server->unsent(4));
        QVERIFY(!tls.pair.server->unsent(5));
        QTRY_COMPARE(tls.client.received(), std::string("pong"));
        QVERIFY(!tls.pair.server->unsent(1));
    }

    void channelBindingIsTheSameOnBothEnds_data() { handshake_data(); }

    void channelBindingIsTheSameOnBothEnds()
    {
        QFETCH(int, version);
        HerePoller poller;
        const auto server = context();
        TlsPair tls(*poller, *server, {.version = version});
        QVERIFY(tls.handshake());
        const TlsInfo &info = *tls.pair.recorder.tls;
        QCOMPARE(info.exporter.size(), std::size_t{32});
        QVERIFY(info.exporter == tls.client.exporter());
        QVERIFY(info.serverEndPoint == tls.client.serverEndPointSha256());
        if (version == TLS1_2_VERSION) {
            QVERIFY(info.unique == tls.client.unique());
            QVERIFY(!info.unique.empty());
        } else {
            QVERIFY(info.unique.empty());
        }
    }

    void resumption_data() { handshake_data(); }

    void resumption()
    {
        QFETCH(int, version);
        HerePoller poller;
        const auto server = context();
        std::unique_ptr<SSL_SESSION, SslFree> session;
        {
            TlsPair tls(*poller, *server, {.version = version});
            QVERIFY(tls.handshake());
            tls.pair.server->append("ticket before this");
            QTRY_VERIFY(!tls.client.received().empty());
            session = tls.client.session();
        }
        TlsPair again(*poller, *server, {.version = version, .session = session.get()});
        QVERIFY(again.handshake());
        QVERIFY(again.client.resumed());
        QVERIFY(again.pair.recorder.tls->resumed);
        QVERIFY(again.pair.recorder.tls->exporter == again.client.exporter());
        if (version == TLS1_2_VERSION) {
            QVERIFY(again.pair.recorder.tls->unique == again.client.unique());
        }
    }

    void startTlsAfterPlainText()
    {
        HerePoller poller;
        const auto server = context();
        Pair pair(*poller);
        pair.recorder.inBytes = [&](std::string_view bytes) {
            if (bytes == "starttls") {
                pair.server->append("proceed");
                QVERIFY(pair.server->startTls(*server).ok());
                // Encrypted, although the handshake is still to come.
                pair.server->append("welcome");
            }
        };
        pair.client->send("starttls");
        QTRY_COMPARE(pair.client->received(), std::string("proceed"));
        TlsClient client(*pair.client, {});
        QTRY_VERIFY(client.handshake());
        QTRY_COMPARE(client.received(), std::string("welcome"));
    }

    void bigOutputToASlowReader()
    {
        HerePoller poller;
        const auto server = context();
        TlsPair tls(*poller, *server);
        QVERIFY(tls.handshake());
        const std::string wanted = pattern(8'000'000);
        tls.pair.server->append(wanted);
        QTRY_VERIFY_WITH_TIMEOUT(tls.client.received().size() >= wanted.size(), 30000);
        QVERIFY(tls.client.received() == wanted);
        QTRY_COMPARE(tls.pair.server->pendingOutput(), std::size_t{0});
        QVERIFY(tls.pair.recorder.drained > 0);
    }

    void bigInputWithPausesAndPushBacks()
    {
        HerePoller poller;
        const auto server = context();
        TlsPair tls(*poller, *server);
        QVERIFY(tls.handshake());
        Recorder &recorder = tls.pair.recorder;
        Connection &connection = *tls.pair.server;
        recorder.inBytes = [&](std::string_view bytes) {
            const std::size_t unused = bytes.size() / 3;
            recorder.bytes.resize(recorder.bytes.size() - unused);
            connection.pushBack(bytes.substr(bytes.size() - unused));
            if (recorder.calls % 2 == 0) {
                connection.pauseReading();
                poller->mailbox().post([&connection] { connection.resumeReading(); });
            }
        };
        const std::string wanted = pattern(3'000'000);
        std::size_t sent = 0;
        const auto allCame = [&] {
            sent += tls.client.send(std::string_view(wanted).substr(sent));
            return sent == wanted.size() && recorder.bytes.size() == wanted.size();
        };
        QTRY_VERIFY_WITH_TIMEOUT(allCame(), 30000);
        QVERIFY(recorder.bytes == wanted);
    }

    void closeTellsThePeer()
    {
        HerePoller poller;
        const auto server = context();
        TlsPair tls(*poller, *server);
        QVERIFY(tls.handshake());
        tls.pair.server->append("bye");
        tls.pair.server->closeAfterFlush(10s);
        QTRY_VERIFY(tls.client.received() == "bye" && tls.client.ended());
        tls.pair.client->close();
        QTRY_COMPARE(tls.pair.recorder.closedCalls, 1);
        QCOMPARE(tls.pair.recorder.closed->code(), base::ErrorCode::Cancelled);
    }

    void noRenegotiation()
    {
        HerePoller poller;
        const auto server = context();
        TlsPair tls(*poller, *server, {.version = TLS1_2_VERSION});
        QVERIFY(tls.handshake());
        tls.client.renegotiate();
        tls.client.send("still works");
        // Refused with an alert; OpenSSL's client gives up then or goes on, but no second handshake is made.
        QTRY_VERIFY(!tls.pair.recorder.bytes.empty() || !tls.client.received().empty() || tls.client.failed());
        QCOMPARE(tls.pair.recorder.tls->version, std::string("TLSv1.2"));
    }

    void keyUpdateIsAnswered()
    {
        HerePoller poller;
        const auto server = context();
        TlsPair tls(*poller, *server, {.version = TLS1_3_VERSION});
        QVERIFY(tls.handshake());
        for (int i = 0; i < 3; ++i) {
            tls.client.updateKeys();
            tls.client.send("x");
            QTRY_COMPARE(tls.pair.recorder.bytes.size(), static_cast<std::size_t>(i + 1));
            tls.pair.server->append("y");
            QTRY_COMPARE(tls.client.received().size(), static_cast<std::size_t>(i + 1));
        }
    }

    void strangersCloseCleanly_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("XMPP in plain text") << QByteArray("<?xml version='1.0'?><stream:stream to='localhost'>");
        QTest::newRow("HTTP") << QByteArray("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QTest::newRow("garbage") << QByteArray("\x16\x03\x01\xff\xff\x00\x00\x01\x02\x03", 10).append(70000, 'x');
        QTest::newRow("zeros") << QByteArray(1000, '\0');
    }

    void strangersCloseCleanly()
    {
        QFETCH(QByteArray, bytes);
        HerePoller poller;
        const auto server = context();
        Pair pair(*poller);
        QVERIFY(pair.server->startTls(*server).ok());
        pair.client->send(bytes.toStdString());
        QTRY_COMPARE(pair.recorder.closedCalls, 1);
        QCOMPARE(pair.recorder.closed->code(), base::ErrorCode::InvalidInput);
        QCOMPARE(pair.recorder.calls, 0);
        QTRY_VERIFY((pair.client->received(), pair.client->ended()));
    }

    void brokenRecordAfterTheHandshake()
    {
        HerePoller poller;
        const auto server = context();
        TlsPair tls(*poller, *server);
        QVERIFY(tls.handshake());
        tls.client.send("good");
        QTRY_COMPARE(tls.pair.recorder.bytes, std::string("good"));
        tls.pair.client->send(std::string("\x17\x03\x03\x00\x20", 5) + std::string(32, 'x'));
        QTRY_COMPARE(tls.pair.recorder.closedCalls, 1);
        QCOMPARE(tls.pair.recorder.closed->code(), base::ErrorCode::InvalidInput);
        QCOMPARE(tls.pair.recorder.bytes, std::string("good"));
    }

    void cutInTheHandshake()
    {
        HerePoller poller;
        const auto server = context();
        TlsPair tls(*poller, *server);
        QVERIFY(!tls.client.handshake());
        tls.pair.client->close();
        QTRY_COMPARE(tls.pair.recorder.closedCalls, 1);
        QVERIFY(!tls.pair.recorder.tls);
    }

    void oldVersionsAreRefused()
    {
        HerePoller poller;
        const auto server = context();
        TlsPair tls(*poller, *server, {.version = TLS1_1_VERSION});
        QVERIFY(!tls.handshake());
        QTRY_COMPARE(tls.pair.recorder.closedCalls, 1);
    }

    void weakCiphersAreRefused()
    {
        HerePoller poller;
        const auto server = context();
        TlsPair tls(*poller, *server, {.version = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES128-SHA"});
        QVERIFY(!tls.handshake());
        QTRY_COMPARE(tls.pair.recorder.closedCalls, 1);
    }

    void foreignAlpnIsRefused()
    {
        HerePoller poller;
        const auto server = context();
        TlsPair tls(*poller, *server, {.alpn = "\x02h2"});
        QVERIFY(!tls.handshake());
        QTRY_COMPARE(tls.pair.recorder.closedCalls, 1);
    }

    void newCertificateLeavesOldConnectionsAlone()
    {
        HerePoller poller;
        auto server = context();
        TlsPair before(*poller, *server);
        QVERIFY(before.handshake());
        server = context();
        TlsPair after(*poller, *server);
        QVERIFY(after.handshake());
        QVERIFY(before.client.serverEndPointSha256() != after.client.serverEndPointSha256());
        before.client.send("alive");
        QTRY_COMPARE(before.pair.recorder.bytes, std::string("alive"));
    }

    void handlerMayDestroyItInTlsReady()
    {
        HerePoller poller;
        const auto server = context();
        TlsPair tls(*poller, *server);
        tls.pair.recorder.inTlsReady = [&tls] { tls.pair.server.reset(); };
        QTRY_VERIFY((tls.client.handshake(), !tls.pair.server));
    }

    void movesWithItsState();

    void identities()
    {
        const PemPair first = *makeSelfSigned("localhost");
        const PemPair second = *makeSelfSigned("xmpp.example");
        QVERIFY(TlsContext::create({first, {}}).ok());
        QVERIFY((*TlsContext::create({first, {}}))->validUntil() > QDateTime::currentSecsSinceEpoch() + 86400);
        QVERIFY(!TlsContext::create({{first.certificate, second.key}, {}}).ok());
        QVERIFY(!TlsContext::create({{"no PEM", first.key}, {}}).ok());
        QVERIFY(!TlsContext::create({{first.certificate, ""}, {}}).ok());
        QVERIFY(!TlsContext::create({first, {std::string()}}).ok());
        QCOMPARE(TlsContext::create({{first.certificate, second.key}, {}}).error().code(),
                 base::ErrorCode::InvalidInput);
        QVERIFY(TlsContext::create({{first.certificate + second.certificate, first.key}, {}}).ok());
    }

    void filesAreRead()
    {
        const QTemporaryDir folder;
        const PemPair pair = *makeSelfSigned("localhost");
        const auto write = [&folder](const char *name, const std::string &text) {
            QFile file(folder.filePath(QString::fromLatin1(name)));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text.data(), static_cast<qint64>(text.size()));
        };
        write("cert.pem", pair.certificate);
        write("key.pem", pair.key);
        const std::string root = folder.path().toStdString();
        const auto read = TlsContext::readFiles(root + "/cert.pem", root + "/key.pem");
        QVERIFY(read.ok());
        QCOMPARE(read->certificate, pair.certificate);
        QCOMPARE(read->key, pair.key);
        const auto missing = TlsContext::readFiles(root + "/cert.pem", root + "/none.pem");
        QVERIFY(!missing.ok());
        QCOMPARE(missing.error().code(), base::ErrorCode::NotFound);
    }

    void selfSignedNamesItsHost()
    {
        const PemPair pair = *makeSelfSigned("localhost");
        BIO *bio = BIO_new_mem_buf(pair.certificate.data(), static_cast<int>(pair.certificate.size()));
        X509 *certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
        BIO_free(bio);
        QVERIFY(certificate);
        QCOMPARE(X509_check_host(certificate, "localhost", 0, 0, nullptr), 1);
        QCOMPARE(X509_check_host(certificate, "example.org", 0, 0, nullptr), 0);
        QCOMPARE(X509_check_ip_asc(certificate, "127.0.0.1", 0), 1);
        QCOMPARE(X509_check_ip_asc(certificate, "::1", 0), 1);
        X509_free(certificate);
        QVERIFY(!makeSelfSigned("").ok());
        QVERIFY(!makeSelfSigned("a,DNS:evil.example").ok());
        QVERIFY(makeSelfSigned(std::string(200, 'a')).ok());
    }
};

namespace
{

/// Echoes, and goes to the other thread every few calls with what it did not use.
class TlsMover final : public ConnectionHandler
{
public:
    explicit TlsMover(std::array<Poller *, 2> pollers)
        : m_pollers(pollers)
    {
    }
    void take(std::unique_ptr<Connection> connection)
    {
        m_connection = std::move(connection);
        GW_ASSERT(m_connection->attach(*m_pollers[m_here]).ok());
    }
    void onTlsReady(const TlsInfo &) override { move(); }
    void onBytes(std::string_view bytes) override
    {
        const std::string_view used = bytes.substr(0, (bytes.size() + 1) / 2);
        m_connection->append(used);
        m_connection->pushBack(bytes.substr(used.size()));
        if (++m_calls % 3 == 0) {
            move();
        }
    }
    void onClosed(base::Error) override
    {
        m_connection.reset();
        closed.store(true);
    }
    int moves = 0;
    std::atomic<bool> closed{false};

private:
    void move()
    {
        ++moves;
        m_here = 1 - m_here;
        m_connection->detach();
        m_pollers[m_here]->mailbox().post(
            [this, connection = std::move(m_connection)]() mutable { take(std::move(connection)); });
    }

    std::array<Poller *, 2> m_pollers;
    std::size_t m_here = 0;
    int m_calls = 0;
    std::unique_ptr<Connection> m_connection;
};

} // namespace

void TstTls::movesWithItsState()
{
    const auto server = context();
    const base::SystemClock clock;
    auto first = *Poller::create(clock);
    auto second = *Poller::create(clock);
    TlsMover mover({first.get(), second.get()});
    std::thread firstThread([&first] { first->run(); });
    std::thread secondThread([&second] { second->run(); });
    HerePoller poller;
    Pair pair(*poller);
    pair.server->detach();
    pair.server->setHandler(mover);
    QVERIFY(pair.server->startTls(*server).ok());
    first->mailbox().post(
        [&mover, connection = std::move(pair.server)]() mutable { mover.take(std::move(connection)); });
    TlsClient client(*pair.client, {});
    bool done = QTest::qWaitFor([&client] { return client.handshake(); });
    const std::string wanted = pattern(2'000'000);
    std::size_t sent = 0;
    done = done && QTest::qWaitFor(
                       [&] {
                           sent += client.send(std::string_view(wanted).substr(sent, 60'000));
                           return client.received().size() >= wanted.size();
                       },
                       30000);
    pair.client->close();
    const bool closed = QTest::qWaitFor([&mover] { return mover.closed.load(); });
    first->stop();
    second->stop();
    firstThread.join();
    secondThread.join();
    QVERIFY(done);
    QVERIFY(closed);
    QVERIFY(client.received() == wanted || client.failed());
    QVERIFY(mover.moves > 10);
}

GODWIT_TEST(TstTls);
#include "tst_tls.moc"
