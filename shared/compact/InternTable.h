// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// One of the three tables of a direction (rule 8): a ring of strings whose contents follow from what was sent. Both
// ends hold the same; only the writing end looks strings up. The strings lie one behind the other in one buffer, so a
// table costs what it holds.
#pragma once

#include "compact/Hash.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::compact
{

class InternTable
{
public:
    /// Takes strings of bytesMin to bytesMax bytes; `slots` is at most 255.
    InternTable(std::uint32_t slots, std::size_t bytesMin, std::size_t bytesMax);

    /// Only while nothing was entered.
    void resize(std::uint32_t slots);
    std::uint32_t slots() const noexcept { return m_slots; }
    bool takes(std::string_view text) const noexcept
    {
        return m_slots > 0 && text.size() >= m_bytesMin && text.size() <= m_bytesMax;
    }

    /// Enters what the table takes; the oldest entry makes room. `text` may lie in the table itself.
    void enter(std::string_view text) { enter(text, hashOf(text)); }
    void enter(std::string_view text, std::uint32_t hash);
    /// The string in a slot, valid until the next enter(); nothing when the slot was never written.
    std::optional<std::string_view> at(std::uint64_t slot) const;
    /// The same when the slot is none that so many more strings could be entered into.
    std::optional<std::string_view> atBehind(std::uint64_t slot, std::uint32_t entered) const;
    /// The slot that holds the string.
    std::optional<std::uint32_t> find(std::string_view text) const { return find(text, hashOf(text)); }
    std::optional<std::uint32_t> find(std::string_view text, std::uint32_t hash) const;

    /// For who looks up and enters the same.
    std::uint32_t hashOf(std::string_view text) const { return takes(text) ? shortHash(text) : 0; }

    /// Bytes of memory behind this object.
    std::size_t heldBytes() const;

private:
    struct Entry {
        std::uint32_t begin = 0;
        std::uint32_t hash = 0;
        std::uint8_t size = 0;
        std::uint8_t next = 0; ///< the next slot with the same bucket, plus one
    };
    static constexpr std::size_t bucketCount = 128;

    std::string_view text(const Entry &entry) const { return {m_text.data() + entry.begin, entry.size}; }
    void unlink(std::uint32_t slot);
    void compact();

    std::uint32_t m_slots;
    std::uint32_t m_next = 0; ///< the slot that is written next
    std::uint32_t m_liveBytes = 0;
    std::uint8_t m_bytesMin;
    std::uint8_t m_bytesMax;
    std::vector<Entry> m_entries;
    std::vector<std::uint8_t> m_buckets; ///< first slot of each bucket, plus one; 0 for none
    std::string m_text;
};

} // namespace godwit::compact
