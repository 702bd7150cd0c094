// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "bosh/Binding.h"

#include <QTest>

using namespace godwit;
using namespace std::string_literals;
using bosh::Binding;
using bosh::Body;
using bosh::Ticket;

namespace
{

/// A stream that takes all, and makes durable what the test says; answers are noted by the rid of their request.
class Stage : public bosh::BindingHost
{
public:
    void answer(const Ticket &ticket, bosh::Reply &&reply) override
    {
        answers.emplace_back(ticket.exchange, reply.text);
        last = std::move(reply);
    }
    void feed(std::string_view bytes) override
    {
        fed.emplace_back(bytes);
        if (bytes.starts_with("<message")) {
            ++stanzas;
        }
        if (bytes == "</stream:stream>") {
            binding->end({});
        }
    }
    bool reads() const override { return open; }
    std::uint32_t received() const override { return stanzas; }
    bool resolved(std::uint32_t count) const override { return count <= durable; }
    std::uint32_t written() const override { return writtenCount; }
    void proved(std::uint32_t count) override { provedCount = count; }
    void lost() override { ++losses; }

    void begin(const Body &body)
    {
        binding.emplace(limits, *this, clock, "0-sid");
        binding->begin(Body(body), {1, static_cast<std::uint32_t>(body.rid), 0});
    }
    /// `ticket` is the rid unless said otherwise, for a repetition.
    void request(Body body, std::uint32_t ticket = 0)
    {
        body.sid = "0-sid";
        const auto rid = static_cast<std::uint32_t>(body.rid);
        binding->request(std::move(body), {1, ticket == 0 ? rid : ticket, 0});
    }
    void say(std::string_view text)
    {
        ++writtenCount;
        binding->write(text);
        binding->advance();
    }
    void pass(base::Duration time)
    {
        clock.advance(time);
        binding->advance();
    }
    void settle(std::uint32_t count)
    {
        durable = count;
        binding->advance();
    }
    /// What the request with that ticket was answered; "none".
    std::string answerTo(std::uint32_t ticket) const
    {
        for (const auto &[to, text] : answers) {
            if (to == ticket) {
                return text;
            }
        }
        return "none";
    }

    bosh::BindingLimits limits;
    base::ManualClock clock;
    std::optional<Binding> binding;
    std::vector<std::pair<std::uint32_t, std::string>> answers;
    bosh::Reply last;
    std::vector<std::string> fed;
    std::uint32_t stanzas = 0;
    std::uint32_t durable = 1'000;
    std::uint32_t writtenCount = 0;
    std::uint32_t provedCount = 0;
    int losses = 0;
    bool open = true;
};

Body creation(std::uint32_t hold = 1)
{
    Body body;
    body.rid = 100;
    body.version = "1.11";
    body.to = "example.org";
    body.wait = 60;
    body.hold = hold;
    return body;
}

Body with(std::uint64_t rid, const std::string &child = {})
{
    Body body;
    body.rid = rid;
    if (!child.empty()) {
        body.children.push_back(child);
    }
    return body;
}

const std::string empty = "<body xmlns='http://jabber.org/protocol/httpbind'/>";
const std::string recoverable = "<body xmlns='http://jabber.org/protocol/httpbind' type='error'/>";
const std::string notFound =
    "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='item-not-found'/>";
const std::string violation =
    "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='policy-violation'/>";
const std::string none = "none";

std::string saying(const std::string &content)
{
    return "<body xmlns='http://jabber.org/protocol/httpbind'>" + content + "</body>";
}

} // namespace

class TstBinding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void begins();
    void holdsUntilThereIsSomethingToSay();
    void holdsNoLongerThanItsTime();
    void givesTheOldestBackForANewOne();
    void readsInTheOrderOfRids();
    void readsAFarewellThatCameFirst();
    void rule14_answersBehindTheCommit();
    void rule14_acknowledgesBehindTheCommit();
    void rule14_takesAcks();
    void rule14_takesAbsentAcksForAll();
    void rule14_takesTheWindowForAProof();
    void rule14_knowsThatTheLastRequestIsOneMore();
    void repeatsAnswers();
    void repeatsAnswersThatOthersProved();
    void survivesALateCopy();
    void repeatsForItsClientAlone();
    void replacesARequestThatIsHeld();
    void endsForARidOutsideTheWindow_data();
    void endsForARidOutsideTheWindow();
    void endsForTooManyRequests();
    void endsForAWrongKey();
    void tellsOldClientsByStatus();
    void answersInTheTypeThatIsAskedFor();
    void agreesOnTheVersion_data();
    void agreesOnTheVersion();
    void polls();
    void waitsForAnAnswerThatIsBeingMade();
    void staysAsLongAsItIsAsked();
    void endsForPollingTooOften();
    void endsWithoutRequests();
    void endsWithAGapThatNobodyFills();
    void pauses();
    void saysNothingToAPause();
    void restarts();
    void restartsWhenTheStreamReads();
    void terminates();
    void terminatesWhileMoreCouldBeHeld();
    void terminatesBehindTheCommit();
    void tellsTheEndOfTheStream();
    void tellsTheEndWhenTheClientAsks();
    void waitsForTheStream();
};

