// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "admin/Control.h"
#include "admin/StoreMail.h"
#include "crypto/StanzaIdCipher.h"
#include "store/Engine.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace godwit::admin
{

/// What only the server around the store can do; without a server, nothing is to be done.
struct Surroundings {
    std::function<void(const std::string &account)> endSessions = [](const std::string &) {};
    /// The lines that come before those of the store.
    std::function<std::vector<StatusLine>()> status = [] { return std::vector<StatusLine>(); };
};

/// Asks an open store. Made on the thread that opened the engine, used on one thread.
class StoreControl final : public Control
{
public:
    /// `mail` and `engine` outlive it. Accounts are at `domain`; others are refused.
    StoreControl(store::Engine &engine, StoreMail &mail, std::string domain, Surroundings surroundings);

    base::Result<std::vector<bool>> known(const std::vector<std::string> &accounts) override;
    base::Result<std::vector<base::Result<base::Ok>>> put(const std::vector<AccountKeys> &accounts,
                                                          PutMode mode) override;
    base::Result<base::Ok> remove(const std::string &account) override;
    base::Result<std::vector<accounts::AccountInfo>> list(const std::string &after, std::size_t limit) override;
    base::Result<std::vector<StatusLine>> status() override;
    base::Result<MessageTrace> trace(const std::string &account, const std::string &id) override;

private:
    base::Result<base::Ok> forgetMessages(const std::string &account);
    MessageTrace::Party party(const std::string &account, const ledger::RowTrace &trace) const;

    StoreMail &m_mail;
    std::string m_domain;
    Surroundings m_surroundings;
    std::unique_ptr<accounts::AccountStore> m_accounts;
    std::unique_ptr<ledger::LogStore> m_log;
    crypto::StanzaIdCipher m_stanzaIds;
};

} // namespace godwit::admin
