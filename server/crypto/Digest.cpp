// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "crypto/Digest.h"

#include "base/Assert.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace godwit::crypto
{

namespace
{

const EVP_MD *algorithm(Hash hash)
{
    switch (hash) {
    case Hash::Sha1:
        return EVP_sha1();
    case Hash::Sha256:
        return EVP_sha256();
    case Hash::Sha512:
        return EVP_sha512();
    }
    return EVP_sha256();
}

} // namespace

std::size_t digestBytes(Hash hash)
{
    switch (hash) {
    case Hash::Sha1:
        return 20;
    case Hash::Sha256:
        return 32;
    case Hash::Sha512:
        return 64;
    }
    return 32;
}

std::string_view hashName(Hash hash)
{
    switch (hash) {
    case Hash::Sha1:
        return "SHA-1";
    case Hash::Sha256:
        return "SHA-256";
    case Hash::Sha512:
        return "SHA-512";
    }
    return {};
}

std::string digest(Hash hash, std::string_view data)
{
    std::string out(digestBytes(hash), '\0');
    unsigned int size = 0;
    // Fails only when the process is out of memory.
    const int done = EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char *>(out.data()), &size,
                                algorithm(hash), nullptr);
    GW_ASSERT(done == 1 && size == out.size());
    return out;
}

std::string hmac(Hash hash, HmacKey key, std::string_view data)
{
    std::string out(digestBytes(hash), '\0');
    unsigned int size = 0;
    const unsigned char *done = HMAC(algorithm(hash), key.bytes.data(), static_cast<int>(key.bytes.size()),
                                     reinterpret_cast<const unsigned char *>(data.data()), data.size(),
                                     reinterpret_cast<unsigned char *>(out.data()), &size);
    GW_ASSERT(done != nullptr && size == out.size());
    return out;
}

bool constantTimeEqual(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::string &secret)
{
    OPENSSL_cleanse(secret.data(), secret.size());
    secret.clear();
}

} // namespace godwit::crypto
