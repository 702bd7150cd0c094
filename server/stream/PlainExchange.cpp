// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "stream/SaslExchanges.h"

#include <algorithm>
#include <array>

namespace godwit::stream
{

PlainExchange::PlainExchange(const SaslEnvironment &environment)
    : m_environment(environment)
{
}

/// message = [authzid] NUL authcid NUL passwd
SaslStep PlainExchange::respond(std::string_view message)
{
    const std::size_t first = message.find('\0');
    const std::size_t second = first == std::string_view::npos ? first : message.find('\0', first + 1);
    if (second == std::string_view::npos || message.find('\0', second + 1) != std::string_view::npos) {
        return SaslStep::failure(SaslCondition::MalformedRequest, "The message has not three parts");
    }
    m_authzid = message.substr(0, first);
    m_username = message.substr(first + 1, second - first - 1);
    const std::string_view given = message.substr(second + 1);
    if (m_username.empty() || given.empty()) {
        return SaslStep::failure(SaslCondition::MalformedRequest, "User name or password is missing");
    }
    base::Result<crypto::Password> password = crypto::Password::prepare(given);
    if (!password) {
        return SaslStep::failure(SaslCondition::NotAuthorized, {});
    }
    m_password = std::move(password).value();
    const std::optional<jid::Jid> account = accountOf(m_username, m_environment);
    if (!account) {
        return hashAgainst(decoyKeys(crypto::Hash::Sha256, m_username, m_environment));
    }
    m_account = *account;
    return SaslStep::needCredentials(*account);
}

SaslStep PlainExchange::credentialsReady(base::Result<accounts::Credentials> credentials)
{
    if (!credentials && credentials.error().code() != base::ErrorCode::NotFound) {
        return SaslStep::failure(SaslCondition::TemporaryAuthFailure, "Try again later");
    }
    if (credentials) {
        m_disabled = credentials->disabled;
        // Any of the keys proves the password; SHA-512 takes four times as long as the others.
        constexpr std::array<crypto::Hash, 3> order = {crypto::Hash::Sha256, crypto::Hash::Sha1, crypto::Hash::Sha512};
        for (crypto::Hash hash : order) {
            const auto found = std::find_if(credentials->keys.begin(), credentials->keys.end(),
                                            [hash](const accounts::ScramKeys &keys) { return keys.hash == hash; });
            if (found != credentials->keys.end()) {
                m_known = true;
                return hashAgainst(std::move(*found));
            }
        }
    }
    return hashAgainst(decoyKeys(crypto::Hash::Sha256, m_username, m_environment));
}

/// Also for accounts that do not exist: the time it takes must not tell.
SaslStep PlainExchange::hashAgainst(accounts::ScramKeys keys)
{
    m_keys = std::move(keys);
    HashingRequest request{std::move(*m_password), {m_keys.hash, m_keys.iterations, m_keys.salt}};
    m_password.reset();
    return SaslStep::needHashing(std::move(request));
}

SaslStep PlainExchange::hashingReady(base::Result<accounts::ScramKeys> keys)
{
    if (!keys) {
        return SaslStep::failure(SaslCondition::TemporaryAuthFailure, "Try again later");
    }
    const bool right = crypto::constantTimeEqual(keys->storedKey, m_keys.storedKey);
    if (!right || !m_known) {
        return SaslStep::failure(SaslCondition::NotAuthorized, {});
    }
    return conclude({m_account, m_authzid, m_disabled}, {});
}

} // namespace godwit::stream
