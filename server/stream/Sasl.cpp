// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "stream/Sasl.h"

#include "stream/SaslExchanges.h"

#include <algorithm>
#include <array>

namespace godwit::stream
{

namespace
{

constexpr std::array<std::string_view, 11> mechanismNames = {
    "SCRAM-SHA-512-PLUS",
    "SCRAM-SHA-256-PLUS",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-512",
    "SCRAM-SHA-256",
    "SCRAM-SHA-1",
    "PLAIN",
    "ANONYMOUS",
    "HT-SHA-256-EXPR",
    "HT-SHA-256-ENDP",
    "HT-SHA-256-NONE",
};
static_assert(static_cast<std::size_t>(SaslMechanism::HtSha256) + 1 == mechanismNames.size());

constexpr std::array<std::string_view, 11> conditionNames = {
    "aborted",
    "account-disabled",
    "credentials-expired",
    "encryption-required",
    "incorrect-encoding",
    "invalid-authzid",
    "invalid-mechanism",
    "malformed-request",
    "mechanism-too-weak",
    "not-authorized",
    "temporary-auth-failure",
};
static_assert(static_cast<std::size_t>(SaslCondition::TemporaryAuthFailure) + 1 == conditionNames.size());

} // namespace

std::string_view name(SaslMechanism mechanism)
{
    return mechanismNames[static_cast<std::size_t>(mechanism)];
}

std::optional<SaslMechanism> saslMechanism(std::string_view text)
{
    const auto *const found = std::find(mechanismNames.begin(), mechanismNames.end(), text);
    if (found == mechanismNames.end()) {
        return std::nullopt;
    }
    return static_cast<SaslMechanism>(found - mechanismNames.begin());
}

bool bindsChannel(SaslMechanism mechanism)
{
    return mechanism <= SaslMechanism::ScramSha1Plus;
}

bool provesToken(SaslMechanism mechanism)
{
    return mechanism >= SaslMechanism::HtSha256Exporter;
}

std::string_view tokenBinding(SaslMechanism mechanism)
{
    switch (mechanism) {
    case SaslMechanism::HtSha256Exporter:
        return "tls-exporter";
    case SaslMechanism::HtSha256EndPoint:
        return "tls-server-end-point";
    default:
        return {};
    }
}

std::string_view name(SaslCondition condition)
{
    return conditionNames[static_cast<std::size_t>(condition)];
}

SaslStep SaslStep::challenge(std::string data)
{
    SaslStep step;
    step.kind = Kind::Challenge;
    step.data = std::move(data);
    return step;
}

SaslStep SaslStep::success(jid::Jid account, std::string data)
{
    SaslStep step;
    step.kind = Kind::Success;
    step.account = std::move(account);
    step.data = std::move(data);
    return step;
}

SaslStep SaslStep::failure(SaslCondition condition, std::string text)
{
    SaslStep step;
    step.kind = Kind::Failure;
    step.condition = condition;
    step.text = std::move(text);
    return step;
}

SaslStep SaslStep::needCredentials(jid::Jid account)
{
    SaslStep step;
    step.kind = Kind::NeedCredentials;
    step.account = std::move(account);
    return step;
}

SaslStep SaslStep::needHashing(HashingRequest request)
{
    SaslStep step;
    step.kind = Kind::NeedHashing;
    step.hashing = std::move(request);
    return step;
}

SaslStep SaslStep::needTokens(jid::Jid account)
{
    SaslStep step;
    step.kind = Kind::NeedTokens;
    step.account = std::move(account);
    return step;
}

SaslStep SaslExchange::tokensReady(base::Result<accounts::TokenLogin>)
{
    return SaslStep::failure(SaslCondition::TemporaryAuthFailure, {});
}

std::optional<jid::Jid> accountOf(std::string_view username, const SaslEnvironment &environment)
{
    base::Result<jid::Jid> account = jid::Jid::fromParts(username, environment.host, {});
    if (!account || !account->hasLocal()) {
        return std::nullopt;
    }
    return std::move(account).value();
}

accounts::ScramKeys decoyKeys(crypto::Hash hash, std::string_view username, const SaslEnvironment &environment)
{
    // The account's name as it would be stored, so that two spellings of one name look like one account here too.
    const std::optional<jid::Jid> account = accountOf(username, environment);
    const auto secret = [&](std::string_view purpose) {
        std::string input(purpose);
        input += '\0';
        input += crypto::hashName(hash);
        input += '\0';
        input += account ? std::string_view(account->text()) : username;
        return crypto::hmac(crypto::Hash::Sha512, {environment.decoySecret}, input);
    };
    accounts::ScramKeys keys;
    keys.hash = hash;
    keys.iterations = environment.decoyIterations;
    keys.salt = secret("salt").substr(0, crypto::scramSaltBytes);
    keys.storedKey = secret("stored key").substr(0, crypto::digestBytes(hash));
    keys.serverKey = secret("server key").substr(0, crypto::digestBytes(hash));
    return keys;
}

SaslStep conclude(const ProvedIdentity &identity, std::string data)
{
    if (!identity.authzid.empty()) {
        const base::Result<jid::Jid> wanted = jid::Jid::parse(identity.authzid);
        if (!wanted || *wanted != identity.account) {
            return SaslStep::failure(SaslCondition::InvalidAuthzid, "You may act only for your own account");
        }
    }
    if (identity.disabled) {
        return SaslStep::failure(SaslCondition::AccountDisabled, "The account is disabled");
    }
    return SaslStep::success(identity.account, std::move(data));
}

std::unique_ptr<SaslExchange> makeSaslExchange(SaslMechanism mechanism, const SaslEnvironment &environment)
{
    switch (mechanism) {
    case SaslMechanism::ScramSha512Plus:
    case SaslMechanism::ScramSha512:
        return std::make_unique<ScramExchange>(mechanism, crypto::Hash::Sha512, environment);
    case SaslMechanism::ScramSha256Plus:
    case SaslMechanism::ScramSha256:
        return std::make_unique<ScramExchange>(mechanism, crypto::Hash::Sha256, environment);
    case SaslMechanism::ScramSha1Plus:
    case SaslMechanism::ScramSha1:
        return std::make_unique<ScramExchange>(mechanism, crypto::Hash::Sha1, environment);
    case SaslMechanism::Plain:
        return std::make_unique<PlainExchange>(environment);
    case SaslMechanism::HtSha256Exporter:
    case SaslMechanism::HtSha256EndPoint:
    case SaslMechanism::HtSha256:
        return std::make_unique<TokenExchange>(mechanism, environment);
    case SaslMechanism::Anonymous:
        break;
    }
    return std::make_unique<AnonymousExchange>(environment);
}

} // namespace godwit::stream
