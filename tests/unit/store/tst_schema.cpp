// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "store/sqlite/Schema.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace godwit::test
{

class TstSchema : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void refusesWhatIsNotOurs_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<int>("code");
        QTest::newRow("a newer version") << QByteArray("PRAGMA user_version=99") << int(base::ErrorCode::TooNew);
        QTest::newRow("another program's") << QByteArray("PRAGMA application_id=7") << int(base::ErrorCode::Corrupt);
    }

    void refusesWhatIsNotOurs()
    {
        QFETCH(QByteArray, sql);
        QFETCH(int, code);
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/log.db";
        {
            auto database = store::openFile(path, store::logSchema, store::Sync::Full, {});
            QVERIFY(database.ok());
            QVERIFY(database->exec(sql.toStdString()).ok());
        }
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray before = file.readAll();
        auto again = store::openFile(path, store::logSchema, store::Sync::Full, {});
        QVERIFY(!again.ok());
        QCOMPARE(int(again.error().code()), code);
        file.seek(0);
        QCOMPARE(file.readAll(), before);
    }

    void refusesGarbage()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("main.db")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(10'000, 'x'));
        file.close();
        auto database = store::openFile(file.fileName().toStdString(), store::mainSchema, store::Sync::Full, {});
        QVERIFY(!database.ok());
        QCOMPARE(database.error().code(), base::ErrorCode::Corrupt);
    }

    void anOldFileIsBroughtForward()
    {
        // As version 1 left it, with an account in it.
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/main.db";
        store::Schema old = store::mainSchema;
        old.migrations = old.migrations.first(1);
        {
            auto database = store::openFile(path, old, store::Sync::Full, {});
            QVERIFY(database.ok());
            QVERIFY(database->exec("INSERT INTO account(jid,created,disabled) VALUES('anna@example.org',1,0)").ok());
        }
        auto database = store::openFile(path, store::mainSchema, store::Sync::Full, {});
        QVERIFY(database.ok());
        QCOMPARE(database->number("PRAGMA user_version"), std::int64_t(store::mainSchema.migrations.size()));
        QCOMPARE(database->number("SELECT count(*) FROM account"), std::int64_t(1));
        QCOMPARE(database->number("SELECT count(*) FROM token"), std::int64_t(0));
    }

    void filesCarryTheirKind()
    {
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/main.db";
        auto database = store::openFile(path, store::mainSchema, store::Sync::Full, {});
        QVERIFY(database.ok());
        QCOMPARE(database->number("PRAGMA application_id"), std::int64_t(store::mainSchema.applicationId));
        QCOMPARE(database->number("PRAGMA user_version"), std::int64_t(store::mainSchema.migrations.size()));
        QCOMPARE(database->number("PRAGMA synchronous"), std::int64_t(2));
    }
};

} // namespace godwit::test

using godwit::test::TstSchema;
GODWIT_TEST(TstSchema);
#include "tst_schema.moc"
