// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Which frames go into one message of the WebSocket (rule 2), where the sender has the choice.
#pragma once

#include <cstddef>

namespace godwit::compact
{

/// What every receiver takes (rule 23).
inline constexpr std::size_t sentMessageBytesMax = 262'144;
/// A receiver reads a message when all of it is there, and on a bad network perhaps never: behind so many bytes the
/// head of another one costs nothing, and less is lost with a torn one.
inline constexpr std::size_t sharedMessageBytesMax = 16'384;
/// Acks and requests for them belong to the element in front of them, however long it is.
inline constexpr std::size_t ackBytesMax = 16;

/// Whether frames of `added` bytes go into a message that has `before` bytes already.
constexpr bool mayShareMessage(std::size_t before, std::size_t added)
{
    return before + added <= (added <= ackBytesMax ? sentMessageBytesMax : sharedMessageBytesMax);
}

} // namespace godwit::compact
