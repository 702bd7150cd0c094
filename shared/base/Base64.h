// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Base64 (RFC 4648 §4, strict) and base64url without padding (§5).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::base
{

std::string encodeBase64(std::span<const std::uint8_t> bytes);
std::string encodeBase64(std::string_view bytes);
/// Strict: padding required, no foreign characters, unused bits zero. Nothing when it is not base64.
std::optional<std::string> decodeBase64(std::string_view text);

std::string encodeBase64Url(std::span<const std::uint8_t> bytes);
/// Strict, without padding.
std::optional<std::vector<std::uint8_t>> decodeBase64Url(std::string_view text);

} // namespace godwit::base
