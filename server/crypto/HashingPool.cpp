// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "crypto/HashingPool.h"

#include <algorithm>

namespace godwit::crypto
{

HashingPool::HashingPool(Options options)
    : m_waitingMax(options.waitingMax)
{
    const unsigned count = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    m_threads.reserve(count);
    for (unsigned i = 0; i < count; ++i) {
        m_threads.emplace_back([this] { work(); });
    }
}

HashingPool::~HashingPool()
{
    std::deque<Job> left;
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        left.swap(m_jobs);
    }
    m_wake.notify_all();
    for (std::thread &thread : m_threads) {
        thread.join();
    }
    for (Job &job : left) {
        job.post([answer = std::move(job.answer)] {
            answer(base::Error(base::ErrorCode::Cancelled, "the server is stopping"));
        });
    }
}

void HashingPool::derive(Password password, std::vector<ScramRecipe> recipes, Poster post, Answer answer)
{
    std::unique_lock lock(m_mutex);
    if (m_stopping || m_jobs.size() >= m_waitingMax) {
        lock.unlock();
        post([answer = std::move(answer)] {
            answer(base::Error(base::ErrorCode::LimitExceeded, "too many passwords wait to be hashed"));
        });
        return;
    }
    m_jobs.push_back({std::move(password), std::move(recipes), std::move(post), std::move(answer)});
    lock.unlock();
    m_wake.notify_one();
}

std::size_t HashingPool::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return m_jobs.size();
}

void HashingPool::work()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_wake.wait(lock, [this] { return m_stopping || !m_jobs.empty(); });
        if (m_stopping) {
            return;
        }
        Job job = std::move(m_jobs.front());
        m_jobs.pop_front();
        lock.unlock();
        Keys keys;
        keys.reserve(job.recipes.size());
        for (const ScramRecipe &recipe : job.recipes) {
            keys.push_back(makeScramKeys(job.password, recipe));
        }
        job.post([answer = std::move(job.answer), keys = std::move(keys)]() mutable { answer(std::move(keys)); });
        lock.lock();
    }
}

} // namespace godwit::crypto
