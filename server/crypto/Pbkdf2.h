// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// PBKDF2 for one block of the hash's own length, on the hash's bare compression function: each of its iterations is two
// calls of it and nothing else. OpenSSL's PKCS5_PBKDF2_HMAC copies digest contexts through its provider layer instead,
// which costs 1.6 to 3 times as much (README.md has the figures); the tests check one against the other.
#pragma once

#include "crypto/ScramKeys.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace godwit::crypto
{

struct Pbkdf2Input {
    Hash hash = Hash::Sha256;
    std::uint32_t iterations = 1;
    std::string_view password;
    std::string_view salt;
};

std::string pbkdf2(const Pbkdf2Input &input);

} // namespace godwit::crypto
