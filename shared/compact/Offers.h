// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The ids of one direction that the other may refer to (rule 9). The side that writes them and the side that reads them
// each hold one; a number means the same at both until the reading side releases it.
#pragma once

#include "compact/Forms.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace godwit::compact
{

class Offers
{
public:
    static constexpr std::uint32_t slots = 128;
    /// A reference keeps this many offers in front of it open.
    static constexpr std::uint64_t keptInFront = 31;

    bool isFull() const noexcept { return m_count - m_released >= slots; }
    std::uint64_t count() const noexcept { return m_count; }
    std::uint64_t open() const noexcept { return m_count - m_released; }

    /// An id of uuidBytes; not while isFull().
    void offer(std::string_view id);
    /// The slot of an open offer, the newest first; nothing when there is none.
    std::optional<std::uint32_t> find(std::string_view id) const;
    /// The open offer in a slot.
    std::optional<std::string_view> at(std::uint64_t slot) const;
    /// The offer in the slot, which is open, was referred to.
    void refer(std::uint64_t slot);
    /// False when so many offers were never made.
    bool release(std::uint64_t below);

    std::size_t heldBytes() const
    {
        return m_made ? sizeof(Made) + m_made->offers.capacity() * sizeof(Made::Offer) : 0;
    }

private:
    /// What a connection has once there was an offer.
    struct Made {
        static constexpr std::size_t bucketCount = 128;
        struct Offer {
            std::array<char, uuidBytes> id{};
            std::uint8_t older = 0; ///< slot, plus one, of the one before in the same bucket
        };
        std::array<std::uint8_t, bucketCount> newest{}; ///< slot, plus one, in each bucket
        std::vector<Offer> offers;                      ///< by slot
    };

    static std::size_t bucketOf(std::string_view id);
    /// The number of the newest offer that was made in a slot.
    std::uint64_t newestIn(std::size_t slot) const { return m_count - 1 - (m_count - 1 - slot) % slots; }

    std::uint64_t m_count = 0;
    std::uint64_t m_released = 0;
    std::unique_ptr<Made> m_made;
};

/// What the two directions of a connection know of each other. An Encoder and a Decoder share one.
struct Exchange {
    Offers ours;   ///< what our encoder offered
    Offers theirs; ///< what our decoder has read
};

} // namespace godwit::compact
