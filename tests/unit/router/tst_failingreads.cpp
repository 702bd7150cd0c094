// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A log that cannot be read for a while holds messages up and loses none: a session is given what is its own once the
// log can be read again (DELIVERY.md rules 8 and 10).

#include "UnitTest.h"

#include "RouterStage.h"

#include <QTest>

using namespace godwit;
using test::Peer;
using test::ReadGate;
using test::RouterStage;

namespace
{

constexpr std::chrono::seconds aWhile{1};

void say(Peer &ben, int number)
{
    ben.send("<message to='anna@example.org' type='chat'><body>m" + std::to_string(number) + "</body></message>");
}

/// The numbers of the messages that came, in the order in which they did.
QList<int> numbers(const Peer &peer)
{
    QList<int> found;
    for (const std::string &one : peer.written) {
        constexpr std::string_view start = "<body>m";
        if (const std::size_t at = one.find(start); at != std::string::npos) {
            found += std::stoi(one.substr(at + start.size()));
        }
    }
    return found;
}

QList<int> upTo(int last)
{
    QList<int> all;
    for (int i = 1; i <= last; ++i) {
        all += i;
    }
    return all;
}

} // namespace

class TstFailingReads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theBacklogIsReadAgain()
    {
        RouterStage stage;
        Peer &ben = stage.login("ben", "home");
        stage.settle();
        say(ben, 1);
        say(ben, 2);
        stage.settle();
        stage.reads().set(ReadGate::Reads::Fail);
        Peer &anna = stage.login("anna", "phone");
        stage.settle();
        QCOMPARE(stage.reads().failed(), std::size_t{1});
        // Live rows do not come before it.
        say(ben, 3);
        stage.settle();
        QCOMPARE(numbers(anna), QList<int>());
        stage.advance(aWhile);
        stage.settle();
        QCOMPARE(stage.reads().failed(), std::size_t{2});
        stage.reads().set(ReadGate::Reads::Pass);
        stage.advance(aWhile);
        stage.settle();
        QCOMPARE(numbers(anna), upTo(3));
    }

    void whatCameWhileItLaggedIsReadAgain()
    {
        RouterStage stage;
        Peer &anna = stage.login("anna", "phone");
        Peer &ben = stage.login("ben", "home");
        stage.settle();
        constexpr int sent = 300;
        for (int i = 1; i <= sent; ++i) {
            say(ben, i);
            stage.settle();
        }
        QCOMPARE(numbers(anna), upTo(256));
        stage.reads().set(ReadGate::Reads::Fail);
        anna.acknowledge();
        stage.settle();
        QCOMPARE(stage.reads().failed(), std::size_t{1});
        QCOMPARE(numbers(anna), upTo(256));
        stage.reads().set(ReadGate::Reads::Pass);
        stage.advance(aWhile);
        stage.settle();
        QCOMPARE(numbers(anna), upTo(sent));
    }

    /// Rule 7: what may be in the log already is neither stored again nor refused.
    void aResendWaitsForWhatWasSentBefore()
    {
        RouterStage stage(0, 0);
        Peer &first = stage.login("ben", "home");
        stage.settle();
        const std::string message = "<message to='anna@example.org' type='chat' id='m1'><body>m1</body>"
                                    "<origin-id xmlns='urn:xmpp:sid:0' id='m1'/></message>";
        first.send(message);
        stage.settle();
        first.session->onConnectionLost();
        stage.endTurn();
        stage.reads().set(ReadGate::Reads::Fail);
        Peer &second = stage.login("ben", "home");
        stage.settle();
        const std::uint32_t before = second.handled();
        second.send(message);
        stage.settle();
        stage.advance(aWhile);
        stage.settle();
        QVERIFY(stage.reads().failed() >= 2);
        QCOMPARE(second.handled(), before);
        QCOMPARE(second.count("type='error'"), std::size_t{0});
        stage.settle();
        stage.reads().set(ReadGate::Reads::Pass);
        stage.advance(aWhile);
        stage.settle();
        QCOMPARE(second.handled(), before + 1);
        QCOMPARE(stage.rows(), std::uint64_t{1});
    }
};

GODWIT_TEST(TstFailingReads);
#include "tst_failingreads.moc"
