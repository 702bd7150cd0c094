// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "crypto/ScramKeys.h"

#include "crypto/Pbkdf2.h"

namespace godwit::crypto
{

std::vector<ScramRecipe> makeRecipes(std::span<const Hash> hashes, std::uint32_t iterations, base::Random &random)
{
    std::vector<ScramRecipe> recipes;
    for (Hash hash : hashes) {
        std::array<std::uint8_t, scramSaltBytes> salt{};
        random.fill(salt);
        ScramRecipe &recipe = recipes.emplace_back();
        recipe.hash = hash;
        recipe.iterations = iterations;
        recipe.salt.assign(salt.begin(), salt.end());
    }
    return recipes;
}

std::string saltedPassword(const Password &password, const ScramRecipe &recipe)
{
    return pbkdf2({recipe.hash, recipe.iterations, password.bytes(), recipe.salt});
}

accounts::ScramKeys makeScramKeys(const Password &password, const ScramRecipe &recipe)
{
    std::string salted = saltedPassword(password, recipe);
    std::string clientKey = hmac(recipe.hash, {salted}, "Client Key");
    accounts::ScramKeys keys;
    keys.hash = recipe.hash;
    keys.iterations = recipe.iterations;
    keys.salt = recipe.salt;
    keys.storedKey = digest(recipe.hash, clientKey);
    keys.serverKey = hmac(recipe.hash, {salted}, "Server Key");
    wipe(clientKey);
    wipe(salted);
    return keys;
}

bool verifyClientProof(const accounts::ScramKeys &keys, std::string_view authMessage, HmacKey clientProof)
{
    // ClientProof = ClientKey XOR HMAC(StoredKey, AuthMessage); StoredKey = H(ClientKey).
    std::string clientKey = hmac(keys.hash, {keys.storedKey}, authMessage);
    if (clientKey.size() != clientProof.bytes.size()) {
        return false;
    }
    for (std::size_t i = 0; i < clientKey.size(); ++i) {
        clientKey[i] = static_cast<char>(clientKey[i] ^ clientProof.bytes[i]);
    }
    const bool right = constantTimeEqual(digest(keys.hash, clientKey), keys.storedKey);
    wipe(clientKey);
    return right;
}

std::string serverSignature(const accounts::ScramKeys &keys, std::string_view authMessage)
{
    return hmac(keys.hash, {keys.serverKey}, authMessage);
}

} // namespace godwit::crypto
