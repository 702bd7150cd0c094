// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The client's side of the SASL mechanisms that the generator logs in with (RFC 4505, 4616, 5802, 7677).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace godwit::load
{

enum class Mechanism { Anonymous, Plain, ScramSha1, ScramSha256 };

[[nodiscard]] std::string_view mechanismName(Mechanism mechanism);
[[nodiscard]] std::optional<Mechanism> mechanismCalled(std::string_view name);

[[nodiscard]] std::string base64(std::string_view bytes);
[[nodiscard]] std::optional<std::string> fromBase64(std::string_view text);

/// One authentication. All messages are raw bytes, without the base64 of the stream.
class SaslClient
{
public:
    SaslClient(Mechanism mechanism, std::string user, std::string password, std::string nonce);

    [[nodiscard]] std::string initialResponse();

    /// The answer to a challenge, or nothing when the challenge is not one that the mechanism allows.
    [[nodiscard]] std::optional<std::string> answer(std::string_view challenge);

    /// Whether the data that came with the success prove that the server knows the password too.
    [[nodiscard]] bool confirms(std::string_view additional) const;

private:
    Mechanism m_mechanism;
    std::string m_user;
    std::string m_password;
    std::string m_nonce;
    std::string m_serverProof;
};

} // namespace godwit::load
