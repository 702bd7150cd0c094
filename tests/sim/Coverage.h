// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What happened in a schedule, counted by kind. A run of many schedules in which one of these never happened proves
// less than it seems to, and fails.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace godwit::sim
{

enum class Event : std::uint8_t {
    Stored,
    StoredAcrossShards,
    StoredForFullJid,
    StoredForGoneResource,
    NoStoreRead,
    IqBehindMessage,
    AckForPart,
    Resent,
    ResentInFlight,
    ResentWithDelay,
    BatchRefused,
    RowRefused,
    UnsyncedForgotten,
    CommittedUntold,
    ProofLost,
    Cut,
    CutInsideElementUp,
    CutInsideElementDown,
    HalfOpen,
    SecondConnection,
    ConnectionMoved,
    ClientCrash,
    ServerCrash,
    Resumed,
    ReplayedRow,
    ResumeRefused,
    ResumeImpossible,
    AckRepeated,
    AckStale,
    AckTooHigh,
    CountWrapped,
    BarrierAnswered,
    StrayAnswer,
    WeakProof,
    ReadFailed,
    ReadSlow,
    LaterErrorStored,
    LookUpFailed,
    BehindLaterError,
    Blocked,
    Unblocked,
    BarredRead,
    PendingDropped,
    ArchiveCopy,
    ArchiveProof,
    CarbonReceived,
    CarbonSent,
    NegativePriority,
    Inactive,
    Lagging,
    ReadingPaused,
    WindowFull,
    LateCopy,
    CopyRepeated,
    ErrorForMessage,
};
inline constexpr std::size_t eventCount = static_cast<std::size_t>(Event::ErrorForMessage) + 1;

/// In words, for the report of a run.
std::string_view wordsOf(Event event);

class Coverage
{
public:
    void saw(Event event, std::uint64_t times = 1) { m_counts[static_cast<std::size_t>(event)] += times; }
    std::uint64_t count(Event event) const { return m_counts[static_cast<std::size_t>(event)]; }
    void add(const Coverage &other)
    {
        for (std::size_t i = 0; i < eventCount; ++i) {
            m_counts[i] += other.m_counts[i];
        }
    }

private:
    std::array<std::uint64_t, eventCount> m_counts{};
};

} // namespace godwit::sim
