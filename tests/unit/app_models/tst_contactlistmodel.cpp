// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "FakeSession.h"
#include "UnitTest.h"

#include "contacts/Contacts.h"
#include "models/ContactListModel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace godwit;
using cache::Cache;
using models::ContactListModel;

class TstContactListModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requestsThenNamesInOrder();
    void relation_data();
    void relation();
    void subscriptionsGoOut();
    void addresses_data();
    void addresses();
};

void TstContactListModel::requestsThenNamesInOrder()
{
    auto cache = Cache::open(QStringLiteral(":memory:"));
    QVERIFY(cache.ok());
    test::FakeSession session;
    contacts::Contacts contacts(**cache, session);
    ContactListModel model(contacts);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    Q_EMIT session.rosterReceived(
        {{.address = QStringLiteral("z@x"),
          .name = QStringLiteral("Anna"),
          .subscription = QStringLiteral("both"),
          .asked = false},
         {.address = QStringLiteral("b@x"), .name = {}, .subscription = QStringLiteral("both"), .asked = false}});
    Q_EMIT session.subscriptionRequested(QStringLiteral("s@x"));
    Q_EMIT session.subscriptionRequested(QStringLiteral("s@x"));
    QStringList names;
    for (int row = 0; row < model.count(); ++row) {
        names.append(model.index(row).data(ContactListModel::NameRole).toString());
    }
    QCOMPARE(names, QStringList({QStringLiteral("s@x"), QStringLiteral("Anna"), QStringLiteral("b@x")}));
    QCOMPARE(model.requests(), 1);
    // Answered, here or on another device.
    Q_EMIT session.rosterPushed(
        {.address = QStringLiteral("s@x"), .name = {}, .subscription = QStringLiteral("from"), .asked = false});
    QCOMPARE(model.requests(), 0);
    QCOMPARE(model.count(), 3);
    Q_EMIT session.rosterPushed(
        {.address = QStringLiteral("s@x"), .name = {}, .subscription = QStringLiteral("remove"), .asked = false});
    QCOMPARE(model.count(), 2);
}

void TstContactListModel::relation_data()
{
    QTest::addColumn<QString>("subscription");
    QTest::addColumn<bool>("asked");
    QTest::addColumn<int>("relation");
    const auto row = [](const char *name, const char *subscription, bool asked, ContactListModel::Relation relation) {
        QTest::newRow(name) << QString::fromLatin1(subscription) << asked << int(relation);
    };
    using R = ContactListModel::Relation;
    row("none", "none", false, R::None);
    row("none, asked", "none", true, R::WeAsk);
    row("from, asked", "from", true, R::WeAsk);
    row("from", "from", false, R::TheySeeUs);
    row("to", "to", false, R::WeSeeThem);
    row("both", "both", false, R::Mutual);
}

void TstContactListModel::relation()
{
    QFETCH(QString, subscription);
    QFETCH(bool, asked);
    auto cache = Cache::open(QStringLiteral(":memory:"));
    QVERIFY(cache.ok());
    test::FakeSession session;
    contacts::Contacts contacts(**cache, session);
    ContactListModel model(contacts);
    Q_EMIT session.rosterReceived(
        {{.address = QStringLiteral("a@x"), .name = {}, .subscription = subscription, .asked = asked}});
    QTEST(int(model.index(0).data(ContactListModel::RelationRole).value<ContactListModel::Relation>()), "relation");
}

void TstContactListModel::subscriptionsGoOut()
{
    auto cache = Cache::open(QStringLiteral(":memory:"));
    QVERIFY(cache.ok());
    test::FakeSession session;
    contacts::Contacts contacts(**cache, session);
    QList<QByteArray> out;
    connect(&contacts, &contacts::Contacts::subscriptionQueued, this,
            [&](const QString &, const QString &, const QByteArray &stanza) { out.append(stanza); });
    contacts.add(QStringLiteral("a@x"), QStringLiteral("Anna"));
    QCOMPARE(out.size(), 1);
    QVERIFY(out[0].contains("type=\"subscribe\""));
    Q_EMIT session.subscriptionRequested(QStringLiteral("b@x"));
    contacts.accept(QStringLiteral("b@x"));
    QCOMPARE(out.size(), 3);
    QVERIFY(out[1].contains("type=\"subscribed\""));
    QVERIFY(out[2].contains("type=\"subscribe\""));
    QVERIFY(contacts.requests().empty());
    Q_EMIT session.subscriptionRequested(QStringLiteral("c@x"));
    contacts.deny(QStringLiteral("c@x"));
    QVERIFY(out[3].contains("type=\"unsubscribed\""));
}

void TstContactListModel::addresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("address");
    QTest::newRow("plain") << QStringLiteral("anna@example.org") << QStringLiteral("anna@example.org");
    QTest::newRow("with white space") << QStringLiteral("  anna@example.org\n") << QStringLiteral("anna@example.org");
    QTest::newRow("capital letters") << QStringLiteral("Anna@Example.ORG") << QStringLiteral("anna@example.org");
    QTest::newRow("a domain alone") << QStringLiteral("example.org") << QString();
    QTest::newRow("with a resource") << QStringLiteral("anna@example.org/desk") << QString();
    QTest::newRow("nothing") << QString() << QString();
    QTest::newRow("no domain") << QStringLiteral("anna@") << QString();
}

void TstContactListModel::addresses()
{
    QFETCH(QString, text);
    QTEST(contacts::addressOf(text), "address");
}

GODWIT_TEST(TstContactListModel);
#include "tst_contactlistmodel.moc"
