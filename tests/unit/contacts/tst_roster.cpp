// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Plays about the roster (RFC 6121 §2).

#include "Stage.h"
#include "UnitTest.h"

#include <QTest>

using namespace godwit::contacts;
using namespace godwit::contacts::test;
using godwit::accounts::Subscription;
using godwit::base::ErrorCode;

namespace
{

std::string get(const std::string &version = "-")
{
    return "<iq id='g' type='get'><query xmlns='jabber:iq:roster'" +
           (version == "-" ? std::string() : " ver='" + version + "'") + "/></iq>";
}

std::string set(const std::string &item)
{
    return "<iq id='s' type='set'><query xmlns='jabber:iq:roster'>" + item + "</query></iq>";
}

/// The line of a push to a resource.
std::string push(const std::string &resource, const std::string &version, const std::string &item)
{
    return resource + ": <iq to='romeo@montague.lit/" + resource + "' id='push" + version +
           "' type='set'><query xmlns='jabber:iq:roster'>" + item + "</query></iq>";
}

std::string versionedPush(const std::string &resource, const std::string &version, const std::string &item)
{
    return resource + ": <iq to='romeo@montague.lit/" + resource + "' id='push" + version +
           "' type='set'><query xmlns='jabber:iq:roster' ver='" + version + "'>" + item + "</query></iq>";
}

std::string result(const std::string &resource, const std::string &id, const std::string &payload = {})
{
    return resource + ": <iq to='romeo@montague.lit/" + resource + "' id='" + id + "' type='result'>" + payload +
           "</iq>";
}

std::string refused(const std::string &resource, const std::string &type, const std::string &condition)
{
    return resource + ": <iq to='romeo@montague.lit/" + resource + "' id='s' type='error'><error type='" + type +
           "'><" + condition + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
}

} // namespace

