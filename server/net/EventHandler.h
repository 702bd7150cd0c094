// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <cstdint>

namespace godwit::net
{

/// What a descriptor is watched for. Failures are always reported.
enum class Interest : std::uint8_t { None = 0, Read = 1, Write = 2, ReadWrite = 3 };

/// What a watched descriptor is ready for.
struct Readiness {
    bool readable = false;
    bool writable = false;
    bool failed = false; ///< an error is waiting, or both directions are closed
};

/// Gets the events of one descriptor, on the poller's thread.
class EventHandler
{
public:
    EventHandler() noexcept = default;
    EventHandler(const EventHandler &) = delete;
    EventHandler &operator=(const EventHandler &) = delete;
    virtual ~EventHandler() = default;

    /// May remove and destroy any handler, this one too.
    virtual void onReady(Readiness readiness) = 0;
    /// Called once at the end of the turn for which Poller::callAtTurnEnd() was asked.
    virtual void onTurnEnd() {}

private:
    friend class Poller;
    static constexpr std::uint32_t notQueued = UINT32_MAX;
    std::uint32_t m_turnEndPlace = notQueued;
};

} // namespace godwit::net
