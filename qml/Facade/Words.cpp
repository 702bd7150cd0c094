// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Words.h"

#include <QLocale>

namespace godwit::facade
{

using State = models::MessageListModel::State;

QString Words::clock(const QDateTime &time)
{
    const QLocale locale;
    // The short format of some locales has seconds.
    QString format = locale.timeFormat(QLocale::ShortFormat);
    format.remove(QStringLiteral(":ss"));
    return locale.toString(time.toLocalTime().time(), format);
}

QString Words::dayOn(QDate day, QDate today)
{
    const qint64 ago = day.daysTo(today);
    if (ago == 0) {
        return tr("Today");
    }
    if (ago == 1) {
        return tr("Yesterday");
    }
    const QLocale locale;
    if (ago > 1 && ago < 7) {
        return locale.standaloneDayName(day.dayOfWeek(), QLocale::LongFormat);
    }
    return locale.toString(day, day.year() == today.year() ? tr("d MMMM", "day and month")
                                                           : tr("d MMMM yyyy", "day, month and year"));
}

QString Words::day(const QDateTime &time)
{
    return dayOn(time.toLocalTime().date(), QDate::currentDate());
}

QString Words::listTime(const QDateTime &time)
{
    if (!time.isValid()) {
        return {};
    }
    const QDate day = time.toLocalTime().date();
    const qint64 ago = day.daysTo(QDate::currentDate());
    if (ago <= 0) {
        return clock(time);
    }
    const QLocale locale;
    return ago < 7 ? locale.standaloneDayName(day.dayOfWeek(), QLocale::ShortFormat)
                   : locale.toString(day, QLocale::ShortFormat);
}

QString Words::exact(const QDateTime &time)
{
    const QDateTime local = time.toLocalTime();
    return tr("%1, %2", "day, clock").arg(day(time), local.toString(QStringLiteral("HH:mm:ss")));
}

QString Words::size(double bytes)
{
    return QLocale().formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeSIFormat);
}

QString Words::share(double part, double whole)
{
    if (part <= 0 || whole <= 0) {
        return tr("Nothing");
    }
    return tr("%1 (%2 %)", "size, percent").arg(size(part)).arg(qRound(100 * part / whole));
}

QString Words::state(State state)
{
    switch (state) {
    case State::Incoming:
        return {};
    case State::Queued:
        return tr("Waiting to be sent");
    case State::Sent:
        return tr("Sent");
    case State::Accepted:
        return tr("Stored by the server");
    case State::Delivered:
        return tr("Delivered");
    case State::Read:
        return tr("Read");
    case State::Failed:
        return tr("Not sent");
    }
    return {};
}

} // namespace godwit::facade
