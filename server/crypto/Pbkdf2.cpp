// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The compression functions are reached through OpenSSL's low-level digests, which OpenSSL 3 marks as deprecated in
// favour of the provider layer that is avoided here.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/Pbkdf2.h"

#include "base/Assert.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <array>
#include <bit>
#include <cstring>

namespace godwit::crypto
{

namespace
{

template <class Word>
void putBigEndian(unsigned char *at, Word value)
{
    for (std::size_t i = 0; i < sizeof(Word); ++i) {
        at[i] = static_cast<unsigned char>(value >> (8 * (sizeof(Word) - 1 - i)));
    }
}

struct Sha1 {
    using Context = SHA_CTX;
    using Word = SHA_LONG;
    static constexpr std::size_t block = SHA_CBLOCK;
    static constexpr std::size_t size = SHA_DIGEST_LENGTH;
    static void init(Context &c) { SHA1_Init(&c); }
    static void update(Context &c, const void *data, std::size_t bytes) { SHA1_Update(&c, data, bytes); }
    static void final(unsigned char *out, Context &c) { SHA1_Final(out, &c); }
    static void compress(Context &c, const unsigned char *data) { SHA1_Transform(&c, data); }
    static std::array<Word, 5> words(const Context &c) { return {c.h0, c.h1, c.h2, c.h3, c.h4}; }
};
struct Sha256 {
    using Context = SHA256_CTX;
    using Word = SHA_LONG;
    static constexpr std::size_t block = SHA256_CBLOCK;
    static constexpr std::size_t size = SHA256_DIGEST_LENGTH;
    static void init(Context &c) { SHA256_Init(&c); }
    static void update(Context &c, const void *data, std::size_t bytes) { SHA256_Update(&c, data, bytes); }
    static void final(unsigned char *out, Context &c) { SHA256_Final(out, &c); }
    static void compress(Context &c, const unsigned char *data) { SHA256_Transform(&c, data); }
    static std::array<Word, 8> words(const Context &c)
    {
        return {c.h[0], c.h[1], c.h[2], c.h[3], c.h[4], c.h[5], c.h[6], c.h[7]};
    }
};
struct Sha512 {
    using Context = SHA512_CTX;
    using Word = SHA_LONG64;
    static constexpr std::size_t block = SHA512_CBLOCK;
    static constexpr std::size_t size = SHA512_DIGEST_LENGTH;
    static void init(Context &c) { SHA512_Init(&c); }
    static void update(Context &c, const void *data, std::size_t bytes) { SHA512_Update(&c, data, bytes); }
    static void final(unsigned char *out, Context &c) { SHA512_Final(out, &c); }
    static void compress(Context &c, const unsigned char *data) { SHA512_Transform(&c, data); }
    static std::array<Word, 8> words(const Context &c)
    {
        return {c.h[0], c.h[1], c.h[2], c.h[3], c.h[4], c.h[5], c.h[6], c.h[7]};
    }
};

/// A digest as the last block of an HMAC half: one block of key came before it, so the padding never changes.
template <class D>
struct FinalBlock {
    std::array<unsigned char, D::block> bytes{};

    FinalBlock()
    {
        bytes[D::size] = 0x80;
        putBigEndian<std::uint32_t>(bytes.data() + D::block - 4, static_cast<std::uint32_t>((D::block + D::size) * 8));
    }
    void put(const typename D::Context &state)
    {
        const auto words = D::words(state);
        for (std::size_t i = 0; i < words.size(); ++i) {
            putBigEndian<typename D::Word>(bytes.data() + i * sizeof(typename D::Word), words[i]);
        }
    }
};

template <class D>
struct HmacStates {
    typename D::Context inner;
    typename D::Context outer;

    explicit HmacStates(std::string_view password)
    {
        std::array<unsigned char, D::block> key{};
        if (password.size() > D::block) {
            typename D::Context c;
            D::init(c);
            D::update(c, password.data(), password.size());
            D::final(key.data(), c);
        } else {
            std::memcpy(key.data(), password.data(), password.size());
        }
        for (unsigned char &byte : key) {
            byte ^= 0x36;
        }
        D::init(inner);
        D::update(inner, key.data(), key.size());
        for (unsigned char &byte : key) {
            byte ^= 0x36 ^ 0x5c;
        }
        D::init(outer);
        D::update(outer, key.data(), key.size());
        OPENSSL_cleanse(key.data(), key.size());
    }
    ~HmacStates()
    {
        OPENSSL_cleanse(&inner, sizeof inner);
        OPENSSL_cleanse(&outer, sizeof outer);
    }
    HmacStates(const HmacStates &) = delete;
    HmacStates &operator=(const HmacStates &) = delete;
};

template <class D>
std::string derive(const Pbkdf2Input &input)
{
    const HmacStates<D> states(input.password);
    // U1 = HMAC(password, salt | 1)
    typename D::Context context = states.inner;
    const std::array<unsigned char, 4> blockIndex{0, 0, 0, 1};
    D::update(context, input.salt.data(), input.salt.size());
    D::update(context, blockIndex.data(), blockIndex.size());
    std::array<unsigned char, D::size> first{};
    D::final(first.data(), context);
    context = states.outer;
    D::update(context, first.data(), first.size());
    D::final(first.data(), context);

    FinalBlock<D> block;
    std::memcpy(block.bytes.data(), first.data(), first.size());
    std::array<unsigned char, D::size> sum = first;
    for (std::uint32_t i = 1; i < input.iterations; ++i) {
        context = states.inner;
        D::compress(context, block.bytes.data());
        block.put(context);
        context = states.outer;
        D::compress(context, block.bytes.data());
        block.put(context);
        for (std::size_t at = 0; at < D::size; ++at) {
            sum[at] ^= block.bytes[at];
        }
    }
    OPENSSL_cleanse(&context, sizeof context);
    std::string out(reinterpret_cast<const char *>(sum.data()), sum.size());
    OPENSSL_cleanse(sum.data(), sum.size());
    OPENSSL_cleanse(block.bytes.data(), block.bytes.size());
    return out;
}

} // namespace

std::string pbkdf2(const Pbkdf2Input &input)
{
    GW_ASSERT(input.iterations > 0);
    switch (input.hash) {
    case Hash::Sha1:
        return derive<Sha1>(input);
    case Hash::Sha256:
        return derive<Sha256>(input);
    case Hash::Sha512:
        return derive<Sha512>(input);
    }
    return {};
}

} // namespace godwit::crypto
