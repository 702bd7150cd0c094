// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// An account on its home shard: its sessions, its place in the log, its contacts, and what of its mail is on the way.
#pragma once

#include "ledger/AccountLedger.h"
#include "ledger/RowText.h"
#include "ledger/SentKeys.h"
#include "router/Envelope.h"
#include "router/Resource.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace godwit::router
{

class AccountContacts;

enum class AccountKind : std::uint8_t { Registered, Anonymous };

/// A message of a session that waits until it is known what the account sent before.
struct WaitingSend {
    ledger::Waiter waiter;
    Envelope envelope;
};

/// A stanza of a session that waits until the modules know the account.
struct WaitingStanza {
    ledger::Waiter waiter;
    xml::Stanza stanza;
};

class Account
{
public:
    Account(jid::Jid bare, AccountKind kind, ledger::LogStore &log, const ledger::StanzaIds &ids,
            std::size_t sentKeysMax, std::size_t recentBytesMax);
    ~Account();
    Account(const Account &) = delete;
    Account &operator=(const Account &) = delete;

    const jid::Jid &jid() const noexcept { return m_jid; }
    const std::string &text() const noexcept { return m_jid.text(); }
    AccountKind kind() const noexcept { return m_kind; }
    ledger::AccountLedger &ledger() noexcept { return m_ledger; }
    const ledger::RowText &rowText() const noexcept { return m_rowText; }

    Resource *find(std::string_view resource) const;
    Resource *find(session::SessionId id) const;
    bool somebodyTakesMessages() const;
    /// Whether a row for the full JID `resource` goes to that session alone: it is attached, and it is shown that row,
    /// live or with its backlog.
    bool reaches(std::string_view resource, ledger::Seq row) const;

    std::vector<std::unique_ptr<Resource>> resources;
    std::unique_ptr<AccountContacts> contacts; ///< made when first needed

    /// Whether the account is there at all; messages wait in `arrivals` while the store is asked.
    enum class Existence : std::uint8_t { Unknown, Asked, Yes, No };
    Existence existence = Existence::Unknown;
    std::vector<Envelope> arrivals;

    /// Whether the modules know what they have to know of the account (Hooks::onAccountNeeded); until then what comes
    /// waits in `arrivals`, what its sessions send in `waitingStanzas`.
    enum class Facts : std::uint8_t { Unknown, Asked, Known };
    Facts facts = Facts::Unknown;
    std::vector<WaitingStanza> waitingStanzas;
    std::size_t holds = 0; ///< of modules that are at work on it

    /// How much waits for the account's devices: at most `pendingBound` once it was counted; asked again only when that
    /// reaches the limit. `Full` refuses until something is proved or dropped.
    enum class Room : std::uint8_t { Unknown, Asked, Counted, Full };
    Room room = Room::Unknown;
    bool fewerSinceAsked = false; ///< the answer may be of before something was proved or dropped
    void fewerWait();
    std::uint64_t pendingBound = 0;

    /// What was sent before (rule 7), asked for at the first message of a session that was not resumed.
    enum class Keys : std::uint8_t { Unknown, Asked, Known };
    Keys keys = Keys::Unknown;
    ledger::SentKeys sentKeys;
    std::vector<WaitingSend> waitingSends;

    /// An error to this account of which is looked up whether it answers a message of it, one of each sender at a time.
    /// What that sender wants to be stored meanwhile waits behind it (rule 8).
    struct LookUp {
        jid::Jid sender; ///< full
        std::vector<Envelope> followers;
        bool delays(const Envelope &later) const;
    };
    std::vector<LookUp> lookUps;

    /// Tickets of messages to this account that are being stored, oldest first.
    std::vector<ledger::Ticket> incoming;
    /// Messages of this account that are being stored.
    std::size_t outgoing = 0;

    /// Nothing refers to it: it may be forgotten.
    bool idle() const;

private:
    jid::Jid m_jid;
    std::string m_host;
    AccountKind m_kind;
    ledger::AccountLedger m_ledger;
    ledger::RowText m_rowText;
};

} // namespace godwit::router
