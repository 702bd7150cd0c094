// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/Offers.h"

#include "base/Assert.h"
#include "compact/Hash.h"

#include <algorithm>
#include <cstring>

namespace godwit::compact
{

void Offers::offer(std::string_view id)
{
    GW_ASSERT(!isFull() && id.size() == uuidBytes);
    const std::size_t slot = m_count % slots;
    if (!m_made) {
        m_made = std::make_unique<Made>();
    }
    if (slot == m_made->offers.size()) {
        m_made->offers.emplace_back();
    }
    Made::Offer &made = m_made->offers[slot];
    id.copy(made.id.data(), uuidBytes);
    std::uint8_t &newest = m_made->newest[bucketOf(id)];
    made.older = newest;
    newest = static_cast<std::uint8_t>(slot + 1);
    ++m_count;
}

std::size_t Offers::bucketOf(std::string_view id)
{
    return shortHash(id) % Made::bucketCount;
}

std::optional<std::uint32_t> Offers::find(std::string_view id) const
{
    GW_ASSERT(id.size() == uuidBytes);
    if (!m_made) {
        return std::nullopt;
    }
    // Links go from newer offers to older ones; one that does not leads to a slot that was used again since.
    std::uint64_t before = m_count;
    for (std::size_t link = m_made->newest[bucketOf(id)]; link != 0; link = m_made->offers[link - 1].older) {
        const std::size_t slot = link - 1;
        const std::uint64_t number = newestIn(slot);
        if (number < m_released || number >= before) {
            return std::nullopt;
        }
        if (std::memcmp(m_made->offers[slot].id.data(), id.data(), uuidBytes) == 0) {
            return static_cast<std::uint32_t>(slot);
        }
        before = number;
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
    return std::string_view(m_made->offers[static_cast<std::size_t>(slot)].id.data(), uuidBytes);
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
