// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Sasl.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>
#include <utility>
#include <vector>

namespace godwit::load
{

namespace
{

constexpr std::array<std::pair<Mechanism, std::string_view>, 4> names{{{Mechanism::Anonymous, "ANONYMOUS"},
                                                                       {Mechanism::Plain, "PLAIN"},
                                                                       {Mechanism::ScramSha1, "SCRAM-SHA-1"},
                                                                       {Mechanism::ScramSha256, "SCRAM-SHA-256"}}};

const unsigned char *bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

std::string hmac(const EVP_MD *digest, std::string_view key, std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned length = 0;
    HMAC(digest, key.data(), static_cast<int>(key.size()), bytesOf(text), text.size(), out.data(), &length);
    return {reinterpret_cast<const char *>(out.data()), length};
}

std::string hash(const EVP_MD *digest, std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned length = 0;
    EVP_Digest(text.data(), text.size(), out.data(), &length, digest, nullptr);
    return {reinterpret_cast<const char *>(out.data()), length};
}

std::string_view field(std::string_view message, char name)
{
    while (!message.empty()) {
        const std::size_t comma = message.find(',');
        const std::string_view part = message.substr(0, comma);
        if (part.size() >= 2 && part[0] == name && part[1] == '=') {
            return part.substr(2);
        }
        message = comma == std::string_view::npos ? std::string_view() : message.substr(comma + 1);
    }
    return {};
}

/// RFC 5802 §5.1: `,` and `=` in a name are written as `=2C` and `=3D`.
std::string saslName(std::string_view user)
{
    std::string out;
    for (const char c : user) {
        if (c == ',') {
            out += "=2C";
        } else if (c == '=') {
            out += "=3D";
        } else {
            out += c;
        }
    }
    return out;
}

} // namespace

std::string_view mechanismName(Mechanism mechanism)
{
    for (const auto &[value, name] : names) {
        if (value == mechanism) {
            return name;
        }
    }
    return {};
}

std::optional<Mechanism> mechanismCalled(std::string_view name)
{
    for (const auto &[value, known] : names) {
        if (known == name) {
            return value;
        }
    }
    return std::nullopt;
}

std::string base64(std::string_view bytes)
{
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char *>(out.data()), bytesOf(bytes), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(length));
    return out;
}

std::optional<std::string> fromBase64(std::string_view text)
{
    if (text.empty() || text == "=") {
        return std::string();
    }
    std::string out(text.size() / 4 * 3 + 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char *>(out.data()), bytesOf(text), static_cast<int>(text.size()));
    if (length < 0) {
        return std::nullopt;
    }
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') {
        ++padding;
    }
    out.resize(static_cast<std::size_t>(length) - padding);
    return out;
}

SaslClient::SaslClient(Mechanism mechanism, std::string user, std::string password, std::string nonce)
    : m_mechanism(mechanism)
    , m_user(std::move(user))
    , m_password(std::move(password))
    , m_nonce(std::move(nonce))
{
}

std::string SaslClient::initialResponse()
{
    switch (m_mechanism) {
    case Mechanism::Anonymous:
        return {};
    case Mechanism::Plain:
        return std::string(1, '\0') + m_user + std::string(1, '\0') + m_password;
    case Mechanism::ScramSha1:
    case Mechanism::ScramSha256:
        break;
    }
    return "n,,n=" + saslName(m_user) + ",r=" + m_nonce;
}

std::optional<std::string> SaslClient::answer(std::string_view challenge)
{
    if (m_mechanism == Mechanism::Anonymous || m_mechanism == Mechanism::Plain) {
        return std::nullopt;
    }
    const EVP_MD *digest = m_mechanism == Mechanism::ScramSha1 ? EVP_sha1() : EVP_sha256();
    const std::string_view nonce = field(challenge, 'r');
    const std::optional<std::string> salt = fromBase64(field(challenge, 's'));
    const std::string_view count = field(challenge, 'i');
    int iterations = 0;
    std::from_chars(count.data(), count.data() + count.size(), iterations);
    if (!salt || iterations < 1 || iterations > 1'000'000 || !nonce.starts_with(m_nonce)) {
        return std::nullopt;
    }
    std::string salted(static_cast<std::size_t>(EVP_MD_get_size(digest)), '\0');
    PKCS5_PBKDF2_HMAC(m_password.data(), static_cast<int>(m_password.size()), bytesOf(*salt),
                      static_cast<int>(salt->size()), iterations, digest, static_cast<int>(salted.size()),
                      reinterpret_cast<unsigned char *>(salted.data()));
    const std::string clientKey = hmac(digest, salted, "Client Key");
    const std::string withoutProof = "c=biws,r=" + std::string(nonce);
    const std::string signedText =
        "n=" + saslName(m_user) + ",r=" + m_nonce + "," + std::string(challenge) + "," + withoutProof;
    const std::string signature = hmac(digest, hash(digest, clientKey), signedText);
    std::string proof = clientKey;
    for (std::size_t i = 0; i < proof.size(); ++i) {
        proof[i] = static_cast<char>(proof[i] ^ signature[i]);
    }
    m_serverProof = base64(hmac(digest, hmac(digest, salted, "Server Key"), signedText));
    return withoutProof + ",p=" + base64(proof);
}

bool SaslClient::confirms(std::string_view additional) const
{
    if (m_mechanism == Mechanism::Anonymous || m_mechanism == Mechanism::Plain) {
        return true;
    }
    return !m_serverProof.empty() && field(additional, 'v') == m_serverProof;
}

} // namespace godwit::load
