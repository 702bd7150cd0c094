// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "bosh/AnswerBook.h"

#include <QTest>

using namespace godwit;
using bosh::AnswerBook;

namespace
{

AnswerBook::Entry answer(std::uint64_t rid, std::uint32_t written, AnswerBook::Kind kind = AnswerBook::Kind::Ordinary)
{
    return {rid, written, "<" + std::to_string(rid) + "/>", {}, kind};
}

} // namespace

class TstAnswerBook : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsAsManyAsMayBeOut()
    {
        AnswerBook book;
        book.setKept(2, false);
        for (std::uint64_t rid = 1; rid <= 4; ++rid) {
            book.add(answer(rid, static_cast<std::uint32_t>(rid)));
        }
        QVERIFY(book.find(2) == nullptr);
        QVERIFY(book.find(3) != nullptr);
        QCOMPARE(book.find(4)->text, std::string("<4/>"));
        QVERIFY(book.find(5) == nullptr);
    }
    /// A proof that was inferred from the rid of another request may be wrong: the answer is there for a repetition.
    void keepsWhatIsProved()
    {
        AnswerBook book;
        book.setKept(2, false);
        book.add(answer(1, 1));
        book.add(answer(2, 2));
        QVERIFY(book.prove(2) == 2U);
        QVERIFY(book.find(1) != nullptr && book.find(2) != nullptr);
    }
    void provesOnce()
    {
        AnswerBook book;
        book.setKept(1, false);
        book.add(answer(1, 5));
        book.add(answer(2, 7));
        book.add(answer(3, 7));
        QVERIFY(book.prove(0) == std::nullopt);
        QVERIFY(book.prove(1) == 5U);
        QVERIFY(book.prove(1) == std::nullopt);
        QVERIFY(book.prove(9) == 7U);
        QVERIFY(book.prove(9) == std::nullopt);
    }
    void isNotFilledByPauses()
    {
        AnswerBook book;
        book.setKept(1, false);
        book.add(answer(1, 1));
        book.add(answer(2, 1, AnswerBook::Kind::Pause));
        QVERIFY(book.find(1) != nullptr && book.find(2) != nullptr);
        for (std::uint64_t rid = 3; rid < 100; ++rid) {
            book.add(answer(rid, 1, AnswerBook::Kind::Pause));
        }
        QVERIFY(book.find(1) == nullptr);
        QVERIFY(book.size() < 10);
    }
    void keepsWhatIsNotAcknowledged()
    {
        AnswerBook book;
        book.setKept(2, true);
        for (std::uint64_t rid = 1; rid <= 5; ++rid) {
            book.add(answer(rid, static_cast<std::uint32_t>(rid)));
        }
        QVERIFY(book.find(1) != nullptr);
        QVERIFY(book.prove(2) == 2U);
        QVERIFY(book.find(2) == nullptr);
        QVERIFY(book.find(3) != nullptr);
    }
    /// A client that acknowledges the same for ever makes the book no longer than what it was told.
    void doesNotGrow()
    {
        AnswerBook book;
        book.setKept(2, true);
        for (std::uint64_t rid = 1; rid <= 1'000; ++rid) {
            book.add(answer(rid, rid < 500 ? 1 : 2));
        }
        QVERIFY(book.size() < 30);
        QVERIFY(book.prove(400) == 1U);
        QVERIFY(book.prove(1'000) == 2U);
    }
};

GODWIT_TEST(TstAnswerBook);
#include "tst_answerbook.moc"
