// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Times and states in words.
#pragma once

#include "models/MessageListModel.h"

#include <QDateTime>
#include <QObject>
#include <QtQmlIntegration/qqmlintegration.h>

namespace godwit::facade
{

class Words : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_SINGLETON

public:
    using QObject::QObject;

    /// "14:05", as the locale writes it.
    Q_INVOKABLE static QString clock(const QDateTime &time);
    /// "Today", "Yesterday", "Tuesday", "3 November", "3 November 2025".
    Q_INVOKABLE static QString day(const QDateTime &time);
    /// For a list: the clock today, the day of the week within a week, else a short date. Empty for no date.
    Q_INVOKABLE static QString listTime(const QDateTime &time);
    /// Day and clock with seconds, for the details of a message.
    Q_INVOKABLE static QString exact(const QDateTime &time);
    /// "Waiting to be sent", "Read" and so on; empty for messages of the other side.
    Q_INVOKABLE static QString state(godwit::models::MessageListModel::State state);
    /// "1.2 MB", "340 Bytes".
    Q_INVOKABLE static QString size(double bytes);
    /// A part of something and its share of it: "1.2 MB (35 %)". "Nothing" for no part.
    Q_INVOKABLE static QString share(double part, double whole);
    /// The same for a date that the reader of a test chooses as today.
    static QString dayOn(QDate day, QDate today);
};

} // namespace godwit::facade
