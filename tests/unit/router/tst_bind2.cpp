// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What a binding of XEP-0386 asks of the router.

#include "UnitTest.h"

#include "RouterStage.h"

#include <QTest>

using namespace godwit;
using test::Peer;
using test::ReadGate;
using test::RouterStage;

namespace
{

std::string message(const std::string &id)
{
    return "<message to='ben@example.org' type='chat' id='" + id + "'><body>" + id + "</body></message>";
}

std::string idOf(const std::string &metadata, const std::string &end)
{
    const std::string begin = "<" + end + " id='";
    const std::size_t from = metadata.find(begin);
    return from == std::string::npos ? std::string()
                                     : metadata.substr(from, metadata.find("' ", from) - from).substr(begin.size());
}

/// Anna, who writes to Ben, and Ben's archive, which is asked for its ends.
struct Asked {
    RouterStage stage;
    Peer &anna;
    std::optional<std::string> told;

    Asked()
        : anna(stage.login("anna", "desk"))
    {
        anna.send(message("m1"));
        stage.settle();
        stage.reads().set(ReadGate::Reads::Wait);
        stage.router().tellArchiveEnds(jid::Jid::parse("ben@example.org").value(),
                                       [this](std::string metadata) { told = std::move(metadata); });
        stage.settle();
    }
    void write(const std::string &id)
    {
        anna.send(message(id));
        stage.settle();
    }
    void answer(ReadGate::Reads how = ReadGate::Reads::Pass)
    {
        QCOMPARE(stage.reads().waiting(), std::size_t(1));
        stage.reads().release(how);
        stage.settle();
    }
};

} // namespace

class TstBind2 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsTheEndsOfTheArchive()
    {
        Asked asked;
        QVERIFY(!asked.told);
        asked.answer();
        QVERIFY(asked.told.has_value());
        QVERIFY2(!idOf(*asked.told, "end").empty(), asked.told->c_str());
        QCOMPARE(idOf(*asked.told, "start"), idOf(*asked.told, "end"));
    }

    void theyAreThoseOfTheMoment()
    {
        // A message came after the store looked: who binds now would neither get it live nor know of it.
        Asked asked;
        asked.write("m2");
        asked.answer();
        QVERIFY(!asked.told);
        asked.answer();
        QVERIFY(asked.told.has_value());
        QVERIFY(idOf(*asked.told, "start") != idOf(*asked.told, "end"));
    }

    void aBusyAccountIsNotAskedForEver()
    {
        Asked asked;
        for (const char *id : {"m2", "m3", "m4"}) {
            QVERIFY(!asked.told);
            asked.write(id);
            asked.answer();
        }
        QVERIFY(asked.told.has_value());
        QCOMPARE(*asked.told, std::string());
    }

    void anArchiveThatCannotBeReadTellsNothing()
    {
        Asked asked;
        asked.answer(ReadGate::Reads::Fail);
        QVERIFY(asked.told.has_value());
        QCOMPARE(*asked.told, std::string());
    }

    void aClientHasOneSession()
    {
        RouterStage stage;
        Peer &phone = stage.login("anna", "phone");
        Peer &desk = stage.login("anna", "desk");
        Peer &other = stage.login("ben", "phone");
        // The stage names devices like resources.
        stage.router().replaceDevice(*desk.session, "desk");
        QVERIFY(!desk.ended && !phone.ended);
        stage.router().replaceDevice(*desk.session, "phone");
        QVERIFY(!desk.ended && phone.ended && !other.ended);
    }
};

GODWIT_TEST(TstBind2);
#include "tst_bind2.moc"
