// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Bounds of the compact wire. What is in struct Limits is the receiver's choice within rule 23 of the specification;
// the rest belongs to version 1 of the wire and is the same at both ends.
#pragma once

#include <cstddef>
#include <cstdint>

namespace godwit::compact
{

/// The WebSocket subprotocol.
inline constexpr char subprotocol[] = "godwit.v1";
/// The newest version of the static dictionary that we read and write.
inline constexpr std::uint32_t dictionaryVersion = 1;

/// What one message of a peer may hold; checked before memory is taken for it.
struct Limits {
    std::size_t messageBytesMax = 262'144; ///< one message of the WebSocket, reassembled
    std::size_t stanzaBytesMax = 262'144;  ///< one element, written as XML
    std::size_t depthMax = 128;            ///< elements inside each other, the frame's own counted
    std::size_t elementsMax = 10'000;      ///< in one frame
    std::size_t attributesMax = 64;        ///< of one element
};

/// How many slots the tables of one direction have (rule 8); the sender says it in its open.
struct TableSizes {
    std::uint32_t addresses = 128;
    std::uint32_t ids = 128;
    std::uint32_t names = 64;
    friend bool operator==(const TableSizes &, const TableSizes &) = default;
};
/// The most of each, and what an open stands for that says nothing.
inline constexpr TableSizes tableSizesMax{};

/// What the tables take, in bytes of UTF-8.
inline constexpr std::size_t addressBytesMin = 1;
inline constexpr std::size_t addressBytesMax = 128;
inline constexpr std::size_t idBytesMin = 8;
inline constexpr std::size_t idBytesMax = 64;
inline constexpr std::size_t nameBytesMax = 128; ///< namespace and name together

/// The largest integers that occur (rule 3), so that an implementation may keep them in a double.
inline constexpr std::uint64_t unsignedMax = (std::uint64_t{1} << 53) - 1;
inline constexpr std::uint64_t negativeMax = 0xffff'ffff;
/// 9999-12-31T23:59:59Z.
inline constexpr std::uint64_t secondsMax = 253'402'300'799;
inline constexpr unsigned fractionDigitsMax = 6;

/// How deep the elements that we send may be: what a receiver allows is its own choice, this bounds our stack.
inline constexpr std::size_t sentDepthMax = 256;

} // namespace godwit::compact
