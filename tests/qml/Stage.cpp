// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Stage.h"

#include "Facade/Fonts.h"

#include <QAccessible>
#include <QGuiApplication>
#include <QQmlError>
#include <QSettings>
#include <QTest>

namespace godwit::test
{

using account::AccountBook;

void prepareEnvironment()
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_QUICK_BACKEND", "software");
    qputenv("QT_QPA_PLATFORMTHEME", "");
    qputenv("LC_ALL", "C.UTF-8");
    qputenv("DBUS_SESSION_BUS_ADDRESS", "disabled:");
}

Stage::Stage(Start start)
{
    if (QQuickWindow::sceneGraphBackend().isEmpty()) {
        QQuickWindow::setSceneGraphBackend(QStringLiteral("software"));
    }
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
    facade::chooseFonts();
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    m_book = start == Start::Sample ? AccountBook::sample() : std::make_unique<AccountBook>(m_folder.path());
    QObject::connect(&m_engine, &QQmlEngine::warnings, &m_engine, [this](const QList<QQmlError> &errors) {
        for (const QQmlError &error : errors) {
            m_warnings.append(error.toString());
        }
    });
    m_engine.setInitialProperties({{QStringLiteral("book"), QVariant::fromValue(m_book.get())}});
    m_engine.loadFromModule("Godwit", "Main");
    if (!m_engine.rootObjects().isEmpty()) {
        m_window = qobject_cast<QQuickWindow *>(m_engine.rootObjects().first());
    }
    if (m_window) {
        m_window->requestActivate();
        if (!QTest::qWaitForWindowActive(m_window)) {
            m_warnings.append(QStringLiteral("the window does not become active"));
        }
    }
}

Stage::~Stage() = default;

facade::Appearance *Stage::appearance()
{
    return m_engine.singletonInstance<facade::Appearance *>("Godwit.Facade", "Appearance");
}

void Stage::walk(QQuickItem *root, const std::function<void(QQuickItem *)> &visit)
{
    visit(root);
    for (QQuickItem *child : root->childItems()) {
        walk(child, visit);
    }
}

QQuickItem *Stage::find(const QString &type) const
{
    QQuickItem *found = nullptr;
    walk(m_window->contentItem()->parentItem() ? m_window->contentItem()->parentItem() : m_window->contentItem(),
         [&](QQuickItem *item) {
             const QString name = QString::fromLatin1(item->metaObject()->className());
             if (name.section(u'_', 0, 0) == type && (!found || (!found->isVisible() && item->isVisible()))) {
                 found = item;
             }
         });
    return found;
}

QString Stage::accessibleName(QQuickItem *item)
{
    QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(item);
    return interface ? interface->text(QAccessible::Name) : QString();
}

QQuickItem *Stage::named(const QString &accessibleName) const
{
    QQuickItem *found = nullptr;
    walk(m_window->contentItem(), [&](QQuickItem *item) {
        if (!found && item->isVisible() && Stage::accessibleName(item) == accessibleName) {
            found = item;
        }
    });
    return found;
}

void Stage::openChat(const QString &address)
{
    if (QQuickItem *shell = find(QStringLiteral("Shell"))) {
        QMetaObject::invokeMethod(shell, "openChat", Q_ARG(QString, address));
    }
}

void Stage::resize(QSize size)
{
    m_window->resize(size);
    [&] {
        QTRY_COMPARE(m_window->size(), size);
        QTRY_COMPARE(m_window->contentItem()->width(), double(size.width()));
    }();
}

void Stage::type(const QString &text)
{
    for (const QChar character : text) {
        QTest::sendKeyEvent(QTest::Click, m_window, Qt::Key_unknown, QString(character), Qt::NoModifier);
    }
}

void Stage::key(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    QTest::keyClick(m_window, key, modifiers);
}

void Stage::click(QQuickItem *item)
{
    QTest::mouseClick(m_window, Qt::LeftButton, Qt::NoModifier,
                      item->mapToScene(item->boundingRect().center()).toPoint());
}

QString Stage::focusName() const
{
    QQuickItem *item = m_window->activeFocusItem();
    return item ? accessibleName(item) : QString();
}

} // namespace godwit::test
