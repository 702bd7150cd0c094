// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "cache/Migrations.h"
#include "cache/Store.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace godwit;
using cache::Database;

class TstMigrations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void newFileGetsTheVersion();
    void secondOpeningChangesNothing();
    void newerVersionIsRefusedUntouched();
    void foreignFileIsRefusedUntouched();
    void secondProcessIsRefused();

private:
    static QByteArray contents(const QString &path)
    {
        QFile file(path);
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }
    static std::int64_t number(Database &database, const char *sql)
    {
        cache::Query query = database.query(sql);
        return query.next() ? query.number(0) : -1;
    }
};

void TstMigrations::newFileGetsTheVersion()
{
    auto database = Database::open(QStringLiteral(":memory:"), Database::Locking::Exclusive);
    QVERIFY(database.ok());
    QVERIFY(cache::migrate(**database).ok());
    QCOMPARE(number(**database, "PRAGMA user_version"), cache::schemaVersion);
    QCOMPARE(number(**database, "PRAGMA application_id"), cache::applicationId);
    QCOMPARE(number(**database, "PRAGMA synchronous"), 2); // FULL
}

void TstMigrations::secondOpeningChangesNothing()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("cache.db"));
    for (int i = 0; i < 2; ++i) {
        auto store = cache::Store::open(path);
        QVERIFY(store.ok());
        QCOMPARE((*store)->settings.value(QStringLiteral("name")), i == 0 ? QString() : QStringLiteral("kept"));
        QVERIFY((*store)
                    ->perform<base::Ok>([](cache::Store &at) -> base::Result<base::Ok> {
                        at.settings.set(QStringLiteral("name"), QStringLiteral("kept"));
                        return base::Ok();
                    })
                    .ok());
        QVERIFY((*store)->commit().ok());
    }
}

void TstMigrations::newerVersionIsRefusedUntouched()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("cache.db"));
    QVERIFY(cache::Store::open(path).ok());
    {
        auto database = Database::open(path, Database::Locking::Exclusive);
        QVERIFY(database.ok());
        QVERIFY((*database)->execute("PRAGMA user_version=" + std::to_string(cache::schemaVersion + 1)).ok());
    }
    const QByteArray before = contents(path);
    const auto store = cache::Store::open(path);
    QVERIFY(!store.ok());
    QCOMPARE(store.error().code(), base::ErrorCode::TooNew);
    QCOMPARE(contents(path), before);
}

void TstMigrations::foreignFileIsRefusedUntouched()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("cache.db"));
    {
        auto database = Database::open(path, Database::Locking::Exclusive);
        QVERIFY(database.ok());
        QVERIFY((*database)->execute("CREATE TABLE somebody (elses INTEGER)").ok());
    }
    const QByteArray before = contents(path);
    const auto store = cache::Store::open(path);
    QVERIFY(!store.ok());
    QCOMPARE(store.error().code(), base::ErrorCode::Corrupt);
    QCOMPARE(contents(path), before);
}

void TstMigrations::secondProcessIsRefused()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("cache.db"));
    const auto first = cache::Store::open(path);
    QVERIFY(first.ok());
    // Another connection stands for another process: the lock does not know the difference.
    const auto second = cache::Store::open(path);
    QVERIFY(!second.ok());
    QCOMPARE(second.error().code(), base::ErrorCode::Unavailable);
}

GODWIT_TEST(TstMigrations);
#include "tst_migrations.moc"
