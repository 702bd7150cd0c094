// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Facade/Words.h"
#include "UnitTest.h"

#include <QLocale>
#include <QTest>

using godwit::facade::Words;
using State = godwit::models::MessageListModel::State;

class TstWords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom)); }
    void cleanupTestCase() { QLocale::setDefault(QLocale::system()); }
    void days_data();
    void days();
    void clockHasNoSeconds_data();
    void clockHasNoSeconds();
    void everyStateHasWords();
    void sizes();
};

void TstWords::sizes()
{
    QCOMPARE(Words::size(0), QStringLiteral("0 Bytes"));
    QCOMPARE(Words::size(1'234'567), QStringLiteral("1.2 MB"));
    QCOMPARE(Words::share(1'000, 3'000), QStringLiteral("1.0 kB (33 %)"));
    QCOMPARE(Words::share(0, 3'000), QStringLiteral("Nothing"));
    QCOMPARE(Words::share(-5, 3'000), QStringLiteral("Nothing"));
    QCOMPARE(Words::share(5, 0), QStringLiteral("Nothing"));
}

void TstWords::days_data()
{
    QTest::addColumn<QDate>("day");
    QTest::addColumn<QString>("words");
    QTest::newRow("today") << QDate(2026, 11, 27) << QStringLiteral("Today");
    QTest::newRow("yesterday") << QDate(2026, 11, 26) << QStringLiteral("Yesterday");
    QTest::newRow("within a week") << QDate(2026, 11, 21) << QStringLiteral("Saturday");
    QTest::newRow("a week ago") << QDate(2026, 11, 20) << QStringLiteral("20 November");
    QTest::newRow("last year") << QDate(2025, 11, 27) << QStringLiteral("27 November 2025");
    QTest::newRow("a wrong clock") << QDate(2026, 11, 28) << QStringLiteral("28 November");
}

void TstWords::days()
{
    QFETCH(QDate, day);
    QFETCH(QString, words);
    QCOMPARE(Words::dayOn(day, QDate(2026, 11, 27)), words);
}

void TstWords::clockHasNoSeconds_data()
{
    QTest::addColumn<QLocale>("locale");
    QTest::addColumn<QString>("clock");
    QTest::newRow("C") << QLocale::c() << QStringLiteral("14:05");
    QTest::newRow("en_GB") << QLocale(QLocale::English, QLocale::UnitedKingdom) << QStringLiteral("14:05");
    QTest::newRow("de_DE") << QLocale(QLocale::German, QLocale::Germany) << QStringLiteral("14:05");
}

void TstWords::clockHasNoSeconds()
{
    QFETCH(QLocale, locale);
    QFETCH(QString, clock);
    QLocale::setDefault(locale);
    QCOMPARE(Words::clock(QDateTime(QDate(2026, 11, 27), QTime(14, 5, 9))), clock);
}

void TstWords::everyStateHasWords()
{
    QSet<QString> words;
    for (int state = static_cast<int>(State::Queued); state <= static_cast<int>(State::Failed); ++state) {
        words.insert(Words::state(static_cast<State>(state)));
    }
    QCOMPARE(words.size(), 6);
    QVERIFY(!words.contains(QString()));
    QVERIFY(Words::state(State::Incoming).isEmpty());
}

GODWIT_TEST(TstWords);
#include "tst_words.moc"
