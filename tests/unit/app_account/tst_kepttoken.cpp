// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "account/Account.h"
#include "account/KeptToken.h"
#include "platform/PasswordStore.h"
#include "session/Session.h"

#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace godwit;
using platform::PasswordStore;

class TstKeptToken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void newestIsKept();
    void oneThatIsRefusedIsForgotten();
    void oneFromBeforeIsKept();
    void passwordStaysWhenTheTokenGoes();

private:
    QString kept()
    {
        std::optional<QString> answer;
        account::readToken(m_account->address(), *m_store, [&](const QString &token) { answer = token; });
        [&] { QTRY_VERIFY(answer.has_value()); }();
        return answer.value_or(QString());
    }
    void say(const char *token) { Q_EMIT m_account->session().tokenChanged(QString::fromLatin1(token)); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<PasswordStore> m_store;
    std::unique_ptr<account::Account> m_account;
};

void TstKeptToken::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<PasswordStore>(m_folder->path(), PasswordStore::Keyring::Never);
    m_account = account::Account::sample();
}

void TstKeptToken::cleanup()
{
    m_account.reset();
    m_store.reset();
    m_folder.reset();
}

void TstKeptToken::newestIsKept()
{
    account::keepToken(*m_account, *m_store);
    QCOMPARE(kept(), QString());
    say("first");
    QTRY_COMPARE(kept(), QStringLiteral("first"));
    say("second");
    QTRY_COMPARE(kept(), QStringLiteral("second"));
    QCOMPARE(m_account->token(), QStringLiteral("second"));
}

void TstKeptToken::oneThatIsRefusedIsForgotten()
{
    account::keepToken(*m_account, *m_store);
    say("first");
    QTRY_COMPARE(kept(), QStringLiteral("first"));
    say("");
    QTRY_COMPARE(kept(), QString());
}

/// A sign-in gets its token before anybody knows that the account stays on this device.
void TstKeptToken::oneFromBeforeIsKept()
{
    say("early");
    account::keepToken(*m_account, *m_store);
    QTRY_COMPARE(kept(), QStringLiteral("early"));
}

void TstKeptToken::passwordStaysWhenTheTokenGoes()
{
    account::keepToken(*m_account, *m_store);
    bool written = false;
    m_store->write(m_account->address(), QStringLiteral("sesame"), [&](PasswordStore::Kept) { written = true; });
    QTRY_VERIFY(written);
    say("first");
    QTRY_COMPARE(kept(), QStringLiteral("first"));
    account::forgetToken(m_account->address(), *m_store);
    QCOMPARE(kept(), QString());
    std::optional<QString> password;
    m_store->read(m_account->address(), [&](const std::optional<QString> &known, PasswordStore::Kept) {
        password = known.value_or(QString());
    });
    QTRY_VERIFY(password.has_value());
    QCOMPARE(*password, QStringLiteral("sesame"));
}

GODWIT_TEST(TstKeptToken);
#include "tst_kepttoken.moc"
