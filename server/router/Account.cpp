// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "router/Account.h"

#include "router/AccountContacts.h"

#include <algorithm>

namespace godwit::router
{

Account::Account(jid::Jid bare, AccountKind kind, ledger::LogStore &log, const ledger::StanzaIds &ids,
                 std::size_t sentKeysMax, std::size_t recentBytesMax)
    : sentKeys(sentKeysMax)
    , m_jid(std::move(bare))
    , m_host(m_jid.domain())
    , m_kind(kind)
    , m_ledger(m_jid.text(), log, recentBytesMax)
    , m_rowText(m_jid.text(), m_host, ids)
{
    if (kind == AccountKind::Anonymous) {
        // It has no log: it exists as long as its session, and what it sent is known from that.
        existence = Existence::Yes;
        keys = Keys::Known;
        facts = Facts::Known;
    }
}

Account::~Account() = default;

Resource *Account::find(std::string_view resource) const
{
    for (const auto &candidate : resources) {
        if (candidate->jid().resource() == resource) {
            return candidate.get();
        }
    }
    return nullptr;
}

Resource *Account::find(session::SessionId id) const
{
    for (const auto &candidate : resources) {
        if (candidate->id() == id) {
            return candidate.get();
        }
    }
    return nullptr;
}

bool Account::somebodyTakesMessages() const
{
    return std::any_of(resources.begin(), resources.end(),
                       [](const auto &resource) { return resource->takesMessages(); });
}

bool Account::reaches(std::string_view resource, ledger::Seq row) const
{
    const Resource *found = find(resource);
    return found && found->session().attached() && (found->takesMessages() || found->cursor.begin < row);
}

void Account::fewerWait()
{
    fewerSinceAsked = true;
    if (room == Room::Full) {
        room = Room::Unknown;
    }
}

/// The rest waits only behind what came on the same stream. There the error counts as not committed and everything
/// behind it with it, so that reading from it pauses before much has gathered here (rule 16).
bool Account::LookUp::delays(const Envelope &later) const
{
    const jid::Jid &from = later.stanza.from;
    if (sender.bareText() != from.bareText()) {
        return false;
    }
    return later.kind == Envelope::Kind::Storable || sender == from ||
           std::any_of(followers.begin(), followers.end(),
                       [&from](const Envelope &follower) { return follower.stanza.from == from; });
}

bool Account::idle() const
{
    return resources.empty() && existence != Existence::Asked && room != Room::Asked && keys != Keys::Asked &&
           facts != Facts::Asked && holds == 0 && incoming.empty() && outgoing == 0 && lookUps.empty() &&
           arrivals.empty() && waitingStanzas.empty() && waitingSends.empty() &&
           (!contacts || contacts->contacts().idle());
}

} // namespace godwit::router
