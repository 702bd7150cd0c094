// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Plays about presence (RFC 6121 §4).

#include "Stage.h"
#include "UnitTest.h"

#include <QTest>

#include <algorithm>

using namespace godwit::contacts;
using namespace godwit::contacts::test;
using godwit::accounts::Subscription;
using godwit::base::ErrorCode;

namespace
{

const std::string delay = "<delay xmlns='urn:xmpp:delay' from='romeo@montague.lit' stamp='1970-01-01T00:00:00Z'/>";

/// "<presence from='romeo@montague.lit/RESOURCE' to='TO' ...". `rest` is all behind the addresses.
std::string presence(const std::string &resource, const std::string &to, const std::string &rest = "></presence>")
{
    return "<presence from='romeo@montague.lit/" + resource + "' to='" + to + "'" + rest;
}

std::string probe(const std::string &resource, const std::string &to)
{
    return "-> " + presence(resource, to, " type='probe'></presence>");
}

std::string badRequest(const std::string &rest)
{
    return "orchard: <presence " + rest +
           " type='error'><error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
           "</presence>";
}

/// Romeo with a contact in each subscription.
void invite(Stage &stage)
{
    stage.contact("both@x", Subscription::Both);
    stage.contact("from@x", Subscription::From);
    stage.contact("none@x", Subscription::None);
    stage.contact("to@x", Subscription::To);
}

const std::string self = "romeo@montague.lit";

} // namespace

