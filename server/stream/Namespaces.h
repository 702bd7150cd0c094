// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The XML namespaces of stream negotiation, each with its source.
#pragma once

#include <string_view>

namespace godwit::stream::ns
{

inline constexpr std::string_view tls = "urn:ietf:params:xml:ns:xmpp-tls";                    // RFC 6120 §5
inline constexpr std::string_view sasl = "urn:ietf:params:xml:ns:xmpp-sasl";                  // RFC 6120 §6
inline constexpr std::string_view sasl2 = "urn:xmpp:sasl:2";                                  // XEP-0388
inline constexpr std::string_view fast = "urn:xmpp:fast:0";                                   // XEP-0484
inline constexpr std::string_view saslChannelBinding = "urn:xmpp:sasl-cb:0";                  // XEP-0440
inline constexpr std::string_view bind = "urn:ietf:params:xml:ns:xmpp-bind";                  // RFC 6120 §7
inline constexpr std::string_view bind2 = "urn:xmpp:bind:0";                                  // XEP-0386
inline constexpr std::string_view session = "urn:ietf:params:xml:ns:xmpp-session";            // RFC 3921 §3, legacy
inline constexpr std::string_view streamErrors = "urn:ietf:params:xml:ns:xmpp-streams";       // RFC 6120 §4.9
inline constexpr std::string_view stanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas";       // RFC 6120 §8.3
inline constexpr std::string_view streamManagement = "urn:xmpp:sm:3";                         // XEP-0198
inline constexpr std::string_view clientState = "urn:xmpp:csi:0";                             // XEP-0352
inline constexpr std::string_view rosterVersioning = "urn:xmpp:features:rosterver";           // RFC 6121 §2.6
inline constexpr std::string_view subscriptionPreApproval = "urn:xmpp:features:pre-approval"; // RFC 6121 §3.4
inline constexpr std::string_view streamLimits = "urn:xmpp:stream-limits:0";                  // XEP-0478

} // namespace godwit::stream::ns
