// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/ArchiveSearch.h"

#include "store/StartTag.h"

#include <algorithm>

namespace godwit::store
{

namespace
{

constexpr ledger::Seq seqMax(0x7fffffffffffffffULL);
constexpr std::size_t walkStep = 512;

ledger::Seq next(ledger::Seq seq)
{
    return ledger::Seq(seq.value + 1);
}

ledger::Seq previous(ledger::Seq seq)
{
    return ledger::Seq(seq.value == 0 ? 0 : seq.value - 1);
}

/// An empty slice has low > high.
bool isEmpty(const ArchiveSlice &slice)
{
    return slice.high < slice.low;
}

/// What a query means without its paging.
struct Filter {
    ArchiveSlice slice;
    /// The full JID of the other party; the seqs have to be looked at one by one.
    std::optional<std::string> full;
    std::string account;
};

bool keeps(const Filter &filter, const ledger::LogRow &row)
{
    if (!filter.full) {
        return true;
    }
    const bool outgoing = row.sender == filter.account;
    const bool incoming = row.recipient == filter.account;
    return (outgoing && startTagAttribute(*row.stanza, "to") == *filter.full) ||
           (incoming && startTagAttribute(*row.stanza, "from") == *filter.full);
}

/// All seqs of the filter, looked at one by one, rising.
std::vector<ledger::Seq> walk(ArchiveSource &source, const Filter &filter)
{
    std::vector<ledger::Seq> kept;
    ArchiveSlice rest = filter.slice;
    while (!isEmpty(rest)) {
        const auto step = source.seqs(rest, false, walkStep);
        for (const ledger::Seq seq : step) {
            const std::optional<ledger::LogRow> row = source.row(seq);
            if (row && keeps(filter, *row)) {
                kept.push_back(seq);
            }
        }
        if (step.size() < walkStep) {
            break;
        }
        rest.low = next(step.back());
    }
    return kept;
}

/// The archive when the matching seqs are a list: the ids of a query, or what a walk kept.
class ListSource final : public ArchiveSource
{
public:
    ListSource(ArchiveSource &source, std::vector<ledger::Seq> seqs)
        : m_source(source)
        , m_seqs(std::move(seqs))
    {
    }
    std::vector<ledger::Seq> seqs(const ArchiveSlice &slice, bool backward, std::size_t limit) override
    {
        const auto [first, last] = range(slice);
        std::vector<ledger::Seq> found(first, last);
        if (backward) {
            std::reverse(found.begin(), found.end());
        }
        found.resize(std::min(found.size(), limit));
        return found;
    }
    std::uint64_t count(const ArchiveSlice &slice) override
    {
        const auto [first, last] = range(slice);
        return static_cast<std::uint64_t>(last - first);
    }
    bool contains(ledger::Seq seq) override { return m_source.contains(seq); }
    std::optional<ledger::LogRow> row(ledger::Seq seq) override { return m_source.row(seq); }
    ledger::Seq firstAt(base::WallTime time) override { return m_source.firstAt(time); }

private:
    using At = std::vector<ledger::Seq>::const_iterator;
    std::pair<At, At> range(const ArchiveSlice &slice) const
    {
        if (isEmpty(slice)) {
            return {m_seqs.end(), m_seqs.end()};
        }
        return {std::lower_bound(m_seqs.begin(), m_seqs.end(), slice.low),
                std::upper_bound(m_seqs.begin(), m_seqs.end(), slice.high)};
    }
    ArchiveSource &m_source;
    std::vector<ledger::Seq> m_seqs;
};

base::Result<base::Ok> checkKnown(ArchiveSource &source, const ledger::ArchiveQuery &query)
{
    std::vector<ledger::Seq> named = query.ids;
    for (const auto &id : {query.afterId, query.beforeId, query.after, query.before}) {
        if (id) {
            named.push_back(*id);
        }
    }
    for (const ledger::Seq seq : named) {
        if (!source.contains(seq)) {
            return base::Error(base::ErrorCode::NotFound, "no such id in this archive");
        }
    }
    return base::Ok{};
}

Filter filterOf(ArchiveSource &source, const ledger::ArchiveQuery &query)
{
    Filter filter{{ledger::Seq(1), seqMax, std::nullopt}, std::nullopt, query.account};
    ArchiveSlice &slice = filter.slice;
    if (query.start) {
        slice.low = std::max(slice.low, source.firstAt(*query.start));
    }
    if (query.end) {
        slice.high = std::min(slice.high, previous(source.firstAt(*query.end + base::Duration(1))));
    }
    if (query.afterId) {
        slice.low = std::max(slice.low, next(*query.afterId));
    }
    if (query.beforeId) {
        slice.high = std::min(slice.high, previous(*query.beforeId));
    }
    if (query.with) {
        const std::size_t slash = query.with->find('/');
        slice.peer = query.with->substr(0, slash);
        if (slash != std::string::npos) {
            filter.full = query.with;
        }
    }
    return filter;
}

ledger::ArchivePage readPage(ArchiveSource &source, const ArchiveSlice &all, const ledger::ArchiveQuery &query)
{
    ledger::ArchivePage page;
    const bool backward = !query.after && (query.before || query.lastPage);
    ArchiveSlice slice = all;
    if (query.after) {
        slice.low = std::max(slice.low, next(*query.after));
    }
    if (query.before) {
        slice.high = std::min(slice.high, previous(*query.before));
    }
    std::vector<ledger::Seq> seqs;
    if (!isEmpty(slice)) {
        seqs = source.seqs(slice, backward, query.max + 1);
    }
    page.complete = seqs.size() <= query.max;
    seqs.resize(std::min(seqs.size(), query.max));
    if (backward) {
        std::reverse(seqs.begin(), seqs.end());
    }
    for (const ledger::Seq seq : seqs) {
        if (std::optional<ledger::LogRow> row = source.row(seq)) {
            page.rows.push_back(std::move(*row));
        }
    }
    if (query.wantCount) {
        page.count = isEmpty(all) ? 0 : source.count(all);
        if (!page.rows.empty()) {
            ArchiveSlice front = all;
            front.high = previous(page.rows.front().seq);
            page.firstIndex = isEmpty(front) ? 0 : source.count(front);
        }
    }
    return page;
}

} // namespace

base::Result<ledger::ArchivePage> searchArchive(ArchiveSource &source, const ledger::ArchiveQuery &query)
{
    if (auto known = checkKnown(source, query); !known.ok()) {
        return std::move(known).error();
    }
    const Filter filter = filterOf(source, query);
    if (query.ids.empty() && !filter.full) {
        return readPage(source, filter.slice, query);
    }
    std::vector<ledger::Seq> seqs = query.ids.empty() ? walk(source, filter) : query.ids;
    std::sort(seqs.begin(), seqs.end());
    seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
    if (!query.ids.empty() && query.with) {
        std::erase_if(seqs, [&](ledger::Seq seq) {
            const std::optional<ledger::LogRow> row = source.row(seq);
            const bool withPeer = row && (row->sender == *filter.slice.peer || row->recipient == *filter.slice.peer);
            return !withPeer || !keeps(filter, *row);
        });
    }
    ListSource list(source, std::move(seqs));
    return readPage(list, filter.slice, query);
}

} // namespace godwit::store
