// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "base/StrongId.h"
#include "base/UniqueFunction.h"
#include "net/BufferPool.h"
#include "net/EventHandler.h"
#include "net/Mailbox.h"
#include "net/PollSet.h"
#include "net/Timers.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

class QEventLoop;
class QTimer;

namespace godwit::net
{

/// Counted since the poller was made; read on its thread.
struct PollerStatistics {
    std::uint64_t turns = 0;
    std::uint64_t events = 0;
    std::uint64_t receives = 0; ///< calls of recv()
    std::uint64_t sends = 0;    ///< calls of send()
    std::uint64_t bytesReceived = 0;
    std::uint64_t bytesSent = 0;
};

/// The event loop of one thread. A turn is: the handlers of what is ready, due timers, then once the hooks of the
/// turn's end, then everything that asked for callAtTurnEnd() (connections send what was appended to them). Turns run
/// inside Qt's loop of the thread, so Qt's timers and queued calls work there too and get their share under load.
///
/// Made on any thread; belongs to the thread that calls run() or enter(), and all but stop() and mailbox().post() is
/// called there. Must outlive what is registered with it.
class Poller
{
public:
    /// Fails when the process has no descriptors left.
    static base::Result<std::unique_ptr<Poller>> create(const base::Clock &clock);
    ~Poller();

    /// Makes Qt use its own poll() loop instead of GLib's in all threads. Called first thing in main().
    static void preferPlainEventLoop();

    /// Runs Qt's event loop of this thread until stop().
    void run();
    /// Ends run(), or lets the next one return at once. Any thread.
    void stop();
    /// Joins the poller to an event loop of this thread that somebody else runs (tests, the bench program).
    void enter();
    /// Undoes enter().
    void leave();

    /// How much one connection may read now: together the ready ones read about as much in a turn as takes some
    /// milliseconds to work on, so that acks and commits are not kept waiting behind a flood.
    std::size_t readBytesMax() const noexcept { return m_readBytesMax; }

    Mailbox &mailbox() noexcept { return *m_mailbox; }
    Timers &timers() noexcept { return m_timers; }
    BufferPool &buffers() noexcept { return m_buffers; }
    PollerStatistics &statistics() noexcept { return m_statistics; }
    const base::Clock &clock() const noexcept { return m_clock; }

    base::Result<base::Ok> add(int descriptor, EventHandler &handler, Interest interest);
    void modify(int descriptor, EventHandler &handler, Interest interest);
    /// The handler gets no event after this, not even one that was already taken from the system.
    void remove(int descriptor, EventHandler &handler);

    struct HookTag;
    using HookId = base::StrongId<HookTag, std::uint32_t>;
    /// Calls `hook` at the end of each turn, in the order of registration, before output is sent. Hooks are added and
    /// removed outside of hooks.
    HookId addTurnEndHook(base::UniqueFunction<void()> hook);
    void removeTurnEndHook(HookId id);

    /// handler.onTurnEnd() is called at the end of this turn, once however often it is asked for; outside of a turn one
    /// is made soon.
    void callAtTurnEnd(EventHandler &handler);
    void forgetTurnEnd(EventHandler &handler) noexcept;
    /// Makes a turn soon, so that the hooks run.
    void requestTurn();

private:
    explicit Poller(const base::Clock &clock);
    void onActivity();
    void onTimeout();
    void finishTurn();
    void runTurnEndQueue();
    void armTimer();

    const base::Clock &m_clock;
    Timers m_timers;
    std::unique_ptr<Mailbox> m_mailbox;
    std::unique_ptr<PollSet> m_set;
    BufferPool m_buffers;
    PollerStatistics m_statistics;
    std::unique_ptr<QTimer> m_timer;
    std::unique_ptr<QEventLoop> m_loop;
    std::span<ReadyEvent> m_batch; ///< what is left of the events of this turn
    std::size_t m_readBytesMax = BufferPool::inputBytes;

    struct Hook {
        HookId id;
        base::UniqueFunction<void()> call;
    };
    std::vector<Hook> m_hooks;
    std::uint32_t m_lastHook = 0;
    std::vector<EventHandler *> m_turnEnd; ///< nullptr where a handler was forgotten
    enum class Phase : std::uint8_t { Outside, Dispatching, Finishing };
    Phase m_phase = Phase::Outside;
    bool m_turnRequested = false; ///< the mailbox was posted to for it
    bool m_anotherTurn = false;   ///< asked for by a hook or a handler at the end of this one
    base::Instant m_armedFor;     ///< of the Qt timer
    std::atomic<bool> m_stopping{false};
};

} // namespace godwit::net
