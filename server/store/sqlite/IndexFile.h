// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// index.db: statements, no thinking. Belongs to the index thread. Everything in it can be made again from log.db, so
// when it fails it is thrown away before the process ends.
#pragma once

#include "base/Clock.h"
#include "store/RangeSet.h"
#include "store/sqlite/Database.h"
#include "store/sqlite/LogTail.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace godwit::store
{

enum class Direction : std::uint8_t { Forward, Backward };

/// Which entries of an account: seqs in [low, high] with all of `bits`, of one peer or of all.
struct ScanSpec {
    JidId account;
    ledger::Seq low;
    ledger::Seq high;
    std::optional<JidId> peer;
    std::uint8_t bits = 0;
};

/// What is known of one device.
struct DeviceState {
    std::string device;
    ledger::Seq position;
    RangeSet above;
    base::WallTime seen;
};

class IndexFile
{
public:
    /// Opens or makes index.db for the log `logId`; one of another log, or one that does not read, is made anew.
    static base::Result<IndexFile> open(const std::string &folder, const std::string &logId, const std::string &vfs);

    std::uint64_t meta(std::string_view name);
    void setMeta(std::string_view name, std::uint64_t value);

    void begin();
    /// False when the disk is full: the transaction is then undone.
    [[nodiscard]] bool commit();
    /// Pages in the WAL after the last commit.
    std::uint64_t walPages() const { return *m_walPages; }
    void checkpoint() { m_database.checkpoint(); }

    void putEntry(JidId account, const Entry &entry);
    void putPending(JidId account, const Entry &entry);
    void putSentKey(JidId account, ledger::Seq seq, const base::Hash128 &key);
    void putProof(JidId account, const ProofNote &proof);
    void erasePending(JidId account, ledger::Seq low, ledger::Seq high);
    void erasePendingFrom(JidId account, JidId peer, ledger::Seq upTo);
    /// Notes the pending rows of [low, high] up to `passed` as late; called before they stop being pending.
    void putLate(JidId account, ledger::Seq low, ledger::Seq high, ledger::Seq passed, base::WallTime now);
    void eraseLate(ledger::Seq seq);
    std::vector<ledger::Seq> late(base::WallTime until, std::size_t limit);
    void eraseEntry(JidId account, ledger::Seq seq);
    void eraseSentKey(JidId account, ledger::Seq seq);
    /// Hides and forgets the account's rows up to `upTo`. Entries go in slices: see sweepAccount().
    void removeAccount(JidId account, ledger::Seq upTo);
    /// Deletes some hidden entries; true when there may be more.
    bool sweepAccount(JidId account, ledger::Seq upTo);
    void putDevice(JidId account, const DeviceState &state);
    void eraseDevice(JidId account, const std::string &device);

    std::vector<Entry> scan(const ScanSpec &spec, Direction direction, std::size_t limit);
    std::uint64_t count(const ScanSpec &spec);
    std::vector<Entry> pending(JidId account, ledger::Seq low, ledger::Seq high, std::size_t limit);
    std::uint64_t countPending(JidId account, ledger::Seq low, ledger::Seq high);
    bool isPending(JidId account, ledger::Seq seq);
    /// Newest first.
    std::vector<ledger::SentKey> sentKeys(JidId account, ledger::Seq low, ledger::Seq high, std::size_t limit);
    std::vector<ProofNote> proofsOf(JidId account, ledger::Seq seq);
    std::vector<DeviceState> devices(JidId account);
    std::unordered_map<JidId, ledger::Seq> floors();

private:
    void prepare();
    void must(Statement &statement);
    void checked(const Statement &statement);
    [[noreturn]] void failed(const std::string &text);

    std::string m_path;
    Database m_database;
    bool m_full = false;
    std::unique_ptr<std::uint64_t> m_walPages = std::make_unique<std::uint64_t>(0); ///< written by sqlite3's hook
    Statement m_begin, m_commit, m_meta, m_setMeta;
    Statement m_putEntry, m_putPending, m_putSentKey, m_putProof;
    Statement m_erasePending, m_erasePendingFrom, m_eraseEntry, m_eraseSentKey, m_eraseDevice, m_sweep, m_putFloor;
    Statement m_putDevice, m_putLate, m_eraseLate, m_late, m_devices, m_proofs, m_sentKeys, m_pending, m_countPending;
    std::array<Statement, 4> m_scan;
    std::array<Statement, 2> m_count;
};

} // namespace godwit::store
