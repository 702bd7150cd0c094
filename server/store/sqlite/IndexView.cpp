// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/IndexView.h"

#include "store/ArchiveSearch.h"
#include "store/StoreLimits.h"

#include <algorithm>

namespace godwit::store
{

namespace
{

constexpr std::size_t scanStep = 256;
constexpr ledger::Seq seqMax(0x7fffffffffffffffULL);

ledger::Seq next(ledger::Seq seq)
{
    return ledger::Seq(seq.value + 1);
}

bool matches(const TailEntry &entry, const ScanSpec &spec)
{
    return (entry.entry.bits & spec.bits) == spec.bits && (!spec.peer || *spec.peer == entry.entry.peer);
}

bool bySeq(const StoredRow &row, ledger::Seq seq)
{
    return row.seq < seq;
}

/// The archive of one account, for ArchiveSearch.
class AccountArchive final : public ArchiveSource
{
public:
    AccountArchive(IndexView &view, JidId account, ledger::ArchiveScope scope)
        : m_view(view)
        , m_account(account)
        , m_bits(scope == ledger::ArchiveScope::Archived ? entry_bit::archived : 0)
    {
    }
    std::vector<ledger::Seq> seqs(const ArchiveSlice &slice, bool backward, std::size_t limit) override
    {
        std::vector<ledger::Seq> found;
        if (const std::optional<ScanSpec> spec = toSpec(slice)) {
            const auto direction = backward ? Direction::Backward : Direction::Forward;
            for (const Entry &entry : m_view.scan(*spec, direction, limit)) {
                found.push_back(entry.seq);
            }
        }
        return found;
    }
    std::uint64_t count(const ArchiveSlice &slice) override
    {
        const std::optional<ScanSpec> spec = toSpec(slice);
        return spec ? m_view.count(*spec) : 0;
    }
    bool contains(ledger::Seq seq) override
    {
        const std::optional<Entry> entry = m_view.entry(m_account, seq);
        return entry && (entry->bits & m_bits) == m_bits;
    }
    std::optional<ledger::LogRow> row(ledger::Seq seq) override { return m_view.row(seq); }
    ledger::Seq firstAt(base::WallTime time) override { return m_view.reader().firstAt(time); }

private:
    std::optional<ScanSpec> toSpec(const ArchiveSlice &slice)
    {
        ScanSpec spec{m_account, slice.low, slice.high, std::nullopt, m_bits};
        if (slice.peer) {
            spec.peer = m_view.reader().jids().find(*slice.peer);
            if (*spec.peer == JidId()) {
                return std::nullopt;
            }
        }
        return spec;
    }
    IndexView &m_view;
    JidId m_account;
    decltype(ScanSpec::bits) m_bits;
};

} // namespace

IndexView::IndexView(IndexFile &file, LogTail &tail, LogReader &reader)
    : m_file(file)
    , m_tail(tail)
    , m_reader(reader)
    , m_floors(file.floors())
{
}

ledger::Seq IndexView::floorOf(JidId account) const
{
    const auto found = m_floors.find(account);
    return found == m_floors.end() ? ledger::Seq() : found->second;
}

std::vector<Entry> IndexView::scan(const ScanSpec &spec, Direction direction, std::size_t limit)
{
    const ledger::Seq low = std::max(spec.low, next(floorOf(spec.account)));
    const ledger::Seq high = std::min(spec.high, seqMax);
    std::vector<Entry> found;
    if (high < low) {
        return found;
    }
    const auto fromFile = [&] {
        ScanSpec folded = spec;
        folded.low = low;
        folded.high = std::min(high, m_folded);
        if (folded.low <= folded.high && found.size() < limit) {
            const auto more = m_file.scan(folded, direction, limit - found.size());
            found.insert(found.end(), more.begin(), more.end());
        }
    };
    const TailAccount *tail = m_tail.find(spec.account);
    if (direction == Direction::Forward) {
        fromFile();
        if (tail != nullptr) {
            for (auto at = tail->lowerBound(low);
                 at != tail->entries.end() && at->entry.seq <= high && found.size() < limit; ++at) {
                if (matches(*at, spec)) {
                    found.push_back(at->entry);
                }
            }
        }
        return found;
    }
    if (tail != nullptr) {
        auto at = tail->lowerBound(next(high));
        while (at != tail->entries.begin() && found.size() < limit) {
            --at;
            if (at->entry.seq < low) {
                break;
            }
            if (matches(*at, spec)) {
                found.push_back(at->entry);
            }
        }
    }
    fromFile();
    return found;
}

std::uint64_t IndexView::count(const ScanSpec &spec)
{
    ScanSpec folded = spec;
    folded.low = std::max(spec.low, next(floorOf(spec.account)));
    folded.high = std::min({spec.high, seqMax, m_folded});
    std::uint64_t number = folded.low <= folded.high ? m_file.count(folded) : 0;
    if (const TailAccount *tail = m_tail.find(spec.account)) {
        for (auto at = tail->lowerBound(folded.low); at != tail->entries.end() && at->entry.seq <= spec.high; ++at) {
            number += matches(*at, spec) ? 1 : 0;
        }
    }
    return number;
}

std::optional<Entry> IndexView::entry(JidId account, ledger::Seq seq)
{
    const auto found = scan(ScanSpec{account, seq, seq, std::nullopt, 0}, Direction::Forward, 1);
    return found.empty() ? std::nullopt : std::optional<Entry>(found.front());
}

std::optional<ledger::LogRow> IndexView::row(ledger::Seq seq)
{
    const auto &rows = m_tail.rows();
    const auto at = std::lower_bound(rows.begin(), rows.end(), seq, bySeq);
    if (at == rows.end() || at->seq != seq) {
        return m_reader.row(seq);
    }
    if (at->stanza == nullptr || at->stanza->empty()) {
        return std::nullopt;
    }
    return ledger::LogRow{
        seq, at->time, at->flags, m_reader.jids().text(at->sender), m_reader.jids().text(at->recipient), at->stanza};
}

std::vector<Entry> IndexView::scanPending(JidId account, ledger::Seq low, ledger::Seq high, std::size_t limit)
{
    const TailAccount *tail = m_tail.find(account);
    std::vector<Entry> found;
    ledger::Seq from = low;
    const ledger::Seq foldedHigh = std::min(high, m_folded);
    while (from <= foldedHigh && found.size() < limit) {
        const auto step = m_file.pending(account, from, foldedHigh, scanStep);
        for (const Entry &entry : step) {
            const bool proved = tail != nullptr && tail->proved.contains(entry.seq);
            if (!proved && found.size() < limit) {
                found.push_back(entry);
            }
        }
        if (step.size() < scanStep) {
            break;
        }
        from = next(step.back().seq);
    }
    if (tail != nullptr) {
        for (auto at = tail->lowerBound(low);
             at != tail->entries.end() && at->entry.seq <= high && found.size() < limit; ++at) {
            if (at->pending) {
                found.push_back(at->entry);
            }
        }
    }
    return found;
}

ledger::LogPage IndexView::page(const ledger::LogRange &range, JidId account, const Fetch &fetch)
{
    ledger::LogPage page;
    ledger::Seq from = std::max(next(range.after), next(floorOf(account)));
    const ledger::Seq high = std::min(range.upTo, seqMax);
    const std::size_t limit = std::max<std::size_t>(range.limit, 1);
    std::size_t bytes = 0;
    while (account != JidId() && from <= high) {
        const auto step = fetch(from, high, scanStep);
        for (const Entry &entry : step) {
            const bool full = page.rows.size() >= limit || (bytes >= range.bytesMax && !page.rows.empty());
            if (full) {
                page.complete = false;
                return page;
            }
            if (std::optional<ledger::LogRow> found = row(entry.seq)) {
                bytes += found->stanza->size();
                page.rows.push_back(std::move(*found));
            }
        }
        if (step.size() < scanStep) {
            break;
        }
        from = next(step.back().seq);
    }
    return page;
}

base::Result<ledger::LogPage> IndexView::pending(const ledger::LogRange &range)
{
    const JidId account = m_reader.jids().find(range.account);
    return page(range, account, [this, account](ledger::Seq low, ledger::Seq high, std::size_t limit) {
        return scanPending(account, low, high, limit);
    });
}

base::Result<ledger::LogPage> IndexView::log(const ledger::LogRange &range)
{
    const JidId account = m_reader.jids().find(range.account);
    return page(range, account, [this, account](ledger::Seq low, ledger::Seq high, std::size_t limit) {
        return scan(ScanSpec{account, low, high, std::nullopt, 0}, Direction::Forward, limit);
    });
}

std::vector<ledger::LogRow> IndexView::rows(const std::string &account, const std::vector<ledger::Seq> &seqs)
{
    std::vector<ledger::LogRow> found;
    const JidId id = m_reader.jids().find(account);
    for (const ledger::Seq seq : seqs) {
        if (id == JidId() || !entry(id, seq)) {
            continue;
        }
        if (std::optional<ledger::LogRow> one = row(seq)) {
            found.push_back(std::move(*one));
        }
    }
    return found;
}

base::Result<ledger::ArchivePage> IndexView::archive(const ledger::ArchiveQuery &query)
{
    AccountArchive source(*this, m_reader.jids().find(query.account), query.scope);
    return searchArchive(source, query);
}

ledger::ArchiveEnds IndexView::ends(const std::string &account)
{
    ledger::ArchiveEnds ends;
    const JidId id = m_reader.jids().find(account);
    if (id == JidId()) {
        return ends;
    }
    const ScanSpec spec{id, ledger::Seq(), seqMax, std::nullopt, entry_bit::archived};
    if (const auto first = scan(spec, Direction::Forward, 1); !first.empty()) {
        ends.first = row(first.front().seq);
    }
    if (const auto last = scan(spec, Direction::Backward, 1); !last.empty()) {
        ends.last = row(last.front().seq);
    }
    return ends;
}

std::vector<ledger::SentKey> IndexView::recentKeys(const std::string &sender, std::size_t limit)
{
    std::vector<ledger::SentKey> keys;
    const JidId id = m_reader.jids().find(sender);
    if (id == JidId()) {
        return keys;
    }
    const auto &rows = m_tail.rows();
    const ledger::Seq floor = floorOf(id);
    for (auto at = rows.rbegin(); at != rows.rend() && keys.size() < limit && at->seq > floor; ++at) {
        if (at->sender == id && ledger::has(at->flags, ledger::RowFlag::HasKey)) {
            keys.push_back({at->key, at->seq});
        }
    }
    if (keys.size() < limit && floor < m_folded) {
        const auto folded = m_file.sentKeys(id, next(floor), m_folded, limit - keys.size());
        keys.insert(keys.end(), folded.begin(), folded.end());
    }
    std::reverse(keys.begin(), keys.end());
    return keys;
}

std::vector<DeviceState> IndexView::devicesWith(JidId account, std::size_t proofs)
{
    std::vector<DeviceState> devices = m_file.devices(account);
    const TailAccount *tail = m_tail.find(account);
    for (std::size_t at = 0; tail != nullptr && at < std::min(proofs, tail->proofs.size()); ++at) {
        const ProofNote &proof = tail->proofs[at];
        if (proof.device.empty()) {
            continue;
        }
        auto found = std::find_if(devices.begin(), devices.end(),
                                  [&proof](const DeviceState &state) { return state.device == proof.device; });
        if (found == devices.end()) {
            devices.push_back({proof.device, floorOf(account), {}, proof.time});
            found = devices.end() - 1;
        }
        found->above.insert(proof.low, proof.high);
        found->seen = std::max(found->seen, proof.time);
    }
    for (DeviceState &state : devices) {
        while (!state.above.empty()) {
            const auto [low, high] = *state.above.ranges().begin();
            const ScanSpec gap{account, next(state.position), ledger::Seq(low.value - 1), std::nullopt,
                               entry_bit::incoming};
            const bool unseen = low > next(state.position) && !scan(gap, Direction::Forward, 1).empty();
            if (unseen) {
                break;
            }
            state.position = std::max(state.position, high);
            state.above.removeFirst();
        }
        while (state.above.size() > limits::deviceRangesMax) {
            state.above.removeFirst();
        }
    }
    return devices;
}

std::vector<ledger::DevicePosition> IndexView::devicePositions(const std::string &account)
{
    std::vector<ledger::DevicePosition> positions;
    const JidId id = m_reader.jids().find(account);
    if (id == JidId()) {
        return positions;
    }
    for (const DeviceState &state : devicesWith(id, ~std::size_t{0})) {
        positions.push_back({state.device, state.position, state.seen});
    }
    return positions;
}

base::Result<ledger::RowTrace> IndexView::trace(const std::string &account, ledger::Seq seq)
{
    const JidId id = m_reader.jids().find(account);
    const std::optional<Entry> place = id == JidId() ? std::nullopt : entry(id, seq);
    std::optional<ledger::LogRow> found = place ? row(seq) : std::nullopt;
    if (!found) {
        return base::Error(base::ErrorCode::NotFound, "no such message in the log of " + account);
    }
    ledger::RowTrace trace;
    trace.row = std::move(*found);
    trace.pending = !scanPending(id, seq, seq, 1).empty();
    for (const ProofNote &proof : m_file.proofsOf(id, seq)) {
        trace.proofs.push_back({proof.device, proof.time});
    }
    if (const TailAccount *tail = m_tail.find(id)) {
        for (const ProofNote &proof : tail->proofs) {
            if (proof.low <= seq && seq <= proof.high) {
                trace.proofs.push_back({proof.device, proof.time});
            }
        }
    }
    return trace;
}

std::uint64_t IndexView::countPending(const std::string &account)
{
    const JidId id = m_reader.jids().find(account);
    if (id == JidId()) {
        return 0;
    }
    std::uint64_t number = m_file.countPending(id, next(floorOf(id)), m_folded);
    const TailAccount *tail = m_tail.find(id);
    if (tail == nullptr) {
        return number;
    }
    for (const auto &[low, high] : tail->proved.ranges()) {
        const ledger::Seq from = std::max(low, next(floorOf(id)));
        const ledger::Seq to = std::min(high, m_folded);
        number -= from <= to ? m_file.countPending(id, from, to) : 0;
    }
    for (const TailEntry &entry : tail->entries) {
        number += entry.pending ? 1 : 0;
    }
    return number;
}

} // namespace godwit::store
