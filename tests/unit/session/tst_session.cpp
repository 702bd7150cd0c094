// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Stage.h"
#include "UnitTest.h"

#include <QTest>

using namespace godwit;
using namespace std::chrono_literals;
using test::Stage;

namespace
{

const QByteArray enable = "<enable xmlns='urn:xmpp:sm:3'/>";
const QByteArray enableResumable = "<enable xmlns='urn:xmpp:sm:3' resume='true'/>";
const QByteArray askForAck = "<r xmlns='urn:xmpp:sm:3'/>";
const QByteArray chatState = "<message><composing xmlns='http://jabber.org/protocol/chatstates'/></message>";

QByteArray acked(int h)
{
    return "<a xmlns='urn:xmpp:sm:3' h='" + QByteArray::number(h) + "'/>";
}

/// The id of the ping in what was written, empty when there is none.
QByteArray pingId(const QByteArray &written)
{
    const qsizetype ping = written.indexOf("<iq ");
    const qsizetype begin = written.indexOf(" id='", ping) + 5;
    return ping < 0 ? QByteArray() : written.mid(begin, written.indexOf('\'', begin) - begin);
}

} // namespace

class TstSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rule5_anAckCountsAPrefix();
    void rule5_aRequestIsAnsweredInTimeAndAgainWhenMoreIsDurable();
    void rule10_theWindowIsBounded();
    void rule11_anAckProves();
    void rule11_thePingStandsBehindTheRowsAndIsTheOnlyOne();
    void rule11_anyAnswerProves_data();
    void rule11_anyAnswerProves();
    void rule11_anotherIdProvesNothing();
    void rule11_aDeadConnectionIsClosedAndProvesNothing();
    void rule11_aClientThatAnswersNothingIsNotCutOff();
    void rule16_readingPausesAtTheBoundOfStanzas();
    void rule16_readingPausesAtTheBoundOfBytes();
    void rule16_aLaggingClientIsSpared();
    void rule16_whoTookItsOutputLagsNoMore();
    void rule16_whatTheSystemTookAtOnceIsNoLag();
    void acksFromTheBinding();
    void anInactiveClientIsSpared();
    void heldPresencesAreBounded();
    void acksOfWhatWasNeverSentEndTheSession();
    void anAckIsAskedForInTime();
    void keptStanzasComeAgainWithinTheirBudget();
    void resumesNothingThatWouldLoseAStanza_data();
    void resumesNothingThatWouldLoseAStanza();
    void provesWhatACountProvesThoughNothingIsResumed();
};

void TstSession::rule5_anAckCountsAPrefix()
{
    Stage stage;
    stage.send(enable);
    stage.sendMessage();
    stage.send("<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>");
    const auto [number, bytes] = stage.host.open.back();
    stage.host.open.pop_back();
    stage.session.resolve(number, bytes);
    QCOMPARE(stage.session.handled(), 0u);
    stage.resolve(1);
    QCOMPARE(stage.session.handled(), 2u);
}

/// The limit ack_answer_delay_max.
void TstSession::rule5_aRequestIsAnsweredInTimeAndAgainWhenMoreIsDurable()
{
    Stage stage;
    stage.send(enable);
    stage.sendMessage();
    stage.sendMessage();
    stage.send(askForAck);
    stage.output.take();
    stage.endTurn();
    stage.advance(stage.limits.ackAnswerDelayMax - 1us);
    QCOMPARE(stage.output.take(), QByteArray());
    stage.advance(1us);
    QCOMPARE(stage.output.take(), acked(0));
    stage.resolve(1);
    stage.endTurn();
    QCOMPARE(stage.output.take(), acked(1));
    stage.resolve(1);
    stage.endTurn();
    QCOMPARE(stage.output.take(), acked(2));
    stage.endTurn();
    stage.advance(10s);
    QCOMPARE(stage.output.take(), QByteArray());
}

void TstSession::rule10_theWindowIsBounded()
{
    session::SessionLimits limits;
    limits.unprovedMax = 4;
    Stage stage(limits);
    stage.send(enable);
    QCOMPARE(stage.session.room(), std::size_t{4});
    stage.writeRows(1, 3);
    QCOMPARE(stage.session.room(), std::size_t{1});
    stage.writeRows(4, 1);
    QCOMPARE(stage.session.room(), std::size_t{0});
    stage.send(acked(2));
    QCOMPARE(stage.session.room(), std::size_t{2});
    QCOMPARE(stage.host.rooms, 1);
}

