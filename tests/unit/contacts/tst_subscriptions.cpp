// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Plays about subscriptions (RFC 6121 §3).

#include "Stage.h"
#include "UnitTest.h"

#include <QTest>

#include <algorithm>
#include <array>

using namespace godwit::contacts;
using namespace godwit::contacts::test;
using godwit::accounts::RosterItem;
using godwit::base::ErrorCode;

namespace
{

/// What Juliet's server sends.
std::string fromJuliet(const std::string &type)
{
    return "<presence from='juliet@capulet.lit' to='romeo@montague.lit' type='" + type + "'></presence>";
}

/// What goes to Juliet from Romeo's bare JID.
std::string toJuliet(const std::string &type)
{
    return "-> <presence from='romeo@montague.lit' to='juliet@capulet.lit' type='" + type + "'></presence>";
}

std::string presence(const std::string &type)
{
    return "<presence to='juliet@capulet.lit' type='" + type + "'></presence>";
}

std::string push(const std::string &version, const std::string &attributes)
{
    return "orchard: <iq to='romeo@montague.lit/orchard' id='push" + version +
           "' type='set'><query xmlns='jabber:iq:roster'><item jid='juliet@capulet.lit' " + attributes +
           "/></query></iq>";
}

const std::string orchardsPresence =
    "-> <presence from='romeo@montague.lit/orchard' to='juliet@capulet.lit'><show>away</show></presence>";
const std::string orchardsUnavailable =
    "-> <presence from='romeo@montague.lit/orchard' to='juliet@capulet.lit' type='unavailable'></presence>";

/// Juliet in a state of Appendix A.
void put(Stage &stage, SubscriptionState state)
{
    RosterItem item;
    item.jid = "juliet@capulet.lit";
    item.version = 1;
    item.pendingIn = fromJuliet("subscribe");
    setState(item, state);
    stage.store.add(item);
}

/// One session that asked for the roster and is available.
void enter(Stage &stage)
{
    stage.interested("orchard");
    stage.sends("orchard", "<presence><show>away</show></presence>");
    stage.forget();
}

SubscriptionState stored(Stage &stage)
{
    const RosterItem *item = stage.store.item("juliet@capulet.lit");
    return item ? stateOf(*item) : SubscriptionState::None;
}

} // namespace

class TstSubscriptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Both sides, from the request to the end ------------------------------------------------------------------------

    void theUserAsks()
    {
        Stage stage;
        enter(stage);
        stage.sends("orchard", "<presence to='juliet@capulet.lit/balcony' id='p1' type='subscribe'>"
                               "<nick xmlns='http://jabber.org/protocol/nick'>Romeo</nick></presence>");
        HAPPENS(stage,
                "-> <presence from='romeo@montague.lit' to='juliet@capulet.lit' id='p1' type='subscribe'>"
                "<nick xmlns='http://jabber.org/protocol/nick'>Romeo</nick></presence>",
                push("1", "subscription='none' ask='subscribe'"));
        stage.comes(fromJuliet("subscribed"));
        HAPPENS(stage, "orchard: " + fromJuliet("subscribed"), push("2", "subscription='to'"));
        stage.comes("<presence from='juliet@capulet.lit/balcony' to='romeo@montague.lit'></presence>");
        HAPPENS(stage, "orchard: <presence from='juliet@capulet.lit/balcony' to='romeo@montague.lit'></presence>");
        stage.sends("orchard", presence("unsubscribe"));
        HAPPENS(stage, toJuliet("unsubscribe"), push("3", "subscription='none'"));
    }

    void theUserIsAsked()
    {
        Stage stage;
        enter(stage);
        const std::string request = "<presence from='juliet@capulet.lit' to='romeo@montague.lit' type='subscribe'>"
                                    "<nick xmlns='http://jabber.org/protocol/nick'>Jule</nick></presence>";
        stage.comes(request);
        HAPPENS(stage, "orchard: " + request);
        QVERIFY(!stage.store.item("juliet@capulet.lit")->listed);
        stage.comes(request);
        HAPPENS(stage);
        stage.sends("orchard", presence("subscribed"));
        HAPPENS(stage, toJuliet("subscribed"), push("1", "subscription='from'"), orchardsPresence);
        stage.sends("orchard", presence("unsubscribed"));
        HAPPENS(stage, toJuliet("unsubscribed"), push("2", "subscription='none'"), orchardsUnavailable);
    }

    void theUserSaysNo()
    {
        Stage stage;
        enter(stage);
        stage.comes(fromJuliet("subscribe"));
        stage.forget();
        stage.sends("orchard", presence("unsubscribed"));
        HAPPENS(stage, toJuliet("unsubscribed"));
        QVERIFY2(!stage.store.item("juliet@capulet.lit"), "nothing is kept of a request that was denied");
    }

    void theContactSaysNo()
    {
        Stage stage;
        enter(stage);
        stage.sends("orchard", presence("subscribe"));
        stage.forget();
        stage.comes(fromJuliet("unsubscribed"));
        HAPPENS(stage, "orchard: " + fromJuliet("unsubscribed"), push("2", "subscription='none'"));
    }

    void theContactTakesItsRequestBack()
    {
        Stage stage;
        enter(stage);
        stage.comes(fromJuliet("subscribe"));
        stage.forget();
        stage.comes(fromJuliet("unsubscribe"));
        HAPPENS(stage, "orchard: " + fromJuliet("unsubscribe"));
        QVERIFY(!stage.store.item("juliet@capulet.lit"));
    }

    void theContactLeaves()
    {
        Stage stage;
        put(stage, SubscriptionState::Both);
        enter(stage);
        stage.comes(fromJuliet("unsubscribe"));
        HAPPENS(stage, "orchard: " + fromJuliet("unsubscribe"), push("2", "subscription='to'"), orchardsUnavailable);
        stage.comes(fromJuliet("unsubscribed"));
        HAPPENS(stage, "orchard: " + fromJuliet("unsubscribed"), push("3", "subscription='none'"));
    }

    // Appendix A as it is seen from outside
    // ----------------------------------------------------------------------------

    void everyRow_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("event");
        for (std::size_t event = 0; event < subscriptionEventCount; ++event) {
            for (std::size_t state = 0; state < subscriptionStateCount; ++state) {
                const std::string words = std::string(name(static_cast<SubscriptionEvent>(event))) + " in " +
                                          std::string(name(static_cast<SubscriptionState>(state)));
                QTest::newRow(words.c_str()) << static_cast<int>(state) << static_cast<int>(event);
            }
        }
    }

    void everyRow()
    {
        QFETCH(int, state);
        QFETCH(int, event);
        static const std::array<const char *, 4> types{"subscribe", "unsubscribe", "subscribed", "unsubscribed"};
        const auto before = static_cast<SubscriptionState>(state);
        const bool outbound = event < 4;
        const std::string type = types[static_cast<std::size_t>(event % 4)];
        Stage stage;
        put(stage, before);
        enter(stage);
        if (outbound) {
            stage.sends("orchard", presence(type));
        } else {
            stage.comes(fromJuliet(type));
        }
        const Reaction wanted = react(before, static_cast<SubscriptionEvent>(event));
        QCOMPARE(static_cast<int>(stored(stage)), static_cast<int>(wanted.next));
        const std::string passed = outbound ? toJuliet(type) : "orchard: " + fromJuliet(type);
        const Lines lines = stage.happened();
        const bool passes = std::ranges::find(lines, passed) != lines.end();
        QCOMPARE(passes, wanted.passing == Passing::Pass);
    }

    // Answers the server gives ----------------------------------------------------------------------------------------

    void whoMayAlreadyIsToldSo()
    {
        Stage stage;
        put(stage, SubscriptionState::From);
        enter(stage);
        stage.comes("<presence from='juliet@capulet.lit' to='romeo@montague.lit' id='x' type='subscribe'></presence>");
        HAPPENS(stage,
                "-> <presence from='romeo@montague.lit' to='juliet@capulet.lit' id='x' type='subscribed'></presence>",
                orchardsPresence);
        QCOMPARE(stage.store.writes, 0);
    }

    void approvedBeforeItWasAsked()
    {
        Stage stage;
        enter(stage);
        stage.sends("orchard", presence("subscribed"));
        HAPPENS(stage, push("1", "subscription='none' approved='true'"));
        stage.sends("orchard", presence("subscribed"));
        HAPPENS(stage);
        stage.comes(fromJuliet("subscribe"));
        HAPPENS(stage, toJuliet("subscribed"), push("2", "subscription='from'"), orchardsPresence);
    }

    void preApproval_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("granted");
        const auto row = [](SubscriptionState state, SubscriptionState granted) {
            QTest::newRow(std::string(name(state)).c_str()) << static_cast<int>(state) << static_cast<int>(granted);
        };
        row(SubscriptionState::None, SubscriptionState::From);
        row(SubscriptionState::NoneOut, SubscriptionState::FromOut);
        row(SubscriptionState::To, SubscriptionState::Both);
    }

    void preApproval()
    {
        QFETCH(int, state);
        QFETCH(int, granted);
        Stage stage;
        put(stage, static_cast<SubscriptionState>(state));
        enter(stage);
        stage.sends("orchard", presence("subscribed"));
        QVERIFY(stage.store.item("juliet@capulet.lit")->approved);
        QCOMPARE(static_cast<int>(stored(stage)), state);
        stage.comes(fromJuliet("subscribe"));
        QVERIFY(!stage.store.item("juliet@capulet.lit")->approved);
        QCOMPARE(static_cast<int>(stored(stage)), granted);
    }

    void aPreApprovalIsTakenBack()
    {
        Stage stage;
        enter(stage);
        stage.sends("orchard", presence("subscribed"));
        stage.forget();
        stage.sends("orchard", presence("unsubscribed"));
        HAPPENS(stage, push("2", "subscription='none'"));
        stage.comes(fromJuliet("subscribe"));
        HAPPENS(stage, "orchard: " + fromJuliet("subscribe"));
    }

    // Requests that wait ----------------------------------------------------------------------------------------------

    void aRequestIsShownToEachSessionUntilItIsAnswered()
    {
        Stage stage;
        stage.comes(fromJuliet("subscribe"));
        HAPPENS(stage, "idle");
        stage.sends("orchard", "<presence></presence>");
        HAPPENS(stage, "orchard is available, priority 0",
                "orchard: <presence from='romeo@montague.lit/orchard' to='romeo@montague.lit'></presence>",
                "orchard: " + fromJuliet("subscribe"));
        stage.sends("garden", "<presence></presence>");
        Lines lines = stage.happened();
        QCOMPARE(lines.back(), "garden: " + fromJuliet("subscribe"));
        stage.sends("garden", "<presence><show>away</show></presence>");
        lines = stage.happened();
        QVERIFY(std::ranges::find(lines, "garden: " + fromJuliet("subscribe")) == lines.end());
        stage.sends("garden", presence("subscribed"));
        stage.forget();
        stage.sends("street", "<presence></presence>");
        lines = stage.happened();
        QVERIFY(std::ranges::find(lines, "street: " + fromJuliet("subscribe")) == lines.end());
    }

    void aRequestThatIsTooLargeLosesItsContent()
    {
        Stage stage;
        stage.limits.requestBytesMax = 200;
        enter(stage);
        stage.comes("<presence from='juliet@capulet.lit' to='romeo@montague.lit' id='i' type='subscribe'><status>" +
                    std::string(200, 'x') + "</status></presence>");
        HAPPENS(stage, "orchard: <presence from='juliet@capulet.lit' to='romeo@montague.lit' id='i' type='subscribe'>"
                       "</presence>");
    }

    void tooManyRequests()
    {
        Stage stage;
        stage.limits.requestsMax = 1;
        enter(stage);
        stage.comes(fromJuliet("subscribe"));
        stage.forget();
        stage.comes("<presence from='tybalt@capulet.lit' to='romeo@montague.lit' type='subscribe'></presence>");
        HAPPENS(stage, "-> <presence from='romeo@montague.lit' to='tybalt@capulet.lit' type='error'>"
                       "<error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
                       "</presence>");
    }

    void addressesAreBare()
    {
        Stage stage;
        enter(stage);
        stage.comes("<presence from='juliet@capulet.lit/balcony' to='romeo@montague.lit/orchard' type='subscribe'>"
                    "</presence>");
        HAPPENS(stage, "orchard: " + fromJuliet("subscribe"));
    }

    void askedInVainOnceIsAskedAgainWithTheNextSession()
    {
        Stage stage;
        put(stage, SubscriptionState::NoneOut);
        stage.sends("orchard", "<presence></presence>");
        const Lines lines = stage.happened();
        QCOMPARE(lines.back(), toJuliet("subscribe"));
    }

    // What goes wrong -------------------------------------------------------------------------------------------------

    void nobodyKnowsTheDomain()
    {
        Stage stage;
        stage.interested("orchard"); // not available yet
        stage.sends("orchard", presence("subscribe"));
        stage.forget();
        const std::string bounce = "<presence from='juliet@capulet.lit' to='romeo@montague.lit' type='error'>"
                                   "<error type='cancel'><remote-server-not-found "
                                   "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>";
        stage.comes(bounce);
        HAPPENS(stage, "orchard: " + bounce);
        QCOMPARE(static_cast<int>(stored(stage)), static_cast<int>(SubscriptionState::NoneOut));
    }

    void aFailedWriteIsNotRouted()
    {
        Stage stage;
        enter(stage);
        stage.store.failures = {ErrorCode::Unavailable};
        stage.sends("orchard", presence("subscribe"));
        HAPPENS(stage, "orchard: <presence from='juliet@capulet.lit' to='romeo@montague.lit/orchard' type='error'>"
                       "<error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
                       "</presence>");
        QVERIFY(!stage.store.item("juliet@capulet.lit"));
    }

    void aFailedWriteIsAnsweredToTheContact_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<int>("state");
        QTest::newRow("subscribe") << QByteArray("subscribe") << static_cast<int>(SubscriptionState::None);
        QTest::newRow("subscribed") << QByteArray("subscribed") << static_cast<int>(SubscriptionState::NoneOut);
        QTest::newRow("unsubscribe") << QByteArray("unsubscribe") << static_cast<int>(SubscriptionState::Both);
        QTest::newRow("unsubscribed") << QByteArray("unsubscribed") << static_cast<int>(SubscriptionState::Both);
    }

    void aFailedWriteIsAnsweredToTheContact()
    {
        QFETCH(QByteArray, type);
        QFETCH(int, state);
        Stage stage;
        put(stage, static_cast<SubscriptionState>(state));
        enter(stage);
        stage.store.failures = {ErrorCode::Io};
        stage.comes(fromJuliet(type.toStdString()));
        HAPPENS(stage, "-> <presence from='romeo@montague.lit' to='juliet@capulet.lit' type='error'><error type='wait'>"
                       "<internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");
        QCOMPARE(static_cast<int>(stored(stage)), state);
    }

    void nothingIsSaidBeforeItIsDurable()
    {
        Stage stage;
        enter(stage);
        stage.store.slow = true;
        stage.sends("orchard", presence("subscribe"));
        stage.comes("<presence from='nurse@capulet.lit/x' to='romeo@montague.lit'></presence>");
        HAPPENS(stage);
        QVERIFY(stage.store.answer());
        HAPPENS(stage, toJuliet("subscribe"), push("1", "subscription='none' ask='subscribe'"),
                "orchard: <presence from='nurse@capulet.lit/x' to='romeo@montague.lit'></presence>");
    }

    void anAnswerThatComesAtOnceWaitsItsTurn()
    {
        Stage stage;
        enter(stage);
        stage.host.onRoute = [&] { stage.comes(fromJuliet("subscribed")); };
        stage.sends("orchard", presence("subscribe"));
        HAPPENS(stage, toJuliet("subscribe"), push("1", "subscription='none' ask='subscribe'"),
                "orchard: " + fromJuliet("subscribed"), push("2", "subscription='to'"));
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("sent");
        QTest::addColumn<QByteArray>("answer");
        const QByteArray stanzas = "urn:ietf:params:xml:ns:xmpp-stanzas";
        QTest::newRow("to nobody") << QByteArray("<presence id='p' type='subscribe'></presence>")
                                   << "<presence to='romeo@montague.lit/orchard' id='p' type='error'><error "
                                      "type='modify'><bad-request xmlns='" +
                                          stanzas + "'/></error></presence>";
        QTest::newRow("to oneself")
            << QByteArray("<presence to='romeo@montague.lit/x' id='p' type='subscribe'></presence>")
            << "<presence from='romeo@montague.lit/x' to='romeo@montague.lit/orchard' id='p' type='error'><error "
               "type='cancel'><not-allowed xmlns='" +
                   stanzas + "'/></error></presence>";
    }

    void refused()
    {
        QFETCH(QByteArray, sent);
        QFETCH(QByteArray, answer);
        Stage stage;
        enter(stage);
        stage.sends("orchard", sent.toStdString());
        HAPPENS(stage, "orchard: " + answer.toStdString());
    }

    void fromOneselfNothingHappens()
    {
        Stage stage;
        enter(stage);
        stage.comes("<presence from='romeo@montague.lit' to='romeo@montague.lit' type='subscribe'></presence>");
        HAPPENS(stage);
    }

    void anonymous()
    {
        Stage stage(AccountKind::Anonymous);
        enter(stage);
        stage.sends("orchard", presence("subscribe"));
        HAPPENS(stage, "orchard: <presence from='juliet@capulet.lit' to='romeo@montague.lit/orchard' type='error'>"
                       "<error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
                       "</presence>");
        stage.comes(fromJuliet("subscribe"));
        HAPPENS(stage, toJuliet("unsubscribed"));
        stage.comes(fromJuliet("subscribed"));
        HAPPENS(stage);
        QCOMPARE(stage.store.loads + stage.store.writes, 0);
    }
};

GODWIT_TEST(TstSubscriptions);
#include "tst_subscriptions.moc"
