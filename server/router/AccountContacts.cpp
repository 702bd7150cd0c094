// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "router/AccountContacts.h"

#include "router/Router.h"

namespace godwit::router
{

namespace
{

session::SessionId idOf(contacts::SessionKey key)
{
    return session::SessionId(key.value);
}

} // namespace

AccountContacts::AccountContacts(Router &router, Account &account, accounts::AccountStore &store,
                                 const contacts::ContactsLimits &limits)
    : m_router(router)
    , m_account(account)
    , m_contacts(account.jid(),
                 account.kind() == AccountKind::Anonymous ? contacts::AccountKind::Anonymous
                                                          : contacts::AccountKind::Regular,
                 store, *this, limits)
{
}

void AccountContacts::route(xml::Stanza &&stanza)
{
    if (stanza.kind == xml::StanzaKind::Presence && !m_router.maySend(m_account, stanza)) {
        return;
    }
    m_router.route(std::move(stanza));
}

void AccountContacts::deliver(contacts::SessionKey session, std::string_view bytes)
{
    if (Resource *resource = m_account.find(idOf(session))) {
        resource->write(bytes);
    }
}

void AccountContacts::deliverPresence(contacts::SessionKey session, std::string_view bytes, std::string_view sender)
{
    if (Resource *resource = m_account.find(idOf(session))) {
        resource->session().write(bytes, session::Weight::Presence, sender);
    }
}

void AccountContacts::becameAvailable(contacts::SessionKey session, int priority, contacts::Announcement)
{
    Resource *resource = m_account.find(idOf(session));
    if (!resource) {
        return;
    }
    if (resource->setPresence(priority) && m_account.kind() == AccountKind::Registered) {
        m_account.ledger().offerBacklog(*resource);
    }
}

void AccountContacts::becameUnavailable(contacts::SessionKey session)
{
    if (Resource *resource = m_account.find(idOf(session))) {
        resource->setUnavailable();
    }
}

void AccountContacts::becameIdle(const jid::Jid &account)
{
    m_router.forgetContacts(account.text());
}

void AccountContacts::rosterChanged(const std::string &contact, contacts::Listing listing)
{
    m_router.hooks().rosterChanged(m_account.text(), contact,
                                   listing == contacts::Listing::Listed ? modules::Hooks::Listing::Listed
                                                                        : modules::Hooks::Listing::Unlisted);
}

base::WallTime AccountContacts::now() const
{
    return m_router.clock().wall();
}

} // namespace godwit::router
