// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What the in-memory store holds.
#pragma once

#include "accounts/AccountStore.h"
#include "base/Clock.h"
#include "ledger/LogStore.h"
#include "store/Executor.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace godwit::store
{

struct MemoryProof {
    ledger::Proof proof;
    base::WallTime time;
};

struct MemoryRow {
    ledger::LogRow row;
    base::Hash128 key;
    std::set<std::string> goneFor; ///< accounts removed since
    bool pending = false;
};

/// One shard: where its answers go, and those that wait; one post takes all of them.
struct MemoryPort {
    Executor *executor = nullptr;
    ledger::LogSink *sink = nullptr;
    std::vector<ledger::Committed> committed;
    std::vector<ledger::NotCommitted> refused;
};

struct MemoryLogTables {
    std::vector<std::shared_ptr<MemoryPort>> ports; ///< shared with posts under way, which may outlive the engine
    std::vector<MemoryRow> rows;                    ///< the row with seq n is at n - 1
    std::vector<MemoryProof> proofs;
    base::WallTime lastTime{};
    bool full = false;
    bool closed = false;
};

struct MemoryAccount {
    accounts::Credentials credentials;
    base::WallTime created{};
    std::map<std::string, accounts::DeviceTokens> tokens; ///< by device
};

struct MemoryAccountTables {
    std::map<std::string, MemoryAccount> accounts;
    std::map<std::string, accounts::Roster> rosters;
    std::map<std::tuple<std::string, std::string, std::string>, std::string> values;
    bool closed = false;
};

} // namespace godwit::store
