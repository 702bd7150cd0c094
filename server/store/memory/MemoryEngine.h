// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The store in memory, for tests: a plain list of rows that every question walks through. It is the model that the
// SQLite store is compared with, so it is kept too simple to be wrong. Nothing survives the process; there are no
// threads: all shards that share it, and their executors, are of one thread.
#pragma once

#include "base/Clock.h"
#include "store/Engine.h"

#include <memory>

namespace godwit::store
{

class MemoryEngine final : public Engine
{
public:
    /// The clock must outlive the engine; the system's when null.
    explicit MemoryEngine(const base::Clock *clock = nullptr);
    ~MemoryEngine() override;
    std::unique_ptr<ledger::LogStore> logFor(Executor &executor, ledger::LogSink &sink) override;
    std::unique_ptr<accounts::AccountStore> accountsFor(Executor &executor) override;
    const std::array<std::uint8_t, 16> &stanzaIdKey() const override;
    const base::SipKey &dedupKey() const override;
    void close() override;

    /// From now on appends are refused as by a full disk, or accepted again.
    void setFull(bool full);

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace godwit::store
