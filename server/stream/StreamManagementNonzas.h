// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The elements of XEP-0198 (urn:xmpp:sm:3) as values, read and written. Resumption before binding is Negotiation's;
// everything else is the session's.
#pragma once

#include "base/Result.h"
#include "stream/StanzaError.h"
#include "wire/Wire.h"
#include "xml/Document.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace godwit::stream
{

/// The count of handled stanzas; wraps at 2^32 (XEP-0198 §4).
using HandledCount = std::uint32_t;

struct EnableRequest {
    bool resume = false;
    std::optional<std::chrono::seconds> max; ///< the client's preferred time of resumption
};
struct ResumeRequest {
    std::string previousId;
    HandledCount handled = 0;
};
struct AckRequest {
};
struct Ack {
    HandledCount handled = 0;
};
using ManagementNonza = std::variant<EnableRequest, ResumeRequest, AckRequest, Ack>;

bool isStreamManagement(xml::ElementView nonza);
/// InvalidInput when it is none that a client sends, or its h is no 32-bit number.
base::Result<ManagementNonza> parseManagement(xml::ElementView nonza);

struct Enabled {
    std::string id; ///< of resumption; empty when there will be none
    std::chrono::seconds max{0};
    std::string location; ///< host:port preferred for the resumption; may be empty
};
struct Resumed {
    std::string previousId;
    HandledCount handled = 0;
};
/// To enable or resume; `handled` where the old session is known but gone (XEP-0198 §5).
struct ManagementFailed {
    StanzaCondition condition = StanzaCondition::UnexpectedRequest;
    std::optional<HandledCount> handled;
    std::string text;
};

/// <resumed/> and <failed/> as XML, for an answer that holds them (XEP-0198 §9).
std::string resumedElement(const Resumed &resumed);
std::string failedElement(const ManagementFailed &failed);

void writeEnabled(wire::Wire &wire, std::string &out, const Enabled &enabled);
void writeResumed(wire::Wire &wire, std::string &out, const Resumed &resumed);
void writeFailed(wire::Wire &wire, std::string &out, const ManagementFailed &failed);
void writeAckRequest(wire::Wire &wire, std::string &out);
void writeAck(wire::Wire &wire, std::string &out, Ack ack);

/// XEP-0198 §4: the peer acknowledged more than it was sent; the stream ends.
struct CountTooHigh {
    HandledCount handled = 0; ///< what it said
    HandledCount sent = 0;    ///< what is true
};
StreamError handledCountTooHigh(CountTooHigh counts);

} // namespace godwit::stream
