// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Broken and hostile bytes: an error with a reason each time, never a crash, never a stanza that is not one.

#include "Corpus.h"
#include "Support.h"
#include "UnitTest.h"

#include "compact/Cbor.h"
#include "xml/DocumentBuilder.h"

#include <QTest>

#include <random>

using namespace godwit;
using namespace godwit::compact;
using godwit::test::Direction;
using godwit::test::view;

namespace
{

std::string encoded(const QByteArray &item)
{
    Direction direction;
    return direction.encode(xml::parseStanza(view(item))->root());
}

/// True when what comes out of a message, if anything does, can be kept and parsed again.
bool isHarmless(std::string_view message)
{
    Direction direction;
    const auto frames = direction.decode(message);
    if (!frames) {
        return !direction.error()->context().empty();
    }
    for (const Frame &frame : *frames) {
        const auto *stanza = std::get_if<xml::Stanza>(&frame);
        if (!stanza) {
            continue;
        }
        const auto again = xml::parseStanza(stanza->bytes);
        if (!again || again->bytes != stanza->bytes || !xml::sameInfoset(again->root(), stanza->root())) {
            return false;
        }
    }
    return true;
}

} // namespace

class TstHostile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cutAtEveryByte();
    void damaged();
    void noise();
    void announced_data();
    void announced();
    void deep();
    void manyAttributes();
    void textInPieces();
    void manyNamespaces();
    void repeatedNamespaces();
};

void TstHostile::cutAtEveryByte()
{
    for (const test::CorpusItem &item : test::corpus(QStringLiteral("stanzas"))) {
        const std::string message = encoded(item.bytes);
        for (std::size_t size = 1; size < message.size(); ++size) {
            Direction direction;
            QVERIFY2(!direction.decode(std::string_view(message).substr(0, size)), item.name.constData());
            QVERIFY(direction.error()->code() == base::ErrorCode::InvalidInput);
        }
    }
}

void TstHostile::damaged()
{
    for (const test::CorpusItem &item : test::corpus(QStringLiteral("stanzas"))) {
        std::string message = encoded(item.bytes);
        for (std::size_t i = 0; i < message.size(); ++i) {
            const char original = message[i];
            for (const char other : {'\x00', '\x20', '\x40', '\x60', '\x80', '\xa1', '\xc6', '\xf5', '\xff', '<'}) {
                message[i] = other;
                if (!isHarmless(message)) {
                    QFAIL((item.name + ": " + test::hex(message)).constData());
                }
            }
            message[i] = original;
        }
    }
}

void TstHostile::noise()
{
    std::mt19937 random(11);
    for (int round = 0; round < 20'000; ++round) {
        std::string message(1 + random() % 40, '\0');
        for (char &byte : message) {
            // Small numbers are what frames are made of.
            byte = static_cast<char>(random() % 3 == 0 ? random() : (random() % 8) << 5 | random() % 12);
        }
        if (!isHarmless(message)) {
            QFAIL(test::hex(message).constData());
        }
    }
}

void TstHostile::announced_data()
{
    QTest::addColumn<QByteArray>("message");
    for (const char *head : {"9a", "9b00000000", "ba", "bb00000000", "7a", "7b00000000", "5a", "5b00000000"}) {
        QTest::newRow(head) << QByteArray(head) + "7fffffff";
        QTest::newRow((QByteArray(head) + " inside").constData()) << QByteArray("8502f6f6f6") + head + "7fffffff";
    }
    for (const char *head : {"9f", "bf", "7f", "5f", "ff", "1c", "1d", "1e", "1f", "3c", "fc", "fd", "fe"}) {
        QTest::newRow((QByteArray("reserved ") + head).constData()) << QByteArray("8502f6f6f6") + head + "00ff";
    }
}

/// Lengths of what is not there are refused before anything is taken for them.
void TstHostile::announced()
{
    QFETCH(QByteArray, message);
    Direction direction;
    QVERIFY(!direction.decode(test::fromHex(view(message))));
    QVERIFY(direction.error()->code() == base::ErrorCode::InvalidInput);
}

