// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "ledger/AccountLedger.h"

#include "base/Log.h"

#include <algorithm>

namespace godwit::ledger
{

namespace
{

/// One read of the log is at most about this large, so that one session does not fill a shard's memory.
constexpr std::size_t readBytesMax = 1'048'576;

} // namespace

AccountLedger::AccountLedger(std::string account, LogStore &store, std::size_t recentBytesMax)
    : m_account(std::move(account))
    , m_store(store)
    , m_recentBytesMax(recentBytesMax)
{
}

RowReceiver *AccountLedger::find(std::uint64_t cursor) const
{
    for (RowReceiver *receiver : m_receivers) {
        if (receiver->cursor.id == cursor) {
            return receiver;
        }
    }
    return nullptr;
}

void AccountLedger::attach(RowReceiver &receiver, Seq told)
{
    // m_last stays: the others are as far as it, and there is no row of this account between it and `told`.
    receiver.cursor = Cursor{};
    receiver.cursor.id = m_nextCursor++;
    receiver.cursor.begin = std::max(m_last, told);
    receiver.cursor.live = receiver.cursor.begin;
    m_receivers.push_back(&receiver);
}

void AccountLedger::detach(RowReceiver &receiver)
{
    std::erase(m_receivers, &receiver);
    dropRecent();
}

void AccountLedger::onCommitted(const LogRow &row)
{
    const Seq before = m_last;
    GW_ASSERT(before < row.seq);
    m_last = row.seq;
    // By index: writing to a session can end it, which takes it out of the list.
    // NOLINTNEXTLINE(modernize-loop-convert)
    for (std::size_t i = 0; i < m_receivers.size(); ++i) {
        RowReceiver &receiver = *m_receivers[i];
        const Cursor &cursor = receiver.cursor;
        const bool keepsUp = cursor.live >= before && !cursor.reading && cursor.backlogEnd == Seq();
        if (!keepsUp || receiver.room() == 0) {
            continue;
        }
        receiver.cursor.live = row.seq;
        show(receiver, row, Lateness::Live);
    }
    hold(row, before);
}

void AccountLedger::hold(const LogRow &row, Seq before)
{
    if (!someReaderIsBehind()) {
        m_recent.reset();
        return;
    }
    if (!m_recent && m_recentBytesMax > 0) {
        m_recent = std::make_unique<RecentRows>(before, m_recentBytesMax);
    }
    if (m_recent) {
        m_recent->add(row);
    }
}

void AccountLedger::dropRecent()
{
    if (m_recent && !someReaderIsBehind()) {
        m_recent.reset();
    }
}

bool AccountLedger::someReaderIsBehind() const
{
    return std::ranges::any_of(m_receivers, [this](const RowReceiver *receiver) {
        return receiver->cursor.live < m_last && receiver->reads();
    });
}

void AccountLedger::show(RowReceiver &receiver, const LogRow &row, Lateness lateness)
{
    const std::optional<RowForm> form = receiver.formOf(row);
    if (!form) {
        if (has(row.flags, RowFlag::Pending) && row.recipient == m_account) {
            receiver.cursor.gap = Gap::Before;
        }
        return;
    }
    const Gap gap = receiver.cursor.gap;
    receiver.cursor.gap = Gap::No;
    receiver.writeRow(row, *form, gap, lateness);
}

void AccountLedger::offerBacklog(RowReceiver &receiver)
{
    start(receiver, Seq());
}

void AccountLedger::offerAgain(RowReceiver &receiver, Seq lowest)
{
    if (lowest.value > 0) {
        start(receiver, Seq(lowest.value - 1));
    }
}

void AccountLedger::start(RowReceiver &receiver, Seq after)
{
    Cursor &cursor = receiver.cursor;
    if (cursor.backlogEnd == Seq()) {
        cursor.backlogNext = after;
    } else {
        cursor.backlogNext = std::min(cursor.backlogNext, after);
    }
    cursor.backlogEnd = cursor.live;
    if (cursor.backlogEnd <= cursor.backlogNext) {
        cursor.backlogEnd = Seq();
    }
    advance(receiver);
}

void AccountLedger::advance(RowReceiver &receiver)
{
    const Cursor &cursor = receiver.cursor;
    const std::size_t room = receiver.room();
    if (cursor.reading || room == 0) {
        return;
    }
    if (cursor.backlogEnd != Seq()) {
        readBacklog(receiver, room);
    } else if (cursor.live < m_last && !showRecent(receiver)) {
        readLive(receiver, room);
    }
}

/// Shows what is held in memory, as far as there is room. False where the store must be read first.
bool AccountLedger::showRecent(RowReceiver &receiver)
{
    const std::uint64_t cursor = receiver.cursor.id;
    while (m_recent && m_recent->from() <= receiver.cursor.live) {
        const LogRow *next = receiver.room() > 0 ? m_recent->next(receiver.cursor.live) : nullptr;
        if (!next) {
            dropRecent();
            return true;
        }
        // Its own copy: writing can end the session, and what is held for it goes with it.
        const LogRow row = *next;
        receiver.cursor.live = row.seq;
        show(receiver, row, Lateness::Late);
        if (!find(cursor)) {
            return true;
        }
    }
    return false;
}

void AccountLedger::readBacklog(RowReceiver &receiver, std::size_t room)
{
    receiver.cursor.reading = true;
    ++m_pagesComing;
    const Seq asked = receiver.cursor.backlogNext;
    LogRange range{m_account, asked, receiver.cursor.backlogEnd, room, readBytesMax};
    m_store.readPending(std::move(range), [this, alive = m_lifetime.watch(), cursor = receiver.cursor.id,
                                           asked](base::Result<LogPage> page) {
        if (!alive.expired()) {
            onBacklogRead(cursor, asked, std::move(page));
        }
    });
}

void AccountLedger::onBacklogRead(std::uint64_t cursor, Seq asked, base::Result<LogPage> page)
{
    if (page.ok()) {
        std::erase_if(page->rows, [this](const LogRow &row) { return provedSince(row.seq); });
    }
    if (--m_pagesComing == 0) {
        m_provedSince.clear();
    }
    RowReceiver *receiver = find(cursor);
    if (!receiver) {
        return;
    }
    receiver->cursor.reading = false;
    if (!page) {
        base::log(base::LogLevel::Warning, "ledger", "pending messages could not be read",
                  {{"account", m_account}, {"error", page.error().text()}});
        receiver->advanceLater();
        return;
    }
    // If the pass was set back while the page was read, all of it is read again from there.
    if (receiver->cursor.backlogNext >= asked) {
        onBacklog(*receiver, std::move(*page));
    }
    if (find(cursor)) {
        advance(*receiver);
    }
}

void AccountLedger::onBacklog(RowReceiver &receiver, LogPage &&page)
{
    const std::uint64_t cursor = receiver.cursor.id;
    for (const LogRow &row : page.rows) {
        if (receiver.room() == 0) {
            return;
        }
        receiver.cursor.backlogNext = row.seq;
        if (receiver.holdsRow(row.seq)) {
            receiver.cursor.gap = Gap::Before;
            continue;
        }
        show(receiver, row, Lateness::Late);
        if (!find(cursor)) {
            return;
        }
    }
    if (page.complete) {
        receiver.cursor.backlogEnd = Seq();
        receiver.cursor.gap = Gap::Before;
    }
}

void AccountLedger::readLive(RowReceiver &receiver, std::size_t room)
{
    receiver.cursor.reading = true;
    const Seq upTo = m_last;
    LogRange range{m_account, receiver.cursor.live, upTo, room, readBytesMax};
    m_store.readLog(std::move(range),
                    [this, alive = m_lifetime.watch(), cursor = receiver.cursor.id, upTo](base::Result<LogPage> page) {
                        if (!alive.expired()) {
                            onLiveRead(cursor, upTo, std::move(page));
                        }
                    });
}

void AccountLedger::onLiveRead(std::uint64_t cursor, Seq upTo, base::Result<LogPage> page)
{
    RowReceiver *receiver = find(cursor);
    if (!receiver) {
        return;
    }
    receiver->cursor.reading = false;
    if (!page) {
        base::log(base::LogLevel::Warning, "ledger", "the log could not be read",
                  {{"account", m_account}, {"error", page.error().text()}});
        receiver->advanceLater();
        return;
    }
    // A backlog pass that began while the page was read comes first.
    if (receiver->cursor.backlogEnd == Seq()) {
        onLive(*receiver, std::move(*page), upTo);
    }
    if (find(cursor)) {
        advance(*receiver);
    }
    dropRecent();
}

void AccountLedger::onLive(RowReceiver &receiver, LogPage &&page, Seq upTo)
{
    const std::uint64_t cursor = receiver.cursor.id;
    for (const LogRow &row : page.rows) {
        if (receiver.room() == 0) {
            return;
        }
        receiver.cursor.live = row.seq;
        show(receiver, row, Lateness::Late);
        if (!find(cursor)) {
            return;
        }
    }
    if (page.complete) {
        receiver.cursor.live = std::max(receiver.cursor.live, upTo);
    }
}

bool AccountLedger::provedSince(Seq seq) const
{
    return std::any_of(m_provedSince.begin(), m_provedSince.end(),
                       [seq](const SeqRange &range) { return range.low <= seq && seq <= range.high; });
}

void AccountLedger::prove(const std::string &device, const std::vector<SeqRange> &ranges)
{
    if (m_pagesComing > 0) {
        m_provedSince.insert(m_provedSince.end(), ranges.begin(), ranges.end());
    }
    for (const SeqRange &range : ranges) {
        m_store.prove(Proof{m_account, device, range.low, range.high});
    }
}

} // namespace godwit::ledger
