// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "account/AccountBook.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace godwit;
using account::AccountBook;

namespace
{

const QString address = QStringLiteral("anna@example.org");
const QString tokenName = QStringLiteral("anna@example.org/token");

} // namespace

/// What is secret of an account that is on this device. Its server is never there.
class TstAccountBook : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void keptTokenIsUsed();
    void samePasswordKeepsTheToken();
    void anotherPasswordForgetsTheToken();
    void removedAccountLeavesNoSecret();

private:
    QString file(const char *name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    void put(const char *name, const QByteArray &text)
    {
        QFile out(file(name));
        QVERIFY(out.open(QFile::WriteOnly));
        out.write(text);
    }
    QJsonObject secrets() const
    {
        QFile in(file("passwords.json"));
        return in.open(QFile::ReadOnly) ? QJsonDocument::fromJson(in.readAll()).object() : QJsonObject();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<AccountBook> m_book;
};

void TstAccountBook::initTestCase()
{
    // No keyring of the person who runs the tests.
    qputenv("DBUS_SESSION_BUS_ADDRESS", "disabled:");
}

void TstAccountBook::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    put("accounts.json", R"([{"address": "anna@example.org", "server": "127.0.0.1:1"}])");
    put("passwords.json", R"({"anna@example.org": "sesame", "anna@example.org/token": "kept"})");
    m_book = std::make_unique<AccountBook>(m_folder->path());
    m_book->load();
    QCOMPARE(m_book->count(), 1);
    QTRY_VERIFY(m_book->current()->connection() != account::Account::Connection::Offline);
}

void TstAccountBook::cleanup()
{
    m_book.reset();
    m_folder.reset();
}

void TstAccountBook::keptTokenIsUsed()
{
    QCOMPARE(m_book->current()->token(), QStringLiteral("kept"));
}

void TstAccountBook::samePasswordKeepsTheToken()
{
    account::Account *account = m_book->current();
    QTRY_COMPARE(account->connection(), account::Account::Connection::Waiting);
    const QSignalSpy tried(account, &account::Account::connectionChanged);
    m_book->changePassword(address, QStringLiteral("sesame"));
    QTRY_VERIFY(!tried.isEmpty());
    QCOMPARE(m_book->current()->token(), QStringLiteral("kept"));
    QCOMPARE(secrets().value(tokenName).toString(), QStringLiteral("kept"));
}

void TstAccountBook::anotherPasswordForgetsTheToken()
{
    m_book->changePassword(address, QStringLiteral("open"));
    QTRY_COMPARE(secrets().value(address).toString(), QStringLiteral("open"));
    QVERIFY(!secrets().contains(tokenName));
    QTRY_COMPARE(m_book->current()->token(), QString());
}

void TstAccountBook::removedAccountLeavesNoSecret()
{
    m_book->remove(address);
    QTRY_VERIFY(secrets().isEmpty());
    QVERIFY(QFile::exists(file("passwords.json")));
}

GODWIT_TEST(TstAccountBook);
#include "tst_accountbook.moc"
