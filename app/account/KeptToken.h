// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Where the token of an account is kept: beside its password, under a name of its own.
#pragma once

#include <QString>

#include <functional>

namespace godwit::platform
{
class PasswordStore;
}

namespace godwit::account
{

class Account;

/// From now on, as long as both live, the store has the token that the account has, and none when it has none any more.
void keepToken(Account &account, platform::PasswordStore &store);
/// The token of an address, empty without one. Answers later, once, unless the store is gone by then.
void readToken(const QString &address, platform::PasswordStore &store, std::function<void(const QString &)> done);
void forgetToken(const QString &address, platform::PasswordStore &store);

} // namespace godwit::account
