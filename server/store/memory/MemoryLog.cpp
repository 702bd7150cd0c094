// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/memory/MemoryLog.h"

#include "store/ArchiveSearch.h"

#include <algorithm>
#include <utility>

namespace godwit::store
{

namespace
{

using ledger::RowFlag;

bool sent(const MemoryRow &row, const std::string &account)
{
    return row.row.sender == account && ledger::has(row.row.flags, RowFlag::SenderHere) &&
           !row.goneFor.contains(account);
}

bool received(const MemoryRow &row, const std::string &account)
{
    return row.row.recipient == account && ledger::has(row.row.flags, RowFlag::RecipientHere) &&
           !row.goneFor.contains(account);
}

bool inLog(const MemoryRow &row, const std::string &account)
{
    return sent(row, account) || received(row, account);
}

bool inArchive(const MemoryRow &row, const std::string &account)
{
    return (sent(row, account) && ledger::has(row.row.flags, RowFlag::ArchiveSender)) ||
           (received(row, account) && ledger::has(row.row.flags, RowFlag::ArchiveRecipient));
}

bool isPending(const MemoryRow &row, const std::string &account)
{
    return received(row, account) && row.pending;
}

class MemoryArchive final : public ArchiveSource
{
public:
    MemoryArchive(const MemoryLogTables &tables, const std::string &account, ledger::ArchiveScope scope)
        : m_tables(tables)
        , m_account(account)
        , m_scope(scope)
    {
    }
    std::vector<ledger::Seq> seqs(const ArchiveSlice &slice, bool backward, std::size_t limit) override
    {
        std::vector<ledger::Seq> found;
        for (const MemoryRow &row : m_tables.rows) {
            const bool inside = slice.low <= row.row.seq && row.row.seq <= slice.high;
            if (inside && inScope(row) && (!slice.peer || isWith(row, *slice.peer))) {
                found.push_back(row.row.seq);
            }
        }
        if (backward) {
            std::reverse(found.begin(), found.end());
        }
        found.resize(std::min(found.size(), limit));
        return found;
    }
    std::uint64_t count(const ArchiveSlice &slice) override { return seqs(slice, false, m_tables.rows.size()).size(); }
    bool contains(ledger::Seq seq) override
    {
        const MemoryRow *row = at(seq);
        return row != nullptr && inScope(*row);
    }
    std::optional<ledger::LogRow> row(ledger::Seq seq) override
    {
        const MemoryRow *row = at(seq);
        return row == nullptr ? std::nullopt : std::optional<ledger::LogRow>(row->row);
    }
    ledger::Seq firstAt(base::WallTime time) override
    {
        for (const MemoryRow &row : m_tables.rows) {
            if (row.row.time >= time) {
                return row.row.seq;
            }
        }
        return ledger::Seq(m_tables.rows.size() + 1);
    }

private:
    bool inScope(const MemoryRow &row) const
    {
        return m_scope == ledger::ArchiveScope::Archived ? inArchive(row, m_account)
                                                         : sent(row, m_account) || received(row, m_account);
    }
    bool isWith(const MemoryRow &row, const std::string &peer) const
    {
        return (row.row.sender == m_account && row.row.recipient == peer) ||
               (row.row.recipient == m_account && row.row.sender == peer);
    }
    const MemoryRow *at(ledger::Seq seq) const
    {
        const bool known = seq.value >= 1 && seq.value <= m_tables.rows.size();
        return known ? &m_tables.rows[seq.value - 1] : nullptr;
    }
    const MemoryLogTables &m_tables;
    std::string m_account;
    ledger::ArchiveScope m_scope;
};

} // namespace

MemoryLog::MemoryLog(MemoryLogTables &tables, const base::Clock &clock, Executor &executor, ledger::LogSink &sink)
    : m_tables(tables)
    , m_clock(clock)
    , m_executor(executor)
    , m_shard(static_cast<ledger::ShardIndex>(tables.ports.size()))
{
    tables.ports.push_back(std::make_shared<MemoryPort>(MemoryPort{&executor, &sink, {}, {}}));
}

void MemoryLog::deliverLater(const std::shared_ptr<MemoryPort> &port)
{
    if (!port->committed.empty() || !port->refused.empty()) {
        return; // a post is under way
    }
    port->executor->post([port] {
        const auto committed = std::exchange(port->committed, {});
        const auto refused = std::exchange(port->refused, {});
        if (!committed.empty()) {
            port->sink->onCommitted(committed);
        }
        if (!refused.empty()) {
            port->sink->onNotCommitted(refused);
        }
    });
}

void MemoryLog::committed(const ledger::Append &row, ledger::Seq seq)
{
    deliverLater(m_tables.ports[m_shard]);
    m_tables.ports[m_shard]->committed.push_back({row.ticket, seq, m_tables.lastTime});
    if (row.observer != ledger::noShard) {
        deliverLater(m_tables.ports.at(row.observer));
        m_tables.ports[row.observer]->committed.push_back({row.observerTicket, seq, m_tables.lastTime});
    }
}

void MemoryLog::refused(const ledger::Append &row, const base::Error &error)
{
    deliverLater(m_tables.ports[m_shard]);
    m_tables.ports[m_shard]->refused.push_back({row.ticket, error});
    if (row.observer != ledger::noShard) {
        deliverLater(m_tables.ports.at(row.observer));
        m_tables.ports[row.observer]->refused.push_back({row.observerTicket, error});
    }
}

template <class T>
void MemoryLog::answer(ledger::Callback<T> done, base::Result<T> result)
{
    if (m_tables.closed) {
        result = base::Error(base::ErrorCode::Unavailable, "the store is closed");
    }
    m_executor.post([done = std::move(done), result = std::move(result)] { done(result); });
}

void MemoryLog::append(ledger::Append &&row)
{
    if (m_tables.closed) {
        refused(row, base::Error(base::ErrorCode::Unavailable, "the store is closed"));
        return;
    }
    if (m_tables.full) {
        refused(row, base::Error(base::ErrorCode::ResourceFull, "no room on the disk of the store"));
        return;
    }
    if (row.stanza == nullptr || row.stanza->empty()) {
        refused(row, base::Error(base::ErrorCode::InvalidInput, "no stanza"));
        return;
    }
    m_tables.lastTime = std::max(m_clock.wall(), m_tables.lastTime);
    const ledger::Seq seq(m_tables.rows.size() + 1);
    committed(row, seq);
    const bool pending = ledger::has(row.flags, RowFlag::Pending) && ledger::has(row.flags, RowFlag::RecipientHere);
    m_tables.rows.push_back(
        {{seq, m_tables.lastTime, row.flags, std::move(row.sender), std::move(row.recipient), std::move(row.stanza)},
         row.key,
         {},
         pending});
}

void MemoryLog::prove(ledger::Proof &&proof)
{
    proof.high = std::min(proof.high, lastCommitted());
    if (m_tables.closed || proof.high < proof.low) {
        return;
    }
    for (MemoryRow &row : m_tables.rows) {
        if (received(row, proof.account) && proof.low <= row.row.seq && row.row.seq <= proof.high) {
            row.pending = false;
        }
    }
    m_tables.proofs.push_back({std::move(proof), m_clock.wall()});
}

template <class Wanted>
ledger::LogPage MemoryLog::page(const ledger::LogRange &range, Wanted wanted) const
{
    ledger::LogPage page;
    std::size_t bytes = 0;
    for (const MemoryRow &row : m_tables.rows) {
        if (row.row.seq <= range.after || row.row.seq > range.upTo || !wanted(row)) {
            continue;
        }
        const bool full = page.rows.size() >= std::max<std::size_t>(range.limit, 1) ||
                          (bytes >= range.bytesMax && !page.rows.empty());
        if (full) {
            page.complete = false;
            break;
        }
        bytes += row.row.stanza->size();
        page.rows.push_back(row.row);
    }
    return page;
}

void MemoryLog::readPending(ledger::LogRange range, ledger::Callback<ledger::LogPage> done)
{
    answer<ledger::LogPage>(std::move(done),
                            page(range, [&](const MemoryRow &row) { return isPending(row, range.account); }));
}

void MemoryLog::readLog(ledger::LogRange range, ledger::Callback<ledger::LogPage> done)
{
    answer<ledger::LogPage>(std::move(done),
                            page(range, [&](const MemoryRow &row) { return inLog(row, range.account); }));
}

void MemoryLog::readRows(std::string account, std::vector<ledger::Seq> seqs,
                         ledger::Callback<std::vector<ledger::LogRow>> done)
{
    std::vector<ledger::LogRow> found;
    for (const ledger::Seq seq : seqs) {
        const bool known = seq.value >= 1 && seq.value <= m_tables.rows.size();
        if (known && inLog(m_tables.rows[seq.value - 1], account)) {
            found.push_back(m_tables.rows[seq.value - 1].row);
        }
    }
    answer<std::vector<ledger::LogRow>>(std::move(done), std::move(found));
}

ledger::Seq MemoryLog::lastCommitted() const
{
    return ledger::Seq(m_tables.rows.size());
}

void MemoryLog::queryArchive(ledger::ArchiveQuery query, ledger::Callback<ledger::ArchivePage> done)
{
    MemoryArchive archive(m_tables, query.account, query.scope);
    answer<ledger::ArchivePage>(std::move(done), searchArchive(archive, query));
}

void MemoryLog::archiveEnds(std::string account, ledger::Callback<ledger::ArchiveEnds> done)
{
    ledger::ArchiveEnds ends;
    for (const MemoryRow &row : m_tables.rows) {
        if (inArchive(row, account)) {
            ends.first = ends.first ? ends.first : row.row;
            ends.last = row.row;
        }
    }
    answer<ledger::ArchiveEnds>(std::move(done), std::move(ends));
}

void MemoryLog::recentKeys(std::string sender, std::size_t limit, ledger::Callback<std::vector<ledger::SentKey>> done)
{
    std::vector<ledger::SentKey> keys;
    for (const MemoryRow &row : m_tables.rows) {
        if (row.row.sender == sender && ledger::has(row.row.flags, RowFlag::HasKey) && !row.goneFor.contains(sender)) {
            keys.push_back({row.key, row.row.seq});
        }
    }
    if (keys.size() > limit) {
        keys.erase(keys.begin(), keys.end() - static_cast<std::ptrdiff_t>(limit));
    }
    answer<std::vector<ledger::SentKey>>(std::move(done), std::move(keys));
}

void MemoryLog::devicePositions(std::string account, ledger::Callback<std::vector<ledger::DevicePosition>> done)
{
    std::vector<ledger::DevicePosition> positions;
    for (const MemoryProof &one : m_tables.proofs) {
        const std::string &device = one.proof.device;
        if (one.proof.account != account || device.empty()) {
            continue;
        }
        auto found = std::find_if(positions.begin(), positions.end(),
                                  [&device](const ledger::DevicePosition &known) { return known.device == device; });
        if (found == positions.end()) {
            positions.push_back({device, {}, one.time});
            found = positions.end() - 1;
        }
        found->seen = std::max(found->seen, one.time);
    }
    for (ledger::DevicePosition &position : positions) {
        for (const MemoryRow &row : m_tables.rows) {
            ledger::Seq covered;
            for (const MemoryProof &one : m_tables.proofs) {
                const bool covers = one.proof.account == account && one.proof.device == position.device &&
                                    one.proof.low <= row.row.seq && row.row.seq <= one.proof.high;
                covered = covers ? row.row.seq : covered;
            }
            if (covered == ledger::Seq() && received(row, account)) {
                break;
            }
            position.position = std::max(position.position, covered);
        }
    }
    answer<std::vector<ledger::DevicePosition>>(std::move(done), std::move(positions));
}

void MemoryLog::trace(std::string account, ledger::Seq seq, ledger::Callback<ledger::RowTrace> done)
{
    const bool known = seq.value >= 1 && seq.value <= m_tables.rows.size();
    if (!known || !inLog(m_tables.rows[seq.value - 1], account)) {
        answer<ledger::RowTrace>(std::move(done), base::Error(base::ErrorCode::NotFound, "no such message"));
        return;
    }
    const MemoryRow &row = m_tables.rows[seq.value - 1];
    ledger::RowTrace trace{row.row, isPending(row, account), {}};
    for (const MemoryProof &one : m_tables.proofs) {
        if (one.proof.account == account && one.proof.low <= seq && seq <= one.proof.high) {
            trace.proofs.push_back({one.proof.device, one.time});
        }
    }
    answer<ledger::RowTrace>(std::move(done), std::move(trace));
}

void MemoryLog::dropPending(std::string account, std::string peer, ledger::Callback<base::Ok> done)
{
    for (MemoryRow &row : m_tables.rows) {
        if (row.row.recipient == account && row.row.sender == peer) {
            row.pending = false;
        }
    }
    answer<base::Ok>(std::move(done), base::Ok{});
}

void MemoryLog::countPending(std::string account, ledger::Callback<std::uint64_t> done)
{
    const auto number = std::count_if(m_tables.rows.begin(), m_tables.rows.end(),
                                      [&account](const MemoryRow &row) { return isPending(row, account); });
    answer<std::uint64_t>(std::move(done), static_cast<std::uint64_t>(number));
}

void MemoryLog::removeAccount(std::string account, ledger::Callback<base::Ok> done)
{
    for (MemoryRow &row : m_tables.rows) {
        row.goneFor.insert(account);
    }
    std::erase_if(m_tables.proofs, [&account](const MemoryProof &one) { return one.proof.account == account; });
    answer<base::Ok>(std::move(done), base::Ok{});
}

} // namespace godwit::store
