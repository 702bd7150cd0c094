// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Frames.h"
#include "UnitTest.h"

#include "websocket/Framing.h"

#include <QTest>

using namespace godwit;
using test::frame;
using websocket::CloseCode;
using websocket::Framing;

namespace
{

struct Messages final : websocket::MessageHandler {
    std::vector<std::string> got;
    Framing *stopAfterEach = nullptr;

    void onMessage(std::string_view message) override
    {
        got.emplace_back(message);
        if (stopAfterEach) {
            stopAfterEach->stop();
        }
    }
};

using Texts = std::vector<std::string>;

std::string replies(Framing &framing)
{
    std::string out;
    framing.takeReplies(out);
    return out;
}

} // namespace

class TstFraming : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsMessages_data();
    void readsMessages();
    void holdsNothingBetweenMessages();
    void stopsBehindAMessage();
    void answersPings();
    void answersAClose_data();
    void answersAClose();
    void refuses_data();
    void refuses();
    void takesAMessageOfTheBound();
    void boundsFragmentsTogether();
    void writesMessages_data();
    void writesMessages();
    void extendsAMessage();
    void closesOnce();
    void sendsNothingBehindItsClose();
    void readsBinaryMessages();
    void compressesAndRestores();
    void boundsWhatACompressedMessageBecomes();
};

void TstFraming::readsMessages_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<Texts>("messages");
    const std::string longer(300, 'x');
    const std::string longest(60'000, 'y');
    QTest::newRow("one") << frame("<a/>") << Texts{"<a/>"};
    QTest::newRow("two") << frame("<a/>") + frame("<b/>") << Texts{"<a/>", "<b/>"};
    QTest::newRow("empty") << frame("") + frame("x") << Texts{"", "x"};
    QTest::newRow("16 bits of length") << frame(longer) + frame("z") << Texts{longer, "z"};
    QTest::newRow("many reads") << frame(longest) + frame("z") << Texts{longest, "z"};
    QTest::newRow("fragments") << frame("<a", {.fin = false}) + frame("b", {.opcode = 0, .fin = false}) +
                                      frame("/>", {.opcode = 0})
                               << Texts{"<ab/>"};
    QTest::newRow("a ping between fragments")
        << frame("<a", {.fin = false}) + frame("p", {.opcode = 9}) + frame("/>", {.opcode = 0}) << Texts{"<a/>"};
    QTest::newRow("a letter in two fragments")
        << frame("\xc3", {.fin = false}) + frame("\xa4", {.opcode = 0}) << Texts{"\xc3\xa4"};
    QTest::newRow("a pong that nobody asked for") << frame("p", {.opcode = 10}) + frame("x") << Texts{"x"};
}

void TstFraming::readsMessages()
{
    QFETCH(std::string, bytes);
    QFETCH(Texts, messages);
    for (const std::size_t step : {bytes.size(), std::size_t{1}, std::size_t{3}, std::size_t{4096}}) {
        Framing framing(websocket::MessageKind::Text);
        Messages got;
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            framing.feed(std::string_view(bytes).substr(at, step), got);
        }
        QCOMPARE(got.got, messages);
        QVERIFY(!framing.ended());
        QCOMPARE(framing.heldBytes(), std::size_t{0});
    }
}

void TstFraming::holdsNothingBetweenMessages()
{
    Framing framing(websocket::MessageKind::Text);
    Messages got;
    const std::string bytes = frame("<a/>");
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
        framing.feed(std::string_view(bytes).substr(i, 1), got);
        QVERIFY(framing.heldBytes() > 0);
    }
    framing.feed(std::string_view(bytes).substr(bytes.size() - 1), got);
    QCOMPARE(framing.heldBytes(), std::size_t{0});
    framing.feed(frame("<a", {.fin = false}), got);
    QCOMPARE(framing.heldBytes(), std::size_t{2});
    static_assert(sizeof(Framing) <= 48);
}

void TstFraming::stopsBehindAMessage()
{
    const std::string bytes = frame("<a/>") + frame("<b") + frame("c/>") + frame("<d/>").substr(0, 5);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        Framing framing(websocket::MessageKind::Text);
        Messages got;
        got.stopAfterEach = &framing;
        framing.feed(std::string_view(bytes).substr(0, cut), got);
        framing.feed(std::string_view(bytes).substr(cut), got);
        // Whatever is not read comes back as it was, and is read by whoever gets it.
        std::string rest = framing.takeRest();
        QCOMPARE(framing.takeRest(), std::string());
        while (got.got.size() < 3) {
            framing.feed(rest, got);
            rest = framing.takeRest();
        }
        QCOMPARE(got.got, (Texts{"<a/>", "<b", "c/>"}));
        got.stopAfterEach = nullptr;
        framing.feed(rest, got);
        framing.feed(frame("<d/>").substr(5), got);
        QCOMPARE(got.got.back(), std::string("<d/>"));
    }
}

