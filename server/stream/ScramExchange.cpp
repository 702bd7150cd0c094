// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "stream/SaslExchanges.h"

#include "base/Base64.h"

#include <algorithm>

namespace godwit::stream
{

ScramExchange::ScramExchange(SaslMechanism mechanism, crypto::Hash hash, const SaslEnvironment &environment)
    : m_environment(environment)
    , m_mechanism(mechanism)
    , m_hash(hash)
{
}

SaslStep ScramExchange::respond(std::string_view message)
{
    switch (m_state) {
    case State::First:
        return begin(message);
    case State::Final:
        return end(message);
    case State::Credentials:
    case State::Done:
        break;
    }
    return SaslStep::failure(SaslCondition::MalformedRequest, "Nothing was asked");
}

SaslStep ScramExchange::begin(std::string_view message)
{
    base::Result<ScramClientFirst> first = parseClientFirst(message);
    if (!first) {
        return SaslStep::failure(SaslCondition::MalformedRequest, first.error().context());
    }
    m_first = std::move(first).value();
    if (std::optional<SaslStep> refused = checkBinding()) {
        return std::move(*refused);
    }
    const std::optional<jid::Jid> account = accountOf(m_first.username, m_environment);
    if (!account) {
        return challenge(decoyKeys(m_hash, m_first.username, m_environment));
    }
    m_account = *account;
    m_state = State::Credentials;
    return SaslStep::needCredentials(*account);
}

/// RFC 5802 §6: the flag must fit the mechanism; "y" where a -PLUS mechanism was offered means that somebody between
/// took it out of the list.
std::optional<SaslStep> ScramExchange::checkBinding()
{
    if (bindsChannel(m_mechanism) != (m_first.flag == BindingFlag::Used)) {
        return SaslStep::failure(SaslCondition::MalformedRequest,
                                 "The channel binding flag does not fit the mechanism");
    }
    if (m_first.flag == BindingFlag::NotOffered && m_environment.plusOffered) {
        return SaslStep::failure(SaslCondition::NotAuthorized, "Channel binding was offered");
    }
    if (m_first.flag == BindingFlag::Used &&
        std::none_of(m_environment.bindings.begin(), m_environment.bindings.end(),
                     [this](const ChannelBinding &binding) { return binding.type == m_first.bindingType; })) {
        return SaslStep::failure(SaslCondition::MalformedRequest, "This type of channel binding was not offered");
    }
    return std::nullopt;
}

SaslStep ScramExchange::credentialsReady(base::Result<accounts::Credentials> credentials)
{
    if (!credentials && credentials.error().code() != base::ErrorCode::NotFound) {
        m_state = State::Done;
        return SaslStep::failure(SaslCondition::TemporaryAuthFailure, "Try again later");
    }
    if (credentials) {
        m_disabled = credentials->disabled;
        for (accounts::ScramKeys &keys : credentials->keys) {
            if (keys.hash == m_hash) {
                m_known = true;
                return challenge(std::move(keys));
            }
        }
    }
    return challenge(decoyKeys(m_hash, m_first.username, m_environment));
}

SaslStep ScramExchange::hashingReady(base::Result<accounts::ScramKeys>)
{
    return SaslStep::failure(SaslCondition::TemporaryAuthFailure, {});
}

SaslStep ScramExchange::challenge(accounts::ScramKeys keys)
{
    m_keys = std::move(keys);
    m_nonce = m_first.nonce + m_environment.random->token(18);
    m_serverFirst = writeServerFirst({m_nonce, m_keys.salt, m_keys.iterations});
    m_state = State::Final;
    return SaslStep::challenge(m_serverFirst);
}

bool ScramExchange::bindingMatches(std::string_view binding) const
{
    std::string expected = m_first.header;
    for (const ChannelBinding &offered : m_environment.bindings) {
        if (m_first.flag == BindingFlag::Used && offered.type == m_first.bindingType) {
            expected += offered.data;
            break;
        }
    }
    return crypto::constantTimeEqual(binding, expected);
}

SaslStep ScramExchange::end(std::string_view message)
{
    m_state = State::Done;
    const base::Result<ScramClientFinal> final = parseClientFinal(message);
    if (!final) {
        return SaslStep::failure(SaslCondition::MalformedRequest, final.error().context());
    }
    const std::string authMessage = m_first.bare + ',' + m_serverFirst + ',' + final->withoutProof;
    const bool proved = crypto::verifyClientProof(m_keys, authMessage, {final->proof});
    const bool bound = bindingMatches(final->binding);
    if (!m_known || !proved || !bound || final->nonce != m_nonce) {
        return SaslStep::failure(SaslCondition::NotAuthorized, {});
    }
    return conclude({m_account, m_first.authzid, m_disabled},
                    "v=" + base::encodeBase64(crypto::serverSignature(m_keys, authMessage)));
}

} // namespace godwit::stream
