// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Answers questions about logs out of three places at once: index.db up to where it is folded, the tail in memory
// behind that, and log.db for the bodies. Belongs to the index thread.
#pragma once

#include "store/sqlite/IndexFile.h"
#include "store/sqlite/LogReader.h"
#include "store/sqlite/LogTail.h"

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace godwit::store
{

class IndexView
{
public:
    IndexView(IndexFile &file, LogTail &tail, LogReader &reader);

    /// Seqs up to here are answered from index.db, those above from the tail.
    void setFolded(ledger::Seq seq) { m_folded = seq; }
    ledger::Seq folded() const { return m_folded; }
    void setFloor(JidId account, ledger::Seq floor) { m_floors[account] = floor; }

    base::Result<ledger::LogPage> pending(const ledger::LogRange &range);
    base::Result<ledger::LogPage> log(const ledger::LogRange &range);
    std::vector<ledger::LogRow> rows(const std::string &account, const std::vector<ledger::Seq> &seqs);
    base::Result<ledger::ArchivePage> archive(const ledger::ArchiveQuery &query);
    ledger::ArchiveEnds ends(const std::string &account);
    std::vector<ledger::SentKey> recentKeys(const std::string &sender, std::size_t limit);
    std::vector<ledger::DevicePosition> devicePositions(const std::string &account);
    base::Result<ledger::RowTrace> trace(const std::string &account, ledger::Seq seq);
    std::uint64_t countPending(const std::string &account);

    /// The states of the account's devices with the first `proofs` of its unfolded proofs applied.
    std::vector<DeviceState> devicesWith(JidId account, std::size_t proofs);

    // The primitives that the questions are made of, over index and tail alike:
    std::vector<Entry> scan(const ScanSpec &spec, Direction direction, std::size_t limit);
    std::uint64_t count(const ScanSpec &spec);
    std::optional<Entry> entry(JidId account, ledger::Seq seq);
    std::optional<ledger::LogRow> row(ledger::Seq seq);
    LogReader &reader() { return m_reader; }
    ledger::Seq floorOf(JidId account) const;

private:
    using Fetch = std::function<std::vector<Entry>(ledger::Seq low, ledger::Seq high, std::size_t limit)>;
    ledger::LogPage page(const ledger::LogRange &range, JidId account, const Fetch &fetch);
    std::vector<Entry> scanPending(JidId account, ledger::Seq low, ledger::Seq high, std::size_t limit);

    IndexFile &m_file;
    LogTail &m_tail;
    LogReader &m_reader;
    ledger::Seq m_folded;
    std::unordered_map<JidId, ledger::Seq> m_floors;
};

} // namespace godwit::store