void TstFraming::answersPings()
{
    Framing framing(websocket::MessageKind::Text);
    Messages got;
    framing.feed(frame("one", {.opcode = 9}) + frame("", {.opcode = 9}), got);
    const auto frames = test::readFrames(replies(framing));
    QCOMPARE(frames.size(), std::size_t{2});
    QCOMPARE(frames[0].opcode, 10U);
    QCOMPARE(frames[0].payload, std::string("one"));
    QCOMPARE(frames[1].payload, std::string());
    QCOMPARE(replies(framing), std::string());
    std::string out;
    framing.ping(out);
    QCOMPARE(test::readFrames(out).front().opcode, 9U);
}

void TstFraming::answersAClose_data()
{
    QTest::addColumn<std::string>("close");
    QTest::addColumn<unsigned>("answer");
    QTest::newRow("with a code") << test::closeFrame(1001, "going") << 1001U;
    QTest::newRow("of an application") << test::closeFrame(4000) << 4000U;
    QTest::newRow("without a code") << frame("", {.opcode = 8}) << 0U;
}

void TstFraming::answersAClose()
{
    QFETCH(std::string, close);
    QFETCH(unsigned, answer);
    Framing framing(websocket::MessageKind::Text);
    Messages got;
    framing.feed(close + frame("<behind/>"), got);
    QVERIFY(framing.ended());
    QVERIFY(!framing.failure());
    QVERIFY(got.got.empty());
    const auto frames = test::readFrames(replies(framing));
    QCOMPARE(frames.size(), std::size_t{1});
    QCOMPARE(test::closeCode(frames[0]), answer);
}

void TstFraming::refuses_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<int>("code");
    QTest::newRow("not masked") << frame("<a/>", {.masked = false}) << 1002;
    QTest::newRow("an empty one, not masked") << frame("", {.masked = false}) << 1002;
    QTest::newRow("a reserved opcode") << frame("x", {.opcode = 3}) << 1002;
    QTest::newRow("a reserved control opcode") << frame("x", {.opcode = 11}) << 1002;
    QTest::newRow("RSV1 without an extension") << frame("x", {.rsv = 4}) << 1002;
    QTest::newRow("RSV2") << frame("x", {.rsv = 2}) << 1002;
    QTest::newRow("a fragmented ping") << frame("x", {.opcode = 9, .fin = false}) << 1002;
    QTest::newRow("a long ping") << frame(std::string(126, 'x'), {.opcode = 9}) << 1002;
    QTest::newRow("a fragment of nothing") << frame("x", {.opcode = 0}) << 1002;
    QTest::newRow("a message between fragments") << frame("x", {.fin = false}) + frame("y") << 1002;
    QTest::newRow("a length that is too long") << frame("x", {.lengthBytes = 2}) << 1002;
    QTest::newRow("a length that is far too long") << frame("x", {.lengthBytes = 8}) << 1002;
    QTest::newRow("half a code") << frame("x", {.opcode = 8}) << 1002;
    QTest::newRow("a code that nobody may send") << test::closeFrame(1005) << 1002;
    QTest::newRow("binary") << frame("x", {.opcode = 2}) << 1003;
    QTest::newRow("not UTF-8") << frame("\xc3\x28") << 1007;
    QTest::newRow("half a letter") << frame("\xc3") << 1007;
    QTest::newRow("a reason that is not UTF-8") << test::closeFrame(1000, "\xff") << 1007;
    QTest::newRow("too long") << frame(std::string(65'537, 'x')) << 1009;
}

void TstFraming::refuses()
{
    QFETCH(std::string, bytes);
    QFETCH(int, code);
    Framing framing(websocket::MessageKind::Text);
    Messages got;
    framing.feed(bytes + frame("<behind/>"), got);
    QVERIFY(framing.ended());
    QVERIFY(framing.failure().has_value());
    QCOMPARE(static_cast<int>(*framing.failure()), code);
    QVERIFY(got.got.empty());
    framing.feed(frame("<behind/>"), got);
    QVERIFY(got.got.empty());
}

void TstFraming::takesAMessageOfTheBound()
{
    for (const int over : {0, 1}) {
        Framing framing(websocket::MessageKind::Text);
        framing.setMessageBytesMax(100);
        Messages got;
        framing.feed(frame(std::string(100 + static_cast<std::size_t>(over), 'x')), got);
        QCOMPARE(got.got.size(), static_cast<std::size_t>(1 - over));
        QCOMPARE(framing.failure() == CloseCode::TooBig, over == 1);
    }
}

void TstFraming::boundsFragmentsTogether()
{
    Framing framing(websocket::MessageKind::Text);
    framing.setMessageBytesMax(100);
    Messages got;
    framing.feed(frame(std::string(60, 'x'), {.fin = false}) + frame(std::string(41, 'x'), {.opcode = 0}), got);
    QVERIFY(framing.failure() == CloseCode::TooBig);
}

void TstFraming::writesMessages_data()
{
    QTest::addColumn<std::size_t>("size");
    for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65'535U, 65'536U, 100'000U}) {
        QTest::addRow("%zu", size) << size;
    }
}

