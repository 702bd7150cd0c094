// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Assert.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace godwit::base
{

/// A first-in, first-out queue in one block of memory; costs nothing on the heap while it was never used, and gives
/// its memory back when it drains from a large size. There are several in each session, most of them empty.
template <class T>
class Ring
{
public:
    bool empty() const noexcept { return m_size == 0; }
    std::size_t size() const noexcept { return m_size; }

    void push(T entry)
    {
        if (m_size == m_slots.size()) {
            grow();
        }
        m_slots[(m_begin + m_size) & (m_slots.size() - 1)] = std::move(entry);
        ++m_size;
    }

    T pop()
    {
        GW_ASSERT(m_size > 0);
        T entry = std::move(m_slots[m_begin]);
        m_slots[m_begin] = T();
        m_begin = (m_begin + 1) & (m_slots.size() - 1);
        --m_size;
        if (m_size == 0 && m_slots.size() > keptCapacity) {
            m_slots = {};
            m_begin = 0;
        }
        return entry;
    }

    /// The i-th entry, 0 the oldest.
    const T &at(std::size_t i) const
    {
        GW_ASSERT(i < m_size);
        return m_slots[(m_begin + i) & (m_slots.size() - 1)];
    }
    T &at(std::size_t i)
    {
        GW_ASSERT(i < m_size);
        return m_slots[(m_begin + i) & (m_slots.size() - 1)];
    }

    void clear()
    {
        m_slots = {};
        m_begin = 0;
        m_size = 0;
    }

private:
    static constexpr std::size_t keptCapacity = 16;

    void grow()
    {
        std::vector<T> slots(m_slots.empty() ? 4 : m_slots.size() * 2);
        for (std::size_t i = 0; i < m_size; ++i) {
            slots[i] = std::move(at(i));
        }
        m_slots = std::move(slots);
        m_begin = 0;
    }

    std::vector<T> m_slots;
    std::size_t m_begin = 0;
    std::size_t m_size = 0;
};

} // namespace godwit::base