class TstRoster : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEmptyRoster()
    {
        Stage stage;
        stage.sends("orchard", get());
        HAPPENS(stage, result("orchard", "g", "<query xmlns='jabber:iq:roster'/>"));
    }

    void theWholeRosterInOrder()
    {
        Stage stage;
        stage.contact("nurse@capulet.lit", Subscription::From);
        stage.contact("juliet@capulet.lit", Subscription::Both);
        stage.store.item("juliet@capulet.lit")->groups = {"Friends"};
        stage.contact("tybalt@capulet.lit", Subscription::None);
        stage.store.item("tybalt@capulet.lit")->listed = false; // only asked
        stage.sends("orchard", get());
        HAPPENS(stage, result("orchard", "g",
                              "<query xmlns='jabber:iq:roster'><item jid='juliet@capulet.lit' subscription='both'>"
                              "<group>Friends</group></item>"
                              "<item jid='nurse@capulet.lit' subscription='from'/></query>"));
    }

    void aNewItemGoesToInterestedSessionsThenTheResult()
    {
        Stage stage;
        stage.interested("orchard");
        stage.interested("garden");
        stage.available("street"); // never asked for the roster
        stage.sends("orchard", set("<item jid='nurse@capulet.lit' name='Nurse'><group>Servants</group></item>"));
        const std::string item = "<item jid='nurse@capulet.lit' name='Nurse' subscription='none'>"
                                 "<group>Servants</group></item>";
        HAPPENS(stage, push("orchard", "1", item), push("garden", "1", item), result("orchard", "s"));
        QCOMPARE(stage.store.item("nurse@capulet.lit")->name, std::string("Nurse"));
    }

    void nothingIsSaidBeforeItIsDurable()
    {
        Stage stage;
        stage.interested("orchard");
        stage.store.slow = true;
        stage.sends("orchard", set("<item jid='nurse@capulet.lit'/>"));
        stage.sends("orchard", set("<item jid='tybalt@capulet.lit'/>"));
        stage.sends("orchard", get());
        HAPPENS(stage);
        QCOMPARE(stage.store.waiting(), std::size_t(1));
        QVERIFY(stage.store.answer());
        HAPPENS(stage, push("orchard", "1", "<item jid='nurse@capulet.lit' subscription='none'/>"),
                result("orchard", "s"));
        QVERIFY(stage.store.answer());
        HAPPENS(stage, push("orchard", "2", "<item jid='tybalt@capulet.lit' subscription='none'/>"),
                result("orchard", "s"),
                result("orchard", "g",
                       "<query xmlns='jabber:iq:roster'><item jid='nurse@capulet.lit' subscription='none'/>"
                       "<item jid='tybalt@capulet.lit' subscription='none'/></query>"));
    }

    void anUpdateKeepsWhatIsTheServers()
    {
        Stage stage;
        stage.contact("juliet@capulet.lit", Subscription::Both);
        stage.store.item("juliet@capulet.lit")->name = "J";
        stage.interested("orchard");
        stage.sends("orchard", set("<item jid='juliet@capulet.lit' subscription='none'><group>Love</group></item>"));
        HAPPENS(stage,
                push("orchard", "2", "<item jid='juliet@capulet.lit' subscription='both'><group>Love</group></item>"),
                result("orchard", "s"));
    }

    void errors_data()
    {
        QTest::addColumn<QByteArray>("item");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("condition");
        QTest::newRow("2.3.3 two items") << QByteArray("<item jid='a@x'/><item jid='b@x'/>") << QByteArray("modify")
                                         << QByteArray("bad-request");
        QTest::newRow("2.3.3 a group twice") << QByteArray("<item jid='a@x'><group>a</group><group>a</group></item>")
                                             << QByteArray("modify") << QByteArray("bad-request");
        QTest::newRow("2.3.3 a group without name")
            << QByteArray("<item jid='a@x'><group/></item>") << QByteArray("modify") << QByteArray("not-acceptable");
        QTest::newRow("2.3.3 name too long") << QByteArray("<item jid='a@x' name='" + QByteArray(1024, 'n') + "'/>")
                                             << QByteArray("modify") << QByteArray("not-acceptable");
        QTest::newRow("the own JID") << QByteArray("<item jid='romeo@montague.lit'/>") << QByteArray("cancel")
                                     << QByteArray("not-allowed");
        QTest::newRow("2.5.3 removal of nobody") << QByteArray("<item jid='a@x' subscription='remove'/>")
                                                 << QByteArray("cancel") << QByteArray("item-not-found");
    }

    void errors()
    {
        QFETCH(QByteArray, item);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, condition);
        Stage stage;
        stage.interested("orchard");
        stage.sends("orchard", set(item.toStdString()));
        HAPPENS(stage, refused("orchard", type.toStdString(), condition.toStdString()));
        QCOMPARE(stage.store.writes, 0);
    }

    void anotherElementInTheNamespace()
    {
        Stage stage;
        stage.sends("orchard", "<iq id='s' type='get'><remember xmlns='jabber:iq:roster'/></iq>");
        HAPPENS(stage, refused("orchard", "modify", "bad-request"));
    }

    void aForeignRequestIsForbidden()
    {
        Stage stage;
        auto iq = godwit::xml::parseStanza("<iq from='tybalt@capulet.lit/x' to='romeo@montague.lit' id='1' type='get'>"
                                           "<query xmlns='jabber:iq:roster'/></iq>");
        QVERIFY(iq.ok());
        stage.contacts->onForeignRosterIq(std::move(iq).value());
        HAPPENS(stage, "-> <iq from='romeo@montague.lit' to='tybalt@capulet.lit/x' id='1' type='error'>"
                       "<error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        QCOMPARE(stage.store.loads, 0);
    }

    void aFullRosterTakesNoMore()
    {
        Stage stage;
        stage.limits.itemsMax = 1;
        stage.interested("orchard");
        stage.sends("orchard", set("<item jid='a@x'/>"));
        stage.forget();
        stage.sends("orchard", set("<item jid='b@x'/>"));
        HAPPENS(stage, refused("orchard", "wait", "resource-constraint"));
        stage.sends("orchard", "<presence to='c@x' id='p' type='subscribe'></presence>");
        HAPPENS(stage, "orchard: <presence from='c@x' to='romeo@montague.lit/orchard' id='p' type='error'>"
                       "<error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
                       "</presence>");
        stage.sends("orchard", set("<item jid='a@x' name='still'/>"));
        HAPPENS(stage, push("orchard", "2", "<item jid='a@x' name='still' subscription='none'/>"),
                result("orchard", "s"));
    }

    void aFailedWriteChangesNothing()
    {
        Stage stage;
        stage.interested("orchard");
        stage.store.failures = {ErrorCode::ResourceFull, ErrorCode::Corrupt};
        stage.sends("orchard", set("<item jid='a@x'/>"));
        HAPPENS(stage, refused("orchard", "wait", "resource-constraint"));
        stage.sends("orchard", set("<item jid='a@x'/>"));
        HAPPENS(stage, refused("orchard", "wait", "internal-server-error"));
        stage.sends("orchard", get());
        HAPPENS(stage, result("orchard", "g", "<query xmlns='jabber:iq:roster'/>"));
    }

    void aRosterThatCannotBeReadIsAskedForAgain()
    {
        Stage stage;
        stage.store.failures = {ErrorCode::Unavailable};
        stage.store.slow = true;
        stage.sends("orchard", set("<item jid='a@x'/>"));
        stage.sends("orchard", set("<item jid='b@x'/>"));
        stage.comes("<presence from='juliet@capulet.lit/b' to='romeo@montague.lit' type='subscribe'></presence>");
        QVERIFY(stage.store.answer());
        HAPPENS(stage, refused("orchard", "wait", "resource-constraint"),
                refused("orchard", "wait", "resource-constraint"),
                "-> <presence from='romeo@montague.lit' to='juliet@capulet.lit/b' type='error'><error type='wait'>"
                "<resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");
        QCOMPARE(stage.store.loads, 1);
        stage.store.slow = false;
        stage.sends("orchard", get());
        HAPPENS(stage, result("orchard", "g", "<query xmlns='jabber:iq:roster'/>"));
        QCOMPARE(stage.store.loads, 2);
    }

    void removalEndsSubscriptions_data()
    {
        QTest::addColumn<int>("subscription");
        QTest::addColumn<bool>("ask");
        QTest::addColumn<bool>("asked");
        QTest::addColumn<QByteArray>("sent");
        const auto row = [](const char *name, Subscription subscription, bool ask, bool asked, const char *sent) {
            QTest::newRow(name) << static_cast<int>(subscription) << ask << asked << QByteArray(sent);
        };
        row("none", Subscription::None, false, false, "");
        row("none, asked them", Subscription::None, true, false, "unsubscribe ");
        row("none, they asked", Subscription::None, false, true, "unsubscribed ");
        row("to", Subscription::To, false, false, "unsubscribe ");
        row("to, they asked", Subscription::To, false, true, "unsubscribe unsubscribed ");
        row("from", Subscription::From, false, false, "unsubscribed unavailable ");
        row("from, asked them", Subscription::From, true, false, "unsubscribe unsubscribed unavailable ");
        row("both", Subscription::Both, false, false, "unsubscribe unsubscribed unavailable ");
    }

    void removalEndsSubscriptions()
    {
        QFETCH(int, subscription);
        QFETCH(bool, ask);
        QFETCH(bool, asked);
        QFETCH(QByteArray, sent);
        Stage stage;
        stage.contact("juliet@capulet.lit", static_cast<Subscription>(subscription));
        stage.store.item("juliet@capulet.lit")->ask = ask;
        if (asked) {
            stage.store.item("juliet@capulet.lit")->pendingIn =
                "<presence from='juliet@capulet.lit' to='romeo@montague.lit' type='subscribe'></presence>";
        }
        stage.interested("orchard");
        stage.available("orchard");
        stage.sends("orchard", set("<item jid='juliet@capulet.lit' subscription='remove'/>"));
        Lines lines{push("orchard", "2", "<item jid='juliet@capulet.lit' subscription='remove'/>"),
                    result("orchard", "s")};
        for (const QByteArray &type : sent.split(' ')) {
            if (!type.isEmpty()) {
                lines.push_back("-> <presence from='romeo@montague.lit" +
                                std::string(type == "unavailable" ? "/orchard" : "") +
                                "' to='juliet@capulet.lit' type='" + type.toStdString() + "'></presence>");
            }
        }
        QCOMPARE(QByteArray::fromStdString(text(stage.happened())), QByteArray::fromStdString(text(lines)));
        QVERIFY(!stage.store.item("juliet@capulet.lit"));
        stage.sends("orchard", set("<item jid='juliet@capulet.lit' subscription='remove'/>"));
        HAPPENS(stage, refused("orchard", "cancel", "item-not-found"));
    }

    void aRequestAloneCannotBeRemoved()
    {
        Stage stage;
        stage.interested("orchard");
        stage.comes("<presence from='juliet@capulet.lit' to='romeo@montague.lit' type='subscribe'></presence>");
        stage.sends("orchard", set("<item jid='juliet@capulet.lit' subscription='remove'/>"));
        HAPPENS(stage, refused("orchard", "cancel", "item-not-found"));
    }

    void versions()
    {
        Stage stage;
        stage.contact("a@x", Subscription::None);
        stage.contact("b@x", Subscription::None);
        stage.contact("c@x", Subscription::None);
        stage.sends("orchard", get(""));
        HAPPENS(stage, result("orchard", "g",
                              "<query xmlns='jabber:iq:roster' ver='3'><item jid='a@x' subscription='none'/>"
                              "<item jid='b@x' subscription='none'/><item jid='c@x' subscription='none'/></query>"));
        stage.sends("orchard", set("<item jid='a@x' name='A'/>"));
        stage.sends("orchard", set("<item jid='b@x' subscription='remove'/>"));
        HAPPENS(stage, versionedPush("orchard", "4", "<item jid='a@x' name='A' subscription='none'/>"),
                result("orchard", "s"), versionedPush("orchard", "5", "<item jid='b@x' subscription='remove'/>"),
                result("orchard", "s"));
        // Up to date.
        stage.sends("garden", get("5"));
        HAPPENS(stage, result("garden", "g"));
        // One change behind.
        stage.sends("garden", get("4"));
        HAPPENS(stage, result("garden", "g"), versionedPush("garden", "5", "<item jid='b@x' subscription='remove'/>"));
        // So much behind that everything is shorter.
        const std::string everything = "<query xmlns='jabber:iq:roster' ver='5'><item jid='a@x' name='A' "
                                       "subscription='none'/><item jid='c@x' subscription='none'/></query>";
        stage.sends("garden", get("3"));
        HAPPENS(stage, result("garden", "g", everything));
        stage.sends("garden", get("6"));
        HAPPENS(stage, result("garden", "g", everything));
        stage.sends("garden", get("of another server"));
        HAPPENS(stage, result("garden", "g", everything));
    }

    void versionsSurviveARestart()
    {
        Stage stage;
        for (const char *jid : {"a@x", "b@x", "c@x", "d@x"}) {
            stage.contact(jid, Subscription::None);
        }
        stage.interested("orchard");
        stage.sends("orchard", set("<item jid='b@x' subscription='remove'/>"));
        stage.ends("orchard");
        stage.contacts = std::make_unique<Contacts>(godwit::jid::Jid::fromPrepared("romeo@montague.lit"),
                                                    AccountKind::Regular, stage.store, stage.host, stage.limits);
        stage.forget();
        stage.sends("garden", get("4"));
        HAPPENS(stage, result("garden", "g"), versionedPush("garden", "5", "<item jid='b@x' subscription='remove'/>"));
    }

    void whoAskedWithoutVersionGetsNone()
    {
        Stage stage;
        stage.sends("old", get());
        stage.sends("new", get("1"));
        stage.forget();
        stage.sends("old", set("<item jid='a@x'/>"));
        HAPPENS(stage, push("old", "1", "<item jid='a@x' subscription='none'/>"),
                versionedPush("new", "1", "<item jid='a@x' subscription='none'/>"), result("old", "s"));
    }

    void aRequestIsNoNewVersion()
    {
        Stage stage;
        stage.contact("a@x", Subscription::None);
        stage.interested("orchard");
        stage.comes("<presence from='juliet@capulet.lit' to='romeo@montague.lit' type='subscribe'></presence>");
        stage.sends("garden", get("1"));
        HAPPENS(stage, result("garden", "g"));
    }

    void aSessionThatEndedMeanwhileGetsNothing()
    {
        Stage stage;
        stage.interested("orchard");
        stage.interested("garden");
        stage.store.slow = true;
        stage.sends("orchard", set("<item jid='a@x'/>"));
        stage.ends("orchard");
        QVERIFY(stage.store.answer());
        HAPPENS(stage, push("garden", "1", "<item jid='a@x' subscription='none'/>"));
        QVERIFY(stage.store.item("a@x"));
    }

    void anAnswerAfterTheEndIsIgnored()
    {
        Stage stage;
        stage.store.slow = true;
        stage.sends("orchard", get());
        stage.contacts.reset();
        QVERIFY(stage.store.answer());
        HAPPENS(stage);
    }

    void tooMuchAtOnceIsRefused()
    {
        Stage stage;
        stage.limits.waitingStepsMax = 2;
        stage.store.slow = true;
        for (int i = 0; i < 2; ++i) {
            stage.sends("orchard", set("<item jid='a@x'/>"));
        }
        HAPPENS(stage);
        stage.sends("orchard", set("<item jid='a@x'/>"));
        HAPPENS(stage, refused("orchard", "wait", "resource-constraint"));
    }

    void anonymous()
    {
        Stage stage(AccountKind::Anonymous);
        stage.sends("orchard", get());
        HAPPENS(stage, result("orchard", "g", "<query xmlns='jabber:iq:roster'/>"));
        stage.sends("orchard", set("<item jid='a@x'/>"));
        HAPPENS(stage, refused("orchard", "cancel", "not-allowed"));
        QCOMPARE(stage.store.loads + stage.store.writes, 0);
    }

    void becomesIdle()
    {
        Stage stage;
        stage.store.slow = true;
        stage.sends("orchard", get());
        stage.ends("orchard");
        QVERIFY(!stage.contacts->idle());
        QVERIFY(stage.store.answer());
        HAPPENS(stage, "idle");
        QVERIFY(stage.contacts->idle());
    }
};

GODWIT_TEST(TstRoster);
#include "tst_roster.moc"
