// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Clock.h"
#include "base/StrongId.h"
#include "base/UniqueFunction.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace godwit::net
{

struct TimerTag;
/// Names one started timer; never used twice by one Timers. The default names none.
using TimerId = base::StrongId<TimerTag>;

/// One-shot timers of one thread in a 4-ary heap: 64 bytes each, start and cancel in O(log n), a restart that moves the
/// deadline away in O(1). Driven by the poller, or by a test that moves its clock.
class Timers
{
public:
    /// Callbacks of up to 24 bytes are held without an allocation.
    using Callback = base::UniqueFunction<void(), 24>;

    /// `earlier` is called when the next deadline moved towards now.
    explicit Timers(const base::Clock &clock, base::UniqueFunction<void()> earlier = {});

    /// Calls `callback` once when `delay` has passed, in a later turn even if it is zero.
    TimerId start(base::Duration delay, Callback callback);
    /// Counts the delay again from now. False when the timer has fired or was cancelled.
    bool restart(TimerId id, base::Duration delay);
    /// False when the timer has fired or was cancelled.
    bool cancel(TimerId id);

    /// The next deadline; a timer that was restarted may make it too early, never too late.
    std::optional<base::Instant> next() const;
    /// Fires what is due now. Timers that callbacks start fire at the next call.
    void runDue();

    std::size_t size() const noexcept { return m_heap.size(); }
    /// Memory of one timer, for the test of the budget.
    static constexpr std::size_t bytesEach();

private:
    struct Entry {
        base::Instant deadline;
        std::uint32_t slot = 0;
    };
    struct Slot {
        Callback callback;
        base::Instant deadline; ///< at or after the one in the heap
        std::uint32_t generation = 1;
        std::uint32_t place = 0; ///< in the heap; of a free slot: the next free one
    };
    static constexpr std::uint32_t none = UINT32_MAX;

    Slot *find(TimerId id);
    void place(std::uint32_t position, Entry entry);
    void siftUp(std::uint32_t position, Entry entry);
    void siftDown(std::uint32_t position, Entry entry);
    void removeAt(std::uint32_t position);
    Callback release(std::uint32_t slot);

    const base::Clock &m_clock;
    base::UniqueFunction<void()> m_earlier;
    std::vector<Entry> m_heap;
    std::vector<Slot> m_slots;
    std::uint32_t m_free = none;
};

constexpr std::size_t Timers::bytesEach()
{
    return sizeof(Entry) + sizeof(Slot);
}

} // namespace godwit::net
