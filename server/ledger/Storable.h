// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Which messages the promise covers, and what is kept of them (DELIVERY.md rule 1). One function, one table of tests.
#pragma once

#include "ledger/LogStore.h"
#include "xml/Stanza.h"

namespace godwit::ledger
{

/// Who a message goes to, as far as storing is concerned.
enum class RecipientKind : std::uint8_t { Account, AnonymousAccount, Elsewhere };

/// What is to be kept of a message.
struct Storability {
    bool storable = false;  ///< stored until a client of the recipient proved it
    bool permanent = false; ///< and then kept in the archives
    bool carbon = false;    ///< eligible for carbons (XEP-0280 §6.1)
};

/// Judges a message by its type, its hints (XEP-0334) and its payload. Anything but a message is not storable.
Storability classify(const xml::Stanza &stanza, RecipientKind recipient);

/// The key under which a resend of this message is recognised (rule 7); nothing when it has no origin-id (XEP-0359).
/// `sender` is the bare JID of an account, the full JID of an occupant.
std::optional<base::Hash128> resendKey(const base::SipKey &secret, std::string_view sender, const xml::Stanza &stanza);

/// Whether this is an error that may answer a message (DELIVERY.md rule 9): it names one by its id.
bool answersByError(const xml::Stanza &stanza);
/// The key of such an error: the devices of a recipient each may answer the same message, its sender hears of it once.
base::Hash128 errorKey(const base::SipKey &secret, std::string_view sender, const xml::Stanza &error);

} // namespace godwit::ledger
