// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The log as the ledger needs it (DELIVERY.md, "The store"): append-only rows, proofs beside them, and the queries that
// delivery, history and diagnosis ask. The store room implements it over SQLite and in memory; the simulator over a
// fake disk. One LogStore belongs to one shard and is called on that shard's thread only; every callback and every
// LogSink call comes back on that thread, later than the call that asked for it, each exactly once.
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "base/SharedBytes.h"
#include "base/SipHash.h"
#include "base/StrongId.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace godwit::ledger
{

struct SeqTag;
/// A position in the logs. Grows by commit order; bits 48 to 60 are the incarnation of the store, so that a seq is
/// never used twice and leaves the upper three bits to those who pack it; bits 0 to 47 count.
/// With one SQLite store a row has one seq, which is its place in the log of both its parties. 0 is before all rows.
using Seq = base::StrongId<SeqTag>;

struct TicketTag;
inline constexpr unsigned seqCounterBits = 48;
inline constexpr unsigned seqBits = 61;

/// Names an append between the asking and the answer; chosen by the shard, unique in it.
using Ticket = base::StrongId<TicketTag>;

/// What a row is for whom. A bit set.
enum class RowFlag : std::uint16_t {
    None = 0,
    SenderHere = 1,        ///< the sender has an account here: the row is in its log, outgoing
    RecipientHere = 2,     ///< the recipient has an account here: the row is in its log, incoming
    Pending = 4,           ///< delivery to the recipient must be proved
    ArchiveSender = 8,     ///< part of the sender's archive (XEP-0313)
    ArchiveRecipient = 16, ///< part of the recipient's archive
    Event = 32,            ///< an error that answers an accepted message later (DELIVERY.md rule 9)
    HasKey = 64,           ///< `key` is set: a resend of it is recognised
    Carbon = 128,          ///< eligible for message carbons (XEP-0280 §6)
};
constexpr RowFlag operator|(RowFlag a, RowFlag b)
{
    return static_cast<RowFlag>(static_cast<std::uint16_t>(a) | static_cast<std::uint16_t>(b));
}
constexpr bool has(RowFlag set, RowFlag flag)
{
    return (static_cast<std::uint16_t>(set) & static_cast<std::uint16_t>(flag)) != 0;
}

/// The number of a shard in its process.
using ShardIndex = std::uint16_t;
inline constexpr ShardIndex noShard = 0xffff;

/// One message to be made durable. When the sender's home is another shard than the one that appends, that shard is
/// named as the observer: it gets the same answer under its own ticket, in the same commit order as its own rows.
struct Append {
    Ticket ticket;
    ShardIndex observer = noShard;
    Ticket observerTicket;
    std::string sender;    ///< bare JID
    std::string recipient; ///< bare JID
    RowFlag flags = RowFlag::None;
    base::Hash128 key;        ///< DELIVERY.md rule 7, when HasKey
    base::SharedBytes stanza; ///< kept form, see xml/Stanza.h
};

/// The answer to an Append: durable, in the log at `seq`. The time is max(now, last time in the log).
struct Committed {
    Ticket ticket;
    Seq seq;
    base::WallTime time;
};
/// The other answer: nothing was stored (ResourceFull for a full disk, InvalidInput for a row the database refuses).
struct NotCommitted {
    Ticket ticket;
    base::Error error;
};

/// Where the answers to appends go: those of this shard and those it observes, a whole batch in one call, by seq.
class LogSink
{
public:
    virtual ~LogSink() = default;
    virtual void onCommitted(std::span<const Committed> batch) = 0;
    virtual void onNotCommitted(std::span<const NotCommitted> batch) = 0;
};

/// "A client of `account` showed that it has every row of this account in [low, high]": what proofs are made of.
struct Proof {
    std::string account; ///< bare JID
    std::string device;  ///< empty when the client did not name itself
    Seq low;
    Seq high;
};

/// A row as read back for one account.
struct LogRow {
    Seq seq;
    base::WallTime time;
    RowFlag flags = RowFlag::None;
    std::string sender;    ///< bare JID
    std::string recipient; ///< bare JID
    base::SharedBytes stanza;
};

/// Rows of `account` with after < seq <= upTo, oldest first, at most `limit` and about `bytesMax` (at least one).
struct LogRange {
    std::string account;
    Seq after;
    Seq upTo;
    std::size_t limit = 256;
    std::size_t bytesMax = 1'048'576;
};

/// A page of rows; `complete` when nothing of the range lies behind the last of them.
struct LogPage {
    std::vector<LogRow> rows;
    bool complete = true;
};

/// Whether a query looks at the archive alone, or at all rows that the account still has.
enum class ArchiveScope : std::uint8_t { Archived, WholeLog };

/// XEP-0313 with XEP-0059, in terms of the log. Rows are those whose Archive flag is set for the account.
struct ArchiveQuery {
    std::string account;
    std::optional<std::string> with;     ///< other party; bare, or full to match the resource in the stanza too
    std::optional<base::WallTime> start; ///< inclusive
    std::optional<base::WallTime> end;   ///< inclusive
    std::optional<Seq> afterId;          ///< mam:2#extended after-id, exclusive
    std::optional<Seq> beforeId;         ///< mam:2#extended before-id, exclusive
    std::vector<Seq> ids;                ///< mam:2#extended ids; all must exist or NotFound
    std::optional<Seq> after;            ///< RSM <after/>; NotFound when it is no row of this archive
    std::optional<Seq> before;           ///< RSM <before>id</before>
    bool lastPage = false;               ///< RSM <before/> empty: the last page of the range
    std::size_t max = 100;
    bool wantCount = true;
    ArchiveScope scope = ArchiveScope::Archived;
};
struct ArchivePage {
    std::vector<LogRow> rows;                ///< oldest first
    bool complete = true;                    ///< no more rows in the direction of paging
    std::optional<std::uint64_t> count;      ///< rows that match, over all pages
    std::optional<std::uint64_t> firstIndex; ///< index of the first row among them, when cheap to know
};
struct ArchiveEnds {
    std::optional<LogRow> first;
    std::optional<LogRow> last;
};

/// A key of DELIVERY.md rule 7 with the row that has it.
struct SentKey {
    base::Hash128 key;
    Seq seq;
};

struct DevicePosition {
    std::string device;
    Seq position; ///< all of the account's rows up to here are proved by it
    base::WallTime seen;
};

/// What is known of one row, for the timeline and for operators.
struct RowTrace {
    LogRow row;
    bool pending = false; ///< no device proved it yet
    struct Receipt {
        std::string device;
        base::WallTime time;
    };
    std::vector<Receipt> proofs;
};

template <class T>
using Callback = std::function<void(base::Result<T>)>;

class LogStore
{
public:
    virtual ~LogStore() = default;

    /// Rows are committed in the order of this shard's calls. The sink was given at construction.
    virtual void append(Append &&row) = 0;
    /// Takes effect on later queries of this shard at once; durable with the next batch, without a sync of its own.
    virtual void prove(Proof &&proof) = 0;

    /// Incoming rows with the Pending flag that no proof covers.
    virtual void readPending(LogRange range, Callback<LogPage> done) = 0;
    /// All rows of the account, both directions.
    virtual void readLog(LogRange range, Callback<LogPage> done) = 0;
    /// Rows by their seqs (for resends on resumption), in the order asked; rows that are gone are left out.
    virtual void readRows(std::string account, std::vector<Seq> seqs, Callback<std::vector<LogRow>> done) = 0;
    /// The newest committed seq of the store that this shard may have been told of.
    virtual Seq lastCommitted() const = 0;

    virtual void queryArchive(ArchiveQuery query, Callback<ArchivePage> done) = 0;
    virtual void archiveEnds(std::string account, Callback<ArchiveEnds> done) = 0;
    /// The keys of the last `limit` rows sent by `sender` that have one, oldest first.
    virtual void recentKeys(std::string sender, std::size_t limit, Callback<std::vector<SentKey>> done) = 0;
    virtual void devicePositions(std::string account, Callback<std::vector<DevicePosition>> done) = 0;
    virtual void trace(std::string account, Seq seq, Callback<RowTrace> done) = 0;
    /// Marks the pending rows of `account` that came from `peer` (bare) as no longer pending (blocking, rule 3).
    virtual void dropPending(std::string account, std::string peer, Callback<base::Ok> done) = 0;
    virtual void countPending(std::string account, Callback<std::uint64_t> done) = 0;
    /// Forgets everything of a removed account: its rows leave its log, a later account of that name does not see them.
    virtual void removeAccount(std::string account, Callback<base::Ok> done) = 0;
};

/// Makes stanza-ids out of seqs and back (DELIVERY.md, "Words"). Thread-safe.
class StanzaIds
{
public:
    virtual ~StanzaIds() = default;
    virtual std::string encode(std::string_view account, Seq seq) const = 0;
    /// Nothing when `id` was not made for this account.
    virtual std::optional<Seq> decode(std::string_view account, std::string_view id) const = 0;
};

} // namespace godwit::ledger
