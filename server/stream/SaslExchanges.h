// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The exchanges behind makeSaslExchange(), and what they have in common.
#pragma once

#include "stream/Sasl.h"
#include "stream/ScramMessages.h"

namespace godwit::stream
{

/// The account a client's user name means on the host; nothing when it can be none. Who asks goes on with decoy keys,
/// so that the client learns no more than that its password was wrong.
std::optional<jid::Jid> accountOf(std::string_view username, const SaslEnvironment &environment);

/// Keys for a name that has none: the same salt whenever the name is tried, no password that fits.
accounts::ScramKeys decoyKeys(crypto::Hash hash, std::string_view username, const SaslEnvironment &environment);

/// The end of an exchange whose password was right: Success, or why the proved identity may not go on (RFC 6120 §6.3.8:
/// nobody may act for another).
struct ProvedIdentity {
    jid::Jid account;
    std::string_view authzid; ///< as sent; may be empty
    bool disabled = false;
};
SaslStep conclude(const ProvedIdentity &identity, std::string data);

/// SCRAM with any hash, with and without channel binding (RFC 5802, RFC 7677).
class ScramExchange final : public SaslExchange
{
public:
    ScramExchange(SaslMechanism mechanism, crypto::Hash hash, const SaslEnvironment &environment);

    SaslStep respond(std::string_view message) override;
    SaslStep credentialsReady(base::Result<accounts::Credentials> credentials) override;
    SaslStep hashingReady(base::Result<accounts::ScramKeys> keys) override;

private:
    enum class State : std::uint8_t { First, Credentials, Final, Done };

    SaslStep begin(std::string_view message);
    std::optional<SaslStep> checkBinding();
    SaslStep challenge(accounts::ScramKeys keys);
    SaslStep end(std::string_view message);
    bool bindingMatches(std::string_view binding) const;

    const SaslEnvironment &m_environment;
    SaslMechanism m_mechanism;
    crypto::Hash m_hash;
    State m_state = State::First;
    bool m_known = false; ///< the keys are an account's own, not a decoy
    bool m_disabled = false;
    ScramClientFirst m_first;
    std::string m_serverFirst;
    std::string m_nonce;
    jid::Jid m_account;
    accounts::ScramKeys m_keys;
};

/// RFC 4616: the password itself, under TLS.
class PlainExchange final : public SaslExchange
{
public:
    explicit PlainExchange(const SaslEnvironment &environment);

    SaslStep respond(std::string_view message) override;
    SaslStep credentialsReady(base::Result<accounts::Credentials> credentials) override;
    SaslStep hashingReady(base::Result<accounts::ScramKeys> keys) override;

private:
    SaslStep hashAgainst(accounts::ScramKeys keys);

    const SaslEnvironment &m_environment;
    bool m_known = false;
    bool m_disabled = false;
    std::string m_authzid;
    std::string m_username;
    std::optional<crypto::Password> m_password;
    jid::Jid m_account;
    accounts::ScramKeys m_keys;
};

/// HT (draft-schmaus-kitten-sasl-ht): a keyed hash of a token, in one step (XEP-0484).
class TokenExchange final : public SaslExchange
{
public:
    TokenExchange(SaslMechanism mechanism, const SaslEnvironment &environment);

    SaslStep respond(std::string_view message) override;
    SaslStep credentialsReady(base::Result<accounts::Credentials> credentials) override;
    SaslStep hashingReady(base::Result<accounts::ScramKeys> keys) override;
    SaslStep tokensReady(base::Result<accounts::TokenLogin> login) override;

private:
    std::string hashed(const accounts::Token &token, std::string_view role) const;
    bool proved(const std::optional<accounts::Token> &token) const;

    const SaslEnvironment &m_environment;
    SaslMechanism m_mechanism;
    std::string m_binding; ///< raw data of the channel binding
    jid::Jid m_account;
    std::string m_proof;
};

/// RFC 4505 and XEP-0175: an identity that lasts as long as the stream.
class AnonymousExchange final : public SaslExchange
{
public:
    explicit AnonymousExchange(const SaslEnvironment &environment);

    SaslStep respond(std::string_view message) override;
    SaslStep credentialsReady(base::Result<accounts::Credentials> credentials) override;
    SaslStep hashingReady(base::Result<accounts::ScramKeys> keys) override;

private:
    const SaslEnvironment &m_environment;
};

} // namespace godwit::stream