void TstSession::rule11_anAckProves()
{
    Stage stage;
    stage.send(enable);
    stage.writeRows(1, 3);
    stage.send(acked(2));
    QCOMPARE(stage.host.proved, (QList<quint64>{1, 2}));
    stage.send(acked(2));
    stage.send(acked(1));
    QCOMPARE(stage.host.proved, (QList<quint64>{1, 2}));
    stage.send(acked(3));
    QCOMPARE(stage.host.proved, (QList<quint64>{1, 2, 3}));
}

void TstSession::rule11_thePingStandsBehindTheRowsAndIsTheOnlyOne()
{
    Stage stage;
    stage.writeRows(1, 2);
    stage.endTurn();
    const QByteArray written = stage.output.take();
    QVERIFY(written.startsWith("<message/><message/><iq "));
    QVERIFY(written.contains("to='juliet@example.org/balcony'"));
    stage.writeRows(3, 1);
    stage.endTurn();
    QCOMPARE(stage.output.take(), QByteArray("<message/>"));
    stage.send("<iq type='result' id='" + pingId(written) + "'/>");
    QCOMPARE(stage.host.proved, (QList<quint64>{1, 2}));
    stage.endTurn();
    QVERIFY(!pingId(stage.output.take()).isEmpty());
}

void TstSession::rule11_anyAnswerProves_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::newRow("result") << QByteArray("result");
    QTest::newRow("error") << QByteArray("error");
}

void TstSession::rule11_anyAnswerProves()
{
    QFETCH(QByteArray, type);
    Stage stage;
    stage.writeRows(1, 1);
    stage.endTurn();
    stage.send("<iq type='" + type + "' id='" + pingId(stage.output.take()) + "'/>");
    QCOMPARE(stage.host.proved, (QList<quint64>{1}));
    // With nothing new there is nothing to ask.
    stage.endTurn();
    stage.advance(stage.limits.barrierTimeout);
    QCOMPARE(stage.output.take(), QByteArray());
}

void TstSession::rule11_anotherIdProvesNothing()
{
    Stage stage;
    stage.writeRows(1, 1);
    stage.endTurn();
    const QByteArray id = pingId(stage.output.take());
    stage.send("<iq type='result' id='another'/>");
    stage.send("<iq type='get' id='" + id + "'><ping xmlns='urn:xmpp:ping'/></iq>");
    QCOMPARE(stage.host.proved, QList<quint64>());
    QCOMPARE(stage.host.open.size(), std::size_t{2});
}

/// The limit barrier_timeout.
void TstSession::rule11_aDeadConnectionIsClosedAndProvesNothing()
{
    Stage stage;
    stage.writeRows(1, 1);
    stage.endTurn();
    stage.output.inKernel = 10;
    stage.advance(stage.limits.barrierTimeout - 1us);
    QVERIFY(!stage.host.ended);
    stage.advance(1us);
    QVERIFY(stage.host.ended == session::EndReason::ConnectionDead);
    QVERIFY(stage.output.ended == session::EndReason::ConnectionDead);
    QCOMPARE(stage.host.proved, QList<quint64>());
}

void TstSession::rule11_aClientThatAnswersNothingIsNotCutOff()
{
    Stage stage;
    stage.writeRows(1, 1);
    stage.endTurn();
    stage.advance(stage.limits.barrierTimeout);
    QVERIFY(!stage.host.ended);
    QCOMPARE(stage.host.proved, (QList<quint64>{1}));
    // From now on what its kernel took counts, and what it did not take does not.
    stage.output.take();
    stage.writeRows(2, 1);
    stage.output.inKernel = 10;
    stage.endTurn();
    stage.advance(stage.limits.ackRequestDelay);
    QCOMPARE(stage.host.proved, (QList<quint64>{1}));
    QCOMPARE(stage.output.take(), QByteArray("<message/>"));
    stage.output.inKernel = 0;
    stage.advance(stage.limits.ackRequestDelay);
    QCOMPARE(stage.host.proved, (QList<quint64>{1, 2}));
}

