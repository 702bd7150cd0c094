// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Decides which rows go, slice by slice along the log. Nothing that is pending ever goes. Belongs to the index thread;
// the deleting itself is done by the writer between two batches, and only then the index forgets.
#pragma once

#include "store/StoreLimits.h"
#include "store/sqlite/IndexFile.h"
#include "store/sqlite/LogReader.h"
#include "store/sqlite/RetentionOptions.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace godwit::store
{

class Retention
{
public:
    /// A stretch of the log and what of it goes.
    struct Slice {
        Purge purge;
        struct Gone {
            ledger::Seq seq;
            JidId sender;
            JidId recipient;
            bool keyToo = false;
        };
        std::vector<Gone> gone;
        std::vector<ledger::Seq> late;
        std::size_t walk = 0;
        ledger::Seq to;
    };

    Retention(RetentionOptions options, IndexFile &file, LogReader &reader);

    /// The next stretch with rows up to `folded`; nothing when all is done for now.
    std::optional<Slice> next(base::WallTime now, ledger::Seq folded);
    /// The writer has deleted it: makes the index forget, inside a transaction of the caller.
    void forget(const Slice &slice);
    /// Pending rows up to here that lose that state have to be noted as late: the walk has passed them.
    ledger::Seq passed() const;
    const RetentionOptions &options() const { return m_options; }

private:
    enum Walk : std::size_t { Unarchived, Aged, Keys, Late };
    std::optional<Slice> walk(Walk which, base::WallTime now, base::WallTime horizon, ledger::Seq folded);
    std::optional<Slice> lateOnes(base::WallTime now);
    void judge(const LogReader::PurgeRow &row, Walk which, base::WallTime now, Slice &slice);

    RetentionOptions m_options;
    IndexFile &m_file;
    LogReader &m_reader;
    ledger::Seq m_at[3];
};

} // namespace godwit::store
