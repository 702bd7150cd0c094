// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// DELIVERY.md rule 9: an error that answers an accepted message later is stored and reaches the sender's devices once,
// also when the log cannot say what it answers; and rule 8: nobody's later stanzas overtake it meanwhile.

#include "UnitTest.h"

#include "RouterStage.h"

#include <QTest>

using namespace godwit;
using test::Peer;
using test::ReadGate;
using test::RouterStage;

namespace
{

std::string message(const std::string &to, const std::string &id)
{
    return "<message to='" + to + "@example.org' type='chat' id='" + id + "'><body>" + id +
           "</body><origin-id xmlns='urn:xmpp:sid:0' id='" + id + "'/></message>";
}

std::string bounceOf(const std::string &id, const std::string &to)
{
    return "<message to='" + to + "' type='error' id='" + id +
           "'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>";
}

constexpr const char *errorOfM1 = "id='m1' type='error'";

/// Anna with two devices, Ben with one; Ben was sent "m1" and has it, and the server has counted nothing of him since
/// `handled`.
struct Conversation {
    RouterStage stage;
    Peer &phone;
    Peer &desk;
    Peer &ben;
    std::uint32_t handled = 0;

    Conversation()
        : phone(stage.login("anna", "phone"))
        , desk(stage.login("anna", "desk"))
        , ben(stage.login("ben", "home"))
    {
        stage.settle();
        phone.send(message("ben", "m1"));
        stage.settle();
        ben.acknowledge();
        // What Ben sent before is known once he has sent something.
        ben.send(message("anna", "hello"));
        stage.settle();
        handled = ben.handled();
        phone.acknowledge();
        desk.acknowledge();
        phone.written.clear();
        desk.written.clear();
    }
};

} // namespace

