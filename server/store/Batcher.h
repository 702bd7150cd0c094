// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Gathers what all shards want written into batches for the one writer. There is no timer: a writer that waits gets
// what is there at once, and while it is busy with a commit the next batch grows.
#pragma once

#include "store/LogEntry.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace godwit::store
{

struct BatchLimits {
    std::size_t rowsMax;
    std::size_t bytesMax;
    /// How long a batch of nothing but proofs waits for something that needs a commit.
    std::chrono::milliseconds proofIdle;
};

/// First in, first out over all threads. push() from any thread, take() from the writer's only.
class Batcher
{
public:
    explicit Batcher(BatchLimits limits);

    /// False when closed; the item is then untouched.
    [[nodiscard]] bool push(LogItem &&item);
    /// Waits for a batch and puts it into `out`. False when closed and all has been taken.
    bool take(std::vector<LogItem> &out);
    /// Nothing comes in any more; what is inside is still taken, without waiting.
    void close();

private:
    /// Moves what was pushed behind the backlog; true when the batcher is closed.
    bool refill(std::chrono::milliseconds patience);
    /// Moves the next batch from the backlog into `out`; true when it needs no company (it is full, or has more in it
    /// than proofs).
    bool cut(std::vector<LogItem> &out);

    const BatchLimits m_limits;

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<LogItem> m_pushed;
    bool m_sleeping = false;
    bool m_closed = false;

    // The writer's own:
    std::vector<LogItem> m_backlog;
    std::size_t m_head = 0;
    std::size_t m_cutBytes = 0;
};

} // namespace godwit::store
