// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/Retention.h"

#include <algorithm>

namespace godwit::store
{

namespace
{

constexpr const char *walkNames[] = {"purged_unarchived", "purged_aged", "purged_keys"};

bool archived(ledger::RowFlag flags)
{
    return ledger::has(flags, ledger::RowFlag::ArchiveSender | ledger::RowFlag::ArchiveRecipient);
}

} // namespace

Retention::Retention(RetentionOptions options, IndexFile &file, LogReader &reader)
    : m_options(options)
    , m_file(file)
    , m_reader(reader)
{
    for (std::size_t which = 0; which < 3; ++which) {
        m_at[which] = ledger::Seq(m_file.meta(walkNames[which]));
    }
}

ledger::Seq Retention::passed() const
{
    return std::max(m_at[Unarchived], m_at[Aged]);
}

std::optional<Retention::Slice> Retention::next(base::WallTime now, ledger::Seq folded)
{
    if (auto slice = walk(Unarchived, now, now - m_options.keepProved, folded)) {
        return slice;
    }
    const bool ages = m_options.keep && m_options.keep->count() > 0;
    if (ages) {
        if (auto slice = walk(Aged, now, now - *m_options.keep, folded)) {
            return slice;
        }
    }
    if (auto slice = walk(Keys, now, now - m_options.keepKeys, folded)) {
        return slice;
    }
    return lateOnes(now);
}

std::optional<Retention::Slice> Retention::walk(Walk which, base::WallTime now, base::WallTime horizon,
                                                ledger::Seq folded)
{
    Slice slice;
    slice.walk = which;
    slice.to = m_at[which];
    for (const LogReader::PurgeRow &row : m_reader.purgeRows(m_at[which], folded, limits::purgeSliceRows)) {
        if (row.time > horizon) {
            break;
        }
        slice.to = row.seq;
        judge(row, which, now, slice);
    }
    return slice.to == m_at[which] ? std::nullopt : std::optional<Slice>(std::move(slice));
}

std::optional<Retention::Slice> Retention::lateOnes(base::WallTime now)
{
    Slice slice;
    slice.walk = Late;
    slice.late = m_file.late(now - m_options.keepProved, limits::purgeSliceRows);
    for (const ledger::Seq seq : slice.late) {
        const auto rows = m_reader.purgeRows(ledger::Seq(seq.value - 1), seq, 1);
        if (!rows.empty()) {
            const bool aged = seq <= m_at[Aged];
            judge(rows.front(), aged ? Aged : Unarchived, now, slice);
        }
    }
    return slice.late.empty() ? std::nullopt : std::optional<Slice>(std::move(slice));
}

void Retention::judge(const LogReader::PurgeRow &row, Walk which, base::WallTime now, Slice &slice)
{
    const bool keyOld = !row.hasKey || row.time <= now - m_options.keepKeys;
    if (which == Keys) {
        if (row.hasKey) {
            slice.gone.push_back({row.seq, row.sender, row.recipient, true});
            if (!row.hasBody) {
                slice.purge.remove.push_back(row.seq);
            }
        }
        return;
    }
    const bool untilProved = !archived(row.flags) || (m_options.keep && m_options.keep->count() == 0);
    const bool mayGo = which == Aged || untilProved;
    if (!mayGo || !row.hasBody || m_file.isPending(row.recipient, row.seq)) {
        return;
    }
    (keyOld ? slice.purge.remove : slice.purge.strip).push_back(row.seq);
    slice.gone.push_back({row.seq, row.sender, row.recipient, keyOld});
}

void Retention::forget(const Slice &slice)
{
    for (const Slice::Gone &gone : slice.gone) {
        if (slice.walk != Keys) {
            m_file.eraseEntry(gone.sender, gone.seq);
            m_file.eraseEntry(gone.recipient, gone.seq);
        }
        if (gone.keyToo) {
            m_file.eraseSentKey(gone.sender, gone.seq);
        }
    }
    for (const ledger::Seq seq : slice.late) {
        m_file.eraseLate(seq);
    }
    if (slice.walk != Late) {
        m_at[slice.walk] = slice.to;
        m_file.setMeta(walkNames[slice.walk], slice.to.value);
    }
}

} // namespace godwit::store