class TstPresence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstAndTheNext()
    {
        Stage stage;
        invite(stage);
        stage.sends("orchard", "<presence id='1'><priority>5</priority></presence>");
        const std::string first = " id='1'><priority>5</priority></presence>";
        HAPPENS(stage, "orchard is available, priority 5", "orchard: " + presence("orchard", self, first),
                "-> " + presence("orchard", "both@x", first), "-> " + presence("orchard", "from@x", first),
                probe("orchard", "both@x"), probe("orchard", "to@x"));
        stage.sends("orchard", "<presence><show>dnd</show><priority>-1</priority></presence>");
        const std::string next = "><show>dnd</show><priority>-1</priority></presence>";
        HAPPENS(stage, "orchard is available, priority -1, again", "orchard: " + presence("orchard", self, next),
                "-> " + presence("orchard", "both@x", next), "-> " + presence("orchard", "from@x", next));
    }

    void theLast()
    {
        Stage stage;
        invite(stage);
        stage.available("orchard");
        stage.sends("orchard", "<presence type='unavailable'><status>gone</status></presence>");
        const std::string last = " type='unavailable'><status>gone</status></presence>";
        HAPPENS(stage, "orchard: " + presence("orchard", self, last), "-> " + presence("orchard", "both@x", last),
                "-> " + presence("orchard", "from@x", last), "orchard is unavailable");
        // It is told once, and the next presence is the first again.
        stage.ends("orchard");
        HAPPENS(stage, "idle");
        stage.sends("orchard", "<presence></presence>");
        QCOMPARE(stage.happened().front(), std::string("orchard is available, priority 0"));
    }

    void aSessionThatIsGoneIsUnavailable()
    {
        Stage stage;
        invite(stage);
        stage.available("orchard");
        stage.available("garden");
        stage.ends("orchard");
        const std::string last = " type='unavailable'></presence>";
        HAPPENS(stage, "garden: " + presence("orchard", self, last), "-> " + presence("orchard", "both@x", last),
                "-> " + presence("orchard", "from@x", last));
        stage.ends("orchard");
        HAPPENS(stage);
    }

    void ownSessionsSeeEachOther()
    {
        Stage stage;
        stage.sends("orchard", "<presence><show>away</show></presence>");
        stage.forget();
        stage.sends("garden", "<presence><show>chat</show></presence>");
        HAPPENS(stage, "garden is available, priority 0",
                "orchard: " + presence("garden", self, "><show>chat</show></presence>"),
                "garden: " + presence("garden", self, "><show>chat</show></presence>"),
                "garden: " + presence("orchard", self + "/garden", "><show>away</show>" + delay + "</presence>"));
    }

    void priority_data()
    {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<QByteArray>("read");
        const auto row = [](const char *written, const char *read) {
            QTest::addRow("'%s'", written) << QByteArray(written) << QByteArray(read);
        };
        row("0", "0");
        row("127", "127");
        row("-128", "-128");
        row("+7", "7");
        row(" 8\n", "8");
        row("128", "");
        row("-129", "");
        row("1.5", "");
        row("high", "");
        row("", "");
        row("+-3", "");
        row("99999999999999999999", "");
    }

    void priority()
    {
        QFETCH(QByteArray, written);
        QFETCH(QByteArray, read);
        Stage stage;
        stage.sends("orchard", "<presence id='p'><priority>" + written.toStdString() + "</priority></presence>");
        if (read.isEmpty()) {
            HAPPENS(stage, badRequest("to='romeo@montague.lit/orchard' id='p'"));
            QVERIFY(!stage.contacts->sessions().anyHears());
        } else {
            QCOMPARE(stage.happened().front(), "orchard is available, priority " + read.toStdString());
        }
    }

    void aTypeNobodyKnows()
    {
        Stage stage;
        stage.sends("orchard", "<presence id='p' type='invisible'></presence>");
        HAPPENS(stage, badRequest("to='romeo@montague.lit/orchard' id='p'"));
        stage.sends("orchard", "<presence to='a@x' id='p' type='invisible'></presence>");
        HAPPENS(stage, badRequest("from='a@x' to='romeo@montague.lit/orchard' id='p'"));
        stage.comes("<presence from='a@x' to='romeo@montague.lit' type='invisible'></presence>");
        HAPPENS(stage);
    }

    void aPresenceThatIsTooLarge()
    {
        Stage stage;
        stage.limits.presenceBytesMax = 100;
        stage.sends("orchard", "<presence><status>" + std::string(100, 'x') + "</status></presence>");
        HAPPENS(stage, "orchard: <presence to='romeo@montague.lit/orchard' type='error'><error type='modify'>"
                       "<policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");
    }

    // Probes ----------------------------------------------------------------------------------------------------------

    void aProbeIsAnsweredForEachSession()
    {
        Stage stage;
        invite(stage);
        stage.sends("orchard", "<presence id='1'><show>away</show></presence>");
        stage.available("garden");
        stage.comes("<presence from='from@x/home' to='romeo@montague.lit' type='probe'></presence>");
        HAPPENS(stage, "-> " + presence("orchard", "from@x/home", " id='1'><show>away</show>" + delay + "</presence>"),
                "-> " + presence("garden", "from@x/home", ">" + delay + "</presence>"));
        stage.comes("<presence from='both@x' to='romeo@montague.lit/garden' type='probe'></presence>");
        HAPPENS(stage, "-> " + presence("garden", "both@x", ">" + delay + "</presence>"));
    }

    void aProbeWhileNobodyIsThere()
    {
        Stage stage;
        invite(stage);
        stage.comes("<presence from='from@x' to='romeo@montague.lit' type='probe'></presence>");
        HAPPENS(stage, "-> <presence from='romeo@montague.lit' to='from@x' type='unavailable'></presence>", "idle");
    }

    void aStrangersProbe_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::newRow("unknown") << QByteArray("tybalt@x");
        QTest::newRow("subscription none") << QByteArray("none@x");
        QTest::newRow("subscription to") << QByteArray("to@x");
    }

    void aStrangersProbe()
    {
        QFETCH(QByteArray, from);
        Stage stage;
        invite(stage);
        stage.available("orchard");
        stage.comes("<presence from='" + from.toStdString() +
                    "/home' to='romeo@montague.lit' type='probe'></presence>");
        HAPPENS(stage, "-> <presence from='romeo@montague.lit' to='" + from.toStdString() +
                           "' type='unsubscribed'></presence>");
        stage.comes("<presence from='" + from.toStdString() +
                    "' to='romeo@montague.lit/orchard' type='probe'></presence>");
        HAPPENS(stage);
    }

    void aStrangersProbeKeepsThePreApproval()
    {
        Stage stage;
        stage.contact("a@x", Subscription::None);
        stage.store.item("a@x")->approved = true;
        stage.available("orchard");
        stage.comes("<presence from='a@x' to='romeo@montague.lit' type='probe'></presence>");
        stage.forget();
        stage.comes("<presence from='a@x' to='romeo@montague.lit' type='subscribe'></presence>");
        QCOMPARE(stage.happened().front(),
                 std::string("-> <presence from='romeo@montague.lit' to='a@x' type='subscribed'></presence>"));
    }

    void whoGotDirectedPresenceMayAsk()
    {
        Stage stage;
        stage.available("orchard");
        stage.available("garden");
        stage.sends("garden", "<presence to='room@muc/romeo'></presence>");
        stage.forget();
        stage.comes("<presence from='room@muc/romeo' to='romeo@montague.lit' type='probe'></presence>");
        HAPPENS(stage, "-> " + presence("garden", "room@muc/romeo", ">" + delay + "</presence>"));
    }

    void ownProbes()
    {
        Stage stage;
        stage.available("orchard");
        stage.available("garden");
        stage.comes("<presence from='romeo@montague.lit/garden' to='romeo@montague.lit' type='probe'></presence>");
        HAPPENS(stage, "-> " + presence("orchard", self + "/garden", ">" + delay + "</presence>"));
    }

    void aClientsProbeGoesWhereItShould()
    {
        Stage stage;
        stage.available("orchard");
        stage.sends("orchard", "<presence to='a@x' type='probe'></presence>");
        HAPPENS(stage, probe("orchard", "a@x"));
        stage.sends("orchard", "<presence type='probe'></presence>");
        HAPPENS(stage, badRequest("to='romeo@montague.lit/orchard'"));
        stage.sends("orchard", "<presence to='a@x' type='error'></presence>");
        HAPPENS(stage, "-> " + presence("orchard", "a@x", " type='error'></presence>"));
        stage.sends("orchard", "<presence type='error'></presence>");
        HAPPENS(stage);
    }

    // Others' presence ------------------------------------------------------------------------------------------------

    void othersPresenceGoesToAllWhoAreThere()
    {
        Stage stage;
        stage.available("orchard");
        stage.sends("garden", "<presence><priority>-5</priority></presence>");
        stage.interested("street");
        const std::string there = "<presence from='juliet@capulet.lit/b' to='romeo@montague.lit'></presence>";
        stage.comes(there);
        HAPPENS(stage, "orchard: " + there, "garden: " + there);
        const std::string gone =
            "<presence from='juliet@capulet.lit/b' to='romeo@montague.lit' type='unavailable'></presence>";
        stage.comes(gone);
        HAPPENS(stage, "orchard: " + gone, "garden: " + gone);
    }

    void presenceForNobodyCostsNothing()
    {
        Stage stage;
        stage.comes("<presence from='juliet@capulet.lit/b' to='romeo@montague.lit'></presence>");
        HAPPENS(stage, "idle");
        QCOMPARE(stage.store.loads, 0);
    }

    // Directed presence -----------------------------------------------------------------------------------------------

    void directedPresenceIsTakenBackAtTheEnd()
    {
        Stage stage;
        invite(stage);
        stage.available("orchard");
        stage.sends("orchard", "<presence to='room@muc/romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
        HAPPENS(stage, "-> " + presence("orchard", "room@muc/romeo",
                                        "><x xmlns='http://jabber.org/protocol/muc'/></presence>"));
        stage.sends("orchard", "<presence to='none@x'></presence>");
        stage.sends("orchard", "<presence to='left@x'></presence>");
        stage.sends("orchard", "<presence to='left@x' type='unavailable'></presence>");
        stage.sends("orchard", "<presence to='from@x/home'></presence>"); // hears of all anyway
        stage.forget();
        // Later presence does not go there.
        stage.sends("orchard", "<presence><show>away</show></presence>");
        const std::string away = "><show>away</show></presence>";
        HAPPENS(stage, "orchard is available, priority 0, again", "orchard: " + presence("orchard", self, away),
                "-> " + presence("orchard", "both@x", away), "-> " + presence("orchard", "from@x", away));
        stage.ends("orchard");
        const std::string gone = " type='unavailable'></presence>";
        HAPPENS(stage, "-> " + presence("orchard", "both@x", gone), "-> " + presence("orchard", "from@x", gone),
                "-> " + presence("orchard", "none@x", gone), "-> " + presence("orchard", "room@muc/romeo", gone),
                "idle");
    }

    void directedPresenceWithoutAnyOther()
    {
        Stage stage;
        invite(stage);
        stage.sends("orchard", "<presence to='from@x'></presence>");
        HAPPENS(stage, "-> " + presence("orchard", "from@x"));
        QCOMPARE(stage.store.loads, 0);
        stage.sends("orchard", "<presence type='unavailable'><status>bye</status></presence>");
        HAPPENS(stage, "-> " + presence("orchard", "from@x", " type='unavailable'><status>bye</status></presence>"));
        stage.ends("orchard");
        HAPPENS(stage, "idle");
    }

    void tooMuchDirectedPresence()
    {
        Stage stage;
        stage.limits.directedMax = 1;
        stage.available("orchard");
        stage.sends("orchard", "<presence to='a@x'></presence>");
        stage.forget();
        stage.sends("orchard", "<presence to='b@x'></presence>");
        HAPPENS(stage, "orchard: <presence from='b@x' to='romeo@montague.lit/orchard' type='error'><error type='wait'>"
                       "<resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");
        stage.sends("orchard", "<presence to='a@x'></presence>");
        HAPPENS(stage, "-> " + presence("orchard", "a@x"));
    }

    // Waiting and failing ---------------------------------------------------------------------------------------------

    void theRosterIsLoadedOnce()
    {
        Stage stage;
        invite(stage);
        stage.store.slow = true;
        stage.sends("orchard", "<presence></presence>");
        stage.sends("garden", "<presence></presence>");
        HAPPENS(stage);
        QVERIFY(stage.store.answer());
        QCOMPARE(stage.store.loads, 1);
        const Lines lines = stage.happened();
        QCOMPARE(std::ranges::count(lines, probe("orchard", "both@x")), 1);
        QCOMPARE(std::ranges::count(lines, probe("garden", "both@x")), 1);
    }

    void withoutARosterMessagesStillCome()
    {
        Stage stage;
        invite(stage);
        stage.store.failures = {ErrorCode::Unavailable};
        stage.sends("orchard", "<presence id='1'></presence>");
        HAPPENS(stage,
                "orchard: <presence to='romeo@montague.lit/orchard' id='1' type='error'><error type='wait'>"
                "<resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>",
                "orchard is available, priority 0", "orchard: " + presence("orchard", self, " id='1'></presence>"));
        // The next presence makes up for it.
        stage.sends("orchard", "<presence></presence>");
        HAPPENS(stage, "orchard is available, priority 0, again", "orchard: " + presence("orchard", self),
                "-> " + presence("orchard", "both@x"), "-> " + presence("orchard", "from@x"),
                probe("orchard", "both@x"), probe("orchard", "to@x"));
    }

    void aSessionThatEndsWhileItsPresenceWaitsIsNeverSeen()
    {
        Stage stage;
        invite(stage);
        stage.store.slow = true;
        stage.sends("orchard", "<presence></presence>");
        stage.ends("orchard");
        QVERIFY(stage.store.answer());
        HAPPENS(stage, "idle");
    }

    void anAnswerThatComesAtOnceWaitsItsTurn()
    {
        Stage stage;
        stage.contact("both@x", Subscription::Both);
        stage.contact("from@x", Subscription::From);
        // The first contact leaves while the presence is on its way to the others.
        stage.host.onRoute = [&] {
            stage.comes("<presence from='both@x' to='romeo@montague.lit' type='unsubscribe'></presence>");
        };
        stage.sends("orchard", "<presence></presence>");
        HAPPENS(stage, "orchard is available, priority 0", "orchard: " + presence("orchard", self),
                "-> " + presence("orchard", "both@x"), "-> " + presence("orchard", "from@x"),
                probe("orchard", "both@x"), "-> " + presence("orchard", "both@x", " type='unavailable'></presence>"));
    }

    // Without an account ----------------------------------------------------------------------------------------------

    void anonymous()
    {
        Stage stage(AccountKind::Anonymous);
        stage.sends("orchard", "<presence></presence>");
        HAPPENS(stage, "orchard is available, priority 0", "orchard: " + presence("orchard", self));
        stage.sends("orchard", "<presence to='room@muc/romeo'></presence>");
        HAPPENS(stage, "-> " + presence("orchard", "room@muc/romeo"));
        stage.comes("<presence from='room@muc/juliet' to='romeo@montague.lit'></presence>");
        HAPPENS(stage, "orchard: <presence from='room@muc/juliet' to='romeo@montague.lit'></presence>");
        stage.ends("orchard");
        HAPPENS(stage, "-> " + presence("orchard", "room@muc/romeo", " type='unavailable'></presence>"), "idle");
        QCOMPARE(stage.store.loads, 0);
    }
};

GODWIT_TEST(TstPresence);
#include "tst_presence.moc"
