// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// How the store's threads hand work to a shard's thread. The store knows nothing of event loops or mailboxes; whoever
// builds the server gives it one Executor per shard.
#pragma once

#include <functional>

namespace godwit::store
{

using Task = std::function<void()>;

/// Runs tasks on one thread (a shard's) in the order in which each posting thread gave them.
class Executor
{
public:
    virtual ~Executor() = default;
    /// Callable from any thread; never runs `task` before it returns. Never fails: an executor whose thread has
    /// stopped keeps or drops the task by itself.
    virtual void post(Task task) = 0;
};

} // namespace godwit::store