void TstHostile::deep()
{
    // [["urn:x","x"], ["x", ["x", …: as deep as a message has room for.
    std::string message;
    while (message.size() + 3 < Limits().messageBytesMax) {
        message += test::fromHex(message.empty() ? "82826575726e3a786178" : "826178");
    }
    Direction direction;
    QVERIFY(!direction.decode(message));
    QVERIFY(direction.error()->code() == base::ErrorCode::LimitExceeded);
    // The same within an address, a name and a tag, which have no depth.
    for (const char *nested : {"820282828282828282", "818282828282828282", "8207c6c6c6c6c6c6", "8207c482c482c4"}) {
        Direction other;
        QVERIFY(!other.decode(test::fromHex(nested)));
    }
}

void TstHostile::manyAttributes()
{
    std::string message;
    appendHead(message, Major::Array, 2);
    message += test::fromHex("07");
    appendHead(message, Major::Map, 50'000);
    for (int i = 0; i < 50'000; ++i) {
        std::string name = "a" + std::to_string(i);
        appendText(message, name.substr(0, 4));
        message += '\0';
    }
    Direction direction;
    QVERIFY(!direction.decode(message));
}

/// Each piece of a text may need escapes or not; together they are one text.
void TstHostile::textInPieces()
{
    constexpr int pieces = 20'000;
    std::string message;
    appendHead(message, Major::Array, 2 + pieces);
    appendHead(message, Major::Array, 2);
    appendText(message, "urn:x");
    appendText(message, "x");
    std::string expected;
    for (int i = 0; i < pieces; ++i) {
        const std::string_view piece = i % 3 == 0 ? "<" : (i % 3 == 1 ? "a" : "&b");
        appendText(message, piece);
        expected += piece;
    }
    appendHead(message, Major::Array, 1);
    appendText(message, "y");
    Direction direction;
    const auto frames = direction.decode(message);
    QVERIFY(frames && frames->size() == 1);
    const auto &nonza = std::get<xml::Nonza>(frames->front());
    QVERIFY(nonza.root().text() == expected);
    QCOMPARE(nonza.tree.nodeCount(), std::size_t{3});
}

/// Kept bytes are read again by a parser, which takes so many prefixes at one place and no more.
void TstHostile::manyNamespaces()
{
    const auto message = [](int inOne) {
        xml::DocumentBuilder builder;
        builder.open("message", "jabber:client");
        for (int depth = 0; depth < 2; ++depth) {
            builder.open("x", "urn:x");
            for (int i = 0; i < inOne; ++i) {
                const auto ns = builder.store("urn:p" + std::to_string(100 * depth + i));
                const auto name = builder.store("a");
                builder.attribute(name, ns, {}, builder.store("1"));
            }
        }
        for (int i = 0; i < 3; ++i) {
            builder.close();
        }
        return builder.copy();
    };
    Limits limits;
    limits.attributesMax = 70;
    const xml::Document most = message(64);
    Direction direction(tableSizesMax, &limits);
    QVERIFY(isHarmless(direction.encode(most.root())));
    Direction again(tableSizesMax, &limits);
    QCOMPARE(again.whatIsLost(most), QByteArray());
    Direction over(tableSizesMax, &limits);
    QVERIFY(!over.decode(over.encode(message(65).root())));
    QVERIFY(over.error()->code() == base::ErrorCode::LimitExceeded);
}

/// A long namespace that many attributes share is written once and counted at each use, as that parser does.
void TstHostile::repeatedNamespaces()
{
    const auto message = [](std::size_t attributes, std::size_t size) {
        // A message with a <request/> that has these attributes.
        std::string frame = test::fromHex("8501f6f6f68207");
        appendHead(frame, Major::Map, attributes);
        for (std::size_t i = 0; i < attributes; ++i) {
            appendHead(frame, Major::Array, 2);
            appendText(frame, std::string(size, 'n'));
            appendText(frame, "a" + std::to_string(i));
            frame += '\0';
        }
        return frame;
    };
    for (const std::size_t size : {100u, 500u, 560u, 580u, 600u, 620u, 1'000u, 4'000u}) {
        QVERIFY2(isHarmless(message(60, size)), QByteArray::number(static_cast<qulonglong>(size)).constData());
    }
    Direction few;
    QVERIFY(few.decode(message(60, 500)));
    Direction direction;
    QVERIFY(!direction.decode(message(60, 2'000)));
    QVERIFY(direction.error()->code() == base::ErrorCode::LimitExceeded);
}

GODWIT_TEST(TstHostile);
#include "tst_hostile.moc"
