// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"
#include "contacts/Contacts.h"

#include <QTest>

using namespace godwit::contacts;

class TstOwnSessions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anIdleSessionIsSmall()
    {
        // One account with one session: the object, the list's node (two links and the record), and two allocations'
        // worth of text beyond what fits in place (a JID and a resource).
        const std::size_t node = sizeof(OwnSession) + 2 * sizeof(void *);
        QVERIFY2(sizeof(Contacts) + node <= 400, std::to_string(sizeof(Contacts) + node).c_str());
    }

    void aRecordStaysWhereItIs()
    {
        OwnSessions sessions;
        OwnSession *first = &sessions.obtain(SessionKey(1), "orchard");
        for (std::uint64_t i = 2; i < 100; ++i) {
            sessions.obtain(SessionKey(i), "other");
        }
        QCOMPARE(&sessions.obtain(SessionKey(1), "orchard"), first);
        QCOMPARE(sessions.find(SessionKey(1)), first);
        sessions.remove(SessionKey(50));
        QVERIFY(!sessions.find(SessionKey(50)));
        QCOMPARE(sessions.find(SessionKey(1)), first);
    }

    void directedPresenceIsRememberedOnce()
    {
        OwnSession session;
        QVERIFY(!session.sentDirectedTo("a@b"));
        QVERIFY(session.addDirected("b@b", 2));
        QVERIFY(session.addDirected("a@b", 2));
        QVERIFY(session.addDirected("a@b", 2));
        QVERIFY(!session.addDirected("c@b", 2));
        QCOMPARE(session.directed->size(), std::size_t(2));
        QVERIFY(session.sentDirectedTo("a@b"));
        session.removeDirected("a@b");
        session.removeDirected("nobody@b");
        QVERIFY(!session.sentDirectedTo("a@b"));
        session.removeDirected("b@b");
        QVERIFY2(!session.directed, "an empty set costs nothing");
    }
};

GODWIT_TEST(TstOwnSessions);
#include "tst_ownsessions.moc"
