// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The real window on the sample account, as tests open it.
#pragma once

#include "Facade/Appearance.h"
#include "account/AccountBook.h"

#include <QQmlApplicationEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTemporaryDir>

#include <functional>
#include <memory>

namespace godwit::test
{

/// No display, no GPU; for programs that ctest does not prepare.
void prepareEnvironment();

class Stage
{
public:
    enum class Start { SignedOut, Sample };

    explicit Stage(Start start);
    ~Stage();

    account::AccountBook &book() { return *m_book; }
    QQuickWindow *window() const { return m_window; }
    /// The singleton Appearance of this window's engine.
    facade::Appearance *appearance();
    /// Warnings that QML gave since the start.
    const QStringList &warnings() const { return m_warnings; }

    /// The first item in the tree of that QML type, visible ones first; null when there is none.
    QQuickItem *find(const QString &type) const;
    /// The visible item with that accessible name; null when there is none.
    QQuickItem *named(const QString &accessibleName) const;
    void openChat(const QString &address);
    void resize(QSize size);
    void type(const QString &text);
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    /// A click in the middle of an item.
    void click(QQuickItem *item);
    /// Whoever has the keyboard, by accessible name.
    QString focusName() const;

    /// Every item below `root` in the order of the tree, with invisible ones when asked for.
    static void walk(QQuickItem *root, const std::function<void(QQuickItem *)> &visit);
    static QString accessibleName(QQuickItem *item);

private:
    QTemporaryDir m_folder;
    std::unique_ptr<account::AccountBook> m_book;
    QStringList m_warnings;
    QQmlApplicationEngine m_engine;
    QQuickWindow *m_window = nullptr;
};

} // namespace godwit::test
