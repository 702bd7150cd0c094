// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Everything that must reach the server, from the moment it is on disk until it is accepted. What is not accepted goes
// out again on each new stream, the same bytes in the same order, before anything newer. What the server will never
// take fails and makes room: a row over the size that the server tells, and one for which the server ends the stream.
// Which one that was is found out by sending, on the next stream, one row at a time.
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "cache/Cache.h"
#include "outbox/Transit.h"
#include "session/Session.h"

#include <QObject>

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace godwit::outbox
{

/// Lives in the main thread.
class Outbox : public QObject
{
    Q_OBJECT

public:
    /// The largest text, in bytes of UTF-8. A stanza of this size passes every server that we know.
    static constexpr qsizetype bodyBytesMax = 32 * 1024;
    /// Stanzas under way on one stream.
    static constexpr std::size_t underWayMax = 256;
    /// What a wire may add to a stanza (RFC 7395 §3.3.3: its namespace).
    static constexpr std::size_t framingBytesMax = 64;

    Outbox(cache::Cache &cache, session::Session &session, const base::Clock &clock, QObject *parent = nullptr);
    ~Outbox() override;

    /// Reads what the last run left behind.
    [[nodiscard]] base::Result<base::Ok> load();

    /// Puts a message on disk and, when there is a stream, on its way. On disk when this returns. InvalidInput for an
    /// empty text, LimitExceeded for one that is too long, the cache's errors else.
    base::Result<cache::MessageKey> send(const QString &peer, const QString &text);
    /// A failed message goes back to the end of the queue, under a new id: a server that had accepted the first one
    /// would take the same id for a resend.
    void retry(cache::MessageKey key);
    /// Removes a message that failed or is not under way.
    void discard(cache::MessageKey key);

    /// Queues a read marker, subscription or the like.
    void post(cache::OutboxKind kind, const QString &peer, const QString &id, const QByteArray &stanza);
    /// Takes over rows that somebody else has stored (together with what they answer).
    void adopt(const std::vector<cache::OutboxRow> &rows);
    /// The archive or the recipient showed that a message arrived before the server's count did.
    void settle(const QString &originId);

    /// What is not accepted yet.
    std::size_t waiting() const { return m_rows.size(); }

Q_SIGNALS:
    void waitingChanged();

private:
    void pump();
    void onAcknowledged(const Transit::Verdict &verdict, std::uint32_t h);
    void accept(const Transit::Rows &rows);
    void refuse(const std::vector<std::int64_t> &rows, const QString &reason);
    bool isCareful() const;
    void onFaulted();
    void onOpened();
    void onLost();
    cache::Time now() const;

    cache::Cache &m_cache;
    session::Session &m_session;
    const base::Clock &m_clock;
    Transit m_transit;
    std::map<std::int64_t, cache::OutboxRow> m_rows; ///< not accepted, in order
    std::set<std::int64_t> m_underWay;               ///< of m_rows, written on this stream
    bool m_open = false;
    bool m_broken = false;                 ///< the stream's counts are wrong: nothing more goes out on it
    std::uint64_t m_stanzaBytesMax = 0;    ///< what the server takes; 0: not known
    std::int64_t m_carefulUpTo = 0;        ///< rows up to here go out one by one
    std::optional<std::int64_t> m_faulted; ///< the only row under way when the server found fault with it
};

/// A new id for a stanza.
QString newId();

} // namespace godwit::outbox
