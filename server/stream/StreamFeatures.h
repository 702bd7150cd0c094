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
    std::span<const ChannelBinding> bindings;  ///< told where a mechanism binds the channel (XEP-0440)
};
std::string loginFeatures(const LoginFeatures &features);

/// Binding, session management and what modules contribute.
std::string sessionFeatures(const NegotiationOptions &options);

} // namespace godwit::stream
