// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A row of the log as a client sees it: with the stanza-id of its account, late ones with a delay, carbons and archive
// results wrapped. What is stored is the sender's stanza; all this is written on output (DELIVERY.md, "Words").
#pragma once

#include "ledger/AccountLedger.h"

#include <string>
#include <string_view>

namespace godwit::ledger
{

/// The value of an attribute of the start tag of kept bytes, still escaped; empty when it is absent. Kept form has
/// from, to, id and type first and plain.
std::string_view startTagAttribute(std::string_view keptBytes, std::string_view name);

/// Writes rows of one account.
class RowText
{
public:
    /// `account` and `host` must outlive it.
    RowText(std::string_view account, std::string_view host, const StanzaIds &ids)
        : m_account(account)
        , m_host(host)
        , m_ids(ids)
    {
    }

    /// The stanza itself, or the carbon (XEP-0280 §7, §8) addressed to `session`, the full JID of who gets it.
    void append(std::string &out, const LogRow &row, RowForm form, Lateness lateness, std::string_view session) const;

    /// `<message to='session'><result ...><forwarded>...` (XEP-0313 §4.1.2).
    void appendArchiveResult(std::string &out, const LogRow &row, std::string_view queryId,
                             std::string_view session) const;

    /// `<metadata>` (XEP-0313 §4.1.5).
    void appendArchiveEnds(std::string &out, const ArchiveEnds &ends) const;

    std::string stanzaId(Seq seq) const { return m_ids.encode(m_account, seq); }

private:
    void appendIdentified(std::string &out, const LogRow &row, Lateness lateness) const;
    void appendForwarded(std::string &out, const LogRow &row) const;

    std::string_view m_account;
    std::string_view m_host;
    const StanzaIds &m_ids;
};

} // namespace godwit::ledger
