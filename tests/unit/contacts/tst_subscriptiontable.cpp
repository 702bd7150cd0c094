// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// RFC 6121 Appendix A, row by row as it is printed there.

#include "UnitTest.h"
#include "contacts/SubscriptionTable.h"

#include <QTest>

#include <array>
#include <optional>

using namespace godwit::contacts;
using godwit::accounts::RosterItem;

namespace
{

struct PrintedRow {
    const char *state;
    const char *passed; ///< the column ROUTE? or DELIVER?
    const char *next;   ///< "" for "no state change"
};

struct PrintedTable {
    const char *name;
    SubscriptionEvent event;
    std::array<PrintedRow, 9> rows;
};

const std::array<PrintedTable, 8> printed{{
    {"A.2.1 outbound subscribe",
     SubscriptionEvent::OutSubscribe,
     {{{"None", "MUST", "None + Pending Out"},
       {"None + Pending Out", "MUST", ""},
       {"None + Pending In", "MUST", "None + Pending Out+In"},
       {"None + Pending Out+In", "MUST", ""},
       {"To", "MUST", ""},
       {"To + Pending In", "MUST", ""},
       {"From", "MUST", "From + Pending Out"},
       {"From + Pending Out", "MUST", ""},
       {"Both", "MUST", ""}}}},
    {"A.2.2 outbound unsubscribe",
     SubscriptionEvent::OutUnsubscribe,
     {{{"None", "MUST", ""},
       {"None + Pending Out", "MUST", "None"},
       {"None + Pending In", "MUST", ""},
       {"None + Pending Out+In", "MUST", "None + Pending In"},
       {"To", "MUST", "None"},
       {"To + Pending In", "MUST", "None + Pending In"},
       {"From", "MUST", ""},
       {"From + Pending Out", "MUST", "From"},
       {"Both", "MUST", "From"}}}},
    {"A.2.3 outbound subscribed",
     SubscriptionEvent::OutSubscribed,
     {{{"None", "MUST NOT", ""},
       {"None + Pending Out", "MUST NOT", ""},
       {"None + Pending In", "MUST", "From"},
       {"None + Pending Out+In", "MUST", "From + Pending Out"},
       {"To", "MUST NOT", ""},
       {"To + Pending In", "MUST", "Both"},
       {"From", "MUST NOT", ""},
       {"From + Pending Out", "MUST NOT", ""},
       {"Both", "MUST NOT", ""}}}},
    {"A.2.4 outbound unsubscribed",
     SubscriptionEvent::OutUnsubscribed,
     {{{"None", "MUST NOT", ""},
       {"None + Pending Out", "MUST NOT", ""},
       {"None + Pending In", "MUST", "None"},
       {"None + Pending Out+In", "MUST", "None + Pending Out"},
       {"To", "MUST NOT", ""},
       {"To + Pending In", "MUST", "To"},
       {"From", "MUST", "None"},
       {"From + Pending Out", "MUST", "None + Pending Out"},
       {"Both", "MUST", "To"}}}},
    {"A.3.1 inbound subscribe",
     SubscriptionEvent::InSubscribe,
     {{{"None", "MUST", "None + Pending In"},
       {"None + Pending Out", "MUST", "None + Pending Out+In"},
       {"None + Pending In", "MUST NOT", ""},
       {"None + Pending Out+In", "MUST NOT", ""},
       {"To", "MUST", "To + Pending In"},
       {"To + Pending In", "MUST NOT", ""},
       {"From", "MUST NOT", ""},
       {"From + Pending Out", "MUST NOT", ""},
       {"Both", "MUST NOT", ""}}}},
    {"A.3.2 inbound unsubscribe",
     SubscriptionEvent::InUnsubscribe,
     {{{"None", "MUST NOT", ""},
       {"None + Pending Out", "MUST NOT", ""},
       {"None + Pending In", "MUST", "None"},
       {"None + Pending Out+In", "MUST", "None + Pending Out"},
       {"To", "MUST NOT", ""},
       {"To + Pending In", "MUST", "To"},
       {"From", "MUST", "None"},
       {"From + Pending Out", "MUST", "None + Pending Out"},
       {"Both", "MUST", "To"}}}},
    {"A.3.3 inbound subscribed",
     SubscriptionEvent::InSubscribed,
     {{{"None", "MUST NOT", ""},
       {"None + Pending Out", "MUST", "To"},
       {"None + Pending In", "MUST NOT", ""},
       {"None + Pending Out+In", "MUST", "To + Pending In"},
       {"To", "MUST NOT", ""},
       {"To + Pending In", "MUST NOT", ""},
       {"From", "MUST NOT", ""},
       {"From + Pending Out", "MUST", "Both"},
       {"Both", "MUST NOT", ""}}}},
    {"A.3.4 inbound unsubscribed",
     SubscriptionEvent::InUnsubscribed,
     {{{"None", "MUST NOT", ""},
       {"None + Pending Out", "MUST", "None"},
       {"None + Pending In", "MUST NOT", ""},
       {"None + Pending Out+In", "MUST", "None + Pending In"},
       {"To", "MUST", "None"},
       {"To + Pending In", "MUST", "None + Pending In"},
       {"From", "MUST NOT", ""},
       {"From + Pending Out", "MUST", "From"},
       {"Both", "MUST", "From"}}}},
}};

std::optional<SubscriptionState> stateNamed(const QByteArray &wanted)
{
    for (std::size_t i = 0; i < subscriptionStateCount; ++i) {
        const auto state = static_cast<SubscriptionState>(i);
        if (name(state) == std::string_view(wanted.constData(), static_cast<std::size_t>(wanted.size()))) {
            return state;
        }
    }
    return std::nullopt;
}

} // namespace

class TstSubscriptionTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reacts_data()
    {
        QTest::addColumn<int>("event");
        QTest::addColumn<QByteArray>("state");
        QTest::addColumn<bool>("passed");
        QTest::addColumn<QByteArray>("next");
        for (const PrintedTable &table : printed) {
            for (const PrintedRow &row : table.rows) {
                const QByteArray passed = row.passed;
                QTest::addRow("%s in %s", table.name, row.state)
                    << static_cast<int>(table.event) << QByteArray(row.state) << (passed == "MUST")
                    << QByteArray(*row.next ? row.next : row.state);
            }
        }
    }

    void reacts()
    {
        QFETCH(int, event);
        QFETCH(QByteArray, state);
        QFETCH(bool, passed);
        QFETCH(QByteArray, next);
        const auto from = stateNamed(state);
        const auto to = stateNamed(next);
        QVERIFY(from && to);
        const Reaction reaction = react(*from, static_cast<SubscriptionEvent>(event));
        QCOMPARE(reaction.passing == Passing::Pass, passed);
        QCOMPARE(static_cast<int>(reaction.next), static_cast<int>(*to));
    }

    void readsAnItemAsItWasSet_data()
    {
        QTest::addColumn<int>("state");
        for (std::size_t i = 0; i < subscriptionStateCount; ++i) {
            const std::string_view words = name(static_cast<SubscriptionState>(i));
            QTest::addRow("%.*s", static_cast<int>(words.size()), words.data()) << static_cast<int>(i);
        }
    }

    void readsAnItemAsItWasSet()
    {
        QFETCH(int, state);
        RosterItem item;
        item.pendingIn = "<presence type='subscribe'></presence>";
        setState(item, static_cast<SubscriptionState>(state));
        QCOMPARE(static_cast<int>(stateOf(item)), state);
    }

    void namesEveryEvent()
    {
        for (std::size_t i = 0; i < subscriptionEventCount; ++i) {
            const std::string_view words = name(static_cast<SubscriptionEvent>(i));
            QVERIFY(std::string_view(printed[i].name).ends_with(words));
        }
    }
};

GODWIT_TEST(TstSubscriptionTable);
#include "tst_subscriptiontable.moc"
