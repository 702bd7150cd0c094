// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "platform/PasswordStore.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using godwit::platform::PasswordStore;

class TstPasswordStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fileKeepsPasswordsForTheOwnerOnly();
    void removedAndUnknownAreNowhere();
    void folderThatCannotBeWritten();

private:
    static std::optional<QString> read(PasswordStore &store, const QString &address, PasswordStore::Kept &kept)
    {
        std::optional<std::optional<QString>> answer;
        store.read(address, [&](std::optional<QString> password, PasswordStore::Kept where) {
            answer = std::move(password);
            kept = where;
        });
        [&] { QTRY_VERIFY(answer.has_value()); }();
        return answer.value_or(std::nullopt);
    }
    static PasswordStore::Kept write(PasswordStore &store, const QString &address, const QString &password)
    {
        std::optional<PasswordStore::Kept> answer;
        store.write(address, password, [&](PasswordStore::Kept where) { answer = where; });
        [&] { QTRY_VERIFY(answer.has_value()); }();
        return answer.value_or(PasswordStore::Kept::Nowhere);
    }
};

void TstPasswordStore::fileKeepsPasswordsForTheOwnerOnly()
{
    QTemporaryDir folder;
    PasswordStore store(folder.path(), PasswordStore::Keyring::Never);
    QCOMPARE(write(store, QStringLiteral("a@example.org"), QStringLiteral("sécret")), PasswordStore::Kept::InFile);
    QCOMPARE(write(store, QStringLiteral("b@example.org"), QStringLiteral("other")), PasswordStore::Kept::InFile);
    auto kept = PasswordStore::Kept::Nowhere;
    QCOMPARE(read(store, QStringLiteral("a@example.org"), kept), std::optional(QStringLiteral("sécret")));
    QCOMPARE(kept, PasswordStore::Kept::InFile);
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(QFile::permissions(folder.filePath(QStringLiteral("passwords.json"))) & others));
}

void TstPasswordStore::removedAndUnknownAreNowhere()
{
    QTemporaryDir folder;
    PasswordStore store(folder.path(), PasswordStore::Keyring::Never);
    auto kept = PasswordStore::Kept::InFile;
    QVERIFY(!read(store, QStringLiteral("a@example.org"), kept));
    QCOMPARE(kept, PasswordStore::Kept::Nowhere);
    write(store, QStringLiteral("a@example.org"), QStringLiteral("secret"));
    store.remove(QStringLiteral("a@example.org"));
    QVERIFY(!read(store, QStringLiteral("a@example.org"), kept));
}

void TstPasswordStore::folderThatCannotBeWritten()
{
    PasswordStore store(QStringLiteral("/proc/nowhere"), PasswordStore::Keyring::Never);
    QCOMPARE(write(store, QStringLiteral("a@example.org"), QStringLiteral("secret")), PasswordStore::Kept::Nowhere);
}

GODWIT_TEST(TstPasswordStore);
#include "tst_passwordstore.moc"
