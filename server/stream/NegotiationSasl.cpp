// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The SASL part of Negotiation: RFC 6120 §6 around the exchanges of Sasl.h. What XEP-0388 has besides is in
// NegotiationSasl2.cpp.
#include "stream/Negotiation.h"

#include "base/Assert.h"
#include "base/Base64.h"
#include "stream/Namespaces.h"
#include "xml/XmlWriter.h"

#include <algorithm>

namespace godwit::stream
{

/// Whether a login may happen on the connection as it is.
bool Negotiation::loginAllowed() const noexcept
{
    return m_tls || m_options->tls != TlsPolicy::Required;
}

std::vector<SaslMechanism> Negotiation::offeredMechanisms() const
{
    if (!loginAllowed()) {
        return {};
    }
    if (m_served->kind == HostKind::Anonymous) {
        return {SaslMechanism::Anonymous};
    }
    std::vector<SaslMechanism> offered;
    for (SaslMechanism mechanism : m_options->mechanisms) {
        const bool bindable = m_tls && !m_tls->bindings.empty();
        if (mechanism != SaslMechanism::Anonymous && (bindable || !bindsChannel(mechanism))) {
            offered.push_back(mechanism);
        }
    }
    return offered;
}

std::string_view Negotiation::saslNs() const noexcept
{
    return m_profile == SaslProfile::Two ? ns::sasl2 : ns::sasl;
}

void Negotiation::onSasl(xml::ElementView element, SaslProfile profile)
{
    if (m_exchange && profile != m_profile) {
        // XEP-0388 §2.4: nothing else may come in while an exchange runs.
        fail({StreamCondition::UnsupportedStanzaType, {}, {}, {}});
        return;
    }
    m_profile = profile;
    if (profile == SaslProfile::One && element.name() == "auth") {
        onAuth(element);
    } else if (profile == SaslProfile::Two && element.name() == "authenticate") {
        onAuthenticate(element);
    } else if (element.name() == "abort") {
        refuse(SaslCondition::Aborted, {});
    } else if (element.name() != "response") {
        fail({StreamCondition::UnsupportedStanzaType, {}, {}, {}});
    } else if (!m_exchange) {
        refuse(SaslCondition::MalformedRequest, "Nothing was asked");
    } else {
        respond(element.text());
    }
}

void Negotiation::onAuth(xml::ElementView auth)
{
    if (!beginExchange(auth.attribute("mechanism"))) {
        return;
    }
    const std::string initial = auth.text();
    if (initial.empty()) {
        askForFirstMessage();
        return;
    }
    respond(initial);
}

/// §6.4.2: the client has to send first, and is asked to. No data is not the same as empty data, which is "=".
void Negotiation::askForFirstMessage()
{
    std::string text;
    xml::XmlWriter(text).open("challenge", saslNs()).close();
    m_wire.nonza(m_host->output(), {text});
}

/// False when it is refused already.
bool Negotiation::beginExchange(std::string_view wanted)
{
    if (m_exchange) {
        refuse(SaslCondition::MalformedRequest, "Another exchange is under way");
        return false;
    }
    if (!loginAllowed()) {
        refuse(SaslCondition::EncryptionRequired, {});
        return false;
    }
    const std::vector<SaslMechanism> offered = offeredMechanisms();
    const std::vector<SaslMechanism> byToken =
        m_inside && m_inside->fast ? tokenMechanisms() : std::vector<SaslMechanism>();
    const std::optional<SaslMechanism> mechanism = saslMechanism(wanted);
    const auto among = [&](const std::vector<SaslMechanism> &some) {
        return mechanism && std::find(some.begin(), some.end(), *mechanism) != some.end();
    };
    if (!among(offered) && !among(byToken)) {
        const bool weak = mechanism == SaslMechanism::Plain && m_served->kind == HostKind::Accounts;
        refuse(weak ? SaslCondition::MechanismTooWeak : SaslCondition::InvalidMechanism, {});
        return false;
    }
    m_mechanism = *mechanism;
    m_environment.host = m_served->domain;
    m_environment.bindings =
        m_tls ? std::span<const ChannelBinding>(m_tls->bindings) : std::span<const ChannelBinding>();
    m_environment.plusOffered = std::any_of(offered.begin(), offered.end(), bindsChannel);
    m_environment.decoySecret = m_options->decoySecret;
    m_environment.decoyIterations = m_options->scramIterations;
    m_environment.random = &m_host->random();
    m_environment.now = m_host->now();
    m_environment.device = m_inside ? std::string_view(m_inside->device) : std::string_view();
    m_environment.tokenCount = m_inside && m_inside->fast ? m_inside->fast->count : std::nullopt;
    m_exchange = makeSaslExchange(*mechanism, m_environment);
    m_phase = Phase::Authenticating;
    return true;
}

void Negotiation::respond(std::string_view base64)
{
    // XEP-0388 §2.2 has no "=", because an element without text is empty data there.
    const bool empty = base64.empty() || (base64 == "=" && m_profile == SaslProfile::One);
    std::optional<std::string> message = empty ? std::optional<std::string>(std::string()) : base::decodeBase64(base64);
    if (!message) {
        refuse(SaslCondition::IncorrectEncoding, {});
        return;
    }
    SaslStep step = m_exchange->respond(*message);
    crypto::wipe(*message);
    perform(std::move(step));
}

void Negotiation::perform(SaslStep step)
{
    switch (step.kind) {
    case SaslStep::Kind::Challenge: {
        std::string text;
        xml::XmlWriter(text).open("challenge", saslNs()).text(base::encodeBase64(step.data)).close();
        m_wire.nonza(m_host->output(), {text});
        break;
    }
    case SaslStep::Kind::Success:
        if (m_profile == SaslProfile::Two) {
            authenticated2(std::move(step));
        } else {
            authenticated(std::move(step));
        }
        break;
    case SaslStep::Kind::Failure:
        refuse(step.condition, step.text);
        break;
    case SaslStep::Kind::NeedCredentials: {
        m_claimed = std::move(step.account);
        const RequestId id = ask(Expected::Credentials);
        m_host->fetchCredentials(id, m_claimed);
        break;
    }
    case SaslStep::Kind::NeedTokens:
        m_claimed = std::move(step.account);
        askForTokens();
        break;
    case SaslStep::Kind::NeedHashing: {
        GW_ASSERT(step.hashing.has_value());
        const RequestId id = ask(Expected::Hashing);
        m_host->hashPassword(id, std::move(*step.hashing));
        break;
    }
    }
}

void Negotiation::answerCredentials(RequestId id, base::Result<accounts::Credentials> credentials)
{
    if (!answers(id, Expected::Credentials)) {
        return;
    }
    perform(m_exchange->credentialsReady(std::move(credentials)));
    pump();
}

void Negotiation::answerHashing(RequestId id, base::Result<accounts::ScramKeys> keys)
{
    if (!answers(id, Expected::Hashing)) {
        return;
    }
    perform(m_exchange->hashingReady(std::move(keys)));
    pump();
}

/// §6.4.6: the stream begins again, and nothing of the old one but the identity is kept.
void Negotiation::authenticated(SaslStep step)
{
    std::string text;
    xml::XmlWriter writer(text);
    writer.open("success", ns::sasl);
    if (!step.data.empty()) {
        writer.text(base::encodeBase64(step.data));
    }
    writer.close();
    m_wire.nonza(m_host->output(), {text});
    m_who = Authentication{std::move(step.account), m_mechanism, step.anonymous, {}};
    m_exchange.reset();
    m_claimed = {};
    m_opened = false;
    m_restart = true;
    m_phase = Phase::Opening;
    stopReading();
    m_host->loginSucceeded(*m_who);
}

/// §6.4.5 and §6.5; XEP-0388 §2.6.2.
void Negotiation::refuse(SaslCondition condition, std::string_view words)
{
    std::string text;
    xml::XmlWriter writer(text);
    writer.open("failure", saslNs());
    if (m_profile == SaslProfile::Two) {
        writer.open(name(condition), ns::sasl).close();
    } else {
        writer.open(name(condition)).close();
    }
    if (!words.empty()) {
        writer.open("text").attribute("xml:lang", "en").text(words).close();
    }
    writer.close();
    m_wire.nonza(m_host->output(), {text});
    m_exchange.reset();
    m_inside.reset();
    m_phase = Phase::Features;
    ++m_failures;
    const jid::Jid claimed = std::exchange(m_claimed, {});
    m_host->loginFailed(claimed, condition);
    if (m_failures >= m_options->loginFailuresMax) {
        fail({StreamCondition::PolicyViolation, "Too many failed logins", {}, {}});
    }
}

} // namespace godwit::stream
