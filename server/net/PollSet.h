// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The descriptors that one thread watches, joined to its Qt event loop. Two implementations of one interface, chosen by
// CMake: PollSetEpoll.cpp (Linux) keeps an epoll set whose own descriptor is watched by a single QSocketNotifier, so
// that a wake-up does not cost more with thousands of idle descriptors; PollSetNotifiers.cpp (elsewhere) makes Qt
// notifiers for each descriptor; those tell of a failure only on a descriptor that is watched for something, so a reset
// of a paused connection is noticed when reading goes on.
#pragma once

#include "base/Result.h"
#include "base/UniqueFunction.h"
#include "net/EventHandler.h"

#include <memory>
#include <span>

namespace godwit::net
{

struct ReadyEvent {
    EventHandler *handler = nullptr;
    Readiness readiness;
};

class PollSet
{
public:
    static base::Result<std::unique_ptr<PollSet>> create();
    ~PollSet();

    /// Joins the set to the event loop of the current thread: `activity` is called from it while something is ready.
    void enter(base::UniqueFunction<void()> activity);
    /// Undoes enter(); on the same thread.
    void leave();

    /// Fails with Io or ResourceFull.
    base::Result<base::Ok> add(int descriptor, EventHandler &handler, Interest interest);
    void modify(int descriptor, EventHandler &handler, Interest interest);
    void remove(int descriptor);

    /// What is ready now, without waiting; valid until the next call.
    std::span<ReadyEvent> collect();

private:
    PollSet();
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace godwit::net
