// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What SCRAM keeps of a password (RFC 5802 §3), and how it is made.
#pragma once

#include "accounts/AccountStore.h"
#include "base/Random.h"
#include "crypto/Digest.h"
#include "crypto/Password.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace godwit::crypto
{

/// RFC 5802 §5.1 asks for at least 4096. Chosen so that making the keys for all three hashes leaves room for 200 users
/// a second on two cores (README.md has the figures).
inline constexpr std::uint32_t scramIterationsDefault = 10'000;
inline constexpr std::uint32_t scramIterationsMin = 4'096;
inline constexpr std::uint32_t scramIterationsMax = 10'000'000;
/// Every salt has this length, so that the salt invented for an unknown user looks like any other.
inline constexpr std::size_t scramSaltBytes = 16;

/// How a password is turned into keys.
struct ScramRecipe {
    Hash hash = Hash::Sha256;
    std::uint32_t iterations = scramIterationsDefault;
    std::string salt; ///< raw bytes
};

/// One recipe with a fresh salt for each hash.
std::vector<ScramRecipe> makeRecipes(std::span<const Hash> hashes, std::uint32_t iterations, base::Random &random);

/// PBKDF2 with HMAC (RFC 8018 §5.2) for one block of the hash's own length: Hi() of RFC 5802 §2.2. Milliseconds of CPU:
/// not for a shard thread.
std::string saltedPassword(const Password &password, const ScramRecipe &recipe);

/// StoredKey and ServerKey for the recipe. As costly as saltedPassword().
accounts::ScramKeys makeScramKeys(const Password &password, const ScramRecipe &recipe);

/// RFC 5802 §3, the server's side: true when `clientProof` (raw) is that of a client that knows the password, for the
/// exchange named by `authMessage`.
bool verifyClientProof(const accounts::ScramKeys &keys, std::string_view authMessage, HmacKey clientProof);
/// ServerSignature, raw.
std::string serverSignature(const accounts::ScramKeys &keys, std::string_view authMessage);

} // namespace godwit::crypto
