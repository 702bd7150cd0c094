// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// DELIVERY.md rule 9: an error that answers an accepted message later is stored and reaches the sender's devices once,
// also when the log cannot say what it answers.

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
    return "<message to='" + to + "@example.org' type='error' id='" + id +
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
        talk.ben.send(bounceOf("m1", "anna"));
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
        talk.ben.send(bounceOf("m1", "anna"));
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
        talk.ben.send(bounceOf("m1", "anna"));
        talk.stage.settle();
        QCOMPARE(talk.stage.reads().failed(), std::size_t{1});
        QCOMPARE(talk.ben.handled(), talk.handled + 1);
        talk.stage.reads().set(ReadGate::Reads::Pass);
        Peer &tablet = talk.stage.login("anna", "tablet");
        talk.stage.settle();
        QCOMPARE(tablet.count(errorOfM1), std::size_t{1});
    }

    void whatAnswersNothingIsStoredNowhere()
    {
        Conversation talk;
        const std::uint64_t before = talk.stage.rows();
        talk.ben.send(bounceOf("m2", "anna"));
        talk.stage.settle();
        QCOMPARE(talk.stage.rows(), before);
        QCOMPARE(talk.ben.handled(), talk.handled + 1);
    }
};

GODWIT_TEST(TstLaterErrors);
#include "tst_latererrors.moc"
