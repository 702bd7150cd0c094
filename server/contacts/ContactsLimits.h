// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <cstddef>

namespace godwit::contacts
{

/// Bounds on what one account may make us keep.
struct ContactsLimits {
    std::size_t itemsMax = 5'000;          ///< in the roster; further ones: resource-constraint
    std::size_t nameBytesMax = 1'023;      ///< of an item's name; longer: not-acceptable (RFC 6121 §2.3.3)
    std::size_t groupBytesMax = 1'023;     ///< of a group's name; longer: not-acceptable
    std::size_t groupsMax = 64;            ///< of an item; more: not-acceptable
    std::size_t requestsMax = 1'000;       ///< inbound requests without an answer; further ones: resource-constraint
    std::size_t requestBytesMax = 8'192;   ///< a larger request is kept without its content
    std::size_t tombstonesMax = 256;       ///< removed items remembered in memory for roster versions
    std::size_t presenceBytesMax = 32'768; ///< of one presence; larger: policy-violation
    std::size_t directedMax = 1'000;       ///< entities a session sent directed presence to; more: resource-constraint
    std::size_t waitingStepsMax = 4'096;   ///< stanzas that wait for the store; further ones: resource-constraint
};

} // namespace godwit::contacts
