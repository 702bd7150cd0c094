// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The main thread's end of the database thread. Work is sent as a function over the Store; pieces run in the order in
// which they were sent, share transactions (what is waiting when one ends goes into the next commit), and answer after
// the commit that made them durable.
#pragma once

#include "base/Result.h"
#include "cache/Store.h"

#include <QObject>
#include <QPointer>
#include <QThread>

#include <functional>
#include <memory>

namespace godwit::cache
{

class Worker;

/// Lives in the main thread.
class Cache : public QObject
{
    Q_OBJECT

public:
    /// Opens or makes the file; ":memory:" for none. TooNew, Corrupt, Unavailable (another process has it), Io.
    static base::Result<std::unique_ptr<Cache>> open(const QString &path);
    /// Commits what was sent, then stops the thread. Answers that were not given yet are dropped.
    ~Cache() override;

    /// Sends a piece of work. `done` is called in the main thread after the commit, or with the Error that undid the
    /// work; not at all when `context` is gone by then. The work runs in the database thread and owns what it uses.
    template <class T>
    void run(QObject *context, std::function<base::Result<T>(Store &)> work,
             std::function<void(base::Result<T>)> done)
    {
        auto result = std::make_shared<base::Result<T>>(base::Error(base::ErrorCode::Cancelled, "not run"));
        Piece piece;
        piece.perform = [result, work = std::move(work)](Store &store) -> std::optional<base::Error> {
            *result = store.perform<T>(work);
            return result->ok() ? std::nullopt : std::optional(result->error());
        };
        piece.answer = [result, context = QPointer<QObject>(context),
                        done = std::move(done)](const std::optional<base::Error> &commitFailure) {
            if (!context) {
                return;
            }
            if (commitFailure && result->ok()) {
                done(*commitFailure);
            } else {
                done(std::move(*result));
            }
        };
        post(std::move(piece));
    }

    /// Sends work that nobody waits for. A failure is logged and reported by the next flush().
    void run(std::function<void(Store &)> work);

    /// Runs a piece and waits until it is durable.
    template <class T>
    base::Result<T> wait(std::function<base::Result<T>(Store &)> work)
    {
        auto result = std::make_shared<base::Result<T>>(base::Error(base::ErrorCode::Cancelled, "not run"));
        Piece piece;
        piece.perform = [result, work = std::move(work)](Store &store) -> std::optional<base::Error> {
            *result = store.perform<T>(work);
            return result->ok() ? std::nullopt : std::optional(result->error());
        };
        const std::optional<base::Error> failure = postAndWait(std::move(piece));
        if (failure && result->ok()) {
            return *failure;
        }
        return std::move(*result);
    }

    /// Waits until everything sent so far is durable; the first failure since the last flush() if there was one.
    [[nodiscard]] base::Result<base::Ok> flush();

Q_SIGNALS:
    /// After each commit, in order, before the answers of the work that made the change.
    void changed(const godwit::cache::Change &change);

private:
    friend class Worker;
    struct Piece {
        std::function<std::optional<base::Error>(Store &)> perform;
        std::function<void(const std::optional<base::Error> &)> answer;
    };
    Cache();
    void post(Piece piece);
    std::optional<base::Error> postAndWait(Piece piece);

    QThread m_thread;
    std::unique_ptr<Worker> m_worker;
};

} // namespace godwit::cache
