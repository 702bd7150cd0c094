// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "base/Random.h"
#include "websocket/Compression.h"

#include <QTest>

using namespace godwit;
using websocket::Compression;
using websocket::Takeover;

class TstCompression : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// RFC 7692 §7.2.3.1: "Hello", compressed by somebody else.
    void readsTheExamplesOfTheRfc()
    {
        Compression compression({Takeover::Yes, Takeover::Yes});
        std::string first("\xf2\x48\xcd\xc9\xc9\x07\x00", 7);
        QCOMPARE(compression.restore(first, 100), Compression::Outcome::Done);
        QCOMPARE(first, std::string("Hello"));
        // §7.2.3.2: the same again, by what came before.
        std::string second("\xf2\x00\x11\x00\x00", 5);
        QCOMPARE(compression.restore(second, 100), Compression::Outcome::Done);
        QCOMPARE(second, std::string("Hello"));
        // §7.2.3.3: without compression; §7.2.3.4: a final block; §7.2.3.5: two blocks.
        Compression single({});
        for (std::string text : {std::string("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11),
                                 std::string("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8),
                                 std::string("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13)}) {
            QCOMPARE(single.restore(text, 100), Compression::Outcome::Done);
            QCOMPARE(text, std::string("Hello"));
        }
    }
    void restoresWhatItCompressed()
    {
        base::SeededRandom random(7);
        for (const Takeover takeover : {Takeover::No, Takeover::Yes}) {
            Compression ours({takeover, takeover});
            Compression theirs({takeover, takeover});
            for (int round = 0; round < 200; ++round) {
                std::string text;
                for (std::uint64_t i = random.below(9'000); i > 0; --i) {
                    text += static_cast<char>(round % 2 == 0 ? 'a' + random.below(3) : random.below(256));
                }
                std::string wire;
                ours.compress(text, wire);
                QCOMPARE(theirs.restore(wire, 9'000), Compression::Outcome::Done);
                QCOMPARE(wire, text);
            }
        }
    }
    void boundsWhatItRestores()
    {
        Compression compression({});
        std::string wire;
        compression.compress(std::string(101, 'x'), wire);
        std::string copy = wire;
        QCOMPARE(compression.restore(wire, 100), Compression::Outcome::TooLong);
        QCOMPARE(compression.restore(copy, 101), Compression::Outcome::Done);
    }
    void noticesDamage()
    {
        Compression compression({});
        std::string wire("\x07\xff\xff", 3);
        QCOMPARE(compression.restore(wire, 100), Compression::Outcome::Damaged);
        // The end is missing: what was there so far is no message.
        std::string whole;
        compression.compress("something that is longer than what is left of it", whole);
        for (std::size_t size = 1; size < whole.size(); ++size) {
            std::string part = whole.substr(0, size);
            QCOMPARE(compression.restore(part, 100), Compression::Outcome::Damaged);
        }
        std::string good;
        compression.compress("good", good);
        QCOMPARE(compression.restore(good, 100), Compression::Outcome::Done);
    }
};

GODWIT_TEST(TstCompression);
#include "tst_compression.moc"
