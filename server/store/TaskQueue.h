// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The mailbox of a store thread: any thread puts tasks in, the owner takes all of them at once.
#pragma once

#include "store/Executor.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

namespace godwit::store
{

class TaskQueue
{
public:
    /// False when the queue is closed; the task is then still the caller's to answer.
    [[nodiscard]] bool push(Task &&task)
    {
        bool wake = false;
        {
            const std::lock_guard lock(m_mutex);
            if (m_closed) {
                return false;
            }
            m_tasks.push_back(std::move(task));
            wake = std::exchange(m_sleeping, false);
        }
        if (wake) {
            m_wake.notify_one();
        }
        return true;
    }

    /// Owner only: moves all waiting tasks into `out` (which is emptied first), waiting up to `patience` for the
    /// first. False when the queue is closed and nothing is left.
    bool take(std::vector<Task> &out, std::chrono::milliseconds patience)
    {
        out.clear();
        std::unique_lock lock(m_mutex);
        if (m_tasks.empty() && !m_closed && patience.count() > 0) {
            m_sleeping = true;
            m_wake.wait_for(lock, patience, [this] { return !m_tasks.empty() || m_closed; });
            m_sleeping = false;
        }
        out.swap(m_tasks);
        return !(m_closed && out.empty());
    }

    /// No task comes in any more; those inside are still taken.
    void close()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_closed = true;
        }
        m_wake.notify_all();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<Task> m_tasks;
    bool m_sleeping = false;
    bool m_closed = false;
};

} // namespace godwit::store
