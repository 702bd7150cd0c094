// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "stream/SaslExchanges.h"

namespace godwit::stream
{

TokenExchange::TokenExchange(SaslMechanism mechanism, const SaslEnvironment &environment)
    : m_environment(environment)
    , m_mechanism(mechanism)
{
    for (const ChannelBinding &binding : environment.bindings) {
        if (binding.type == tokenBinding(mechanism)) {
            m_binding = binding.data;
        }
    }
}

/// message = authcid NUL hash
SaslStep TokenExchange::respond(std::string_view message)
{
    const std::size_t end = message.find('\0');
    if (end == 0 || end == std::string_view::npos) {
        return SaslStep::failure(SaslCondition::MalformedRequest, "The message has not two parts");
    }
    if (m_environment.device.empty()) {
        return SaslStep::failure(SaslCondition::MalformedRequest, "A token is of a user agent with an id");
    }
    m_proof = message.substr(end + 1);
    const std::optional<jid::Jid> account = accountOf(message.substr(0, end), m_environment);
    if (!account) {
        return SaslStep::failure(SaslCondition::NotAuthorized, {});
    }
    m_account = *account;
    return SaslStep::needTokens(*account);
}

SaslStep TokenExchange::credentialsReady(base::Result<accounts::Credentials>)
{
    return SaslStep::failure(SaslCondition::TemporaryAuthFailure, {});
}

SaslStep TokenExchange::hashingReady(base::Result<accounts::ScramKeys>)
{
    return SaslStep::failure(SaslCondition::TemporaryAuthFailure, {});
}

std::string TokenExchange::hashed(const accounts::Token &token, std::string_view role) const
{
    return crypto::hmac(crypto::Hash::Sha256, {token.secret}, std::string(role) + m_binding);
}

bool TokenExchange::proved(const std::optional<accounts::Token> &token) const
{
    return token && token->mechanism == name(m_mechanism) &&
           crypto::constantTimeEqual(hashed(*token, "Initiator"), m_proof);
}

/// XEP-0484 §4.1: first the token that was given out last, then the one before.
SaslStep TokenExchange::tokensReady(base::Result<accounts::TokenLogin> login)
{
    if (!login && login.error().code() != base::ErrorCode::NotFound) {
        return SaslStep::failure(SaslCondition::TemporaryAuthFailure, "Try again later");
    }
    if (!login) {
        return SaslStep::failure(SaslCondition::NotAuthorized, {});
    }
    TokenUse use{login->tokens, login->tokens};
    if (proved(use.after.next)) {
        use.after.current = std::exchange(use.after.next, std::nullopt);
    } else if (!proved(use.after.current)) {
        return SaslStep::failure(SaslCondition::NotAuthorized, {});
    }
    accounts::Token &token = *use.after.current;
    if (token.expires <= m_environment.now) {
        return SaslStep::failure(SaslCondition::CredentialsExpired, {});
    }
    if (m_environment.tokenCount) {
        if (*m_environment.tokenCount <= token.count) {
            return SaslStep::failure(SaslCondition::NotAuthorized, "This count was used before");
        }
        token.count = *m_environment.tokenCount;
    }
    SaslStep step = conclude({m_account, {}, login->disabled}, hashed(token, "Responder"));
    step.tokens = std::move(use);
    return step;
}

} // namespace godwit::stream
