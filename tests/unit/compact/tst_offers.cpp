// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Support.h"
#include "UnitTest.h"

#include "compact/Offers.h"

#include <QTest>

#include <deque>
#include <random>

using namespace godwit;
using namespace godwit::compact;

namespace
{

std::string id(unsigned number)
{
    std::string bytes(uuidBytes, 'i');
    bytes[0] = static_cast<char>(number >> 8);
    bytes[1] = static_cast<char>(number & 0xff);
    return bytes;
}

std::string uuid(unsigned number)
{
    std::string text;
    appendUuid(text, id(number));
    return text;
}

/// Two ends that talk, each message read when the world wants it.
struct Talk {
    struct End {
        Exchange exchange;
        Encoder encoder{exchange};
        Decoder decoder{exchange};
    };
    End ends[2];
    std::deque<std::pair<std::string, QByteArray>> ways[2]; ///< under way from either end, with what they say

    void write(int end, const QByteArray &xml)
    {
        std::string message;
        const base::Result<base::Ok> result = ends[end].encoder.written(message, test::view(xml));
        if (!result) {
            qFatal("not written: %s", xml.constData());
        }
        ways[end].emplace_back(message, xml);
    }
    QByteArray read(int end)
    {
        if (ways[1 - end].empty()) {
            return {};
        }
        const auto [message, xml] = ways[1 - end].front();
        ways[1 - end].pop_front();
        std::string_view rest = message;
        const auto frame = ends[end].decoder.next(rest);
        if (!frame) {
            return test::bytes(frame.error().text()) + " for " + xml;
        }
        const bool isSame =
            *frame && xml::sameInfoset(test::treeOf(**frame).root(), test::tree(test::view(xml)).root());
        return isSame && rest.empty() ? QByteArray() : "changed: " + xml;
    }
};

} // namespace

class TstOffers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersAndSlots();
    void references();
    void releases();
    void full();
    void bytesOfAReceipt();
    void talk();
};

void TstOffers::numbersAndSlots()
{
    Offers offers;
    QVERIFY(!offers.at(0));
    QVERIFY(!offers.find(id(0)));
    offers.offer(id(0));
    offers.offer(id(1));
    QVERIFY(offers.at(0) == id(0));
    QVERIFY(offers.find(id(1)) == 1u);
    QVERIFY(!offers.at(2));
    QVERIFY(!offers.at(128));
}

void TstOffers::references()
{
    Offers offers;
    for (unsigned i = 0; i < 60; ++i) {
        offers.offer(id(i));
    }
    offers.refer(31);
    QVERIFY(offers.at(0));
    offers.refer(32);
    QVERIFY(!offers.at(0));
    QVERIFY(offers.at(1) == id(1));
    offers.refer(59);
    offers.refer(30);
    QVERIFY(!offers.at(27));
    QVERIFY(offers.at(28) == id(28));
    QVERIFY(!offers.find(id(27)));
    QCOMPARE(offers.open(), 32u);
}

void TstOffers::releases()
{
    Offers offers;
    offers.offer(id(0));
    offers.offer(id(1));
    QVERIFY(!offers.release(3));
    QVERIFY(offers.release(1));
    QVERIFY(!offers.at(0));
    QVERIFY(offers.at(1));
    QVERIFY(offers.release(0));
    QCOMPARE(offers.open(), 1u);
    QVERIFY(offers.release(2));
    QCOMPARE(offers.open(), 0u);
}

void TstOffers::full()
{
    Offers offers;
    for (unsigned i = 0; i < Offers::slots; ++i) {
        QVERIFY(!offers.isFull());
        offers.offer(id(i));
    }
    QVERIFY(offers.isFull());
    QVERIFY(offers.release(1));
    QVERIFY(!offers.isFull());
    offers.offer(id(500));
    QVERIFY(offers.isFull());
    QVERIFY(offers.at(0) == id(500));
    QVERIFY(offers.find(id(500)) == 0u);
    QVERIFY(offers.at(127) == id(127));
    QVERIFY(offers.heldBytes() <= 256 * uuidBytes);
}

void TstOffers::bytesOfAReceipt()
{
    Talk talk;
    std::string open;
    talk.ends[0].encoder.open(open, {});
    std::string_view rest = open;
    QVERIFY(talk.ends[1].decoder.next(rest).ok());
    talk.write(0, "<message to='a@b' type='chat' id='" + test::bytes(uuid(1)) + "'><body>x</body></message>");
    QCOMPARE(talk.read(1), QByteArray());
    const QByteArray receipt = "<message to='a@b' type='chat'><received xmlns='urn:xmpp:receipts' id='" +
                               test::bytes(uuid(1)) + "'/></message>";
    talk.write(1, receipt);
    // An array, what it is, a new address, two nulls; the receipt: an array, what it is, two bytes for the id.
    QCOMPARE(talk.ways[1].front().first.size(), 2u + 6u + 2u + 4u);
}

/// Both ends send messages and receipts, in every order of writing and reading that a network can bring about.
void TstOffers::talk()
{
    Talk talk;
    for (int end : {0, 1}) {
        std::string open;
        talk.ends[end].encoder.open(open, {});
        std::string_view rest = open;
        QVERIFY(talk.ends[1 - end].decoder.next(rest).ok());
    }
    std::mt19937 random(7);
    unsigned made[2] = {0, 0};
    unsigned lag = 1;
    for (int step = 0; step < 40'000; ++step) {
        const int end = static_cast<int>(random() % 2);
        lag = step % 500 == 0 ? 1 + static_cast<unsigned>(random() % 8) : lag;
        if (random() % (1 + lag) != 0) {
            if (random() % 3 != 0) {
                const QByteArray own = test::bytes(uuid(2 * made[end]++ + static_cast<unsigned>(end)));
                talk.write(end, "<message id='" + own + "'><body>x</body></message>");
            } else {
                // Any of the newest ids of the other side, known here or not.
                const unsigned newest = made[1 - end];
                const unsigned back = static_cast<unsigned>(random() % 60);
                const unsigned number = newest > back ? newest - back : 0;
                const QByteArray named = test::bytes(uuid(2 * number + static_cast<unsigned>(1 - end)));
                talk.write(end, "<message><received xmlns='urn:xmpp:receipts' id='" + named + "'/></message>");
            }
        } else {
            for (unsigned i = 0; i < 3 * lag; ++i) {
                const QByteArray wrong = talk.read(end);
                QVERIFY2(wrong.isEmpty(), wrong.constData());
            }
        }
        QVERIFY(talk.ends[end].exchange.ours.open() <= Offers::slots);
    }
    QVERIFY(talk.ends[0].exchange.ours.count() > 1'000);
}

GODWIT_TEST(TstOffers);
#include "tst_offers.moc"
