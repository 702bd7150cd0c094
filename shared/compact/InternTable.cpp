// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/InternTable.h"

#include "base/Assert.h"

#include <algorithm>

namespace godwit::compact
{

namespace
{

/// What is dead in the buffer may be this much more than what lives before it is moved together.
constexpr std::size_t deadBytesMax = 1'024;
/// What a connection fills that says anything at all.
constexpr std::size_t entriesAtFirst = 16;
constexpr std::size_t textBytesAtFirst = 256;

} // namespace

InternTable::InternTable(std::uint32_t slots, std::size_t bytesMin, std::size_t bytesMax)
    : m_slots(slots)
    , m_bytesMin(static_cast<std::uint8_t>(bytesMin))
    , m_bytesMax(static_cast<std::uint8_t>(bytesMax))
{
    GW_ASSERT(slots < 0xff && bytesMax <= 0xff);
}

void InternTable::resize(std::uint32_t slots)
{
    GW_ASSERT(m_entries.empty() && slots < 0xff);
    m_slots = slots;
}

void InternTable::enter(std::string_view added, std::uint32_t hash)
{
    if (!takes(added)) {
        return;
    }
    if (m_buckets.empty()) {
        m_buckets.resize(bucketCount);
        m_entries.reserve(std::min<std::size_t>(m_slots, entriesAtFirst));
        m_text.reserve(textBytesAtFirst);
    }
    const auto begin = static_cast<std::uint32_t>(m_text.size());
    m_text.append(added);
    if (m_next == m_entries.size()) {
        m_entries.emplace_back();
    } else {
        unlink(m_next);
    }
    Entry &entry = m_entries[m_next];
    std::uint8_t &bucket = m_buckets[hash % bucketCount];
    entry.begin = begin;
    entry.hash = hash;
    entry.size = static_cast<std::uint8_t>(added.size());
    entry.next = bucket;
    bucket = static_cast<std::uint8_t>(m_next + 1);
    m_liveBytes += entry.size;
    m_next = m_next + 1 == m_slots ? 0 : m_next + 1;
    if (m_text.size() > 2 * std::size_t{m_liveBytes} + deadBytesMax) {
        compact();
    }
}

void InternTable::unlink(std::uint32_t slot)
{
    const Entry &old = m_entries[slot];
    m_liveBytes -= old.size;
    std::uint8_t *link = &m_buckets[old.hash % bucketCount];
    while (*link != slot + 1) {
        link = &m_entries[*link - 1u].next;
    }
    *link = old.next;
}

void InternTable::compact()
{
    std::string kept;
    kept.reserve(2 * std::size_t{m_liveBytes} + deadBytesMax);
    for (Entry &entry : m_entries) {
        const auto begin = static_cast<std::uint32_t>(kept.size());
        kept.append(text(entry));
        entry.begin = begin;
    }
    m_text = std::move(kept);
}

std::optional<std::string_view> InternTable::at(std::uint64_t slot) const
{
    if (slot >= m_entries.size()) {
        return std::nullopt;
    }
    return text(m_entries[static_cast<std::size_t>(slot)]);
}

std::optional<std::string_view> InternTable::atBehind(std::uint64_t slot, std::uint32_t entered) const
{
    if (slot >= m_entries.size() || (slot + m_slots - m_next) % m_slots < entered) {
        return std::nullopt;
    }
    return at(slot);
}

std::optional<std::uint32_t> InternTable::find(std::string_view wanted, std::uint32_t hash) const
{
    if (m_buckets.empty() || !takes(wanted)) {
        return std::nullopt;
    }
    for (std::uint8_t link = m_buckets[hash % bucketCount]; link != 0; link = m_entries[link - 1u].next) {
        const Entry &entry = m_entries[link - 1u];
        if (entry.hash == hash && text(entry) == wanted) {
            return link - 1u;
        }
    }
    return std::nullopt;
}

std::size_t InternTable::heldBytes() const
{
    return m_entries.capacity() * sizeof(Entry) + m_buckets.capacity() + m_text.capacity();
}

} // namespace godwit::compact
