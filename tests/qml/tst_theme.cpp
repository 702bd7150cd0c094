// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Facade/Appearance.h"
#include "Facade/ConsistentColour.h"
#include "UnitTest.h"

#include <QColor>
#include <QMetaProperty>
#include <QQmlEngine>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace godwit;
using facade::Appearance;

/// Every pair of colours that the interface puts on each other can be read (WCAG 2.2 AA).
class TstTheme : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void pairs_data();
    void pairs();
    void everyColourIsJudged();
    void themesDiffer();
    void reducedMotionIsNoMotion();
    void smallestTextIsElevenPixels();

private:
    QColor colour(const QString &role) const { return m_theme->property(qPrintable(role)).value<QColor>(); }
    struct Ground {
        QString role;
        QStringList text;  ///< 4.5
        QStringList marks; ///< icons, lines of controls: 3.0
    };
    static QList<Ground> grounds();
    static QStringList words(const char *list) { return QString::fromLatin1(list).split(u' '); }

    QTemporaryDir m_folder;
    std::unique_ptr<QQmlEngine> m_engine;
    QObject *m_theme = nullptr;
    Appearance *m_appearance = nullptr;
};

QList<TstTheme::Ground> TstTheme::grounds()
{
    return {
        {QStringLiteral("surface"), words("text textMuted accent warning danger"), words("control success")},
        {QStringLiteral("surfaceRaised"), words("text textMuted accent danger"), words("control")},
        {QStringLiteral("surfaceSunken"), words("text textMuted accent danger"), words("control")},
        {QStringLiteral("hover"), words("text textMuted accent warning danger"), words("success")},
        {QStringLiteral("selected"), words("text textMuted accent danger"), words("success")},
        {QStringLiteral("ownBubble"), words("text textMuted accent danger"), {}},
        {QStringLiteral("otherBubble"), words("text textMuted accent"), {}},
        {QStringLiteral("warningSurface"), words("warning danger accent textMuted"), {}},
        {QStringLiteral("accent"), words("textOnAccent"), {}},
        {QStringLiteral("accentPressed"), words("textOnAccent"), {}},
        {QStringLiteral("danger"), words("textOnDanger"), {}},
    };
}

void TstTheme::initTestCase()
{
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    m_engine = std::make_unique<QQmlEngine>();
    m_theme = m_engine->singletonInstance<QObject *>("Godwit.Theme", "Theme");
    m_appearance = m_engine->singletonInstance<Appearance *>("Godwit.Facade", "Appearance");
    QVERIFY(m_theme);
    QVERIFY(m_appearance);
}

void TstTheme::pairs_data()
{
    QTest::addColumn<QString>("ground");
    QTest::addColumn<QString>("front");
    QTest::addColumn<double>("atLeast");
    QTest::addColumn<bool>("dark");
    for (const bool dark : {false, true}) {
        const char *theme = dark ? "dark" : "light";
        for (const Ground &ground : grounds()) {
            for (const QString &front : ground.text) {
                QTest::addRow("%s: %s on %s", theme, qPrintable(front), qPrintable(ground.role))
                    << ground.role << front << 4.5 << dark;
            }
            for (const QString &front : ground.marks) {
                QTest::addRow("%s: %s on %s", theme, qPrintable(front), qPrintable(ground.role))
                    << ground.role << front << 3.0 << dark;
            }
        }
    }
}

void TstTheme::pairs()
{
    QFETCH(QString, ground);
    QFETCH(QString, front);
    QFETCH(double, atLeast);
    QFETCH(bool, dark);
    m_appearance->setScheme(dark ? Appearance::Scheme::Dark : Appearance::Scheme::Light);
    QVERIFY(colour(ground).isValid());
    QVERIFY(colour(front).isValid());
    const double ratio = facade::contrastRatio(colour(front), colour(ground));
    QVERIFY2(ratio >= atLeast,
             qPrintable(QStringLiteral("%1 on %2 has %3")
                            .arg(colour(front).name(), colour(ground).name(), QString::number(ratio))));
}

void TstTheme::everyColourIsJudged()
{
    // Lines part what stands apart anyway, and a veil hides.
    QSet<QString> judged{QStringLiteral("line"), QStringLiteral("veil")};
    for (const Ground &ground : grounds()) {
        judged.insert(ground.role);
        for (const QString &front : ground.text + ground.marks) {
            judged.insert(front);
        }
    }
    const QMetaObject *type = m_theme->metaObject();
    int colours = 0;
    for (int at = type->propertyOffset(); at < type->propertyCount(); ++at) {
        if (type->property(at).metaType() == QMetaType::fromType<QColor>()) {
            ++colours;
            QVERIFY2(judged.contains(QString::fromLatin1(type->property(at).name())), type->property(at).name());
        }
    }
    QCOMPARE(colours, judged.size());
}

void TstTheme::themesDiffer()
{
    m_appearance->setScheme(Appearance::Scheme::Light);
    const QColor light = colour(QStringLiteral("surface"));
    m_appearance->setScheme(Appearance::Scheme::Dark);
    QVERIFY(light.lightness() > 200);
    QVERIFY(colour(QStringLiteral("surface")).lightness() < 60);
    QVERIFY(colour(QStringLiteral("surface")) != Qt::black);
    QVERIFY(colour(QStringLiteral("text")) != Qt::white);
    QCOMPARE(Appearance().scheme(), Appearance::Scheme::Dark); // is remembered
}

void TstTheme::reducedMotionIsNoMotion()
{
    QCOMPARE(m_theme->property("movement").toInt(), 180);
    m_appearance->setReducedMotion(true);
    QCOMPARE(m_theme->property("movement").toInt(), 0);
    QCOMPARE(m_theme->property("feedback").toInt(), 0);
    m_appearance->setReducedMotion(false);
}

void TstTheme::smallestTextIsElevenPixels()
{
    for (const char *role : {"textMeta", "textSecondary", "textBody", "textTitle", "textPage"}) {
        QVERIFY2(m_theme->property(role).toInt() >= 11, role);
    }
}

GODWIT_TEST(TstTheme);
#include "tst_theme.moc"
