// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "crypto/StanzaIdCipher.h"

#include <QTest>

#include <limits>
#include <set>
#include <thread>

using namespace godwit;
using crypto::StanzaIdCipher;
using ledger::Seq;

namespace
{

crypto::StanzaIdKey keyOf(std::uint8_t byte)
{
    crypto::StanzaIdKey key;
    key.fill(byte);
    return key;
}

} // namespace

class TstStanzaIdCipher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrip_data()
    {
        QTest::addColumn<quint64>("seq");
        QTest::newRow("first") << quint64(1);
        QTest::newRow("incarnation 7") << (quint64(7) << 48 | 123456);
        QTest::newRow("largest") << std::numeric_limits<quint64>::max();
        QTest::newRow("zero") << quint64(0);
    }
    void roundTrip()
    {
        QFETCH(quint64, seq);
        const StanzaIdCipher ids(keyOf(1));
        const std::string id = ids.encode("romeo@example.com", Seq(seq));
        QCOMPARE(id.size(), std::size_t(22));
        QVERIFY(id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
                std::string::npos);
        QVERIFY(ids.decode("romeo@example.com", id) == Seq(seq));
    }

    void partiesHaveDifferentIds()
    {
        const StanzaIdCipher ids(keyOf(1));
        const std::string mine = ids.encode("romeo@example.com", Seq(5));
        const std::string theirs = ids.encode("juliet@example.com", Seq(5));
        QVERIFY(mine != theirs);
        QVERIFY(!ids.decode("juliet@example.com", mine));
        QVERIFY(!ids.decode("romeo@example.com", theirs));
    }

    void sameKeySameIds()
    {
        const StanzaIdCipher before(keyOf(3));
        const StanzaIdCipher after(keyOf(3));
        const StanzaIdCipher other(keyOf(4));
        const std::string id = before.encode("a@b", Seq(77));
        QCOMPARE(after.encode("a@b", Seq(77)), id);
        QVERIFY(other.encode("a@b", Seq(77)) != id);
        QVERIFY(!other.decode("a@b", id));
        QVERIFY(before.decode("a@b", id) == Seq(77));
    }

    void refusesWhatItDidNotMake()
    {
        const StanzaIdCipher ids(keyOf(1));
        const std::string id = ids.encode("a@b", Seq(1));
        QVERIFY(!ids.decode("a@b", ""));
        QVERIFY(!ids.decode("a@b", "1"));
        QVERIFY(!ids.decode("a@b", id + "A"));
        QVERIFY(!ids.decode("a@b", id.substr(1)));
        QVERIFY(!ids.decode("a@b", std::string(22, '.')));
        for (std::size_t i = 0; i < id.size(); ++i) {
            std::string changed = id;
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            QVERIFY2(!ids.decode("a@b", changed), changed.c_str());
        }
    }

    void usableFromManyThreads()
    {
        const StanzaIdCipher ids(keyOf(1));
        std::vector<std::thread> threads;
        std::vector<int> wrong(4, 0);
        for (std::size_t t = 0; t < wrong.size(); ++t) {
            threads.emplace_back([&ids, &wrong, t] {
                for (std::uint64_t i = 0; i < 2000; ++i) {
                    const Seq seq(i * 4 + t);
                    wrong[t] += ids.decode("a@b", ids.encode("a@b", seq)) == seq ? 0 : 1;
                }
            });
        }
        for (std::thread &thread : threads) {
            thread.join();
        }
        for (int count : wrong) {
            QCOMPARE(count, 0);
        }
    }
};

GODWIT_TEST(TstStanzaIdCipher);
#include "tst_stanzaidcipher.moc"
