// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "generator/HttpReader.h"

#include "UnitTest.h"

#include <QTest>

using godwit::load::HttpReader;
using Outcome = HttpReader::Outcome;

class TstHttpReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhateverTheCut();
    void leavesWhatFollows();
    void upgradeHasNoBody();
    void refuses_data();
    void refuses();
};

void TstHttpReader::readsWhateverTheCut()
{
    constexpr std::string_view text = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nCONTENT-length:  5 \r\n\r\nhello";
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
        HttpReader reader;
        std::string_view first = text.substr(0, cut);
        QCOMPARE(reader.feed(first), Outcome::NeedMore);
        QVERIFY(first.empty());
        std::string_view second = text.substr(cut);
        QCOMPARE(reader.feed(second), Outcome::Response);
        QCOMPARE(reader.response().status, 200U);
        QVERIFY(reader.response().body == "hello");
        QVERIFY(reader.response().field("content-type") == "text/xml");
        QVERIFY(reader.response().field("connection").data() == nullptr);
    }
}

void TstHttpReader::leavesWhatFollows()
{
    HttpReader reader;
    std::string_view text =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n";
    QCOMPARE(reader.feed(text), Outcome::Response);
    QVERIFY(reader.response().body == "ab");
    QCOMPARE(reader.feed(text), Outcome::Response);
    QCOMPARE(reader.response().status, 404U);
    QVERIFY(reader.response().body.empty());
    QVERIFY(text.empty());
}

void TstHttpReader::upgradeHasNoBody()
{
    HttpReader reader;
    std::string_view text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x01x";
    QCOMPARE(reader.feed(text), Outcome::Response);
    QCOMPARE(reader.response().status, 101U);
    QCOMPARE(text.size(), std::size_t(3));
}

void TstHttpReader::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("another protocol") << QByteArray("SSH-2.0-x\r\n\r\n");
    QTest::newRow("no status") << QByteArray("HTTP/1.1 abc OK\r\n\r\n");
    QTest::newRow("no length") << QByteArray("HTTP/1.1 200 OK\r\n\r\n");
    QTest::newRow("length that is no number") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n");
    QTest::newRow("body without end") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n");
    QTest::newRow("head without end") << QByteArray(HttpReader::headBytesMax + 1, 'x');
}

void TstHttpReader::refuses()
{
    QFETCH(const QByteArray, text);
    HttpReader reader;
    std::string_view bytes(text.data(), static_cast<std::size_t>(text.size()));
    QCOMPARE(reader.feed(bytes), Outcome::Broken);
}

GODWIT_TEST(TstHttpReader);
#include "tst_http_reader.moc"
