// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Threads that turn passwords into keys, so that a shard thread never does (PLAIN logins, `user import`). The queue is
// bounded: when more logins wait than the machine can hash in a sensible time, the next is refused at once.
//
// This is one of the places with a lock (beside Mailbox, Batcher and logging): the queue between askers and workers.
#pragma once

#include "base/Result.h"
#include "crypto/ScramKeys.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace godwit::crypto
{

class HashingPool
{
public:
    using Keys = std::vector<accounts::ScramKeys>;
    using Answer = std::function<void(base::Result<Keys>)>;
    /// Runs a function on the asker's thread; called on a worker's (or, when refused, on the asker's own).
    using Poster = std::function<void(std::function<void()>)>;

    /// `threads` 0: as many as the machine has cores.
    struct Options {
        unsigned threads = 0;
        std::size_t waitingMax = 4'096;
    };
    explicit HashingPool(Options options);
    /// Answers what waits with Cancelled (through its poster), lets running jobs end and answer, then joins.
    ~HashingPool();
    HashingPool(const HashingPool &) = delete;
    HashingPool &operator=(const HashingPool &) = delete;

    /// Makes the keys of every recipe, in that order; `answer` is run exactly once, through `post`: the keys,
    /// LimitExceeded when too many wait, Cancelled when the pool ends first. Any thread.
    void derive(Password password, std::vector<ScramRecipe> recipes, Poster post, Answer answer);

    /// Jobs that wait for a thread. Any thread.
    std::size_t waiting() const;
    unsigned threads() const noexcept { return static_cast<unsigned>(m_threads.size()); }

private:
    struct Job {
        Password password;
        std::vector<ScramRecipe> recipes;
        Poster post;
        Answer answer;
    };
    void work();

    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Job> m_jobs;
    std::size_t m_waitingMax;
    bool m_stopping = false;
    std::vector<std::thread> m_threads;
};

} // namespace godwit::crypto