/// The limit uncommitted_stanzas_max.
void TstSession::rule16_readingPausesAtTheBoundOfStanzas()
{
    session::SessionLimits limits;
    limits.uncommittedStanzasMax = 8;
    Stage stage(limits);
    for (int i = 0; i < 7; ++i) {
        stage.sendMessage();
    }
    QCOMPARE(stage.output.pauses, 0);
    stage.sendMessage();
    QCOMPARE(stage.output.pauses, 1);
    stage.resolve(3);
    QCOMPARE(stage.output.resumptions, 0);
    stage.resolve(1);
    QCOMPARE(stage.output.resumptions, 1);
    QCOMPARE(stage.output.pauses, 1);
}

/// The limit uncommitted_bytes_max.
void TstSession::rule16_readingPausesAtTheBoundOfBytes()
{
    session::SessionLimits limits;
    limits.uncommittedBytesMax = 10'000;
    Stage stage(limits);
    stage.sendMessage(9'000);
    QCOMPARE(stage.output.pauses, 0);
    stage.sendMessage(1'000);
    QCOMPARE(stage.output.pauses, 1);
    stage.resolve(1);
    QCOMPARE(stage.output.resumptions, 1);
}

/// The limit waiting_bytes_max.
void TstSession::rule16_aLaggingClientIsSpared()
{
    Stage stage;
    stage.send(enable);
    stage.output.take();
    stage.output.waiting = stage.limits.waitingBytesMax;
    QVERIFY(stage.session.room() > 0);
    QVERIFY(stage.session.write(chatState.toStdString(), session::Weight::ChatState, {}));
    QCOMPARE(stage.output.take(), chatState);
    stage.output.waiting += 1;
    // Its messages wait in the log, chat states are dropped, of presence the newest is kept.
    QCOMPARE(stage.session.room(), std::size_t{0});
    QVERIFY(stage.session.write(chatState.toStdString(), session::Weight::ChatState, {}));
    QVERIFY(stage.session.write("<presence id='1'/>", session::Weight::Presence, "a@x/y"));
    QVERIFY(stage.session.write("<presence id='2'/>", session::Weight::Presence, "a@x/y"));
    QCOMPARE(stage.output.take(), QByteArray());
    QVERIFY(stage.session.write("<iq id='3'/>", session::Weight::Must, {}));
    QCOMPARE(stage.output.take(), QByteArray("<iq id='3'/>"));
    stage.output.waiting = 0;
    stage.send(acked(2));
    QCOMPARE(stage.output.take(), QByteArray("<presence id='2'/>"));
}

/// Without it a client whose acks do not move would be given nothing more.
void TstSession::rule16_whoTookItsOutputLagsNoMore()
{
    Stage stage;
    stage.send(enable);
    stage.output.take();
    stage.output.waiting = stage.limits.waitingBytesMax + 1;
    QVERIFY(stage.session.write("<presence id='1'/>", session::Weight::Presence, "a@x/y"));
    stage.session.onOutputDrained();
    QCOMPARE(stage.host.rooms, 0);
    stage.output.waiting = 0;
    stage.session.onOutputDrained();
    QCOMPARE(stage.host.rooms, 1);
    QCOMPARE(stage.output.take(), QByteArray("<presence id='1'/>"));
}

/// A turn writes more than may wait, and the system takes all of it: it never had to wait, so nothing is drained.
void TstSession::rule16_whatTheSystemTookAtOnceIsNoLag()
{
    using namespace std::chrono_literals;
    Stage stage;
    stage.send(enable);
    stage.output.waiting = stage.limits.waitingBytesMax + 1;
    stage.writeRows(1, 1);
    stage.endTurn();
    stage.advance(0ms);
    QCOMPARE(stage.host.rooms, 0);
    stage.output.waiting = 0;
    stage.advance(0ms);
    QCOMPARE(stage.host.rooms, 1);
    stage.advance(0ms);
    QCOMPARE(stage.host.rooms, 1);
}

/// Bind 2: what would be said about it stands in the answer to the binding, and so is not written.
void TstSession::acksFromTheBinding()
{
    using namespace std::chrono_literals;
    session::SessionLimits limits;
    limits.resumeTimeout = 100s;
    for (const auto &[asked, given] : {std::pair<int, const char *>{0, "100"}, {30, "30"}, {1'000, "100"}}) {
        Stage stage(limits);
        const std::string enabled = stage.session.enableInside({true, std::chrono::seconds(asked)});
        QVERIFY(enabled.find("id='" + stage.session.resumptionId() + "'") != std::string::npos);
        QVERIFY2(enabled.find(std::string("max='") + given + "'") != std::string::npos, enabled.c_str());
        QCOMPARE(stage.output.take(), QByteArray());
        stage.sendMessage();
        stage.resolve(1);
        QCOMPARE(stage.session.handled(), 1u);
        // Once is enough.
        stage.send(enable);
        QVERIFY(stage.output.take().startsWith("<failed xmlns='urn:xmpp:sm:3'><unexpected-request"));
    }
    Stage plain(limits);
    QCOMPARE(plain.session.enableInside({}), std::string("<enabled xmlns='urn:xmpp:sm:3'/>"));
    QVERIFY(plain.session.acknowledges() && !plain.session.resumable());
}

void TstSession::anInactiveClientIsSpared()
{
    Stage stage;
    stage.send("<inactive xmlns='urn:xmpp:csi:0'/>");
    QVERIFY(stage.session.write(chatState.toStdString(), session::Weight::ChatState, {}));
    QVERIFY(stage.session.write("<presence id='1'/>", session::Weight::Presence, "a@x/y"));
    QVERIFY(stage.session.write("<presence id='2'/>", session::Weight::Presence, "b@x/y"));
    QVERIFY(stage.session.write("<presence id='3'/>", session::Weight::Presence, "a@x/y"));
    QCOMPARE(stage.output.take(), QByteArray());
    stage.writeRows(1, 1);
    QCOMPARE(stage.output.take(), QByteArray("<message/>"));
    stage.send("<active xmlns='urn:xmpp:csi:0'/>");
    QCOMPARE(stage.output.take(), QByteArray("<presence id='3'/><presence id='2'/>"));
}

/// The limit held_presences_max.
void TstSession::heldPresencesAreBounded()
{
    session::SessionLimits limits;
    limits.heldPresencesMax = 3;
    Stage stage(limits);
    stage.send("<inactive xmlns='urn:xmpp:csi:0'/>");
    QVERIFY(stage.session.write("<presence id='1'/>", session::Weight::Presence, "a@x/y"));
    QVERIFY(stage.session.write("<presence id='2'/>", session::Weight::Presence, "b@x/y"));
    QCOMPARE(stage.output.take(), QByteArray());
    QVERIFY(stage.session.write("<presence id='3'/>", session::Weight::Presence, "c@x/y"));
    QCOMPARE(stage.output.take(), QByteArray("<presence id='1'/><presence id='2'/><presence id='3'/>"));
}

void TstSession::acksOfWhatWasNeverSentEndTheSession()
{
    Stage stage;
    stage.send(enable);
    stage.writeRows(1, 2);
    stage.send(acked(3));
    QVERIFY(stage.host.ended == session::EndReason::AckTooHigh);
    QCOMPARE(stage.host.proved, QList<quint64>());
}

/// The limit ack_request_interval; half a window is asked for at once.
void TstSession::anAckIsAskedForInTime()
{
    session::SessionLimits limits;
    limits.unprovedMax = 8;
    Stage stage(limits);
    stage.send(enable);
    stage.output.take();
    stage.advance(limits.ackRequestDelay);
    stage.writeRows(1, 1);
    stage.endTurn();
    QCOMPARE(stage.output.take(), "<message/>" + askForAck);
    stage.send(acked(1));
    // Too soon to ask again; the next row may carry it.
    stage.advance(limits.ackRequestDelay / 2);
    stage.writeRows(2, 1);
    stage.endTurn();
    QCOMPARE(stage.output.take(), QByteArray("<message/>"));
    stage.advance(limits.ackRequestDelay / 2);
    stage.writeRows(3, 1);
    stage.endTurn();
    QCOMPARE(stage.output.take(), "<message/>" + askForAck);
    stage.send(acked(3));
    // None comes in time.
    stage.writeRows(4, 1);
    stage.endTurn();
    stage.advance(limits.ackRequestDelay - 1us);
    QCOMPARE(stage.output.take(), QByteArray("<message/>"));
    stage.advance(1us);
    QCOMPARE(stage.output.take(), askForAck);
    stage.writeRows(5, 4);
    stage.endTurn();
    QCOMPARE(stage.output.take(), QByteArray("<message/>").repeated(4) + askForAck);
}

/// The limit kept_bytes_max, from both of its sides.
void TstSession::keptStanzasComeAgainWithinTheirBudget()
{
    session::SessionLimits limits;
    limits.keptBytesMax = 20;
    Stage stage(limits);
    stage.send(enableResumable);
    QVERIFY(stage.session.write("<iq id='kept.....'/>", session::Weight::Must, {}));
    QVERIFY(stage.session.write("<message/>", session::Weight::ChatState, {}));
    stage.session.onConnectionLost();
    QCOMPARE(stage.host.detached, 1);
    QVERIFY(!stage.host.ended);
    QVERIFY(stage.session.beginResume(0) == session::Session::ResumeVerdict::Accepted);
    test::RecordingOutput again;
    stage.session.completeResume(again, {}, [](std::string &, const ledger::LogRow &, ledger::RowForm) {});
    QCOMPARE(again.take(), QByteArray("<iq id='kept.....'/>"));
}

void TstSession::resumesNothingThatWouldLoseAStanza_data()
{
    QTest::addColumn<QByteArray>("stanza");
    QTest::addColumn<session::Weight>("weight");
    QTest::addColumn<bool>("away");
    QTest::addColumn<std::uint32_t>("acknowledged");
    QTest::addColumn<session::Session::ResumeVerdict>("verdict");
    using Verdict = session::Session::ResumeVerdict;
    QTest::newRow("not acknowledged") << QByteArray("<iq id='beyond.....'/>") << session::Weight::Must << false << 1U
                                      << Verdict::Impossible;
    QTest::newRow("acknowledged") << QByteArray("<iq id='beyond.....'/>") << session::Weight::Must << false << 2U
                                  << Verdict::Accepted;
    QTest::newRow("while its client is away")
        << QByteArray("<iq id='beyond.....'/>") << session::Weight::Must << true << 1U << Verdict::Impossible;
    QTest::newRow("presence") << QByteArray("<presence from='a@b'/>") << session::Weight::Presence << true << 1U
                              << Verdict::Impossible;
    QTest::newRow("a chat state") << QByteArray("<message from='a@b'/>") << session::Weight::ChatState << true << 1U
                                  << Verdict::Accepted;
    QTest::newRow("within the limit") << QByteArray("<iq id='within....'/>") << session::Weight::Must << true << 1U
                                      << Verdict::Accepted;
}

/// What kept_bytes_max does not let us keep cannot be sent again: the client must know that it has to ask anew.
void TstSession::resumesNothingThatWouldLoseAStanza()
{
    QFETCH(QByteArray, stanza);
    QFETCH(session::Weight, weight);
    QFETCH(bool, away);
    QFETCH(std::uint32_t, acknowledged);
    QFETCH(session::Session::ResumeVerdict, verdict);
    session::SessionLimits limits;
    limits.keptBytesMax = 21;
    Stage stage(limits);
    stage.send(enableResumable);
    QVERIFY(stage.session.write("<iq/>", session::Weight::Must, {}));
    stage.send("<a xmlns='urn:xmpp:sm:3' h='1'/>");
    if (away) {
        stage.session.onConnectionLost();
    }
    const bool taken = stage.session.write(stanza.toStdString(), weight, "a@b");
    QCOMPARE(taken, !away || weight != session::Weight::Must || verdict == session::Session::ResumeVerdict::Accepted);
    if (!away) {
        stage.session.onConnectionLost();
    }
    QVERIFY(stage.session.beginResume(acknowledged) == verdict);
}

/// Or else it would be given again to the session that is bound instead.
void TstSession::provesWhatACountProvesThoughNothingIsResumed()
{
    session::SessionLimits limits;
    limits.keptBytesMax = 10;
    Stage stage(limits);
    stage.send(enableResumable);
    stage.writeRows(1, 2);
    QVERIFY(stage.session.write("<iq id='beyond'/>", session::Weight::Must, {}));
    stage.session.onConnectionLost();
    QVERIFY(stage.session.beginResume(2) == session::Session::ResumeVerdict::Impossible);
    QCOMPARE(stage.host.proved, (QList<quint64>{1, 2}));
}

GODWIT_TEST(TstSession);

#include "tst_session.moc"
