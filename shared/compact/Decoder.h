// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The reading half of one direction of a compact connection: messages of the WebSocket in, frames out. It holds the
// tables and two numbers; what reading needs besides is the thread's. One thread at a time, any thread.
#pragma once

#include "base/Result.h"
#include "compact/Frame.h"
#include "compact/Offers.h"
#include "compact/Tables.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace godwit::compact
{

class CborReader;

class Decoder
{
public:
    /// `exchange` is shared with the encoder of the connection and must outlive both. The limits must outlive the
    /// decoder; they may change between two frames.
    explicit Decoder(Exchange &exchange, const Limits *limits = nullptr);

    void setLimits(const Limits *limits) { m_limits = limits; }

    /// Takes one frame from the front of a message, the whole of which must be there; nothing when all of it was read.
    /// InvalidInput for what breaks a rule (stream error not-well-formed, close status 1007), LimitExceeded for what is
    /// over a limit (policy-violation, 1009); nothing is read after either.
    base::Result<std::optional<Frame>> next(std::string_view &message);

    /// The newest dictionary that the other side reads; 0 before its open.
    std::uint32_t peerDictionary() const noexcept { return m_peerDictionary; }
    /// Bytes of memory behind this object.
    std::size_t heldBytes() const { return m_tables.heldBytes() + m_language.capacity(); }

private:
    using Result = base::Result<std::optional<Frame>>;

    Result fail(base::ErrorCode code, const char *reason);
    Result failRead(const char *reason) { return fail(base::ErrorCode::InvalidInput, reason); }
    Result readFrames(std::string_view &message);
    Result read(CborReader &reader, bool &skipped);
    Result readArray(CborReader &reader, std::string_view frame, std::uint64_t items, bool &skipped);
    Result readRelease(CborReader &reader, std::uint64_t items);
    Result readOpen(CborReader &reader, std::uint64_t items);
    Result readElement(CborReader &reader, std::string_view frame, std::uint64_t items);
    bool readTables(CborReader &reader);
    Result acked(std::uint32_t h);

    Exchange &m_exchange;
    const Limits *m_limits;
    Tables m_tables;
    std::string m_language; ///< of the other side's stream
    std::optional<std::uint32_t> m_acked;
    std::uint32_t m_peerDictionary = 0;
    bool m_failed = false;
};

} // namespace godwit::compact
