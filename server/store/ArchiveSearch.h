// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// XEP-0313 queries with XEP-0059 paging, over whatever can list the seqs of one account's archive.
#pragma once

#include "ledger/LogStore.h"

#include <optional>
#include <string>
#include <vector>

namespace godwit::store
{

/// Rows of an archive with a seq in [low, high], with one peer (bare) or with all.
struct ArchiveSlice {
    ledger::Seq low;
    ledger::Seq high;
    std::optional<std::string> peer;
};

/// The archive of one account.
class ArchiveSource
{
public:
    virtual ~ArchiveSource() = default;
    /// At most `limit` seqs from the low end, or from the high end falling.
    virtual std::vector<ledger::Seq> seqs(const ArchiveSlice &slice, bool backward, std::size_t limit) = 0;
    virtual std::uint64_t count(const ArchiveSlice &slice) = 0;
    virtual bool contains(ledger::Seq seq) = 0;
    /// Nothing when its body is gone.
    virtual std::optional<ledger::LogRow> row(ledger::Seq seq) = 0;
    /// The smallest seq of a row that is not older than `time`.
    virtual ledger::Seq firstAt(base::WallTime time) = 0;
};

base::Result<ledger::ArchivePage> searchArchive(ArchiveSource &source, const ledger::ArchiveQuery &query);

} // namespace godwit::store
