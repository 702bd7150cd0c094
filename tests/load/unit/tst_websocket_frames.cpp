// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "generator/Deflate.h"
#include "generator/WebSocketFrames.h"

#include "UnitTest.h"

#include <QTest>

#include <string>
#include <vector>

using namespace godwit::load;

namespace
{

/// A server's frame.
std::string frame(unsigned head, std::string_view payload)
{
    std::string out(1, static_cast<char>(head));
    if (payload.size() < 126) {
        out += static_cast<char>(payload.size());
    } else {
        out += static_cast<char>(126);
        out += static_cast<char>(payload.size() >> 8);
        out += static_cast<char>(payload.size() & 0xff);
    }
    return out.append(payload);
}

struct Heard {
    bool feed(std::string_view bytes)
    {
        return reader.feed(bytes, [this](const WebSocketMessage &message) {
            messages.emplace_back(message.payload);
            last = message;
            return true;
        });
    }
    FrameReader reader;
    std::vector<std::string> messages;
    WebSocketMessage last;
};

} // namespace

class TstWebsocketFrames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void framesAreMasked_data();
    void framesAreMasked();
    void readsWhateverTheCut();
    void fragmentsAreJoined();
    void refuses_data();
    void refuses();
    void stopsWhenTold();
    void deflateRestores_data();
    void deflateRestores();
};

void TstWebsocketFrames::framesAreMasked_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("head");
    QTest::newRow("empty") << 0 << 2;
    QTest::newRow("short") << 125 << 2;
    QTest::newRow("16 bits") << 126 << 4;
    QTest::newRow("16 bits, longest") << 65'535 << 4;
    QTest::newRow("64 bits") << 65'536 << 10;
}

void TstWebsocketFrames::framesAreMasked()
{
    QFETCH(const int, size);
    QFETCH(const int, head);
    std::string payload(static_cast<std::size_t>(size), '\0');
    for (std::size_t i = 0; i < payload.size(); ++i) {
        payload[i] = static_cast<char>(i % 251);
    }
    std::string out;
    appendFrame(out, {Opcode::Binary, false, payload}, 0x04030201U);
    QCOMPARE(out.size(), static_cast<std::size_t>(head + 4 + size));
    QCOMPARE(static_cast<unsigned char>(out[0]), static_cast<unsigned char>(0x82));
    QVERIFY((static_cast<unsigned char>(out[1]) & 0x80U) != 0);
    const std::string key = out.substr(static_cast<std::size_t>(head), 4);
    for (std::size_t i = 0; i < payload.size(); ++i) {
        const char unmasked = static_cast<char>(out[static_cast<std::size_t>(head) + 4 + i] ^ key[i % 4]);
        QVERIFY(unmasked == payload[i]);
    }
}

void TstWebsocketFrames::readsWhateverTheCut()
{
    const std::string text = frame(0x81, "one") + frame(0x89, "p") + frame(0x82, std::string(300, 'x'));
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        Heard heard;
        QVERIFY(heard.feed(std::string_view(text).substr(0, cut)));
        QVERIFY(heard.feed(std::string_view(text).substr(cut)));
        QVERIFY((heard.messages == std::vector<std::string>{"one", "p", std::string(300, 'x')}));
        QCOMPARE(heard.last.opcode, Opcode::Binary);
    }
}

void TstWebsocketFrames::fragmentsAreJoined()
{
    Heard heard;
    QVERIFY(heard.feed(frame(0x41, "be") + frame(0x89, "ping") + frame(0x00, "tw") + frame(0x80, "een")));
    QVERIFY((heard.messages == std::vector<std::string>{"ping", "between"}));
    QCOMPARE(heard.last.opcode, Opcode::Text);
    QVERIFY(heard.last.compressed);
}

void TstWebsocketFrames::refuses_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("masked") << QByteArray("\x81\x81xxxxx", 7);
    QTest::newRow("fragment of nothing") << QByteArray("\x80\x01x", 3);
    QTest::newRow("a message within another") << QByteArray("\x01\x01x\x81\x01y", 6);
    QTest::newRow("too long") << QByteArray("\x81\x7f\x00\x00\x00\x00\x01\x00\x00\x00", 10);
}

void TstWebsocketFrames::refuses()
{
    QFETCH(const QByteArray, bytes);
    Heard heard;
    QVERIFY(!heard.feed(std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size()))));
}

void TstWebsocketFrames::stopsWhenTold()
{
    FrameReader reader;
    int heard = 0;
    QVERIFY(reader.feed(frame(0x81, "a") + frame(0x81, "b"), [&heard](const WebSocketMessage &) {
        ++heard;
        return false;
    }));
    QCOMPARE(heard, 1);
}

void TstWebsocketFrames::deflateRestores_data()
{
    QTest::addColumn<bool>("takeover");
    QTest::newRow("context kept") << true;
    QTest::newRow("context forgotten") << false;
}

void TstWebsocketFrames::deflateRestores()
{
    QFETCH(const bool, takeover);
    Deflate sender(takeover ? Deflate::Takeover::Yes : Deflate::Takeover::No);
    Deflate receiver;
    const std::string message = "<message xmlns='jabber:client' to='juliet@example.org'><body>Soft!</body></message>";
    std::vector<std::size_t> sizes;
    for (int i = 0; i < 3; ++i) {
        std::string frame;
        std::string restored;
        sender.compress(message, frame);
        QVERIFY(receiver.restore(frame, restored));
        QVERIFY(restored == message);
        sizes.push_back(frame.size());
    }
    QVERIFY(takeover ? sizes[1] < sizes[0] / 2 : sizes[1] == sizes[0]);
    QVERIFY(sender.heldBytes() > 200'000);
    std::string restored;
    QVERIFY(!receiver.restore("\x07\xff\xff", restored));
}

GODWIT_TEST(TstWebsocketFrames);
#include "tst_websocket_frames.moc"
