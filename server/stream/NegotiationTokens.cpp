// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// FAST (XEP-0484) in Negotiation: tokens are given out, used up and replaced while <authenticate/> is answered. What a
// login makes of its tokens is durable before the login succeeds.
#include "stream/Negotiation.h"

#include "base/Number.h"
#include "stream/Namespaces.h"
#include "xml/XmlWriter.h"

#include <algorithm>

namespace godwit::stream
{

namespace
{

constexpr std::size_t secretBytes = 32;
constexpr std::uint32_t triesMax = 3;

bool isTrue(std::string_view text)
{
    return text == "true" || text == "1";
}

} // namespace

/// Offered beside the others, for who has a token of that mechanism.
std::vector<SaslMechanism> Negotiation::tokenMechanisms() const
{
    std::vector<SaslMechanism> offered;
    if (!loginAllowed() || m_served->kind == HostKind::Anonymous || m_options->tokensPerAccountMax == 0) {
        return offered;
    }
    for (const SaslMechanism mechanism :
         {SaslMechanism::HtSha256Exporter, SaslMechanism::HtSha256EndPoint, SaslMechanism::HtSha256}) {
        const std::string_view type = tokenBinding(mechanism);
        const bool bound = m_tls && std::any_of(m_tls->bindings.begin(), m_tls->bindings.end(),
                                                [type](const ChannelBinding &binding) { return binding.type == type; });
        if (type.empty() || bound) {
            offered.push_back(mechanism);
        }
    }
    return offered;
}

void Negotiation::readFast(xml::ElementView authenticate)
{
    if (const xml::ElementView element = authenticate.child("fast", ns::fast)) {
        Fast fast;
        fast.invalidate = isTrue(element.attribute("invalidate"));
        fast.count = base::readNumber<std::uint32_t>(element.attribute("count"));
        m_inside->fast = fast;
    }
    if (const xml::ElementView wanted = authenticate.child("request-token", ns::fast)) {
        const std::optional<SaslMechanism> mechanism = saslMechanism(wanted.attribute("mechanism"));
        const std::vector<SaslMechanism> offered = tokenMechanisms();
        // A wish that cannot be granted is no reason to keep somebody out.
        if (mechanism && !m_inside->device.empty() &&
            std::find(offered.begin(), offered.end(), *mechanism) != offered.end()) {
            m_inside->wantedToken = mechanism;
        }
    }
}

void Negotiation::askForTokens()
{
    const jid::Jid account = m_inside->success ? m_inside->success->account : m_claimed;
    const RequestId id = ask(Expected::Tokens);
    m_host->fetchTokens(id, account, m_inside->device);
}

void Negotiation::answerTokens(RequestId id, base::Result<accounts::TokenLogin> login)
{
    if (!answers(id, Expected::Tokens)) {
        return;
    }
    if (!m_inside->success) {
        perform(m_exchange->tokensReady(std::move(login)));
    } else if (login) {
        m_inside->tokens = {login->tokens, login->tokens};
        decideTokens();
    } else {
        entered(); // without a token, as after any other login
    }
    pump();
}

/// The exchange succeeded. What it did to a token is known; for a new token those that there are must be.
void Negotiation::settleTokens()
{
    if (m_inside->success->tokens) {
        m_inside->tokens = *m_inside->success->tokens;
        decideTokens();
    } else if (m_inside->wantedToken && !m_inside->success->anonymous) {
        askForTokens();
    } else {
        entered();
    }
}

void Negotiation::decideTokens()
{
    Inside &inside = *m_inside;
    accounts::DeviceTokens &after = inside.tokens.after;
    const base::WallTime now = m_host->now();
    const bool used = inside.success->tokens.has_value();
    std::optional<SaslMechanism> wanted = inside.wantedToken;
    if (used && inside.fast->invalidate) {
        after = {};
    } else if (used && !wanted && after.current->expires - now < m_options->tokenLifetime / 2) {
        wanted = m_mechanism; // §3.5: it is old
    }
    inside.token.clear();
    if (wanted) {
        accounts::Token token;
        token.mechanism = name(*wanted);
        token.secret = m_host->random().token(secretBytes);
        token.expires = now + m_options->tokenLifetime;
        xml::XmlWriter(inside.token)
            .open("token", ns::fast)
            .attribute("expiry", base::formatDateTime(token.expires))
            .attribute("token", token.secret)
            .close();
        after.next = std::move(token);
    }
    if (inside.tokens.before == after) {
        entered();
        return;
    }
    const RequestId id = ask(Expected::TokenChange);
    m_host->changeTokens(id, {inside.success->account.text(), inside.device, inside.tokens.before, after,
                              m_options->tokensPerAccountMax});
}

void Negotiation::answerTokenChange(RequestId id, base::Result<base::Ok> changed)
{
    if (!answers(id, Expected::TokenChange)) {
        return;
    }
    const bool used = m_inside->success->tokens.has_value();
    if (changed) {
        entered();
    } else if (changed.error().code() == base::ErrorCode::Conflict && ++m_inside->tokenTries < triesMax) {
        // Another login of this client came in between. What it left is looked at anew.
        if (used) {
            m_claimed = m_inside->success->account;
            m_inside->success.reset();
        }
        askForTokens();
    } else if (used) {
        refuse(SaslCondition::TemporaryAuthFailure, "Try again later");
    } else {
        m_inside->token.clear();
        entered();
    }
    pump();
}

} // namespace godwit::stream
