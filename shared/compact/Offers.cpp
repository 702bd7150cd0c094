// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/Offers.h"

#include "base/Assert.h"

#include <algorithm>
#include <cstring>

namespace godwit::compact
{

void Offers::offer(std::string_view id)
{
    GW_ASSERT(!isFull() && id.size() == uuidBytes);
    const std::size_t slot = m_count % slots;
    if (slot == m_ids.size()) {
        m_ids.emplace_back();
    }
    id.copy(m_ids[slot].data(), uuidBytes);
    ++m_count;
}

std::optional<std::uint32_t> Offers::find(std::string_view id) const
{
    GW_ASSERT(id.size() == uuidBytes);
    const Id *ids = m_ids.data();
    for (std::uint64_t number = m_count; number > m_released; --number) {
        const std::size_t slot = (number - 1) % slots;
        if (std::memcmp(ids[slot].data(), id.data(), uuidBytes) == 0) {
            return static_cast<std::uint32_t>(slot);
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> Offers::at(std::uint64_t slot) const
{
    // How far the slot is from that of the first open offer, around the ring.
    const std::uint64_t distance = (slot + slots - m_released % slots) % slots;
    if (slot >= slots || distance >= open()) {
        return std::nullopt;
    }
    return std::string_view(m_ids[static_cast<std::size_t>(slot)].data(), uuidBytes);
}

void Offers::refer(std::uint64_t slot)
{
    const std::uint64_t number = m_released + (slot + slots - m_released % slots) % slots;
    GW_ASSERT(number < m_count);
    if (number > keptInFront) {
        m_released = std::max(m_released, number - keptInFront);
    }
}

bool Offers::release(std::uint64_t below)
{
    if (below > m_count) {
        return false;
    }
    m_released = std::max(m_released, below);
    return true;
}

} // namespace godwit::compact