void TstBinding::begins()
{
    Stage stage;
    stage.limits.waitMax = std::chrono::seconds(45);
    stage.limits.polling = std::chrono::milliseconds(1'500);
    Body body = creation();
    body.language = "en";
    stage.begin(body);
    QCOMPARE(stage.fed, (std::vector<std::string>{
                            "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
                            "to='example.org' xml:lang='en' version='1.0'>"}));
    const std::string answer = stage.answerTo(100);
    for (const char *attribute : {" sid='0-sid'", " wait='45'", " hold='1'", " requests='2'", " inactivity='60'",
                                  " maxpause='120'", " polling='2'", " from='example.org'", " ver='1.11'",
                                  " xmpp:version='1.0'", " xmpp:restartlogic='true'", " xmlns:xmpp='urn:xmpp:xbosh'"}) {
        QVERIFY2(answer.find(attribute) != std::string::npos, attribute);
    }
    QVERIFY(answer.find(" ack=") == std::string::npos);
}

void TstBinding::holdsUntilThereIsSomethingToSay()
{
    Stage stage;
    stage.begin(creation());
    stage.request(with(101));
    QCOMPARE(stage.answerTo(101), none);
    stage.say("<x/>");
    QCOMPARE(stage.answerTo(101), saying("<x/>"));
    // With no request it waits for one.
    stage.say("<y/>");
    stage.say("<z/>");
    QCOMPARE(stage.answers.size(), std::size_t{2});
    stage.request(with(102));
    QCOMPARE(stage.answerTo(102), saying("<y/><z/>"));
}

void TstBinding::holdsNoLongerThanItsTime()
{
    Stage stage;
    stage.begin(creation());
    stage.request(with(101));
    stage.pass(std::chrono::milliseconds(59'999));
    QCOMPARE(stage.answerTo(101), none);
    QVERIFY(stage.binding->deadline() == stage.clock.now() + std::chrono::milliseconds(1));
    stage.pass(std::chrono::milliseconds(1));
    QCOMPARE(stage.answerTo(101), empty);
}

void TstBinding::givesTheOldestBackForANewOne()
{
    Stage stage;
    stage.begin(creation());
    stage.request(with(101));
    stage.request(with(102, "<message/>"));
    QCOMPARE(stage.answerTo(101), empty);
    QCOMPARE(stage.answerTo(102), none);
}

void TstBinding::readsInTheOrderOfRids()
{
    Stage stage;
    stage.begin(creation());
    stage.fed.clear();
    stage.request(with(102, "<message id='b'/>"));
    QVERIFY(stage.fed.empty());
    QVERIFY(stage.answers.size() == 1);
    stage.request(with(101, "<message id='a'/>"));
    QCOMPARE(stage.fed, (std::vector<std::string>{"<message id='a'/>", "<message id='b'/>"}));
    QCOMPARE(stage.answerTo(101), empty);
    QCOMPARE(stage.answerTo(102), none);
}

/// One request more may be out for it, in whatever order they come.
void TstBinding::readsAFarewellThatCameFirst()
{
    Stage stage;
    stage.begin(creation());
    Body body = with(103);
    body.type = "terminate";
    stage.request(body);
    stage.request(with(102, "<message id='b'/>"));
    stage.request(with(101, "<message id='a'/>"));
    QCOMPARE(stage.losses, 0);
    QVERIFY(stage.binding->over());
    QCOMPARE(stage.stanzas, 2U);
    QCOMPARE(stage.answerTo(101), bosh::terminateBody({}));
    QCOMPARE(stage.answerTo(102), empty);
    QCOMPARE(stage.answerTo(103), empty);
}

/// Rule 14: request rid N is not answered before every payload up to N is durable.
void TstBinding::rule14_answersBehindTheCommit()
{
    Stage stage;
    stage.begin(creation());
    stage.durable = 0;
    stage.request(with(101, "<message/>"));
    stage.pass(std::chrono::seconds(61));
    stage.say("<x/>");
    QCOMPARE(stage.answerTo(101), none);
    QVERIFY(!stage.binding->deadline());
    stage.request(with(102));
    QCOMPARE(stage.answerTo(101), none);
    stage.settle(1);
    QCOMPARE(stage.answerTo(101), saying("<x/>"));
}

/// Rule 14: nor covered by `ack`.
void TstBinding::rule14_acknowledgesBehindTheCommit()
{
    for (const std::uint32_t durable : {0U, 1U}) {
        Stage stage;
        Body body = creation();
        body.ack = "1";
        stage.begin(body);
        QVERIFY(stage.answerTo(100).find(" ack='100'") != std::string::npos);
        stage.durable = durable;
        stage.open = false;
        stage.request(with(101));
        stage.request(with(102, "<message/>"));
        stage.open = true;
        stage.binding->advance();
        QCOMPARE(stage.answerTo(101).find(" ack='102'") != std::string::npos, durable == 1);
        QCOMPARE(stage.answerTo(102), none);
    }
}

/// Rule 14: the client's `ack` proves the answers up to it.
void TstBinding::rule14_takesAcks()
{
    Stage stage;
    Body body = creation();
    body.ack = "1";
    stage.begin(body);
    stage.request(with(101));
    stage.say("<one/>");
    Body next = with(102);
    next.ack = "100";
    stage.request(next);
    QCOMPARE(stage.provedCount, 0U);
    stage.say("<two/>");
    next = with(103);
    next.ack = "101";
    stage.request(next);
    QCOMPARE(stage.provedCount, 1U);
}

/// Rule 14: with `ack='1'` announced an absent `ack` means all earlier responses.
void TstBinding::rule14_takesAbsentAcksForAll()
{
    Stage stage;
    Body body = creation();
    body.ack = "1";
    stage.begin(body);
    stage.request(with(101));
    stage.say("<one/>");
    stage.say("<two/>");
    stage.request(with(102));
    // Only what had been answered when the request came.
    QCOMPARE(stage.answerTo(102), saying("<two/>"));
    QCOMPARE(stage.provedCount, 1U);
    stage.request(with(103));
    QCOMPARE(stage.provedCount, 2U);
}

/// Rule 14: otherwise request N proves responses up to N - `requests`.
void TstBinding::rule14_takesTheWindowForAProof()
{
    Stage stage;
    stage.begin(creation());
    stage.request(with(101));
    stage.say("<one/>");
    stage.request(with(102));
    QCOMPARE(stage.provedCount, 0U);
    stage.request(with(103));
    QCOMPARE(stage.provedCount, 1U);
}

/// Rule 14: to leave, or to pause, one request more may be out, so that much less is proved.
void TstBinding::rule14_knowsThatTheLastRequestIsOneMore()
{
    for (const bool leaves : {true, false}) {
        Stage stage;
        stage.begin(creation());
        stage.request(with(101));
        stage.say("<one/>");
        stage.request(with(102));
        Body body = with(103);
        body.type = leaves ? "terminate" : "";
        stage.request(body);
        QCOMPARE(stage.provedCount, leaves ? 0U : 1U);
    }
}

void TstBinding::repeatsAnswers()
{
    Stage stage;
    stage.begin(creation());
    stage.request(with(101));
    stage.say("<one/>");
    stage.request(with(102));
    stage.say("<two/>");
    // Both answers were lost.
    stage.fed.clear();
    stage.request(with(101, "<message/>"), 1'101);
    stage.request(with(102), 1'102);
    QCOMPARE(stage.answerTo(1'101), saying("<one/>"));
    QCOMPARE(stage.answerTo(1'102), saying("<two/>"));
    QVERIFY(stage.fed.empty());
    QCOMPARE(stage.losses, 0);
}

/// The client goes on, on another connection, before it knows that one answer was lost.
void TstBinding::repeatsAnswersThatOthersProved()
{
    Stage stage;
    stage.begin(creation());
    stage.request(with(101));
    stage.say("<one/>");
    stage.request(with(102));
    stage.request(with(103));
    QCOMPARE(stage.provedCount, 1U);
    stage.request(with(101), 1'101);
    QCOMPARE(stage.answerTo(1'101), saying("<one/>"));
}

/// The client gave its connection up, sent the request again, and has gone on.
void TstBinding::survivesALateCopy()
{
    Stage stage;
    stage.begin(creation(0));
    stage.request(with(101, "<message/>"));
    stage.request(with(102, "<message/>"));
    stage.request(with(101, "<message/>"), 1'101);
    QCOMPARE(stage.answerTo(1'101), empty);
    QCOMPARE(stage.stanzas, 2U);
    QCOMPARE(stage.losses, 0);
}

/// Who knows sid and rid, but not the key, is not given the answer.
void TstBinding::repeatsForItsClientAlone()
{
    Stage stage;
    Body body = creation();
    body.newKey = "a9993e364706816aba3e25717850c26c9cd0d89d"; // of "abc"
    stage.begin(body);
    Body next = with(101);
    next.key = "abc";
    stage.request(next);
    stage.say("<secret/>");
    stage.request(next, 1'101);
    QCOMPARE(stage.answerTo(1'101), saying("<secret/>"));
    next.key = "guess";
    stage.request(next, 2'101);
    QCOMPARE(stage.answerTo(2'101), notFound);
    QCOMPARE(stage.losses, 1);
}

void TstBinding::replacesARequestThatIsHeld()
{
    Stage stage;
    stage.begin(creation());
    stage.request(with(101, "<message/>"));
    stage.request(with(101, "<message/>"), 1'101);
    QCOMPARE(stage.answerTo(101), recoverable);
    QCOMPARE(stage.stanzas, 1U);
    stage.say("<x/>");
    QCOMPARE(stage.answerTo(1'101), saying("<x/>"));
}

void TstBinding::endsForARidOutsideTheWindow_data()
{
    QTest::addColumn<int>("rid");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("far behind") << 99 << false;
    QTest::newRow("the next") << 101 << true;
    QTest::newRow("the last of the window") << 102 << true;
    QTest::newRow("the first beyond it") << 103 << false;
    QTest::newRow("the one more for a farewell") << -103 << true;
    QTest::newRow("the first beyond that") << -104 << false;
    QTest::newRow("somebody's guess") << 5'000 << false;
}

void TstBinding::endsForARidOutsideTheWindow()
{
    QFETCH(int, rid);
    QFETCH(bool, allowed);
    Stage stage;
    stage.begin(creation());
    Body body = with(static_cast<std::uint64_t>(std::abs(rid)));
    body.type = rid < 0 ? "terminate" : "";
    stage.request(body);
    QCOMPARE(stage.answerTo(static_cast<std::uint32_t>(std::abs(rid))), allowed ? none : notFound);
    QCOMPARE(stage.losses, allowed ? 0 : 1);
    QCOMPARE(stage.binding->over(), !allowed);
}

void TstBinding::endsForTooManyRequests()
{
    Stage stage;
    stage.begin(creation());
    stage.durable = 0;
    stage.request(with(101, "<message/>"));
    stage.request(with(102, "<message/>"));
    QCOMPARE(stage.losses, 0);
    stage.request(with(103, "<message/>"));
    QCOMPARE(stage.answerTo(101), violation);
    QCOMPARE(stage.answerTo(103), violation);
    QCOMPARE(stage.losses, 1);
}

void TstBinding::endsForAWrongKey()
{
    Stage stage;
    Body body = creation();
    body.newKey = "a9993e364706816aba3e25717850c26c9cd0d89d"; // of "abc"
    stage.begin(body);
    stage.fed.clear();
    Body thief = with(101, "<message/>");
    thief.key = "stolen";
    stage.request(thief);
    QCOMPARE(stage.answerTo(101), notFound);
    QVERIFY(stage.fed.empty());
    QCOMPARE(stage.losses, 1);
}

/// XEP-0124 §17.1: a client without a version is older than terminal conditions.
void TstBinding::tellsOldClientsByStatus()
{
    for (const bool old : {true, false}) {
        Stage stage;
        Body body = creation();
        body.version = old ? "" : "1.6";
        stage.begin(body);
        QVERIFY(stage.last.status == bosh::Reply::Status::Ok);
        stage.request(with(5'000));
        QCOMPARE(stage.answerTo(5'000), notFound);
        QVERIFY(stage.last.status == (old ? bosh::Reply::Status::NotFound : bosh::Reply::Status::Ok));
    }
}

void TstBinding::answersInTheTypeThatIsAskedFor()
{
    Stage stage;
    Body body = creation();
    body.content = "text/html; charset=utf-8";
    stage.begin(body);
    QCOMPARE(stage.last.content, body.content);
    stage.request(with(101));
    stage.say("<x/>");
    QCOMPARE(stage.last.content, body.content);
    stage.request(with(5'000));
    QCOMPARE(stage.last.content, body.content);
}

void TstBinding::agreesOnTheVersion_data()
{
    QTest::addColumn<std::string>("theirs");
    QTest::addColumn<std::string>("agreed");
    QTest::newRow("older, by numbers") << "1.6"s << "1.6"s;
    QTest::newRow("ours") << "1.11"s << "1.11"s;
    QTest::newRow("newer") << "1.100"s << "1.11"s;
    QTest::newRow("much newer") << "2.0"s << "1.11"s;
    QTest::newRow("none") << ""s << "1.11"s;
    QTest::newRow("no version") << "one.six"s << "1.11"s;
    QTest::newRow("half of one") << "1."s << "1.11"s;
}

/// XEP-0124 §7.2: the lower of both.
void TstBinding::agreesOnTheVersion()
{
    QFETCH(std::string, theirs);
    QFETCH(std::string, agreed);
    Stage stage;
    Body body = creation();
    body.version = theirs;
    stage.begin(body);
    QVERIFY(stage.answerTo(100).find(" ver='" + agreed + '\'') != std::string::npos);
}

void TstBinding::polls()
{
    Stage stage;
    stage.begin(creation(0));
    QVERIFY(stage.answerTo(100).find(" requests='1'") != std::string::npos);
    stage.request(with(101, "<message/>"));
    QCOMPARE(stage.answerTo(101), empty);
    stage.say("<x/>");
    stage.request(with(102));
    QCOMPARE(stage.answerTo(102), saying("<x/>"));
    stage.pass(stage.limits.polling);
    stage.request(with(103));
    QCOMPARE(stage.answerTo(103), empty);
}

void TstBinding::waitsForAnAnswerThatIsBeingMade()
{
    Stage stage;
    stage.begin(creation(0));
    stage.open = false;
    stage.request(with(101));
    QCOMPARE(stage.answerTo(101), none);
    stage.say("<success/>");
    QCOMPARE(stage.answerTo(101), saying("<success/>"));
}

void TstBinding::staysAsLongAsItIsAsked()
{
    for (const std::uint32_t hold : {0U, 1U}) {
        Stage stage;
        stage.begin(creation(hold));
        for (std::uint64_t rid = 101; rid < 110; ++rid) {
            stage.binding->write("<x/>");
            stage.request(with(rid));
            QCOMPARE(stage.answerTo(static_cast<std::uint32_t>(rid)), saying("<x/>"));
            stage.pass(stage.limits.inactivity - std::chrono::milliseconds(1));
        }
        QCOMPARE(stage.losses, 0);
    }
}

void TstBinding::endsForPollingTooOften()
{
    Stage stage;
    stage.begin(creation(0));
    stage.request(with(101));
    stage.pass(stage.limits.polling - std::chrono::milliseconds(1));
    stage.request(with(102));
    QCOMPARE(stage.answerTo(102), violation);
    QCOMPARE(stage.losses, 1);
}

void TstBinding::endsWithoutRequests()
{
    Stage stage;
    stage.begin(creation());
    stage.pass(stage.limits.inactivity - std::chrono::milliseconds(1));
    QCOMPARE(stage.losses, 0);
    stage.pass(std::chrono::milliseconds(1));
    QCOMPARE(stage.losses, 1);
    QVERIFY(stage.binding->over());
    stage.request(with(101));
    QCOMPARE(stage.answerTo(101), notFound);
}

void TstBinding::endsWithAGapThatNobodyFills()
{
    Stage stage;
    stage.begin(creation());
    stage.request(with(102));
    stage.pass(stage.limits.inactivity);
    QCOMPARE(stage.answerTo(102), notFound);
    QCOMPARE(stage.losses, 1);
}

void TstBinding::pauses()
{
    Stage stage;
    stage.begin(creation());
    stage.request(with(101));
    Body pause = with(102);
    pause.pause = 100;
    stage.request(pause);
    QCOMPARE(stage.answerTo(101), empty);
    QCOMPARE(stage.answerTo(102), empty);
    stage.pass(std::chrono::seconds(99));
    QCOMPARE(stage.losses, 0);
    stage.request(with(103));
    stage.pass(stage.limits.waitMax);
    QCOMPARE(stage.answerTo(103), empty);
    // The pause is over with the first request behind it.
    stage.pass(stage.limits.inactivity);
    QCOMPARE(stage.losses, 1);
}

/// XEP-0124 §10: the answer to a pause has no payloads; they wait for the next request.
void TstBinding::saysNothingToAPause()
{
    Stage stage;
    stage.begin(creation());
    stage.say("<x/>");
    Body pause = with(101);
    pause.pause = 10;
    stage.request(pause);
    QCOMPARE(stage.answerTo(101), empty);
    stage.request(with(102));
    QCOMPARE(stage.answerTo(102), saying("<x/>"));
    // What the pause was answered proves nothing of what was written before it.
    stage.request(with(103));
    QCOMPARE(stage.provedCount, 0U);
    stage.request(with(104));
    QCOMPARE(stage.provedCount, 1U);
}

/// XEP-0206 §5: a stanza beside it is ignored.
void TstBinding::restarts()
{
    for (const std::string content : {"", "<message/>"}) {
        Stage stage;
        stage.begin(creation());
        const std::string header = stage.fed.front();
        Body body = with(101, content);
        body.restart = true;
        stage.request(body);
        QCOMPARE(stage.fed, (std::vector<std::string>{header, header}));
    }
}

void TstBinding::restartsWhenTheStreamReads()
{
    Stage stage;
    stage.begin(creation());
    stage.open = false;
    Body body = with(101);
    body.restart = true;
    stage.request(body);
    QCOMPARE(stage.fed.size(), std::size_t{1});
    stage.open = true;
    stage.binding->advance();
    QCOMPARE(stage.fed.size(), std::size_t{2});
}

void TstBinding::terminates()
{
    Stage stage;
    stage.begin(creation());
    stage.request(with(101));
    Body body = with(102, "<presence type='unavailable'/>");
    body.type = "terminate";
    stage.request(body);
    QCOMPARE(stage.fed.back(), "</stream:stream>"s);
    QVERIFY(stage.binding->over());
    // The oldest is told of it (XEP-0124 §13).
    QCOMPARE(stage.answerTo(101), bosh::terminateBody({}));
    QCOMPARE(stage.answerTo(102), empty);
}

void TstBinding::terminatesWhileMoreCouldBeHeld()
{
    Stage stage;
    stage.begin(creation(2));
    stage.request(with(101));
    Body body = with(102);
    body.type = "terminate";
    stage.request(body);
    QVERIFY(stage.binding->over());
    QCOMPARE(stage.answerTo(101), bosh::terminateBody({}));
}

void TstBinding::terminatesBehindTheCommit()
{
    Stage stage;
    stage.begin(creation());
    stage.durable = 0;
    Body body = with(101, "<message/>");
    body.type = "terminate";
    stage.request(body);
    QCOMPARE(stage.answerTo(101), none);
    QCOMPARE(stage.fed.back(), "<message/>"s);
    stage.settle(1);
    QCOMPARE(stage.answerTo(101), bosh::terminateBody({}));
}

void TstBinding::tellsTheEndOfTheStream()
{
    Stage stage;
    stage.begin(creation());
    stage.request(with(101));
    stage.binding->write("<stream:error/>");
    stage.binding->end("remote-stream-error");
    stage.binding->advance();
    QCOMPARE(stage.answerTo(101), "<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' "
                                  "condition='remote-stream-error'><stream:error/></body>"s);
    QVERIFY(stage.binding->over());
}

void TstBinding::tellsTheEndWhenTheClientAsks()
{
    Stage stage;
    stage.begin(creation());
    stage.binding->end("system-shutdown");
    stage.binding->advance();
    QVERIFY(!stage.binding->over());
    stage.request(with(101));
    QVERIFY(stage.answerTo(101).find("condition='system-shutdown'") != std::string::npos);
    QVERIFY(stage.binding->over());
}

/// What a body holds is given as the stream takes it, and its request is not answered before.
void TstBinding::waitsForTheStream()
{
    Stage stage;
    stage.begin(creation());
    stage.open = false;
    stage.request(with(101, "<message/>"));
    stage.request(with(102));
    QCOMPARE(stage.stanzas, 0U);
    QCOMPARE(stage.answerTo(101), none);
    stage.open = true;
    stage.binding->advance();
    QCOMPARE(stage.stanzas, 1U);
    QCOMPARE(stage.answerTo(101), empty);
}

GODWIT_TEST(TstBinding);
#include "tst_binding.moc"
