// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "history/History.h"

#include "base/Log.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace godwit::history
{

using base::Error;
using base::ErrorCode;
using base::Result;
using cache::Span;
using cache::Store;
using session::ArchivePage;
using session::ArchiveQuery;
using session::Incoming;
using session::Session;

namespace
{

/// After a query that failed on a connection that is still up.
constexpr auto againAfter = 10s;

} // namespace

History::History(cache::Cache &cache, Session &session, const base::Clock &clock, QObject *parent)
    : QObject(parent)
    , m_cache(cache)
    , m_session(session)
    , m_clock(clock)
{
    connect(&session, &Session::received, this, &History::onReceived);
    connect(&session, &Session::opened, this, &History::onOpened);
    connect(&session, &Session::carbonsEnabled, this, [this] {
        m_carbons = true;
        if (!m_caughtUp) {
            m_again.stop();
            sync();
        }
    });
    connect(&session, &Session::lost, this, [this] {
        m_open = false;
        m_again.stop();
        setSyncing(false);
    });
    m_again.setSingleShot(true);
    m_again.setInterval(againAfter);
    connect(&m_again, &QTimer::timeout, this, &History::sync);
}

History::~History() = default;

cache::Time History::now() const
{
    return m_clock.wall().time_since_epoch().count();
}

void History::onReceived(const Incoming &message)
{
    if (!message.own && !message.error && message.chatState != Incoming::ChatState::None) {
        Q_EMIT chatStateReceived(message.peer, message.chatState);
    }
    m_cache.run<Stored>(
        this,
        [message, at = now(), live = m_live, contiguous = m_carbons](Store &store) -> StoredResult {
            return storeLive(store, message, at, *live, contiguous);
        },
        [this](const StoredResult &stored) { tell(stored); });
}

void History::tell(const StoredResult &stored)
{
    if (!stored) {
        return; // the cache has logged it, and nothing of it will be acknowledged
    }
    for (const QString &originId : stored->settled) {
        Q_EMIT settled(originId);
    }
    if (!stored->queued.empty()) {
        Q_EMIT receiptsQueued(stored->queued);
    }
    for (const cache::Message &message : stored->added) {
        if (!message.own && !message.seen) {
            Q_EMIT messageAdded(message);
        }
    }
}

bool History::commitReceived()
{
    if (m_page.size() > m_pageStored) {
        const auto part = std::vector(m_page.begin() + static_cast<std::ptrdiff_t>(m_pageStored), m_page.end());
        m_pageStored = m_page.size();
        const bool old = m_askingFirst;
        m_cache.run<Stored>(
            this,
            [part, at = now(), old](Store &store) -> StoredResult {
                return old ? storeOlderPart(store, part, at) : storePart(store, part, at);
            },
            [this](const StoredResult &stored) { tell(stored); });
    }
    for (const auto &[peer, items] : m_olderPages) {
        m_cache.run([part = items, at = now()](Store &store) { storeOlderPart(store, part, at); });
    }
    return m_cache.flush().ok();
}

void History::onOpened(Session::Opening opening)
{
    m_open = true;
    if (opening == Session::Opening::Fresh) {
        ++m_stream;
        m_carbons = false;
        m_caughtUp = false;
        m_archive = true;
        // A message may have been missed: what comes now begins a span of its own.
        m_cache.run([live = m_live](Store &) { live->row = 0; });
    }
    if (!m_caughtUp) {
        sync();
    }
}

void History::setSyncing(bool syncing)
{
    if (std::exchange(m_syncing, syncing) != syncing) {
        Q_EMIT syncingChanged();
    }
}

void History::setCaughtUp()
{
    if (!std::exchange(m_caughtUp, true)) {
        Q_EMIT caughtUp();
    }
}

void History::sync()
{
    if (!m_open || !m_archive || m_syncing) {
        return;
    }
    setSyncing(true);
    // Waited for, so that the question is on the wire before our presence is: a server then leaves the backlog to the
    // archive instead of sending it twice (DELIVERY.md, rule 13).
    const auto spans =
        m_cache.wait<std::vector<Span>>([](Store &store) -> Result<std::vector<Span>> { return store.spans.all({}); });
    if (!spans) {
        onSyncFailed(spans.error());
        return;
    }
    if (spans->empty()) {
        m_askingFirst = true;
        m_first.clear();
        m_firstPages = 0;
        askFirst();
        return;
    }
    m_askingFirst = false;
    ArchiveQuery query;
    query.max = pageItems;
    if (m_byTime) {
        query.start = spans->front().highPlace;
    } else {
        query.after = spans->front().highId;
    }
    askForward(query);
}

void History::dropPage()
{
    m_page.clear();
    m_pageStored = 0;
}

void History::askFirst()
{
    ArchiveQuery query;
    query.newest = true;
    query.max = pageItems;
    if (!m_first.empty()) {
        query.before = m_first.front().archiveId;
    }
    dropPage();
    m_session.queryArchive(
        query, [this](const Incoming &item) { m_page.push_back(item); },
        [this, stream = m_stream](const Result<ArchivePage> &page) {
            if (stream != m_stream || !m_open) {
                dropPage();
            } else if (page) {
                onFirstPage(*page);
            } else {
                onSyncFailed(page.error());
            }
        });
}

void History::onFirstPage(const ArchivePage &page)
{
    std::vector<Incoming> items = std::exchange(m_page, {});
    m_pageStored = 0;
    const bool nothing = items.empty();
    items.insert(items.end(), m_first.begin(), m_first.end());
    m_first = std::move(items);
    const auto messages = std::ranges::count_if(m_first, [](const Incoming &item) { return !item.body.isEmpty(); });
    if (!page.complete && !nothing && messages < firstMessages && ++m_firstPages < firstPagesMax) {
        askFirst();
        return;
    }
    const bool empty = m_first.empty();
    m_cache.run<Stored>(
        this,
        [all = std::exchange(m_first, {}), at = now(), live = m_live, complete = page.complete](
            Store &store) -> StoredResult { return storeFirst(store, all, at, *live, complete); },
        [this, empty, stream = m_stream](const StoredResult &stored) {
            tell(stored);
            if (stream == m_stream) {
                goOn(stored, empty, false);
            }
        });
}

void History::askForward(const ArchiveQuery &query)
{
    dropPage();
    m_session.queryArchive(
        query, [this](const Incoming &item) { m_page.push_back(item); },
        [this, stream = m_stream, carbonsWereOn = m_carbons](const Result<ArchivePage> &page) {
            if (stream != m_stream || !m_open) {
                dropPage();
            } else if (page) {
                onForwardPage(*page, carbonsWereOn);
            } else {
                onSyncFailed(page.error());
            }
        });
}

void History::onForwardPage(const ArchivePage &page, bool carbonsWereOn)
{
    // Complete, and everything since the question was asked comes live: nothing is missing any more.
    const bool caughtUp = page.complete && carbonsWereOn;
    m_byTime = false;
    m_pageStored = 0;
    m_cache.run<Stored>(
        this,
        [items = std::exchange(m_page, {}), at = now(), live = m_live, caughtUp](Store &store) -> StoredResult {
            return storeForward(store, items, at, *live, caughtUp);
        },
        [this, caughtUp, complete = page.complete, stream = m_stream](const StoredResult &stored) {
            tell(stored);
            if (stream == m_stream) {
                goOn(stored, complete, caughtUp);
            }
        });
}

void History::goOn(const StoredResult &stored, bool complete, bool caughtUp)
{
    setSyncing(false);
    if (!m_open) {
        return;
    }
    if (stored && caughtUp) {
        setCaughtUp();
    }
    if (!stored) {
        m_again.start();
    } else if (!caughtUp && (!complete || m_carbons)) {
        sync();
    } // else: once more when carbons are on
}

void History::onSyncFailed(const Error &error)
{
    dropPage();
    m_first.clear();
    setSyncing(false);
    if (error.code() == ErrorCode::NotAuthorized) {
        m_archive = false;
        setCaughtUp();
    } else if (error.code() == ErrorCode::NotFound && !m_byTime) {
        m_byTime = true;
        sync();
    } else {
        // A connection that went away is no news here, and may be what was wanted.
        const auto level = error.code() == ErrorCode::Unavailable ? base::LogLevel::Debug : base::LogLevel::Info;
        base::log(level, "history", "the archive did not answer", {{"why", error.text()}});
        if (m_open) {
            m_again.start();
        }
    }
}

void History::fetchOlder(const QString &peer)
{
    if (m_older.contains(peer) || m_atBeginning.contains(peer) || !m_open || !m_archive) {
        return;
    }
    m_older.insert(peer);
    Q_EMIT olderChanged(peer);
    m_cache.run<OlderFrom>(
        this, [peer](Store &store) -> Result<OlderFrom> { return olderFrom(store, peer); },
        [this, peer](const Result<OlderFrom> &from) {
            if (from && from->atBeginning) {
                m_atBeginning.insert(peer);
            }
            if (from && from->known && m_open) {
                askOlder(peer, *from);
            } else {
                finishOlder(peer);
            }
        });
}

void History::askOlder(const QString &peer, const OlderFrom &from)
{
    ArchiveQuery query;
    query.with = peer;
    query.newest = true;
    query.max = olderItems;
    query.before = from.beforeId;
    query.end = from.beforeId.isEmpty() ? from.end : 0;
    m_olderPages[peer] = {};
    m_session.queryArchive(
        query, [this, peer](const Incoming &item) { m_olderPages[peer].push_back(item); },
        [this, peer, from](const Result<ArchivePage> &page) {
            auto items = std::exchange(m_olderPages[peer], {});
            m_olderPages.erase(peer);
            if (!page) {
                if (page.error().code() == ErrorCode::NotFound && !from.beforeId.isEmpty()) {
                    askOlder(peer, {.known = true, .atBeginning = false, .beforeId = {}, .end = from.end});
                } else {
                    finishOlder(peer);
                }
                return;
            }
            if (page->complete) {
                m_atBeginning.insert(peer);
            }
            m_cache.run<Stored>(
                this,
                [peer, items = std::move(items), at = now(), complete = page->complete](Store &store) -> StoredResult {
                    return storeOlder(store, peer, items, at, complete);
                },
                [this, peer](const StoredResult &stored) {
                    tell(stored);
                    finishOlder(peer);
                });
        });
}

void History::finishOlder(const QString &peer)
{
    m_older.remove(peer);
    Q_EMIT olderChanged(peer);
}

} // namespace godwit::history
