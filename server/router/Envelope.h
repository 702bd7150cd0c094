// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What travels between shards of a process, and between nodes in the same shape: a stanza on its way to the home of
// its recipient, or the refusal that comes back.
#pragma once

#include "ledger/LogStore.h"
#include "ledger/Storable.h"
#include "stream/StanzaError.h"
#include "xml/Stanza.h"

#include <memory>
#include <string_view>

namespace godwit::router
{

struct Envelope {
    enum class Kind : std::uint8_t {
        Stanza,   ///< to be delivered or dropped; nobody waits for it
        Storable, ///< to be stored before anything else; the source waits under `ticket`
        Refused,  ///< the answer to a Storable that was not stored: the stanza comes back with `error`
    };
    Kind kind = Kind::Stanza;
    ledger::ShardIndex source = ledger::noShard;
    ledger::Ticket ticket; ///< of the source
    ledger::RowFlag flags = ledger::RowFlag::None;
    base::Hash128 key;
    xml::Stanza stanza;     ///< of a Storable: without its bytes, which are in `kept`
    base::SharedBytes kept; ///< of a Storable: the bytes to be stored
    std::unique_ptr<stream::StanzaError> error;
};

/// How envelopes reach other shards. Order between two shards is kept.
class ShardLink
{
public:
    virtual ~ShardLink() = default;
    virtual ledger::ShardIndex self() const = 0;
    virtual ledger::ShardIndex homeOf(std::string_view bareJid) const = 0;
    virtual void post(ledger::ShardIndex shard, Envelope &&envelope) = 0;
};

} // namespace godwit::router
