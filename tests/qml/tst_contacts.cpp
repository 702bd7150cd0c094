// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Stage.h"
#include "UnitTest.h"

#include <QTest>

using namespace godwit;
using test::Stage;

class TstContacts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void requestIsAccepted();
    void requestIsDeclined();
    void contactIsAdded();
    void wrongAddressIsTold();
    void contactIsRenamed();
    void contactIsRemoved();

private:
    QQuickItem *named(const char *name) const { return m_stage->named(QString::fromUtf8(name)); }
    void press(const char *name)
    {
        [&] { QTRY_VERIFY2(named(name), name); }();
        QMetaObject::invokeMethod(named(name), "click");
    }
    models::ContactListModel *contacts() { return m_stage->book().current()->contactList(); }
    std::unique_ptr<Stage> m_stage;
};

void TstContacts::init()
{
    m_stage = std::make_unique<Stage>(Stage::Start::Sample);
    QVERIFY(m_stage->window());
    press("Contacts, 1 request(s)");
    QTRY_COMPARE(m_stage->focusName(), QStringLiteral("Name or address"));
}

void TstContacts::cleanup()
{
    QCOMPARE(m_stage->warnings(), QStringList());
    m_stage.reset();
}

void TstContacts::requestIsAccepted()
{
    press("Accept someone@example.net");
    QTRY_COMPARE(contacts()->requests(), 0);
    QTRY_VERIFY(named("Contacts"));
    QVERIFY(!named("Accept someone@example.net"));
}

void TstContacts::requestIsDeclined()
{
    const int before = contacts()->count();
    press("Decline someone@example.net");
    QTRY_COMPARE(contacts()->requests(), 0);
    QCOMPARE(contacts()->count(), before - 1);
}

void TstContacts::contactIsAdded()
{
    press("Add contact");
    QTRY_COMPARE(m_stage->focusName(), QStringLiteral("Address"));
    m_stage->type(QStringLiteral("ada@example.org"));
    m_stage->key(Qt::Key_Return);
    QTRY_COMPARE(m_stage->focusName(), QStringLiteral("Name, if you like"));
    m_stage->type(QStringLiteral("Ada"));
    m_stage->key(Qt::Key_Return);
    QTRY_VERIFY(named("Message to Ada")); // the chat is opened when it is done
}

void TstContacts::wrongAddressIsTold()
{
    press("Add contact");
    QTRY_COMPARE(m_stage->focusName(), QStringLiteral("Address"));
    m_stage->type(QStringLiteral("you@example.org"));
    press("Add");
    QTRY_VERIFY(named("This is your own address."));
    QCOMPARE(m_stage->focusName(), QStringLiteral("Address"));
}

void TstContacts::contactIsRenamed()
{
    m_stage->openChat(QStringLiteral("jonas@example.org"));
    press("About Jonas Lindqvist");
    press("Rename contact");
    QTRY_COMPARE(m_stage->focusName(), QStringLiteral("Name"));
    m_stage->type(QStringLiteral("Jonas at work")); // replaces what was selected
    m_stage->key(Qt::Key_Return);
    QTRY_VERIFY(named("Message to Jonas at work"));
}

void TstContacts::contactIsRemoved()
{
    m_stage->openChat(QStringLiteral("jonas@example.org"));
    const int before = contacts()->count();
    press("About Jonas Lindqvist");
    press("Remove contact");
    press("Remove");
    QTRY_COMPARE(contacts()->count(), before - 1);
}

GODWIT_TEST(TstContacts);
#include "tst_contacts.moc"
