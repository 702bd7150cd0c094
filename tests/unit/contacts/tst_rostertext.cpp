// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"
#include "contacts/RosterText.h"

#include <QTest>

using namespace godwit::contacts;
using godwit::jid::Jid;
namespace xml = godwit::xml;

namespace
{

const char *const nobody = "<query xmlns='jabber:iq:roster'/>";

/// "put nurse@x name [group][group]", "remove nurse@x", "error 3".
QByteArray readOf(const QByteArray &query, const ContactsLimits &limits)
{
    xml::Document document;
    if (!xml::parseDocument(query.toStdString(), "jabber:client", document)) {
        return "not well-formed";
    }
    const auto read = readRosterSet(document.root(), Jid::fromPrepared("romeo@montague.lit"), limits);
    if (const auto *put = std::get_if<RosterPut>(&read)) {
        QByteArray words = "put " + QByteArray::fromStdString(put->jid) + " " + QByteArray::fromStdString(put->name);
        for (const std::string &group : put->groups) {
            words += "[" + QByteArray::fromStdString(group) + "]";
        }
        return words;
    }
    if (const auto *removal = std::get_if<RosterRemoval>(&read)) {
        return "remove " + QByteArray::fromStdString(removal->jid);
    }
    switch (*std::get_if<Condition>(&read)) {
    case Condition::BadRequest:
        return "bad-request";
    case Condition::JidMalformed:
        return "jid-malformed";
    case Condition::NotAcceptable:
        return "not-acceptable";
    case Condition::NotAllowed:
        return "not-allowed";
    default:
        return "another error";
    }
}

QByteArray query(const QByteArray &inside)
{
    return "<query xmlns='jabber:iq:roster'>" + inside + "</query>";
}

} // namespace

class TstRosterText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("asked");
        QTest::addColumn<QByteArray>("read");
        QTest::newRow("an item") << query("<item jid='nurse@x' name='Nurse'><group>Servants</group></item>")
                                 << QByteArray("put nurse@x Nurse[Servants]");
        QTest::newRow("no name, no group") << query("<item jid='nurse@x'/>") << QByteArray("put nurse@x ");
        QTest::newRow("two groups") << query("<item jid='n@x'><group>a</group><group>b</group></item>")
                                    << QByteArray("put n@x [a][b]");
        QTest::newRow("a domain") << query("<item jid='gateway.x'/>") << QByteArray("put gateway.x ");
        QTest::newRow("the JID is prepared") << query("<item jid='NURSE@X'/>") << QByteArray("put nurse@x ");
        QTest::newRow("the server's attributes are ignored (2.1.2)")
            << query("<item jid='n@x' subscription='both' ask='subscribe' approved='true'/>") << QByteArray("put n@x ");
        QTest::newRow("removal") << query("<item jid='n@x' subscription='remove'/>") << QByteArray("remove n@x");
        QTest::newRow("removal with a name too long is still one")
            << query("<item jid='n@x' subscription='remove' name='" + QByteArray(11, 'n') + "'/>")
            << QByteArray("remove n@x");
        QTest::newRow("no item") << QByteArray(nobody) << QByteArray("bad-request");
        QTest::newRow("two items") << query("<item jid='a@x'/><item jid='b@x'/>") << QByteArray("bad-request");
        QTest::newRow("no JID") << query("<item name='n'/>") << QByteArray("bad-request");
        QTest::newRow("a full JID") << query("<item jid='a@x/y'/>") << QByteArray("bad-request");
        QTest::newRow("no JID at all") << query("<item jid='@x'/>") << QByteArray("jid-malformed");
        QTest::newRow("the own JID") << query("<item jid='romeo@montague.lit'/>") << QByteArray("not-allowed");
        QTest::newRow("another element") << QByteArray("<quarry xmlns='jabber:iq:roster'><item jid='a@x'/></quarry>")
                                         << QByteArray("bad-request");
        QTest::newRow("name at the limit")
            << query("<item jid='a@x' name='" + QByteArray(10, 'n') + "'/>") << QByteArray("put a@x nnnnnnnnnn");
        QTest::newRow("name too long") << query("<item jid='a@x' name='" + QByteArray(11, 'n') + "'/>")
                                       << QByteArray("not-acceptable");
        QTest::newRow("group too long") << query("<item jid='a@x'><group>12345678901</group></item>")
                                        << QByteArray("not-acceptable");
        QTest::newRow("group without a name")
            << query("<item jid='a@x'><group/></item>") << QByteArray("not-acceptable");
        QTest::newRow("a group twice") << query("<item jid='a@x'><group>a</group><group>a</group></item>")
                                       << QByteArray("bad-request");
        QTest::newRow("too many groups")
            << query("<item jid='a@x'><group>a</group><group>b</group><group>c</group></item>")
            << QByteArray("not-acceptable");
    }

    void reads()
    {
        QFETCH(QByteArray, asked);
        QFETCH(QByteArray, read);
        ContactsLimits limits;
        limits.nameBytesMax = 10;
        limits.groupBytesMax = 10;
        limits.groupsMax = 2;
        QCOMPARE(readOf(asked, limits), read);
    }

    void writesAnItem()
    {
        godwit::accounts::RosterItem item;
        item.jid = "nurse@x";
        item.name = "Angelica & <Co>";
        item.groups = {"Servants", "\"Old\""};
        item.ask = true;
        item.approved = true;
        item.subscription = godwit::accounts::Subscription::From;
        QCOMPARE(rosterPush({7, item.jid, &item}, "romeo@x/a'b", Versioning::On),
                 std::string("<iq to='romeo@x/a&apos;b' id='push7' type='set'><query xmlns='jabber:iq:roster' ver='7'>"
                             "<item jid='nurse@x' name='Angelica &amp; &lt;Co&gt;' subscription='from' ask='subscribe' "
                             "approved='true'><group>Servants</group><group>\"Old\"</group></item></query></iq>"));
    }

    void writesARemovalWithoutVersion()
    {
        QCOMPARE(rosterPush({7, "nurse@x", nullptr}, "romeo@x/a", Versioning::Off),
                 std::string("<iq to='romeo@x/a' id='push7' type='set'><query xmlns='jabber:iq:roster'>"
                             "<item jid='nurse@x' subscription='remove'/></query></iq>"));
    }
};

GODWIT_TEST(TstRosterText);
#include "tst_rostertext.moc"
