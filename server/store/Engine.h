// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A store as the composition root sees it: it is opened once, gives each shard its own LogStore and AccountStore, and
// is closed once. What differs between databases lies behind it.
#pragma once

#include "accounts/AccountStore.h"
#include "base/SipHash.h"
#include "ledger/LogStore.h"
#include "store/Executor.h"

#include <array>
#include <cstdint>
#include <memory>

namespace godwit::store
{

/// All functions are called on the thread that opened the engine, except where they say otherwise.
class Engine
{
public:
    virtual ~Engine() = default;

    /// The log for one shard, to be called on that shard's thread. The first call is for shard 0, the next for shard 1
    /// and so on (ledger::ShardIndex); all are made before the shards run. The sink's and the callbacks' calls come
    /// through `executor`. Both must outlive the engine; the LogStore must not.
    virtual std::unique_ptr<ledger::LogStore> logFor(Executor &executor, ledger::LogSink &sink) = 0;
    /// The accounts for one shard (or for the admin room); same rules.
    virtual std::unique_ptr<accounts::AccountStore> accountsFor(Executor &executor) = 0;

    /// Secret of this store for stanza-ids (DELIVERY.md, "Words"); made when the store was.
    virtual const std::array<std::uint8_t, 16> &stanzaIdKey() const = 0;
    /// Secret of this store for the keys of DELIVERY.md rule 7.
    virtual const base::SipKey &dedupKey() const = 0;

    /// Commits what was asked, hands every answer to its executor, ends the threads, closes the files. Calls made
    /// afterwards are answered with Unavailable. Called by the destructor too.
    virtual void close() = 0;
};

} // namespace godwit::store
