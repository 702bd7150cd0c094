// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Hashes, keyed hashes and comparison over raw bytes, computed by OpenSSL. Everything here is thread-safe.
#pragma once

#include "accounts/AccountStore.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace godwit::crypto
{

/// The hashes that SCRAM uses (RFC 5802, RFC 7677), which are all the server needs.
using Hash = accounts::ScramHash;

/// Bytes of a digest: 20, 32, 64.
std::size_t digestBytes(Hash hash);
/// The name in a SCRAM mechanism: "SHA-1", "SHA-256", "SHA-512".
std::string_view hashName(Hash hash);

/// Raw digest of `data`.
std::string digest(Hash hash, std::string_view data);

/// Names the key, so that key and data are not mixed up.
struct HmacKey {
    std::string_view bytes;
};
/// HMAC (RFC 2104), raw bytes.
std::string hmac(Hash hash, HmacKey key, std::string_view data);

/// True when both are equal; takes time that depends on the lengths only.
bool constantTimeEqual(std::string_view a, std::string_view b);

/// Overwrites secrets before their memory is given back.
void wipe(std::string &secret);

} // namespace godwit::crypto
