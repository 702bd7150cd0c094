// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "cache/Cache.h"

#include "base/Log.h"

#include <QCoreApplication>
#include <QEvent>
#include <QSemaphore>

namespace godwit::cache
{

using base::Error;
using base::Ok;
using base::Result;

/// Lives in the database thread.
class Worker : public QObject
{
public:
    Worker(Cache &cache, std::unique_ptr<Store> store)
        : m_cache(cache)
        , m_store(std::move(store))
    {
    }

    void perform(Cache::Piece piece)
    {
        const std::optional<Error> failure = piece.perform(*m_store);
        if (failure) {
            remember(*failure);
        }
        m_done.push_back({m_store->takeChanges(), std::move(piece.answer)});
        if (m_done.size() >= piecesPerCommitMax) {
            commit();
        } else if (!m_commitPosted) {
            // Behind everything that is waiting already: that is what the next commit gathers.
            m_commitPosted = true;
            QCoreApplication::postEvent(this, new QEvent(commitEvent()), Qt::LowEventPriority);
        }
    }

    std::optional<Error> commit()
    {
        std::optional<Error> failure;
        if (auto committed = m_store->commit(); !committed) {
            failure = committed.error();
            remember(*failure);
        }
        QMetaObject::invokeMethod(
            &m_cache,
            [cache = &m_cache, done = std::exchange(m_done, {}), failure] {
                for (const Done &piece : done) {
                    if (!failure) {
                        for (const Change &change : piece.changes) {
                            Q_EMIT cache->changed(change);
                        }
                    }
                    if (piece.answer) {
                        piece.answer(failure);
                    }
                }
            },
            Qt::QueuedConnection);
        return failure;
    }

    std::optional<Error> takeFailure() { return std::exchange(m_failure, std::nullopt); }

    void close()
    {
        commit();
        m_store.reset();
    }

protected:
    bool event(QEvent *event) override
    {
        if (event->type() != commitEvent()) {
            return QObject::event(event);
        }
        m_commitPosted = false;
        if (!m_done.empty()) {
            commit();
        }
        return true;
    }

private:
    struct Done {
        std::vector<Change> changes;
        std::function<void(const std::optional<Error> &)> answer;
    };
    static constexpr std::size_t piecesPerCommitMax = 500;

    static QEvent::Type commitEvent()
    {
        static const auto type = static_cast<QEvent::Type>(QEvent::registerEventType());
        return type;
    }
    void remember(const Error &failure)
    {
        base::log(base::LogLevel::Error, "cache", "work undone", {{"why", failure.text()}});
        if (!m_failure) {
            m_failure = failure;
        }
    }

    Cache &m_cache;
    std::unique_ptr<Store> m_store;
    std::vector<Done> m_done;
    std::optional<Error> m_failure;
    bool m_commitPosted = false;
};

Result<std::unique_ptr<Cache>> Cache::open(const QString &path)
{
    auto store = Store::open(path);
    if (!store) {
        return store.error();
    }
    std::unique_ptr<Cache> cache(new Cache);
    cache->m_worker = std::make_unique<Worker>(*cache, std::move(*store));
    cache->m_worker->moveToThread(&cache->m_thread);
    cache->m_thread.setObjectName(QStringLiteral("cache"));
    cache->m_thread.start();
    return cache;
}

Cache::Cache() = default;

Cache::~Cache()
{
    if (m_worker) {
        // Waited for: quit() does not, and what is behind it in the queue would be lost.
        QMetaObject::invokeMethod(
            m_worker.get(), [worker = m_worker.get()] { worker->close(); }, Qt::BlockingQueuedConnection);
        m_thread.quit();
        m_thread.wait();
    }
}

void Cache::run(std::function<void(Store &)> work)
{
    run<Ok>(
        this,
        [work = std::move(work)](Store &store) -> Result<Ok> {
            work(store);
            return Ok();
        },
        [](const Result<Ok> &) {});
}

Result<Ok> Cache::flush()
{
    QSemaphore finished;
    std::optional<Error> failure;
    QMetaObject::invokeMethod(m_worker.get(), [worker = m_worker.get(), &finished, &failure] {
        worker->commit();
        failure = worker->takeFailure();
        finished.release();
    });
    finished.acquire();
    if (failure) {
        return *failure;
    }
    return Ok();
}

void Cache::post(Piece piece)
{
    QMetaObject::invokeMethod(m_worker.get(), [worker = m_worker.get(), piece = std::move(piece)]() mutable {
        worker->perform(std::move(piece));
    });
}

std::optional<Error> Cache::postAndWait(Piece piece)
{
    QSemaphore finished;
    std::optional<Error> failure;
    QMetaObject::invokeMethod(m_worker.get(),
                              [worker = m_worker.get(), piece = std::move(piece), &finished, &failure]() mutable {
                                  worker->perform(std::move(piece));
                                  failure = worker->commit();
                                  finished.release();
                              });
    finished.acquire();
    return failure;
}

} // namespace godwit::cache
