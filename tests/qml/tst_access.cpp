// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Stage.h"
#include "UnitTest.h"

#include <QAccessible>
#include <QPointer>
#include <QTest>

using godwit::test::Stage;

/// Whoever does not see the window, or has no mouse, can do everything too.
class TstAccess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingHasANameAndARole_data();
    void everythingHasANameAndARole();
    void tabReachesEverything_data();
    void tabReachesEverything();
    void rowsSayWhatTheyShow();

private:
    static void pages();
    static void open(Stage &stage, const QString &page);
    static bool interactive(QQuickItem *item);
    /// Of all items of that QML type.
    static QStringList names(Stage &stage, const char *type);
};

void TstAccess::pages()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<QSize>("size");
    for (const char *page : {"sign-in", "chats", "contacts", "mira@example.org", "lars@unreachable.example",
                             "someone@example.net", "yuki@example.org", "details", "add contact", "connection"}) {
        QTest::addRow("%s, desktop", page) << QString::fromLatin1(page) << QSize(1280, 800);
        QTest::addRow("%s, phone", page) << QString::fromLatin1(page) << QSize(360, 720);
    }
}

void TstAccess::open(Stage &stage, const QString &page)
{
    const auto press = [&stage](const QString &name) {
        [&] { QTRY_VERIFY2(stage.named(name), qPrintable(name)); }();
        QMetaObject::invokeMethod(stage.named(name), "click");
    };
    if (page == u"contacts" || page == u"add contact") {
        press(QStringLiteral("Contacts, 1 request(s)"));
        if (page == u"add contact") {
            press(QStringLiteral("Add contact"));
            [&] { QTRY_COMPARE(stage.focusName(), QStringLiteral("Address")); }();
        }
    } else if (page == u"connection") {
        press(QStringLiteral("Account and settings"));
        press(QStringLiteral("Connection"));
        [&] { QTRY_VERIFY(stage.named(QStringLiteral("Low bandwidth"))); }();
    } else if (page == u"details") {
        stage.openChat(QStringLiteral("mira@example.org"));
        press(QStringLiteral("About Mira Okonkwo"));
        [&] { QTRY_VERIFY(stage.named(QStringLiteral("Copy address"))); }();
    } else if (page.contains(u'@')) {
        stage.openChat(page);
        [&] { QTRY_VERIFY(stage.find(QStringLiteral("MessageList"))); }();
    }
}

bool TstAccess::interactive(QQuickItem *item)
{
    return item->isVisible() && item->isEnabled() &&
           (item->activeFocusOnTab() || item->inherits("QQuickAbstractButton") || item->inherits("QQuickTextInput"));
}

QStringList TstAccess::names(Stage &stage, const char *type)
{
    QStringList found;
    Stage::walk(stage.window()->contentItem(), [&](QQuickItem *item) {
        if (QByteArrayView(item->metaObject()->className()).startsWith(type)) {
            found.append(Stage::accessibleName(item));
        }
    });
    return found;
}

void TstAccess::everythingHasANameAndARole_data()
{
    pages();
}

void TstAccess::everythingHasANameAndARole()
{
    QFETCH(QString, page);
    QFETCH(QSize, size);
    Stage stage(page == u"sign-in" ? Stage::Start::SignedOut : Stage::Start::Sample);
    QVERIFY(stage.window());
    stage.resize(size);
    open(stage, page);
    int seen = 0;
    QStringList nameless;
    Stage::walk(stage.window()->contentItem(), [&](QQuickItem *item) {
        if (!interactive(item)) {
            return;
        }
        ++seen;
        QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(item);
        if (!interface || interface->text(QAccessible::Name).isEmpty() || interface->role() == QAccessible::NoRole ||
            interface->role() == QAccessible::Client) {
            nameless.append(QString::fromLatin1(item->metaObject()->className()));
        }
    });
    QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u' ')));
    QVERIFY(seen >= 3);
    QCOMPARE(stage.warnings(), QStringList());
}

void TstAccess::tabReachesEverything_data()
{
    pages();
}

void TstAccess::tabReachesEverything()
{
    QFETCH(QString, page);
    QFETCH(QSize, size);
    if (page == u"add contact" || page == u"connection" || (page == u"details" && size.width() < 1100)) {
        QSKIP("a sheet keeps the keyboard to itself");
    }
    Stage stage(page == u"sign-in" ? Stage::Start::SignedOut : Stage::Start::Sample);
    stage.resize(size);
    open(stage, page);
    QHash<QQuickItem *, QPointer<QQuickItem>> wanted;
    Stage::walk(stage.window()->contentItem(), [&](QQuickItem *item) {
        if (item->isVisible() && item->isEnabled() && item->activeFocusOnTab()) {
            wanted.insert(item, item);
        }
    });
    QVERIFY(wanted.size() >= 3);
    const qsizetype most = 3 * wanted.size();
    for (qsizetype presses = 0; presses < most && !wanted.isEmpty(); ++presses) {
        stage.key(Qt::Key_Tab);
        for (QQuickItem *item = stage.window()->activeFocusItem(); item; item = item->parentItem()) {
            wanted.remove(item);
        }
    }
    QStringList missed;
    for (const QPointer<QQuickItem> &item : std::as_const(wanted)) {
        // What went away meanwhile needs not be reached, and neither does what was hidden.
        if (!item || !item->isVisible() || !item->isEnabled()) {
            continue;
        }
        missed.append(QString::fromLatin1(item->metaObject()->className()) + u' ' + Stage::accessibleName(item));
    }
    QVERIFY2(missed.isEmpty(), qPrintable(missed.join(u'\n')));
}

void TstAccess::rowsSayWhatTheyShow()
{
    Stage stage(Stage::Start::Sample);
    QTRY_COMPARE(names(stage, "ChatRow").size(), 7);
    QTRY_VERIFY2(names(stage, "ChatRow").filter(QStringLiteral("A message was not sent")).size() == 1,
                 qPrintable(names(stage, "ChatRow").join(u'\n')));
    QTRY_COMPARE(names(stage, "ChatRow").filter(QStringLiteral("Draft: About that word")).size(), 1);
    QCOMPARE(QAccessible::queryAccessibleInterface(stage.find(QStringLiteral("ChatRow")))->role(),
             QAccessible::ListItem);
    const QStringList rows = names(stage, "ChatRow");
    QVERIFY(rows.filter(QStringLiteral("Mira Okonkwo, Run., ")).size() == 1);
    QVERIFY(rows.filter(QStringLiteral("2 unread")).size() == 1);
    stage.openChat(QStringLiteral("mira@example.org"));
    QTRY_VERIFY(stage.find(QStringLiteral("MessageRow")));
    const QStringList messages = names(stage, "MessageRow");
    QVERIFY(messages.filter(QStringLiteral("Mira Okonkwo, Run., ")).size() == 1);
    QVERIFY(messages.filter(QStringLiteral("You, On my way now, ")).filter(QStringLiteral("Sent")).size() == 1);
}

GODWIT_TEST(TstAccess);
#include "tst_access.moc"
