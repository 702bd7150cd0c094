// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The content of <stream:features> (RFC 6120 §4.3.2), before and after login.
#pragma once

#include "stream/NegotiationOptions.h"

#include <cstdint>
#include <span>
#include <string>

namespace godwit::stream
{

enum class StartTlsOffer : std::uint8_t { None, Optional, Required };

struct LoginFeatures {
    StartTlsOffer startTls = StartTlsOffer::None;
    std::span<const SaslMechanism> mechanisms; ///< none: the element is left out
    std::span<const SaslMechanism> byToken;    ///< of XEP-0484
    std::span<const ChannelBinding> bindings;  ///< told where a mechanism binds the channel (XEP-0440)
};
/// SASL of RFC 6120 and SASL2 (XEP-0388) side by side; what SASL2 can do in one go is of `options`.
std::string loginFeatures(const LoginFeatures &features, const NegotiationOptions &options);

/// How far a stream is: with Bind 2 its features come when it is bound already.
enum class SessionStage : std::uint8_t { Unbound, Bound, BoundWithAcks };
/// Binding, session management and what modules contribute.
std::string sessionFeatures(const NegotiationOptions &options, SessionStage stage);

} // namespace godwit::stream
