// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A session as its account sees it: what it announced, which stanzas it wants, and where it is in the account's log.
#pragma once

#include "ledger/AccountLedger.h"
#include "modules/Hooks.h"
#include "session/Session.h"

#include <string>

namespace godwit::router
{

class Account;

/// A log that cannot be read now is asked again after this time, by each session that wants something of it.
inline constexpr base::Duration readAgainAfter = std::chrono::seconds(1);

class Resource final : public ledger::RowReceiver, public modules::SessionPort
{
public:
    Resource(Account &account, session::SessionId id, jid::Jid full, std::string device, session::SessionHost &host,
             const session::SessionLimits &limits, const base::Clock &clock, base::Random &random);

    Account &account() noexcept { return m_account; }
    session::Session &session() noexcept { return m_session; }
    const session::Session &session() const noexcept { return m_session; }
    /// The client's name for itself; empty when the server made the resource up (DELIVERY.md rule 12).
    const std::string &device() const noexcept { return m_device; }

    bool available() const noexcept { return m_available; }
    int priority() const noexcept { return m_priority; }
    /// Available with a priority that takes messages to the bare JID.
    bool takesMessages() const noexcept { return m_available && m_priority >= 0; }
    /// True when it takes messages from now on and did not before: pending ones are to be pushed to it (rule 13).
    bool setPresence(int priority);
    void setUnavailable() noexcept { m_available = false; }

    // ledger::RowReceiver
    std::optional<ledger::RowForm> formOf(const ledger::LogRow &row) const override;
    std::size_t room() const override { return m_session.room(); }
    bool reads() const override { return m_session.attached(); }
    void writeRow(const ledger::LogRow &row, ledger::RowForm form, ledger::Gap gap, ledger::Lateness lateness) override;
    bool holdsRow(ledger::Seq seq) const override { return m_session.holdsRow(seq); }
    void advanceLater() override;

    // modules::SessionPort
    session::SessionId id() const override { return m_session.id(); }
    const jid::Jid &jid() const override { return m_session.jid(); }
    bool anonymous() const override;
    bool carbons() const override { return m_carbons; }
    void setCarbons(bool on) override { m_carbons = on; }
    void setReadsArchive() override;
    void write(std::string_view bytes) override;
    void writeProving(std::string_view bytes, ledger::Seq seq) override;

private:
    Account &m_account;
    session::Session m_session;
    std::string m_device;
    /// Asked for its archive before its first presence: what is archived up to here it reads there (rule 13).
    ledger::Seq m_archiveRead;
    std::int8_t m_priority = 0;
    bool m_available : 1 = false;
    bool m_carbons : 1 = false;
    bool m_announced : 1 = false;
};

} // namespace godwit::router
