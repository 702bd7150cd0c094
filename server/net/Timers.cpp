// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "net/Timers.h"

#include "base/Assert.h"

#include <algorithm>

namespace godwit::net
{

namespace
{
constexpr std::uint32_t arity = 4;
}

Timers::Timers(const base::Clock &clock, base::UniqueFunction<void()> earlier)
    : m_clock(clock)
    , m_earlier(std::move(earlier))
{
}

TimerId Timers::start(base::Duration delay, Callback callback)
{
    std::uint32_t number = m_free;
    if (number == none) {
        GW_ASSERT(m_slots.size() < none);
        number = static_cast<std::uint32_t>(m_slots.size());
        m_slots.emplace_back();
    } else {
        m_free = m_slots[number].place;
    }
    Slot &slot = m_slots[number];
    slot.callback = std::move(callback);
    slot.deadline = m_clock.now() + std::max(delay, base::Duration(0));
    const TimerId id((std::uint64_t{slot.generation} << 32) | number);
    m_heap.emplace_back();
    siftUp(static_cast<std::uint32_t>(m_heap.size() - 1), {slot.deadline, number});
    if (slot.place == 0 && m_earlier) {
        m_earlier();
    }
    return id;
}

bool Timers::restart(TimerId id, base::Duration delay)
{
    Slot *slot = find(id);
    if (!slot) {
        return false;
    }
    slot->deadline = m_clock.now() + std::max(delay, base::Duration(0));
    // A deadline that moves away stays where it is in the heap; it is put right when it comes up.
    if (slot->deadline < m_heap[slot->place].deadline) {
        siftUp(slot->place, {slot->deadline, static_cast<std::uint32_t>(id.value)});
        if (slot->place == 0 && m_earlier) {
            m_earlier();
        }
    }
    return true;
}

bool Timers::cancel(TimerId id)
{
    Slot *slot = find(id);
    if (!slot) {
        return false;
    }
    removeAt(slot->place);
    // The callback may own what calls back into this object, so it is destroyed last.
    const Callback released = release(static_cast<std::uint32_t>(id.value));
    return true;
}

std::optional<base::Instant> Timers::next() const
{
    if (m_heap.empty()) {
        return std::nullopt;
    }
    return m_heap.front().deadline;
}

void Timers::runDue()
{
    const base::Instant now = m_clock.now();
    // Callbacks may start timers that are due at once; the bound leaves those to the next call.
    std::size_t left = m_heap.size();
    while (left > 0 && !m_heap.empty() && m_heap.front().deadline <= now) {
        const Entry first = m_heap.front();
        const base::Instant deadline = m_slots[first.slot].deadline;
        if (deadline > first.deadline) {
            siftDown(0, {deadline, first.slot});
            continue;
        }
        --left;
        removeAt(0);
        Callback callback = release(first.slot);
        callback();
    }
}

Timers::Slot *Timers::find(TimerId id)
{
    const auto number = static_cast<std::uint32_t>(id.value);
    const auto generation = static_cast<std::uint32_t>(id.value >> 32);
    if (generation == 0 || number >= m_slots.size()) {
        return nullptr;
    }
    Slot &slot = m_slots[number];
    return slot.generation == generation && slot.callback ? &slot : nullptr;
}

Timers::Callback Timers::release(std::uint32_t number)
{
    Slot &slot = m_slots[number];
    Callback callback = std::move(slot.callback);
    if (++slot.generation == 0) {
        slot.generation = 1;
    }
    slot.place = m_free;
    m_free = number;
    return callback;
}

void Timers::place(std::uint32_t position, Entry entry)
{
    m_heap[position] = entry;
    m_slots[entry.slot].place = position;
}

void Timers::siftUp(std::uint32_t position, Entry entry)
{
    while (position > 0) {
        const std::uint32_t parent = (position - 1) / arity;
        if (m_heap[parent].deadline <= entry.deadline) {
            break;
        }
        place(position, m_heap[parent]);
        position = parent;
    }
    place(position, entry);
}

void Timers::siftDown(std::uint32_t position, Entry entry)
{
    const auto size = static_cast<std::uint32_t>(m_heap.size());
    for (;;) {
        const std::uint32_t first = position * arity + 1;
        if (first >= size) {
            break;
        }
        std::uint32_t least = first;
        for (std::uint32_t child = first + 1; child < std::min(first + arity, size); ++child) {
            if (m_heap[child].deadline < m_heap[least].deadline) {
                least = child;
            }
        }
        if (m_heap[least].deadline >= entry.deadline) {
            break;
        }
        place(position, m_heap[least]);
        position = least;
    }
    place(position, entry);
}

void Timers::removeAt(std::uint32_t position)
{
    const Entry last = m_heap.back();
    m_heap.pop_back();
    if (position == m_heap.size()) {
        return;
    }
    if (position > 0 && last.deadline < m_heap[(position - 1) / arity].deadline) {
        siftUp(position, last);
    } else {
        siftDown(position, last);
    }
}

} // namespace godwit::net
