// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "session/OwnPresence.h"

#include <QTest>

using godwit::session::OwnPresence;

class TstOwnPresence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void arrived();
    void lostWithTheConnection();
    void saidAgainByTheResumption();
    void countsWrap();
    void everyStreamAnew();

private:
    /// Three stanzas, the last of them is the presence.
    static OwnPresence said()
    {
        OwnPresence presence;
        presence.began();
        presence.wrote(false);
        presence.wrote(false);
        presence.wrote(true);
        return presence;
    }
};

void TstOwnPresence::arrived()
{
    OwnPresence presence = said();
    QVERIFY(!presence.isMissing());
    presence.resumed(3);
    QVERIFY(!presence.isMissing());
    // Nothing that comes later makes it unsaid.
    presence.wrote(false);
    presence.resumed(3);
    QVERIFY(!presence.isMissing());

    OwnPresence acknowledged = said();
    acknowledged.acknowledged(5);
    acknowledged.resumed(5);
    QVERIFY(!acknowledged.isMissing());
}

void TstOwnPresence::lostWithTheConnection()
{
    OwnPresence presence = said();
    presence.acknowledged(2);
    presence.resumed(2);
    QVERIFY(presence.isMissing());
    presence.wrote(true);
    QVERIFY(!presence.isMissing());
    presence.resumed(2);
    QVERIFY(presence.isMissing());
    presence.wrote(false);
    presence.wrote(true);
    presence.resumed(4);
    QVERIFY(!presence.isMissing());
}

/// QXmpp writes again what it takes for lost before anybody hears that the stream goes on.
void TstOwnPresence::saidAgainByTheResumption()
{
    OwnPresence presence = said();
    presence.resumed(1);
    presence.wrote(false);
    presence.wrote(true);
    QVERIFY(!presence.isMissing());
    presence.acknowledged(3);
    presence.resumed(3);
    QVERIFY(!presence.isMissing());
}

void TstOwnPresence::countsWrap()
{
    OwnPresence presence;
    presence.resumed(0xFFFF'FFFEu);
    presence.wrote(false);
    presence.wrote(true);
    presence.acknowledged(0xFFFF'FFFFu);
    OwnPresence lost = presence;
    lost.resumed(0xFFFF'FFFFu);
    QVERIFY(lost.isMissing());
    presence.resumed(0);
    QVERIFY(!presence.isMissing());
}

void TstOwnPresence::everyStreamAnew()
{
    OwnPresence presence = said();
    presence.acknowledged(3);
    presence.began();
    QVERIFY(presence.isMissing());
}

GODWIT_TEST(TstOwnPresence);
#include "tst_ownpresence.moc"