class TstLaterErrors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isStoredBeforeItIsAcknowledged_data()
    {
        QTest::addColumn<bool>("readable");
        QTest::newRow("an error that was looked up") << true;
        QTest::newRow("an error that cannot be looked up") << false;
    }
    void isStoredBeforeItIsAcknowledged()
    {
        QFETCH(bool, readable);
        Conversation talk;
        talk.stage.reads().set(readable ? ReadGate::Reads::Pass : ReadGate::Reads::Fail);
        const std::uint64_t before = talk.stage.rows();
        talk.ben.send(bounceOf("m1", "anna@example.org"));
        QCOMPARE(talk.ben.handled(), talk.handled);
        QCOMPARE(talk.stage.answersWaiting(), std::size_t{1});
        talk.stage.step(); // the look-up
        QCOMPARE(talk.stage.reads().failed(), std::size_t{readable ? 0U : 1U});
        QCOMPARE(talk.stage.answersWaiting(), std::size_t{1});
        QCOMPARE(talk.ben.handled(), talk.handled);
        QCOMPARE(talk.phone.count(errorOfM1), std::size_t{0});
        talk.stage.step(); // the commit
        QCOMPARE(talk.stage.rows(), before + 1);
        QCOMPARE(talk.ben.handled(), talk.handled + 1);
        QCOMPARE(talk.phone.count(errorOfM1), std::size_t{1});
        QCOMPARE(talk.desk.count(errorOfM1), std::size_t{1});
        // Once: neither another try nor another session shows it again.
        talk.phone.acknowledge();
        talk.ben.send(bounceOf("m1", "anna@example.org"));
        talk.stage.settle();
        QCOMPARE(talk.ben.handled(), talk.handled + 2);
        QCOMPARE(talk.stage.rows(), before + 1);
        talk.stage.reads().set(ReadGate::Reads::Pass);
        Peer &tablet = talk.stage.login("anna", "tablet");
        talk.stage.settle();
        QCOMPARE(tablet.count("type='error'"), std::size_t{0});
        QCOMPARE(talk.phone.count(errorOfM1), std::size_t{1});
        QCOMPARE(talk.desk.count(errorOfM1), std::size_t{1});
    }

    void waitsForItsReaderWhenItCannotBeLookedUp()
    {
        Conversation talk;
        talk.phone.session->onStreamClosed();
        talk.desk.session->onStreamClosed();
        talk.stage.endTurn();
        talk.stage.reads().set(ReadGate::Reads::Fail);
        talk.ben.send(bounceOf("m1", "anna@example.org"));
        talk.stage.settle();
        QCOMPARE(talk.stage.reads().failed(), std::size_t{1});
        QCOMPARE(talk.ben.handled(), talk.handled + 1);
        talk.stage.reads().set(ReadGate::Reads::Pass);
        Peer &tablet = talk.stage.login("anna", "tablet");
        talk.stage.settle();
        QCOMPARE(tablet.count(errorOfM1), std::size_t{1});
    }

    /// Rule 8: order from one sender to one recipient.
    void nothingOfItsSenderOvertakesIt_data()
    {
        QTest::addColumn<bool>("readable");
        QTest::newRow("an error that was looked up") << true;
        QTest::newRow("an error that could not be looked up") << false;
    }
    void nothingOfItsSenderOvertakesIt()
    {
        QFETCH(bool, readable);
        Conversation talk;
        Peer &carl = talk.stage.login("carl", "home");
        talk.stage.settle();
        talk.stage.reads().set(ReadGate::Reads::Wait);
        const std::uint64_t before = talk.stage.rows();
        talk.ben.send(bounceOf("m1", "anna@example.org"));
        talk.ben.send(message("anna", "later"));
        talk.ben.send("<message to='anna@example.org' type='chat'>"
                      "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>");
        talk.ben.send(message("anna", "last"));
        talk.ben.send(message("carl", "elsewhere"));
        talk.stage.settle();
        QCOMPARE(talk.stage.reads().waiting(), std::size_t{1});
        QCOMPARE(talk.stage.rows(), before + 1);
        QCOMPARE(carl.count("elsewhere"), std::size_t{1});
        QCOMPARE(talk.phone.written.size(), std::size_t{0});
        QCOMPARE(talk.ben.handled(), talk.handled);
        talk.stage.reads().release(readable ? ReadGate::Reads::Pass : ReadGate::Reads::Fail);
        talk.stage.settle();
        QCOMPARE(talk.stage.rows(), before + 4);
        QCOMPARE(talk.ben.handled(), talk.handled + 5);
        for (const char *part : {errorOfM1, ">later<", "<composing", ">last<"}) {
            QCOMPARE(talk.phone.count(part), std::size_t{1});
        }
        QVERIFY(talk.phone.place(errorOfM1) < talk.phone.place(">later<"));
        QVERIFY(talk.phone.place(">later<") < talk.phone.place("<composing"));
        QVERIFY(talk.phone.place("<composing") < talk.phone.place(">last<"));
    }

    void oneErrorOfASenderIsLookedUpAtATime()
    {
        Conversation talk;
        talk.phone.send(message("ben", "m2"));
        talk.stage.settle();
        talk.stage.reads().set(ReadGate::Reads::Wait);
        talk.ben.send(bounceOf("m1", "anna@example.org"));
        talk.ben.send(message("anna", "between"));
        talk.ben.send(bounceOf("m2", "anna@example.org"));
        talk.ben.send(message("anna", "last"));
        for (int i = 0; i < 2; ++i) {
            talk.stage.settle();
            QCOMPARE(talk.stage.reads().waiting(), std::size_t{1});
            QCOMPARE(talk.phone.count(">last<"), std::size_t{0});
            talk.stage.reads().release();
        }
        talk.stage.settle();
        QVERIFY(talk.phone.place("id='m1'") < talk.phone.place(">between<"));
        QVERIFY(talk.phone.place(">between<") < talk.phone.place("id='m2'"));
        QVERIFY(talk.phone.place("id='m2'") < talk.phone.place(">last<"));
        QCOMPARE(talk.phone.count(">last<"), std::size_t{1});
        QCOMPARE(talk.ben.handled(), talk.handled + 4);
    }

    /// What answers nothing is shown behind what came before it and is on its way to the log.
    void anErrorOvertakesNothing()
    {
        Conversation talk;
        talk.ben.send(message("anna", "first"));
        talk.ben.send(bounceOf("m2", "anna@example.org/phone"));
        talk.stage.settle();
        QCOMPARE(talk.phone.count("id='m2'"), std::size_t{1});
        QVERIFY(talk.phone.place(">first<") < talk.phone.place("id='m2'"));
    }

    /// Rule 16: what waits counts as not committed, so that it is no queue without a bound.
    void readingPausesWhileOneIsLookedUp()
    {
        Conversation talk;
        talk.stage.reads().set(ReadGate::Reads::Wait);
        talk.ben.send(bounceOf("m1", "anna@example.org"));
        int sent = 1;
        while (!talk.ben.paused && sent < 1'000) {
            const bool signal = sent % 2 == 0;
            talk.ben.send(signal ? "<message to='anna@example.org' type='chat'>"
                                   "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
                                 : message("anna", "n" + std::to_string(sent)));
            ++sent;
        }
        QCOMPARE(sent, 256);
        talk.stage.settle();
        QVERIFY(talk.ben.paused);
        talk.stage.reads().release();
        talk.stage.settle();
        QVERIFY(!talk.ben.paused);
        QCOMPARE(talk.ben.handled(), talk.handled + 256);
        QCOMPARE(talk.phone.count("<body>n"), std::size_t{128});
    }

    void anotherDeviceOfItsSenderIsNotHeldUp()
    {
        Conversation talk;
        Peer &work = talk.stage.login("ben", "work");
        talk.stage.settle();
        talk.stage.reads().set(ReadGate::Reads::Wait);
        talk.ben.send(bounceOf("m1", "anna@example.org"));
        const std::string signal = "<message to='anna@example.org' type='chat'>"
                                   "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>";
        work.send(signal);
        QCOMPARE(talk.phone.count("<composing"), std::size_t{1});
        // What it wants to be stored keeps the order of its account, and what comes behind that the order of the
        // stream.
        work.send(message("anna", "stored"));
        work.send(signal);
        talk.stage.settle();
        QCOMPARE(talk.phone.count("<message"), std::size_t{1});
        talk.stage.reads().release();
        talk.stage.settle();
        QCOMPARE(talk.phone.count("<composing"), std::size_t{2});
        QVERIFY(talk.phone.place(errorOfM1) < talk.phone.place(">stored<"));
        while (talk.phone.written.back().find("<message") == std::string::npos) {
            talk.phone.written.pop_back();
        }
        QVERIFY(talk.phone.written.back().find("<composing") != std::string::npos);
    }

    /// Rule 3: refused before it is stored.
    void whoIsBlockedMeanwhileIsNotHeard()
    {
        Conversation talk;
        talk.stage.reads().set(ReadGate::Reads::Wait);
        talk.ben.send(bounceOf("m1", "anna@example.org"));
        talk.ben.send(message("anna", "later"));
        talk.phone.send(
            "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='ben@example.org'/></block></iq>");
        talk.stage.settle();
        QCOMPARE(talk.phone.count("type='result'"), std::size_t{1});
        const std::uint64_t before = talk.stage.rows();
        talk.stage.reads().release();
        talk.stage.settle();
        QCOMPARE(talk.stage.rows(), before);
        QCOMPARE(talk.ben.handled(), talk.handled + 2);
        QCOMPARE(talk.ben.count("<service-unavailable"), std::size_t{1});
        QCOMPARE(talk.phone.count("type='error'"), std::size_t{0});
    }

    /// Rule 6: it cannot be refused by an error, so what cannot be stored now is not acknowledged and comes again.
    void whatCannotBeStoredIsNotAcknowledged()
    {
        Conversation talk;
        const std::uint64_t before = talk.stage.rows();
        talk.stage.setDiskFull(true);
        talk.ben.send(bounceOf("m1", "anna@example.org"));
        talk.stage.settle();
        QCOMPARE(talk.stage.rows(), before);
        QVERIFY(talk.ben.ended);
        QCOMPARE(talk.ben.count("<a xmlns='urn:xmpp:sm:3' h='" + std::to_string(talk.handled + 1)), std::size_t{0});
        talk.stage.setDiskFull(false);
        Peer &again = talk.stage.login("ben", "home");
        again.send(bounceOf("m1", "anna@example.org"));
        talk.stage.settle();
        QCOMPARE(talk.stage.rows(), before + 1);
        QCOMPARE(talk.phone.count(errorOfM1), std::size_t{1});
        QCOMPARE(again.handled(), 2U);
    }

    void whatAnswersNothingIsStoredNowhere()
    {
        Conversation talk;
        const std::uint64_t before = talk.stage.rows();
        talk.ben.send(bounceOf("m2", "anna@example.org"));
        talk.stage.settle();
        QCOMPARE(talk.stage.rows(), before);
        QCOMPARE(talk.ben.handled(), talk.handled + 1);
    }
};

GODWIT_TEST(TstLaterErrors);
#include "tst_latererrors.moc"
