// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "stream/Negotiation.h"

#include "base/Assert.h"
#include "base/Number.h"
#include "stream/Namespaces.h"
#include "stream/StreamFeatures.h"

#include <algorithm>

namespace godwit::stream
{

namespace
{

bool isWhitespace(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// RFC 6120 §4.7.5: "major.minor", leading zeros ignored; we speak every 1.x and answer a higher one with ours.
bool versionSupported(std::string_view version)
{
    const std::size_t dot = version.find('.');
    if (dot == std::string_view::npos) {
        return false;
    }
    return base::readNumber<unsigned>(version.substr(0, dot)).value_or(0) >= 1 &&
           base::readNumber<unsigned>(version.substr(dot + 1));
}

} // namespace

Negotiation::Negotiation(std::shared_ptr<const NegotiationOptions> options, wire::Wire &wire, NegotiationHost &host,
                         std::optional<TlsInfo> tls)
    : m_options(std::move(options))
    , m_wire(wire)
    , m_host(&host)
    , m_tls(std::move(tls))
{
    m_wire.setLimits(&m_options->handshakeLimits);
}

Negotiation::~Negotiation() = default;

std::string_view Negotiation::domain() const noexcept
{
    return m_served ? std::string_view(m_served->domain) : std::string_view();
}

std::string Negotiation::takeRest()
{
    return std::exchange(m_held, {});
}

void Negotiation::attach(NegotiationHost &host)
{
    m_host = &host;
}

// ---- reading ----------------------------------------------------------------------------------------------------

void Negotiation::feed(std::string_view bytes)
{
    if (m_phase == Phase::Closed || m_phase == Phase::TlsHandshake) {
        return;
    }
    if (!finished()) {
        m_received += bytes.size();
        if (m_received > m_options->handshakeBytesMax) {
            fail({StreamCondition::PolicyViolation, "Too many bytes before the stream is bound", {}, {}});
            return;
        }
    }
    if (finished() || m_feeding || waiting() || !m_held.empty()) {
        m_held.append(bytes);
        pump();
        return;
    }
    read(bytes);
    pump();
}

void Negotiation::read(std::string_view bytes)
{
    if (m_restart) {
        m_restart = false;
        m_wire.restart();
    }
    m_feeding = true;
    m_wire.feed(bytes, *this);
    m_feeding = false;
    m_held.insert(0, m_wire.takeRest());
    if (m_startTls) {
        beginTls();
    }
    if (m_phase == Phase::Closed) {
        m_held.clear();
    }
}

/// Reads what was held, as far as nothing stands in the way.
void Negotiation::pump()
{
    while (!m_feeding && !finished() && !waiting() && m_phase != Phase::TlsHandshake && !m_held.empty()) {
        const std::string bytes = std::exchange(m_held, {});
        read(bytes);
    }
}

void Negotiation::stopReading()
{
    if (m_feeding) {
        m_wire.stop();
    }
}

RequestId Negotiation::ask(Expected expected)
{
    GW_ASSERT(!m_request);
    m_request = Request{RequestId(++m_requests), expected};
    stopReading();
    return m_request->id;
}

bool Negotiation::answers(RequestId id, Expected expected)
{
    if (finished() || !m_request || m_request->id != id || m_request->expected != expected) {
        return false;
    }
    m_request.reset();
    return true;
}

// ---- the stream -------------------------------------------------------------------------------------------------

void Negotiation::onStreamOpen(xml::StreamHeader &&header)
{
    if (finished()) {
        return;
    }
    if (base::Result<jid::Jid> from = jid::Jid::parse(header.from)) {
        m_peerFrom = std::move(from).value();
    }
    const std::optional<StreamError> wrong = checkHeader(header);
    openStream();
    if (wrong) {
        fail(*wrong);
        return;
    }
    m_phase = m_who ? Phase::Binding : Phase::Features;
    sendFeatures();
}

/// RFC 6120 §4.7 and §4.8.
std::optional<StreamError> Negotiation::checkHeader(const xml::StreamHeader &header)
{
    const auto error = [](StreamCondition condition, std::string text) {
        return StreamError{condition, std::move(text), {}, {}};
    };
    if (!header.validStreamNs || header.contentNs != wire::clientNamespace) {
        return error(StreamCondition::InvalidNamespace, {});
    }
    if (!versionSupported(header.version)) {
        return error(StreamCondition::UnsupportedVersion, "This server speaks XMPP 1.0");
    }
    const base::Result<jid::Jid> to = jid::Jid::parse(header.to);
    if (header.to.empty() || !to) {
        return error(StreamCondition::ImproperAddressing, "The stream header needs a valid 'to'");
    }
    const ServedHost *served = to->hasLocal() || !to->isBare() ? nullptr : m_options->find(to->domain());
    if (!served) {
        return error(StreamCondition::HostUnknown, {});
    }
    if (m_who && m_who->account.domain() != served->domain) {
        return error(StreamCondition::HostUnknown, "The stream was authenticated for another host");
    }
    m_served = served;
    // An anonymous user does not know yet who it is; whatever its client says in 'from' is no claim.
    if (m_who && !m_who->anonymous && !m_peerFrom.empty() && m_peerFrom.bare() != m_who->account) {
        return error(StreamCondition::InvalidFrom, {});
    }
    return std::nullopt;
}

void Negotiation::openStream()
{
    xml::StreamHeader header;
    if (m_served) {
        header.from = m_served->domain;
    } else if (!m_options->hosts.empty()) {
        header.from = m_options->hosts.front().domain;
    }
    header.to = m_peerFrom.bareText();
    header.id = m_host->random().token(16);
    header.version = "1.0";
    header.language = "en";
    header.contentNs = wire::clientNamespace;
    m_wire.open(m_host->output(), header);
    m_opened = true;
}

void Negotiation::sendFeatures()
{
    if (m_phase == Phase::Binding) {
        m_wire.streamElement(m_host->output(), {"features", sessionFeatures(*m_options, SessionStage::Unbound)});
        return;
    }
    const std::vector<SaslMechanism> mechanisms = offeredMechanisms();
    LoginFeatures features;
    if (!m_tls && m_options->tls != TlsPolicy::Off && m_wire.canStartTls()) {
        features.startTls = m_options->tls == TlsPolicy::Required ? StartTlsOffer::Required : StartTlsOffer::Optional;
    }
    features.mechanisms = mechanisms;
    const std::vector<SaslMechanism> byToken = tokenMechanisms();
    features.byToken = byToken;
    if (m_tls) {
        features.bindings = m_tls->bindings;
    }
    m_wire.streamElement(m_host->output(), {"features", loginFeatures(features, *m_options)});
}

void Negotiation::fail(const StreamError &error)
{
    if (!m_opened) {
        openStream();
    }
    std::string &out = m_host->output();
    writeStreamError(m_wire, out, error);
    m_wire.close(out);
    close(CloseReason::Error);
}

void Negotiation::close(CloseReason reason)
{
    m_phase = Phase::Closed;
    m_request.reset();
    m_exchange.reset();
    m_inside.reset();
    m_startTls = false;
    stopReading();
    m_host->closeStream(reason);
}

void Negotiation::abort(const StreamError &error)
{
    if (finished()) {
        return;
    }
    if (m_phase == Phase::TlsHandshake) {
        // Nothing can be said to the peer between the two protocols.
        close(CloseReason::Error);
        return;
    }
    fail(error);
}

void Negotiation::onStreamClose()
{
    if (finished()) {
        return;
    }
    m_wire.close(m_host->output());
    close(CloseReason::PeerClosed);
}

void Negotiation::onXmlFault(xml::XmlFault fault, std::string detail)
{
    if (!finished()) {
        fail(toStreamError(fault, std::move(detail)));
    }
}

void Negotiation::onNonza(xml::Nonza &&nonza)
{
    if (finished()) {
        return;
    }
    const xml::ElementView root = nonza.root();
    if (root.is("starttls", ns::tls)) {
        onStartTls();
    } else if (root.ns() == ns::sasl && m_phase != Phase::Binding) {
        onSasl(root, SaslProfile::One);
    } else if (root.ns() == ns::sasl2 && m_phase != Phase::Binding) {
        onSasl(root, SaslProfile::Two);
    } else if (isStreamManagement(root)) {
        onManagement(root);
    } else {
        fail({StreamCondition::UnsupportedStanzaType, {}, {}, {}});
    }
}

// ---- STARTTLS (RFC 6120 §5) --------------------------------------------------------------------------------------

void Negotiation::onStartTls()
{
    if (m_tls || m_options->tls == TlsPolicy::Off || !m_wire.canStartTls() || m_phase != Phase::Features) {
        std::string &out = m_host->output();
        m_wire.nonza(out, {"<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"});
        m_wire.close(out);
        close(CloseReason::Error);
        return;
    }
    m_startTls = true;
    stopReading();
}

/// Called once it is known what came in behind <starttls/>. Those bytes were sent in the clear by who knows whom: were
/// they read after the handshake, they would pass for the client's. A client sends none (§5.4.3.3), so the stream ends.
void Negotiation::beginTls()
{
    m_startTls = false;
    std::string &out = m_host->output();
    if (!isWhitespace(m_held) || m_wire.heldBytes() > 0) {
        m_wire.nonza(out, {"<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"});
        m_wire.close(out);
        close(CloseReason::Error);
        return;
    }
    m_held.clear();
    m_wire.nonza(out, {"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"});
    m_phase = Phase::TlsHandshake;
    m_host->startTls();
}

void Negotiation::tlsEstablished(TlsInfo tls)
{
    if (m_phase != Phase::TlsHandshake) {
        return;
    }
    // RFC 6120 §5.4.3.3: everything learned before is forgotten.
    m_tls = std::move(tls);
    m_served = nullptr;
    m_peerFrom = {};
    m_opened = false;
    m_restart = true;
    m_phase = Phase::Opening;
}

} // namespace godwit::stream