void TstFraming::writesMessages()
{
    QFETCH(std::size_t, size);
    Framing framing(websocket::MessageKind::Text);
    std::string out = "before";
    const std::string text(size, 'x');
    out += text;
    framing.sealMessage(out, 6);
    QVERIFY(out.starts_with("before"));
    const auto frames = test::readFrames(std::string_view(out).substr(6));
    QCOMPARE(frames.size(), std::size_t{1});
    QCOMPARE(frames[0].opcode, 1U);
    QCOMPARE(frames[0].payload, text);
}

void TstFraming::extendsAMessage()
{
    for (const std::size_t size : {std::size_t{1}, std::size_t{125}, std::size_t{126}, std::size_t{65'535}}) {
        for (const std::size_t added : {std::size_t{1}, std::size_t{65'535}}) {
            Framing framing(websocket::MessageKind::Binary);
            std::string out = "before" + std::string(size, 'x');
            framing.sealMessage(out, 6);
            QCOMPARE(out.size(), 6 + Framing::sealedBytes(size));
            framing.extendMessage(out, size, added);
            out += std::string(added, 'y');
            QCOMPARE(out.size(), 6 + Framing::sealedBytes(size + added));
            QVERIFY(out.starts_with("before"));
            const auto frames = test::readFrames(std::string_view(out).substr(6));
            QCOMPARE(frames.size(), std::size_t{1});
            QCOMPARE(frames[0].opcode, 2U);
            QCOMPARE(frames[0].payload, std::string(size, 'x') + std::string(added, 'y'));
        }
    }
}

void TstFraming::closesOnce()
{
    Framing framing(websocket::MessageKind::Text);
    std::string out;
    framing.close(out, CloseCode::Normal);
    framing.close(out, CloseCode::TooBig);
    const auto frames = test::readFrames(out);
    QCOMPARE(frames.size(), std::size_t{1});
    QCOMPARE(test::closeCode(frames[0]), 1000U);
    // The peer's answer is not answered again.
    Messages got;
    framing.feed(test::closeFrame(1000), got);
    QVERIFY(framing.ended());
    QCOMPARE(replies(framing), std::string());
}

void TstFraming::sendsNothingBehindItsClose()
{
    Framing framing(websocket::MessageKind::Text);
    std::string out;
    framing.close(out, CloseCode::Normal);
    const std::string closed = out;
    out += "late";
    framing.sealMessage(out, closed.size());
    framing.ping(out);
    QCOMPARE(out, closed);
}

void TstFraming::readsBinaryMessages()
{
    Framing framing(websocket::MessageKind::Binary);
    Messages got;
    framing.feed(frame("\xff\xfe", {.opcode = 2}), got);
    QCOMPARE(got.got, (Texts{"\xff\xfe"}));
    framing.feed(frame("text"), got);
    QVERIFY(framing.failure() == CloseCode::UnsupportedData);
}

void TstFraming::compressesAndRestores()
{
    for (const websocket::Takeover takeover : {websocket::Takeover::No, websocket::Takeover::Yes}) {
        const websocket::CompressionTerms terms{takeover, takeover};
        Framing framing(websocket::MessageKind::Text, terms);
        websocket::Compression client(terms);
        Messages got;
        const std::string text = "<message><body>to be or not to be, to be or not to be, to be</body></message>";
        std::vector<std::size_t> sizes;
        for (int i = 0; i < 3; ++i) {
            std::string compressed;
            client.compress(text, compressed);
            sizes.push_back(compressed.size());
            framing.feed(frame(compressed.substr(0, 5), {.fin = false, .rsv = 4}) +
                             frame(compressed.substr(5), {.opcode = 0}),
                         got);
            std::string out = text;
            framing.sealMessage(out, 0);
            const auto frames = test::readFrames(out);
            QCOMPARE(frames.size(), std::size_t{1});
            QCOMPARE(frames[0].rsv, 4U);
            std::string restored = frames[0].payload;
            QCOMPARE(client.restore(restored, 1'000), websocket::Compression::Outcome::Done);
            QCOMPARE(restored, text);
        }
        QCOMPARE(got.got, (Texts{text, text, text}));
        QCOMPARE(sizes[2] < sizes[0] / 2, takeover == websocket::Takeover::Yes);
        // What is not compressed is taken as well.
        framing.feed(frame("<a/>"), got);
        QCOMPARE(got.got.back(), std::string("<a/>"));
    }
}

void TstFraming::boundsWhatACompressedMessageBecomes()
{
    const websocket::CompressionTerms terms;
    websocket::Compression client(terms);
    std::string bomb;
    client.compress(std::string(1'000'000, 'x'), bomb);
    QVERIFY(bomb.size() < 2'000);
    Framing framing(websocket::MessageKind::Text, terms);
    Messages got;
    framing.feed(frame(bomb, {.rsv = 4}), got);
    QVERIFY(framing.failure() == CloseCode::TooBig);
    Framing other(websocket::MessageKind::Text, terms);
    other.feed(frame("\xff\xff\xff\xff", {.rsv = 4}), got);
    QVERIFY(other.failure() == CloseCode::InvalidPayload);
    QVERIFY(got.got.empty());
}

GODWIT_TEST(TstFraming);
#include "tst_framing.moc"
