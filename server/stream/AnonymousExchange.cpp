// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "stream/SaslExchanges.h"

#include <array>

namespace godwit::stream
{

namespace
{

/// 80 random bits as lower-case hexadecimal digits, which the preparation of a JID leaves as they are.
std::string temporaryName(base::Random &random)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<std::uint8_t, 10> bytes{};
    random.fill(bytes);
    std::string name;
    for (std::uint8_t byte : bytes) {
        name += digits[byte >> 4];
        name += digits[byte & 15];
    }
    return name;
}

} // namespace

AnonymousExchange::AnonymousExchange(const SaslEnvironment &environment)
    : m_environment(environment)
{
}

SaslStep AnonymousExchange::respond(std::string_view)
{
    // The message is trace information (RFC 4505 §2), which is not looked at.
    const std::optional<jid::Jid> account = accountOf(temporaryName(*m_environment.random), m_environment);
    if (!account) {
        return SaslStep::failure(SaslCondition::TemporaryAuthFailure, {});
    }
    SaslStep step = SaslStep::success(*account, {});
    step.anonymous = true;
    return step;
}

SaslStep AnonymousExchange::credentialsReady(base::Result<accounts::Credentials>)
{
    return SaslStep::failure(SaslCondition::TemporaryAuthFailure, {});
}

SaslStep AnonymousExchange::hashingReady(base::Result<accounts::ScramKeys>)
{
    return SaslStep::failure(SaslCondition::TemporaryAuthFailure, {});
}

} // namespace godwit::stream
