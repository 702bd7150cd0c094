// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <string_view>

namespace godwit::jid
{

/// True for what may stand between "[" and "]" in a domain part: an IPv6 address without zone (RFC 3986 §3.2.2).
bool isIpv6Address(std::string_view text);

/// True for four decimal numbers up to 255 without leading zeros.
bool isIpv4Address(std::string_view text);

} // namespace godwit::jid
