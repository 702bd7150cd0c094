// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What negotiation needs of the configuration. The server fills it from the config room, anew on SIGHUP; a running
// negotiation keeps the one it began with.
#pragma once

#include "base/Clock.h"
#include "crypto/ScramKeys.h"
#include "stream/Sasl.h"
#include "xml/StreamParser.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::stream
{

/// `Accounts`: users with passwords. `Anonymous`: ANONYMOUS and only that (XEP-0175).
enum class HostKind : std::uint8_t { Accounts, Anonymous };

struct ServedHost {
    std::string domain; ///< prepared, as Jid::domain() gives it
    HostKind kind = HostKind::Accounts;
};

/// `Off`: no certificate, STARTTLS is not offered. `Required`: nothing but STARTTLS before TLS is up.
enum class TlsPolicy : std::uint8_t { Off, Optional, Required };

struct NegotiationOptions {
    std::vector<ServedHost> hosts; ///< the first speaks for the server when a peer asks for a host that is not served
    TlsPolicy tls = TlsPolicy::Required;
    /// Offered in this order where they apply (-PLUS needs channel bindings, PLAIN needs TLS or a policy without it).
    std::vector<SaslMechanism> mechanisms = {
        SaslMechanism::ScramSha512Plus, SaslMechanism::ScramSha256Plus, SaslMechanism::ScramSha1Plus,
        SaslMechanism::ScramSha512,     SaslMechanism::ScramSha256,     SaslMechanism::ScramSha1,
        SaslMechanism::Plain,
    };
    std::uint32_t scramIterations = crypto::scramIterationsDefault; ///< also of accounts that do not exist
    std::string decoySecret; ///< at least 16 random bytes, kept with the store so that salts stay the same

    /// XEP-0484: how long a token is good for that is not used, and how many installations of an account have some; 0:
    /// none are given, and there is no FAST.
    base::Duration tokenLifetime = std::chrono::hours(24 * 21);
    std::size_t tokensPerAccountMax = 32;

    std::uint32_t loginFailuresMax = 5;                    ///< RFC 6120 §6.4.4: from 2 to 5, then the stream ends
    std::size_t handshakeBytesMax = 65'536;                ///< all that a peer may send before it is bound
    xml::XmlLimits handshakeLimits = {16'384, 16, 32, 64}; ///< of one element before it is bound

    std::size_t stanzaBytesMax = 262'144; ///< told by XEP-0478
    std::chrono::seconds idleTimeout{0};  ///< told by XEP-0478 when not 0
    bool streamManagement = true;         ///< offer XEP-0198
    /// Features after login that modules contribute, as XML with their own xmlns (caps, for one).
    std::string moduleFeatures;
    /// Namespaces of what modules switch on while a resource is bound (XEP-0386), besides XEP-0198 and XEP-0352.
    std::vector<std::string> moduleBindFeatures;

    const ServedHost *find(std::string_view domain) const;
};

} // namespace godwit::stream
