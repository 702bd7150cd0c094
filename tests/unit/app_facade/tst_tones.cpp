// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Facade/ConsistentColour.h"
#include "Facade/Tones.h"
#include "UnitTest.h"

#include <QTest>

using namespace godwit::facade;

class TstTones : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lettersCanBeReadOnEveryAvatar_data();
    void lettersCanBeReadOnEveryAvatar();
    void initials_data();
    void initials();
};

void TstTones::lettersCanBeReadOnEveryAvatar_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TstTones::lettersCanBeReadOnEveryAvatar()
{
    QFETCH(bool, dark);
    for (int person = 0; person < 2000; ++person) {
        const QColor ground = Tones::avatar(QStringLiteral("person%1@example.org").arg(person), dark);
        const double ratio = contrastRatio(ground, Tones::avatarText(dark));
        QVERIFY2(ratio >= 4.5, qPrintable(QStringLiteral("%1 has %2").arg(ground.name()).arg(ratio)));
    }
}

void TstTones::initials_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("letters");
    QTest::newRow("first and last") << QStringLiteral("Mira Okonkwo") << QStringLiteral("MO");
    QTest::newRow("one word") << QStringLiteral("Lars") << QStringLiteral("L");
    QTest::newRow("address") << QStringLiteral("someone@example.net") << QStringLiteral("S");
    QTest::newRow("lower case") << QStringLiteral("ada lovelace") << QStringLiteral("AL");
    QTest::newRow("brackets are no name") << QStringLiteral("Jo Li (work)") << QStringLiteral("JL");
    QTest::newRow("no letters") << QStringLiteral("4711") << QStringLiteral("4");
    QTest::newRow("nothing") << QStringLiteral("") << QStringLiteral("?");
    QTest::newRow("spaces") << QStringLiteral("   ") << QStringLiteral("?");
    QTest::newRow("other scripts") << QString::fromUtf8("由紀") << QString::fromUtf8("由");
    QTest::newRow("whole characters") << QString::fromUtf8("\U0001F426 bird") << QString::fromUtf8("\U0001F426B");
}

void TstTones::initials()
{
    QFETCH(QString, name);
    QFETCH(QString, letters);
    QCOMPARE(Tones::initials(name), letters);
}

GODWIT_TEST(TstTones);
#include "tst_tones.moc"
