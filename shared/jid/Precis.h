// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// PRECIS (RFC 8264, RFC 8265) and internationalised domain names, for text that is not ASCII. This is the one place of
// the shared folder that asks Qt for character data.
#pragma once

#include "base/Result.h"

#include <string>
#include <string_view>

namespace godwit::jid
{

/// UsernameCaseMapped (RFC 8265 §3.3): width and case mapped, NFC, letters and digits of the IdentifierClass only, the
/// bidi rule kept.
base::Result<std::string> prepareUsername(std::string_view text);

/// OpaqueString (RFC 8265 §4.2): spaces made U+0020, NFC, the FreeformClass.
base::Result<std::string> prepareOpaque(std::string_view text);

/// A domain name to lower-case U-labels (RFC 7622 §3.2).
base::Result<std::string> prepareDomainName(std::string_view text);

} // namespace godwit::jid
