// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"
#include "contacts/RosterBook.h"

#include <QTest>

using namespace godwit::contacts;
using godwit::accounts::Roster;
using godwit::accounts::RosterItem;

namespace
{

RosterItem item(std::string jid, std::uint64_t version)
{
    RosterItem made;
    made.jid = std::move(jid);
    made.version = version;
    return made;
}

RosterBook bookOf(std::vector<RosterItem> items, std::vector<std::pair<std::string, std::uint64_t>> removed,
                  std::uint64_t version, std::size_t tombstonesMax = 10)
{
    Roster roster;
    roster.items = std::move(items);
    roster.removed = std::move(removed);
    roster.version = version;
    RosterBook book;
    book.load(std::move(roster), tombstonesMax);
    return book;
}

/// "nurse@x=3 -tybalt@x=4", or "all".
std::string since(const RosterBook &book, std::uint64_t version)
{
    const auto changes = book.changesSince(version);
    if (!changes) {
        return "all";
    }
    std::string words;
    for (const RosterChange &change : *changes) {
        words += (words.empty() ? "" : " ") + std::string(change.item ? "" : "-") + std::string(change.jid) + "=" +
                 std::to_string(change.version);
    }
    return words;
}

} // namespace

class TstRosterBook : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatIsThere()
    {
        RosterBook book = bookOf({item("c@x", 1), item("a@x", 2)}, {}, 2);
        QCOMPARE(book.items().front().jid, std::string("a@x"));
        book.put(item("b@x", 3));
        QCOMPARE(book.find("b@x")->version, std::uint64_t(3));
        QVERIFY(!book.find("bb@x"));
        book.put(item("b@x", 4));
        QCOMPARE(book.items().size(), std::size_t(3));
        QCOMPARE(book.version(), std::uint64_t(4));
        book.remove("b@x", 5, 10);
        QVERIFY(!book.find("b@x"));
        book.remove("nobody@x", 6, 10);
        QCOMPARE(book.version(), std::uint64_t(6));
    }

    void tellsWhatChanged()
    {
        const RosterBook book =
            bookOf({item("a@x", 1), item("b@x", 2), item("c@x", 6), item("d@x", 4)}, {{"e@x", 5}, {"f@x", 3}}, 6);
        QCOMPARE(since(book, 6), std::string());
        QCOMPARE(since(book, 5), std::string("c@x=6"));
        QCOMPARE(since(book, 4), std::string("-e@x=5 c@x=6"));
        QCOMPARE(since(book, 3), std::string("d@x=4 -e@x=5 c@x=6"));
    }

    void tellsAllWhenThatIsShorter()
    {
        const RosterBook book = bookOf({item("a@x", 3), item("b@x", 4)}, {}, 4);
        QCOMPARE(since(book, 3), std::string("b@x=4"));
        QCOMPARE(since(book, 2), std::string("all"));
    }

    void tellsAllToWhoKnowsMoreThanWe() { QCOMPARE(since(bookOf({item("a@x", 3)}, {}, 3), 4), std::string("all")); }

    void tellsAllWhenARemovalIsForgotten()
    {
        RosterBook book = bookOf({item("a@x", 1), item("b@x", 1), item("c@x", 1), item("d@x", 1), item("e@x", 1)},
                                 {{"x@x", 5}, {"y@x", 6}, {"z@x", 7}}, 7, 2);
        QCOMPARE(since(book, 5), std::string("-y@x=6 -z@x=7"));
        QCOMPARE(since(book, 4), std::string("all"));
        book.remove("e@x", 8, 2);
        QCOMPARE(since(book, 6), std::string("-z@x=7 -e@x=8"));
        QCOMPARE(since(book, 5), std::string("all"));
    }

    void anItemThatCameBackIsNotRemoved()
    {
        RosterBook book = bookOf({item("a@x", 1), item("b@x", 2), item("c@x", 3)}, {}, 3);
        book.remove("c@x", 4, 10);
        QCOMPARE(since(book, 3), std::string("-c@x=4"));
        book.put(item("c@x", 5));
        QCOMPARE(since(book, 3), std::string("c@x=5"));
    }

    void aRequestAloneIsNoPartOfTheRoster()
    {
        RosterBook book = bookOf({item("a@x", 1), item("b@x", 2)}, {}, 2);
        RosterItem request = item("c@x", 2);
        request.listed = false;
        request.pendingIn = "<presence></presence>";
        book.put(request);
        QCOMPARE(book.listedCount(), std::size_t(2));
        QCOMPARE(book.requestCount(), std::size_t(1));
        book.remove("c@x", 2, 10);
        QCOMPARE(since(book, 1), std::string("b@x=2"));
    }

    void versionsFollowTheTimeButNeverGoBack()
    {
        using godwit::base::WallTime;
        RosterBook book;
        const WallTime now(std::chrono::microseconds(1'700'000'000'000'000));
        QCOMPARE(book.nextVersion(now), std::uint64_t(1'700'000'000'000'000));
        book.put(item("a@x", book.nextVersion(now)));
        QCOMPARE(book.nextVersion(now), std::uint64_t(1'700'000'000'000'001));
        QCOMPARE(book.nextVersion(WallTime(std::chrono::microseconds(-5))), std::uint64_t(1'700'000'000'000'001));
    }
};

GODWIT_TEST(TstRosterBook);
#include "tst_rosterbook.moc"
