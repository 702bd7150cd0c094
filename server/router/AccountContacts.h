// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Joins an account's contacts to its sessions and to the router.
#pragma once

#include "contacts/Contacts.h"

namespace godwit::router
{

class Account;
class Router;

class AccountContacts final : public contacts::ContactsHost
{
public:
    AccountContacts(Router &router, Account &account, accounts::AccountStore &store,
                    const contacts::ContactsLimits &limits);

    contacts::Contacts &contacts() noexcept { return m_contacts; }

    void route(xml::Stanza &&stanza) override;
    void deliver(contacts::SessionKey session, std::string_view bytes) override;
    void deliverPresence(contacts::SessionKey session, std::string_view bytes, std::string_view sender) override;
    void becameAvailable(contacts::SessionKey session, int priority, contacts::Announcement announcement) override;
    void becameUnavailable(contacts::SessionKey session) override;
    void becameIdle(const jid::Jid &account) override;
    void rosterChanged(const std::string &contact, contacts::Listing listing) override;
    base::WallTime now() const override;

private:
    Router &m_router;
    Account &m_account;
    contacts::Contacts m_contacts;
};

} // namespace godwit::router
