// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace godwit::bosh
{

/// What a session was answered: for who asks again (XEP-0124 §14.3), and for what the client comes to prove. Proof and
/// repetition are two things: an answer whose proof was inferred can still have been lost.
class AnswerBook
{
public:
    enum class Kind : std::uint8_t { Ordinary, Pause };
    struct Entry {
        std::uint64_t rid = 0;
        std::uint32_t written = 0; ///< what the client has of the stream when it has this answer
        std::string text;          ///< empty: not kept any more
        std::string key;           ///< of its request
        Kind kind = Kind::Ordinary;
        bool proved = false;
    };

    /// How many answers the client may come to ask for again. All that are not proved are, if it acknowledges.
    void setKept(std::size_t answers, bool acknowledged) noexcept;
    /// In the order of the rids.
    void add(Entry &&entry);
    /// Null when it is unknown or not kept any more. Until the next call of another function.
    const Entry *find(std::uint64_t rid) const;
    /// The client has all answers up to that rid. Returns what it has of the stream by that, if it is more than before.
    std::optional<std::uint32_t> prove(std::uint64_t rid);

    std::size_t size() const noexcept { return m_entries.size(); }

private:
    void trim();

    std::deque<Entry> m_entries;
    std::size_t m_kept = 1;
    bool m_acknowledged = false;
};

} // namespace godwit::bosh
