// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The log of one account on its home shard and the cursors of its sessions into it (DELIVERY.md rules 10 to 13). Live,
// offline, redelivery and resumption are one path: a session is shown rows in the order of the log, from memory while
// it keeps up, from the store when it does not; no stanza waits for it anywhere else.
#pragma once

#include "base/Lifetime.h"
#include "ledger/LogStore.h"
#include "ledger/OutgoingWindow.h"
#include "ledger/RecentRows.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace godwit::ledger
{

/// Whether a row is shown when it is written or came from the log later; the latter gets a delay (XEP-0203).
enum class Lateness : std::uint8_t { Live, Late };

/// Where a session is in the log. Kept by the session, moved by the AccountLedger only.
struct Cursor {
    std::uint64_t id = 0; ///< names the attachment, so that an answer of the store finds its session or nobody
    Seq begin;            ///< rows behind this one are shown live, those up to it in a backlog pass only
    Seq live;             ///< every row up to here was considered for this session
    Seq backlogNext;      ///< pending rows behind this one are still to be offered ...
    Seq backlogEnd;       ///< ... up to this one; 0: no backlog pass is under way
    bool reading = false;
    Gap gap = Gap::Before; ///< for the next row that is written
};

/// A session as the ledger sees it.
class RowReceiver
{
public:
    virtual ~RowReceiver() = default;
    /// How this session is to see the row, if at all; judged when its turn comes.
    virtual std::optional<RowForm> formOf(const LogRow &row) const = 0;
    /// How many rows it may be given now; 0 while its connection is gone or a resumption is replayed.
    virtual std::size_t room() const = 0;
    /// It has a connection, so that a lack of room may pass in a moment.
    virtual bool reads() const = 0;
    /// Puts the row on the wire and into the window.
    virtual void writeRow(const LogRow &row, RowForm form, Gap gap, Lateness lateness) = 0;
    virtual bool holdsRow(Seq seq) const = 0;
    /// Rows for it could not be read: advance() is to be called again in a while.
    virtual void advanceLater() = 0;

    Cursor cursor;
};

class AccountLedger
{
public:
    /// At most `recentBytesMax` bytes of stanzas are held for sessions that read and are behind; 0: none.
    AccountLedger(std::string account, LogStore &store, std::size_t recentBytesMax);

    const std::string &account() const noexcept { return m_account; }

    /// A session was bound: it sees what is committed behind `told`, the newest row the shard was told of.
    void attach(RowReceiver &receiver, Seq told);
    /// A session is gone for good. Its callbacks in the store are ignored from now on.
    void detach(RowReceiver &receiver);

    /// A row of this account became durable. Called in the order of seqs.
    void onCommitted(const LogRow &row);

    /// The first presence with priority >= 0 (rule 13): pending rows are offered, oldest first, before live ones.
    void offerBacklog(RowReceiver &receiver);
    /// What lay unproved with another session from `lowest` on must reach this one too (rule 2).
    void offerAgain(RowReceiver &receiver, Seq lowest);
    /// The session has room again, or its connection is back.
    void advance(RowReceiver &receiver);

    /// The newest row that this shard was told of since the account is loaded.
    Seq last() const noexcept { return m_last; }

    void prove(const std::string &device, const std::vector<SeqRange> &ranges);

    /// What is held in memory for sessions that are behind.
    std::size_t recentBytes() const noexcept { return m_recent ? m_recent->bytes() : 0; }
    bool busy() const noexcept { return !m_receivers.empty(); }
    LogStore &store() noexcept { return m_store; }

private:
    void hold(const LogRow &row, Seq before);
    void dropRecent();
    bool someReaderIsBehind() const;
    bool showRecent(RowReceiver &receiver);
    void readBacklog(RowReceiver &receiver, std::size_t room);
    void readLive(RowReceiver &receiver, std::size_t room);
    void onBacklog(RowReceiver &receiver, LogPage &&page);
    void onLive(RowReceiver &receiver, LogPage &&page, Seq upTo);
    void show(RowReceiver &receiver, const LogRow &row, Lateness lateness);
    RowReceiver *find(std::uint64_t cursor) const;
    void onBacklogRead(std::uint64_t cursor, Seq asked, base::Result<LogPage> page);
    void onLiveRead(std::uint64_t cursor, Seq upTo, base::Result<LogPage> page);
    void start(RowReceiver &receiver, Seq after);
    bool provedSince(Seq seq) const;

    std::string m_account;
    LogStore &m_store;
    std::vector<RowReceiver *> m_receivers; ///< owned by the account's sessions
    std::unique_ptr<RecentRows> m_recent;   ///< while a session that reads is behind
    std::size_t m_recentBytesMax;
    Seq m_last; ///< the newest row of this account that we were told of
    /// What was proved while a page of pending rows was on its way: it may still show them as pending.
    std::vector<SeqRange> m_provedSince;
    std::size_t m_pagesComing = 0;
    std::uint64_t m_nextCursor = 1;
    base::Lifetime m_lifetime;
};

} // namespace godwit::ledger
