// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Result.h"
#include "base/UniqueFunction.h"
#include "net/Descriptor.h"
#include "net/EventHandler.h"

#include <memory>
#include <mutex>
#include <vector>

namespace godwit::net
{

/// Work that is done once on another thread.
using Task = base::UniqueFunction<void()>;

/// Hands tasks to a poller's thread. post() may be called on any thread; tasks of one posting thread run in the order
/// in which they were posted. The thread is woken only when the box was empty, and takes everything in one swap a
/// turn. Tasks that were not run when the mailbox goes are destroyed, not run.
class Mailbox final : public EventHandler
{
public:
    static base::Result<std::unique_ptr<Mailbox>> create();

    /// Any thread. Tasks of up to 48 bytes are posted without an allocation of their own.
    void post(Task task);

    /// The descriptor that becomes readable when there are tasks; for the poller.
    int descriptor() const noexcept { return m_read.number(); }
    void onReady(Readiness readiness) override;

private:
    Mailbox() = default;
    void wake() const;
    void clearWake() const;

    std::mutex m_mutex;
    std::vector<Task> m_tasks;   ///< guarded by m_mutex
    std::vector<Task> m_running; ///< the poller's thread only; kept for its capacity
    Descriptor m_read;
    Descriptor m_write; ///< closed on Linux, where one eventfd is both ends
};

} // namespace godwit::net
