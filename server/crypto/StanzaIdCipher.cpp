// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "crypto/StanzaIdCipher.h"

#include "base/Assert.h"
#include "base/Base64.h"
#include "crypto/Digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>

namespace godwit::crypto
{

namespace
{

using Block = std::array<std::uint8_t, 16>;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX *context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

enum class Direction : int { Decrypt = 0, Encrypt = 1 };

/// An AES context ready for one key, kept by the thread that uses it: preparing one costs ten times the block.
class ThreadContext
{
public:
    Block run(std::uint64_t serial, const Block &key, Direction direction, const Block &in)
    {
        if (serial != m_serial || !m_context) {
            m_context.reset(EVP_CIPHER_CTX_new());
            GW_ASSERT(m_context != nullptr);
            const int ready = EVP_CipherInit_ex(m_context.get(), EVP_aes_128_ecb(), nullptr, key.data(), nullptr,
                                                static_cast<int>(direction));
            GW_ASSERT(ready == 1);
            EVP_CIPHER_CTX_set_padding(m_context.get(), 0);
            m_serial = serial;
        }
        Block out{};
        int size = 0;
        const int done = EVP_CipherUpdate(m_context.get(), out.data(), &size, in.data(), static_cast<int>(in.size()));
        GW_ASSERT(done == 1 && size == static_cast<int>(out.size()));
        return out;
    }

private:
    Context m_context;
    std::uint64_t m_serial = 0;
};

Block aes(std::uint64_t serial, const Block &key, Direction direction, const Block &in)
{
    thread_local ThreadContext encrypting;
    thread_local ThreadContext decrypting;
    return (direction == Direction::Encrypt ? encrypting : decrypting).run(serial, key, direction, in);
}

void putLittleEndian(std::uint8_t *at, std::uint64_t value)
{
    for (int i = 0; i < 8; ++i) {
        at[i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
}

std::uint64_t getLittleEndian(const std::uint8_t *at)
{
    std::uint64_t value = 0;
    for (int i = 7; i >= 0; --i) {
        value = value << 8 | at[i];
    }
    return value;
}

Block deriveKey(const StanzaIdKey &key, std::string_view label)
{
    const std::string_view bytes(reinterpret_cast<const char *>(key.data()), key.size());
    const std::string derived = hmac(Hash::Sha256, {bytes}, label);
    Block out{};
    std::memcpy(out.data(), derived.data(), out.size());
    return out;
}

std::uint64_t nextSerial()
{
    static std::atomic<std::uint64_t> serial{0};
    return ++serial;
}

} // namespace

StanzaIdCipher::StanzaIdCipher(const StanzaIdKey &key)
    : m_accountKey(deriveKey(key, "godwit stanza-id account"))
    , m_blockKey(deriveKey(key, "godwit stanza-id block"))
    , m_serial(nextSerial())
{
}

std::uint64_t StanzaIdCipher::accountHalf(std::string_view account) const
{
    base::SipHash128 hash(m_accountKey);
    hash.update(account);
    return hash.finish().low;
}

std::string StanzaIdCipher::encode(std::string_view account, ledger::Seq seq) const
{
    Block block{};
    putLittleEndian(block.data(), accountHalf(account));
    putLittleEndian(block.data() + 8, seq.value);
    return base::encodeBase64Url(aes(m_serial, m_blockKey, Direction::Encrypt, block));
}

std::optional<ledger::Seq> StanzaIdCipher::decode(std::string_view account, std::string_view id) const
{
    if (id.size() != 22) {
        return std::nullopt;
    }
    const std::optional<std::vector<std::uint8_t>> bytes = base::decodeBase64Url(id);
    if (!bytes || bytes->size() != 16) {
        return std::nullopt;
    }
    Block block{};
    std::copy(bytes->begin(), bytes->end(), block.begin());
    block = aes(m_serial, m_blockKey, Direction::Decrypt, block);
    if (getLittleEndian(block.data()) != accountHalf(account)) {
        return std::nullopt;
    }
    return ledger::Seq(getLittleEndian(block.data() + 8));
}

} // namespace godwit::crypto
