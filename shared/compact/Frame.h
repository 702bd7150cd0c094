// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What a frame of the compact wire says.
#pragma once

#include "xml/StreamParser.h"

#include <cstdint>
#include <string_view>
#include <variant>

namespace godwit::compact
{

/// XEP-0198.
inline constexpr std::string_view managementNamespace = "urn:xmpp:sm:3";

/// The other side's opening of its stream.
struct Open {
    xml::StreamHeader header;
};
/// The end of the other side's stream.
struct Close {
};
/// XEP-0198 <a/>: the h as it would stand there.
struct Ack {
    std::uint32_t h = 0;
};
/// XEP-0198 <r/>.
struct AckRequest {
};

/// The elements that these two stand for, for whoever takes XEP-0198 as elements.
xml::Nonza elementOf(Ack ack);
xml::Nonza elementOf(AckRequest request);

using Frame = std::variant<Open, Close, Ack, AckRequest, xml::Stanza, xml::MalformedStanza, xml::Nonza>;

} // namespace godwit::compact
