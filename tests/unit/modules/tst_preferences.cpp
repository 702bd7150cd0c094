// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "ModuleStage.h"
#include "modules/BuiltIn.h"

#include <QTest>

using namespace godwit;
using namespace godwit::modules;
using modules::test::ModuleStage;

/// What XEP-0441 says is archived; DELIVERY.md rule 1 keeps the rest until it is proved.
class TstPreferences : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void archives_data()
    {
        QTest::addColumn<QString>("prefs");
        QTest::addColumn<bool>("friendly"); ///< b@x/one, who is in the roster
        QTest::addColumn<bool>("stranger"); ///< c@y/one, who is not
        const auto row = [](const char *name, const char *prefs, bool friendly, bool stranger) {
            QTest::newRow(name) << QString::fromLatin1(prefs) << friendly << stranger;
        };
        row("always", "default='always'></prefs>", true, true);
        row("never", "default='never'></prefs>", false, false);
        row("roster", "default='roster'></prefs>", true, false);
        row("always but one", "default='always'><never><jid>b@x</jid></never></prefs>", false, true);
        row("never but one", "default='never'><always><jid>c@y</jid></always></prefs>", false, true);
        row("roster and one", "default='roster'><always><jid>c@y</jid></always></prefs>", true, true);
        row("roster but one", "default='roster'><never><jid>b@x</jid></never></prefs>", false, false);
        row("this resource", "default='never'><always><jid>b@x/one</jid></always></prefs>", true, false);
        row("another resource", "default='never'><always><jid>b@x/two</jid></always></prefs>", false, false);
        row("in both lists",
            "default='always'><always><jid>b@x</jid></always><never><jid>b@x/one</jid></never></prefs>", false, true);
    }
    void archives()
    {
        QFETCH(QString, prefs);
        QFETCH(bool, friendly);
        QFETCH(bool, stranger);
        ModuleStage stage(makeArchive());
        accounts::RosterItem item;
        item.jid = "b@x";
        stage.store().putRosterItem(ModuleStage::account, item, [](const base::Result<base::Ok> &) {});
        stage.settle();
        const std::string answer =
            stage.ask(stage.session("a"), "set", "<prefs xmlns='urn:xmpp:mam:2' " + prefs.toStdString());
        QVERIFY2(answer.find("type='result'") != std::string::npos, answer.c_str());
        for (int round = 0; round < 2; ++round) {
            QCOMPARE(stage.archivesSent("b@x/one"), friendly);
            QCOMPARE(stage.archivesReceived("b@x/one"), friendly);
            QCOMPARE(stage.archivesSent("c@y/one"), stranger);
            QCOMPARE(stage.archivesReceived("c@y/one"), stranger);
            // The same when it is read from the store again.
            stage.forget();
            QVERIFY(stage.archivesSent("b@x/one") && stage.archivesSent("c@y/one"));
            QVERIFY(stage.load().ok());
        }
    }

    void followsTheRoster()
    {
        ModuleStage stage(makeArchive());
        stage.ask(stage.session("a"), "set", "<prefs xmlns='urn:xmpp:mam:2' default='roster'></prefs>");
        QVERIFY(!stage.archivesSent("b@x"));
        stage.hooks.rosterChanged(ModuleStage::account, "b@x", Hooks::Listing::Listed);
        QVERIFY(stage.archivesSent("b@x"));
        stage.hooks.rosterChanged(ModuleStage::account, "b@x", Hooks::Listing::Unlisted);
        QVERIFY(!stage.archivesSent("b@x"));
    }

    void aRemovedAccountWantsNothing()
    {
        ModuleStage stage(makeArchive());
        stage.ask(stage.session("a"), "set", "<prefs xmlns='urn:xmpp:mam:2' default='never'></prefs>");
        stage.hooks.accountRemoved(ModuleStage::account);
        QVERIFY(stage.archivesSent("b@x"));
    }
};

GODWIT_TEST(TstPreferences);
#include "tst_preferences.moc"
