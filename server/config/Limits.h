// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Clock.h"
#include "base/Result.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace godwit::config
{

/// Every bound of the server, with its default: section [limits] of the configuration. The rooms have option types of
/// their own; the server fills them from here.
struct Limits {
    // Before a login.
    std::uint64_t connectionsMax = 0;
    std::uint64_t connectionsPerAddressMax = 1'000;
    std::uint64_t handshakesPerAddressMax = 200;
    base::Duration handshakeTime = std::chrono::seconds(30);
    std::uint64_t handshakeBytesMax = 65'536;
    std::uint64_t preauthStanzaBytesMax = 10'000;
    std::uint64_t loginFailuresMax = 5;
    std::uint64_t listenBacklog = 4'096;

    // Of one stanza.
    std::uint64_t stanzaBytesMax = 262'144;
    std::uint64_t depthMax = 64;
    std::uint64_t attributesMax = 64;
    std::uint64_t elementsMax = 10'000;

    // Of one session.
    std::uint64_t uncommittedStanzasMax = 256;
    std::uint64_t uncommittedBytesMax = 262'144;
    std::uint64_t unprovedMax = 256;
    std::uint64_t socketInputBytes = 65'536;
    std::uint64_t keptBytesMax = 262'144;
    std::uint64_t waitingBytesMax = 262'144;
    std::uint64_t sessionOutputBytesMax = 4'194'304;
    std::uint64_t heldPresencesMax = 256;
    std::uint64_t directedPresencesMax = 1'000;
    base::Duration ackRequestInterval = std::chrono::milliseconds(250);
    base::Duration ackAnswerDelayMax = std::chrono::milliseconds(500);
    base::Duration ackTimeout = std::chrono::seconds(60);
    base::Duration barrierTimeout = std::chrono::seconds(60);
    base::Duration keepAliveIdle = std::chrono::seconds(300);
    base::Duration keepAliveInterval = std::chrono::seconds(30);
    base::Duration idleProbeTime = std::chrono::seconds(600);
    base::Duration sendTimeout = std::chrono::seconds(120);
    base::Duration closeTime = std::chrono::seconds(5);

    // Of one HTTP connection.
    std::uint64_t httpTargetBytesMax = 8'192;
    std::uint64_t httpHeaderBytesMax = 16'384;
    std::uint64_t httpFieldsMax = 64;
    std::uint64_t httpBodyBytesMax = 524'288;
    std::uint64_t httpPipelinedMax = 8;
    std::uint64_t httpOutputBytesMax = 262'144;
    std::uint64_t webBytesMax = 67'108'864;
    base::Duration httpHeaderTime = std::chrono::seconds(15);
    base::Duration httpBodyTime = std::chrono::seconds(30);
    base::Duration httpIdleTime = std::chrono::seconds(75);

    // Of one BOSH session.
    std::uint64_t boshHoldMax = 2;
    base::Duration boshWaitMax = std::chrono::seconds(60);
    base::Duration boshInactivity = std::chrono::seconds(60);
    base::Duration boshPauseMax = std::chrono::seconds(120);
    base::Duration boshPolling = std::chrono::seconds(2);

    // Of one account.
    std::uint64_t sessionsPerAccountMax = 64;
    std::uint64_t resumableSessionsMax = 16;
    std::uint64_t rosterItemsMax = 5'000;
    std::uint64_t rosterGroupsMax = 64;
    std::uint64_t pendingRequestsMax = 1'000;
    std::uint64_t presenceBytesMax = 32'768;
    std::uint64_t contactStepsMax = 4'096;
    std::uint64_t pendingMessagesMax = 1'000'000;
    std::uint64_t recentBytesMax = 524'288;
    std::uint64_t blockedMax = 1'000;
    std::uint64_t historyPageMax = 250;
    std::uint64_t devicesMax = 32;
    base::Duration deviceMemory = std::chrono::hours(24 * 90);
    std::uint64_t sentKeysMax = 1'024;
    base::Duration sentKeysMemory = std::chrono::hours(24 * 14);

    // Of the process.
    std::uint64_t shards = 0;
    std::uint64_t hashingThreads = 0;
    std::uint64_t hashingWaitingMax = 32'768;
    std::uint64_t batchRowsMax = 2'000;
    std::uint64_t batchBytesMax = 1'048'576;
    std::uint64_t memoryBudgetBytes = 1'073'741'824;
    std::uint64_t idleAccountsMax = 4'096;
    base::Duration stopTime = std::chrono::seconds(20);
};

/// What a number in Limits counts.
enum class LimitUnit : unsigned char { Count, Bytes };

/// A bound that is a number.
struct NumberLimit {
    std::uint64_t Limits::*member;
    LimitUnit unit;
    std::uint64_t least;
    std::uint64_t most;
};

/// A bound that is a time.
struct TimeLimit {
    base::Duration Limits::*member;
    base::Duration least;
    base::Duration most;
};

/// One row of the table that reading, the printed default configuration and the tests share.
struct LimitSpec {
    std::string_view name;
    std::variant<NumberLimit, TimeLimit> value;
    std::string_view words; ///< what it bounds, and what happens beyond it
};

/// All limits, in the order of the struct.
std::span<const LimitSpec> limitTable();

/// A relation between two limits that must hold: `smaller` is at most `larger`.
struct LimitRelation {
    std::string_view smaller;
    std::string_view larger;
};
std::span<const LimitRelation> limitRelations();

/// Fails with InvalidInput, in words that name both keys, when a relation is broken.
base::Result<base::Ok> checkRelations(const Limits &limits);

} // namespace godwit::config
