// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// DELIVERY.md rule 3: an account for which too much waits takes nothing more, and takes again as soon as less does,
// whatever the reason.

#include "UnitTest.h"

#include "RouterStage.h"

#include <QTest>

using namespace godwit;
using test::Peer;
using test::ReadGate;
using test::RouterStage;

namespace
{

constexpr std::uint64_t quota = 3;

std::string message(int number)
{
    return "<message to='anna@example.org' type='chat' id='m" + std::to_string(number) + "'><body>m" +
           std::to_string(number) + "</body></message>";
}

/// Ben writes to Anna, who is not there, until her account is full.
struct FullAccount {
    RouterStage stage{quota};
    Peer &ben;
    int sent = 0;

    FullAccount()
        : ben(stage.login("ben", "home"))
    {
        stage.settle();
        while (ben.count("<resource-constraint") == 0 && sent < 100) {
            say();
        }
    }

    void say()
    {
        ben.send(message(++sent));
        stage.settle();
    }
    /// Whether the next message is taken.
    bool takes()
    {
        const std::uint64_t before = stage.rows();
        const std::size_t refused = ben.count("<resource-constraint");
        say();
        GW_ASSERT((stage.rows() == before + 1) == (ben.count("<resource-constraint") == refused));
        return stage.rows() == before + 1;
    }
};

std::string block(const std::string &whom)
{
    return "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='" + whom + "'/></block></iq>";
}

} // namespace

class TstQuota : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsTooMuchIsRefused()
    {
        FullAccount full;
        // One more was taken while they were counted.
        QCOMPARE(full.stage.rows(), quota + 1);
        QVERIFY(!full.takes());
        QVERIFY(!full.takes());
    }

    void aProofMakesRoom()
    {
        FullAccount full;
        Peer &anna = full.stage.login("anna", "phone");
        full.stage.settle();
        QVERIFY(!full.takes());
        anna.acknowledge();
        QVERIFY(full.takes());
    }

    /// The sender who filled it is blocked, and what waited from him goes; nobody proves anything.
    void blockingMakesRoom()
    {
        FullAccount full;
        Peer &carl = full.stage.login("carl", "home");
        Peer &anna = full.stage.login("anna", "phone", RouterStage::Announced::No);
        full.stage.settle();
        carl.send(message(1'000));
        full.stage.settle();
        QCOMPARE(carl.count("<resource-constraint"), std::size_t{1});
        anna.send(block("ben@example.org"));
        full.stage.settle();
        carl.send(message(1'001));
        full.stage.settle();
        QCOMPARE(carl.count("<resource-constraint"), std::size_t{1});
        QCOMPARE(full.stage.rows(), quota + 2);
    }

    void blockingADomainMakesRoom()
    {
        FullAccount full;
        Peer &anna = full.stage.login("anna", "phone", RouterStage::Announced::No);
        anna.send(block("example.org"));
        full.stage.settle();
        anna.send("<iq type='set' id='u'><unblock xmlns='urn:xmpp:blocking'/></iq>");
        full.stage.settle();
        QVERIFY(full.takes());
    }

    /// One for each message that the account sent itself.
    void errorsAreTakenInSpiteOfIt()
    {
        FullAccount full;
        Peer &anna = full.stage.login("anna", "phone", RouterStage::Announced::No);
        anna.send("<message to='ben@example.org' type='chat' id='a1'><body>a1</body></message>");
        full.stage.settle();
        full.ben.send("<message to='anna@example.org' type='error' id='a1'><error type='cancel'>"
                      "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
        const std::uint64_t before = full.stage.rows();
        full.stage.settle();
        QCOMPARE(full.stage.rows(), before + 1);
        QVERIFY(!full.ben.ended);
    }

    /// The answer of the store is older than the last proof there will ever be.
    void aCountFromBeforeTheLastProofClosesNothing()
    {
        RouterStage stage(quota);
        Peer &anna = stage.login("anna", "phone");
        Peer &ben = stage.login("ben", "home");
        stage.settle();
        for (int i = 1; i < 4; ++i) {
            ben.send(message(i));
            stage.settle();
        }
        stage.reads().set(ReadGate::Reads::Wait);
        ben.send(message(4));
        stage.settle();
        QCOMPARE(stage.reads().waiting(), std::size_t{1});
        QCOMPARE(stage.rows(), std::uint64_t{4});
        stage.reads().set(ReadGate::Reads::Pass);
        anna.acknowledge();
        stage.reads().release();
        stage.settle();
        ben.send(message(5));
        stage.settle();
        QCOMPARE(stage.rows(), std::uint64_t{5});
        QCOMPARE(ben.count("<resource-constraint"), std::size_t{0});
    }

    void aNewAccountOfTheNameHasRoom()
    {
        FullAccount full;
        full.stage.router().onAccountRemoved("anna@example.org");
        QVERIFY(full.takes());
    }
};

GODWIT_TEST(TstQuota);
#include "tst_quota.moc"
