// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Stanza-ids computed out of log positions (DELIVERY.md, "Words"): nobody can guess or count them, nothing is stored.
//
//   block  = account half (8 bytes) | seq (8 bytes), both little-endian
//   id     = base64url(AES-128(block))                       22 characters
//
// The account half is SipHash of the bare JID, so that an id shown to one party of a message says nothing about the
// other's and is no id in the other's archive. Both keys are derived from the store's key.
#pragma once

#include "base/SipHash.h"
#include "ledger/LogStore.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace godwit::crypto
{

/// The secret of one store; losing it orphans the ids that clients remember.
using StanzaIdKey = std::array<std::uint8_t, 16>;

/// Thread-safe: each thread keeps its own prepared AES context.
class StanzaIdCipher final : public ledger::StanzaIds
{
public:
    explicit StanzaIdCipher(const StanzaIdKey &key);

    std::string encode(std::string_view account, ledger::Seq seq) const override;
    std::optional<ledger::Seq> decode(std::string_view account, std::string_view id) const override;

private:
    std::uint64_t accountHalf(std::string_view account) const;

    base::SipKey m_accountKey{};
    std::array<std::uint8_t, 16> m_blockKey{};
    std::uint64_t m_serial; ///< names this key to the threads' contexts
};

} // namespace godwit::crypto
