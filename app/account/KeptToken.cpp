// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "account/KeptToken.h"

#include "account/Account.h"
#include "base/Log.h"
#include "platform/PasswordStore.h"

namespace godwit::account
{

using platform::PasswordStore;

namespace
{

/// No bare address has a slash.
QString nameOf(const QString &address)
{
    return address + QStringLiteral("/token");
}

void put(const QString &address, const QString &token, PasswordStore &store)
{
    if (token.isEmpty()) {
        forgetToken(address, store);
        return;
    }
    store.write(nameOf(address), token, [](PasswordStore::Kept kept) {
        if (kept == PasswordStore::Kept::Nowhere) {
            // The next start needs the password, and nothing else is lost.
            base::log(base::LogLevel::Warning, "account", "a token cannot be stored");
        }
    });
}

} // namespace

void keepToken(Account &account, PasswordStore &store)
{
    const QString address = account.address();
    QObject::connect(&account, &Account::tokenChanged, &store,
                     [address, &store](const QString &token) { put(address, token, store); });
    if (!account.token().isEmpty()) {
        put(address, account.token(), store);
    }
}

void readToken(const QString &address, PasswordStore &store, std::function<void(const QString &)> done)
{
    store.read(nameOf(address), [done = std::move(done)](const std::optional<QString> &token, PasswordStore::Kept) {
        done(token.value_or(QString()));
    });
}

void forgetToken(const QString &address, PasswordStore &store)
{
    store.remove(nameOf(address));
}

} // namespace godwit::account
