// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "ModuleStage.h"
#include "modules/BuiltIn.h"

#include <QTest>

using namespace godwit;
using namespace godwit::modules;
using modules::test::FakePort;
using modules::test::ModuleStage;

namespace
{

std::string request(const std::string &name, const std::vector<std::string> &addresses)
{
    std::string payload = "<" + name + " xmlns='urn:xmpp:blocking'>";
    for (const std::string &address : addresses) {
        payload += "<item jid='" + address + "'></item>";
    }
    return payload + "</" + name + ">";
}

bool has(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class TstBlocking : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// XEP-0191 §6 "JID Matching", and the account itself, which is never blocked.
    void matches_data()
    {
        QTest::addColumn<QString>("blocked");
        QTest::addColumn<QString>("from");
        QTest::addColumn<bool>("wanted");
        const auto row = [](const char *name, const char *blocked, const char *from, bool wanted) {
            QTest::newRow(name) << QString::fromLatin1(blocked) << QString::fromLatin1(from) << wanted;
        };
        row("user@domain/resource: that resource", "b@x/one", "b@x/one", true);
        row("user@domain/resource: another resource", "b@x/one", "b@x/two", false);
        row("user@domain/resource: the bare address", "b@x/one", "b@x", false);
        row("user@domain: any resource", "b@x", "b@x/one", true);
        row("user@domain: the bare address", "b@x", "b@x", true);
        row("user@domain: another user", "b@x", "c@x/one", false);
        row("user@domain: the domain", "b@x", "x", false);
        row("domain/resource: that resource", "x/one", "x/one", true);
        row("domain/resource: another resource", "x/one", "x/two", false);
        row("domain: itself", "x", "x", true);
        row("domain: a user", "x", "b@x/one", true);
        row("domain: its resource", "x", "x/one", true);
        row("domain: another domain", "x", "b@y.x", false);
        row("the own domain: another user", "example.org", "b@example.org/one", true);
        row("the own domain: another session", "example.org", "anna@example.org/one", false);
        row("the own domain: the server", "example.org", "example.org", false);
        row("the own address", "anna@example.org", "anna@example.org/one", false);
    }
    void matches()
    {
        QFETCH(QString, blocked);
        QFETCH(QString, from);
        QFETCH(bool, wanted);
        ModuleStage stage(makeBlocking());
        FakePort &session = stage.session("a");
        QVERIFY(has(stage.ask(session, "set", request("block", {blocked.toStdString()})), "type='result'"));
        const std::string message = "<message from='" + from.toStdString() + "' type='chat'></message>";
        QCOMPARE(stage.incoming(message) == Verdict::Refuse, wanted);
        const std::string back = "<message to='" + from.toStdString() + "' type='chat'></message>";
        QCOMPARE(stage.outgoing(back) == Verdict::Refuse, wanted);
    }

    void eachKindOfStanza()
    {
        ModuleStage stage(makeBlocking());
        stage.ask(stage.session("a"), "set", request("block", {"b@x"}));
        std::string refusal;
        QVERIFY(stage.incoming("<presence from='b@x/one' type='subscribe'></presence>") == Verdict::Handled);
        QVERIFY(stage.incoming("<iq from='b@x/one' type='get' id='1'><q xmlns='a'></q></iq>", &refusal) ==
                Verdict::Refuse);
        QVERIFY(has(refusal, "<service-unavailable"));
        QVERIFY(stage.outgoing("<presence to='b@x'></presence>", &refusal) == Verdict::Refuse);
        QVERIFY(has(refusal, "<not-acceptable"));
        QVERIFY(has(refusal, "<blocked xmlns='urn:xmpp:blocking:errors'/>"));
    }

    void theListIsLoadedAgain()
    {
        ModuleStage stage(makeBlocking());
        stage.ask(stage.session("a"), "set", request("block", {"b@x", "y"}));
        stage.forget();
        const std::string message = "<message from='b@x/one'></message>";
        QVERIFY(stage.incoming(message) == Verdict::Continue);
        QVERIFY(stage.load().ok());
        QVERIFY(stage.incoming(message) == Verdict::Refuse);
        QVERIFY(stage.incoming("<message from='c@y'></message>") == Verdict::Refuse);
    }

    void onlyWhoAskedForTheListHearsOfChanges()
    {
        ModuleStage stage(makeBlocking());
        FakePort &asked = stage.session("asked");
        FakePort &other = stage.session("other");
        stage.ask(asked, "get", "<blocklist xmlns='urn:xmpp:blocking'></blocklist>");
        stage.ask(other, "set", request("block", {"b@x"}));
        QCOMPARE(asked.written.size(), std::size_t{1});
        QVERIFY(has(asked.written[0], "<block xmlns='urn:xmpp:blocking'><item jid='b@x'/></block>"));
        QCOMPARE(other.written.size(), std::size_t{0});
        stage.ask(other, "set", request("unblock", {}));
        QVERIFY(has(asked.written[1], "<unblock xmlns='urn:xmpp:blocking'/>"));
        stage.hooks.sessionEnded(asked);
        stage.ask(other, "set", request("block", {"c@x"}));
        QCOMPARE(asked.written.size(), std::size_t{2});
    }

    void presenceHidesFromThoseWhoAreNewlyBlocked()
    {
        ModuleStage stage(makeBlocking());
        stage.probes = {"b@x", "c@x", "d@y"};
        FakePort &session = stage.session("a");
        stage.ask(session, "set", request("block", {"b@x"}));
        stage.ask(session, "set", request("block", {"x"}));
        stage.ask(session, "set", request("unblock", {"x"}));
        stage.ask(session, "set", request("unblock", {}));
        QCOMPARE(stage.shown, (std::vector<std::string>{"hide b@x", "hide c@x", "show c@x", "show b@x"}));
    }

    void changesThatComeTogetherAreAllMade()
    {
        ModuleStage stage(makeBlocking());
        FakePort &session = stage.session("a");
        int answered = 0;
        for (const char *address : {"b@x", "c@x"}) {
            const base::Result<xml::Stanza> iq =
                xml::parseStanza("<iq from='anna@example.org/a' to='anna@example.org' id='1' type='set'>" +
                                 request("block", {address}) + "</iq>");
            IqReply reply(*iq, [&answered](const std::string &bytes) { answered += has(bytes, "type='result'"); });
            stage.hooks.dispatchIq({*iq, IqTarget::Account, iq->to, true, &session}, reply);
        }
        // Between them the account is not forgotten, whose list the second one is added to.
        QCOMPARE(stage.holds, 1);
        stage.settle();
        QCOMPARE(stage.holds, 0);
        QCOMPARE(answered, 2);
        const std::string list = stage.ask(session, "get", "<blocklist xmlns='urn:xmpp:blocking'></blocklist>");
        QVERIFY(has(list, "<item jid='b@x'/><item jid='c@x'/>"));
    }

    void theRouterHearsThatNothingWaitsAnyMore()
    {
        ModuleStage stage(makeBlocking());
        FakePort &session = stage.session("a");
        stage.ask(session, "set", request("block", {"b@x", "c@x", "d@x/one"}));
        QCOMPARE(stage.dropped, 2);
        stage.ask(session, "set", request("unblock", {}));
        QCOMPARE(stage.dropped, 2);
    }

    void tooManyAreRefused()
    {
        ModuleStage stage(makeBlocking(), {{"max", "2"}});
        FakePort &session = stage.session("a");
        QVERIFY(has(stage.ask(session, "set", request("block", {"b@x", "c@x"})), "type='result'"));
        QVERIFY(has(stage.ask(session, "set", request("block", {"d@x"})), "<resource-constraint"));
        QVERIFY(stage.incoming("<message from='d@x'></message>") == Verdict::Continue);
        QVERIFY(has(stage.ask(session, "set", request("block", {"b@x"})), "type='result'"));
    }
};

GODWIT_TEST(TstBlocking);
#include "tst_blocking.moc"
