// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Everything that comes in goes through here into the cache, and what was missed is fetched from the archive: from the
// newest message before the first gap onwards, until nothing is missing.
#pragma once

#include "base/Clock.h"
#include "cache/Cache.h"
#include "history/Spans.h"
#include "session/Session.h"

#include <QObject>
#include <QSet>
#include <QTimer>

#include <memory>

namespace godwit::history
{

/// Lives in the main thread.
class History : public QObject
{
    Q_OBJECT

public:
    /// Items asked for at a time; a server may give fewer.
    static constexpr int pageItems = 100;
    static constexpr int olderItems = 50;
    /// A device that knows nothing begins with the newest pages until it has so many messages (an archive holds
    /// receipts and markers too), or has asked for so many pages.
    static constexpr int firstMessages = 30;
    static constexpr int firstPagesMax = 20;

    History(cache::Cache &cache, session::Session &session, const base::Clock &clock, QObject *parent = nullptr);
    ~History() override;

    /// What was missed is being fetched.
    bool syncing() const { return m_syncing; }
    /// Asks the archive for older messages of a chat. olderChanged() when it is done.
    void fetchOlder(const QString &peer);
    bool fetchingOlder(const QString &peer) const { return m_older.contains(peer); }
    /// Whether the chat's first message is in the cache; known after the first fetchOlder().
    bool atBeginning(const QString &peer) const { return m_atBeginning.contains(peer); }

    /// Puts what has come of unfinished pages on disk too, so that it may be acknowledged. Waits for the disk.
    bool commitReceived();

Q_SIGNALS:
    void syncingChanged();
    /// What was missed is there, and everything later comes live; once for each fresh stream.
    void caughtUp();
    void olderChanged(const QString &peer);
    /// Chat states, also of messages that were stored.
    void chatStateReceived(const QString &peer, godwit::session::Incoming::ChatState state);
    /// A message of the other side, new to the cache and on disk.
    void messageAdded(const godwit::cache::Message &message);
    /// Receipts that were stored with what they answer.
    void receiptsQueued(const std::vector<godwit::cache::OutboxRow> &rows);
    /// An own message is proved to have arrived.
    void settled(const QString &originId);

private:
    using StoredResult = base::Result<Stored>;
    void onReceived(const session::Incoming &message);
    void onOpened(session::Session::Opening opening);
    void sync();
    void askFirst();
    void onFirstPage(const session::ArchivePage &page);
    void askForward(const session::ArchiveQuery &query);
    void onForwardPage(const session::ArchivePage &page, bool carbonsWereOn);
    void goOn(const StoredResult &stored, bool complete, bool caughtUp);
    void onSyncFailed(const base::Error &error);
    void setSyncing(bool syncing);
    void setCaughtUp();
    void dropPage();
    void askOlder(const QString &peer, const OlderFrom &from);
    void finishOlder(const QString &peer);
    void tell(const StoredResult &stored);
    cache::Time now() const;

    cache::Cache &m_cache;
    session::Session &m_session;
    const base::Clock &m_clock;
    std::shared_ptr<LiveSpan> m_live = std::make_shared<LiveSpan>(); ///< handed to the database thread, not read here
    std::vector<session::Incoming> m_page;                           ///< items of the running page
    std::size_t m_pageStored = 0;                                    ///< how many of them are on disk
    std::vector<session::Incoming> m_first;                          ///< items of the first pages that were finished
    int m_firstPages = 0;
    bool m_askingFirst = false;
    std::map<QString, std::vector<session::Incoming>> m_olderPages;
    QSet<QString> m_older;
    QSet<QString> m_atBeginning;
    QTimer m_again;
    int m_stream = 0; ///< counts fresh streams, so that late answers are known
    bool m_open = false;
    bool m_carbons = false;
    bool m_syncing = false;
    bool m_caughtUp = false;
    bool m_archive = true; ///< the server has one, as far as we know
    bool m_byTime = false; ///< the archive does not know our newest id any more: ask by time
};

} // namespace godwit::history
