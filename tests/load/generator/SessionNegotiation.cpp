// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// What a session says and understands: the other half of Session.cpp, which moves the bytes.
#include "Scanner.h"
#include "Session.h"

#include "base/Number.h"

#include <utility>

namespace godwit::load
{

namespace
{

constexpr std::string_view smNamespace = "urn:xmpp:sm:3";
constexpr std::string_view saslNamespace = "urn:ietf:params:xml:ns:xmpp-sasl";

/// Name of the defined condition in a stream error, SASL failure or stanza error, and its text.
std::string conditionOf(std::string_view element)
{
    const std::size_t first = element.find('<', 1);
    std::string condition =
        first == std::string_view::npos ? std::string("no reason") : std::string(elementName(element.substr(first)));
    if (const std::string_view text = descendant(element, "text"); !text.empty()) {
        condition += " (" + unescape(textOf(text)) + ")";
    }
    return condition;
}

} // namespace

bool Session::onElement(std::string_view text)
{
    const std::string_view name = elementName(text);
    if (m_state == State::Ready && (name == "message" || name == "presence" || name == "iq")) {
        ++m_received;
        if (name == "iq") {
            answerQuery(text);
        }
        m_user->onStanza(*this, text);
    } else if (name == "r" || name == "a") {
        onManagement(name, text);
    } else if (name == "stream:error" || name == "error") {
        fail("stream error: " + conditionOf(text));
    } else if (name == "stream:features" || name == "features") {
        onFeatures(text);
    } else if (m_state == State::Authenticating) {
        onAuthentication(text);
    } else if (m_state == State::Binding && name == "iq") {
        onBound(text);
    } else if (m_state == State::Enabling) {
        onManagement(name, text);
    } else if (m_state == State::Resuming) {
        onResumption(name, text);
    }
    return m_wire->isOpen();
}

void Session::onFeatures(std::string_view features)
{
    if (m_state == State::Opening) {
        authenticate(features);
        return;
    }
    std::string_view rest = features;
    m_offersManagement = false;
    while (!(rest = descendant(rest, "sm")).empty()) {
        m_offersManagement = m_offersManagement || attribute(rest, "xmlns") == smNamespace;
    }
    bindOrResume();
}

void Session::authenticate(std::string_view features)
{
    const std::string_view wanted = mechanismName(m_endpoint.mechanism);
    std::string offered;
    bool found = false;
    std::string_view rest = features;
    while (!(rest = descendant(rest, "mechanism")).empty()) {
        const std::string_view name = textOf(rest);
        found = found || name == wanted;
        offered += (offered.empty() ? "" : ", ") + std::string(name);
    }
    if (!found) {
        const bool tls = !descendant(features, "starttls").empty();
        fail("the server does not offer " + std::string(wanted) + " on '" + m_endpoint.domain + "' (offered: " +
             (offered.empty() ? "nothing" : offered) + (tls ? "; STARTTLS, which is not spoken here)" : ")"));
        return;
    }
    m_sasl = std::make_unique<SaslClient>(m_endpoint.mechanism, m_login.user, m_login.password, randomToken(20));
    const std::string initial = base64(m_sasl->initialResponse());
    m_state = State::Authenticating;
    m_wire->nonza("<auth xmlns='" + std::string(saslNamespace) + "' mechanism='" + std::string(wanted) + "'>" +
                  (initial.empty() ? "=" : initial) + "</auth>");
}

void Session::onAuthentication(std::string_view element)
{
    const std::string_view name = elementName(element);
    const std::optional<std::string> data = fromBase64(textOf(element));
    if (name == "challenge") {
        const std::optional<std::string> answer = data ? m_sasl->answer(*data) : std::nullopt;
        if (!answer) {
            fail("the server's SASL challenge makes no sense for " + std::string(mechanismName(m_endpoint.mechanism)));
            return;
        }
        m_wire->nonza("<response xmlns='" + std::string(saslNamespace) + "'>" + base64(*answer) + "</response>");
    } else if (name == "success") {
        if (!data || !m_sasl->confirms(*data)) {
            fail("the server did not prove that it knows the password");
            return;
        }
        m_sasl.reset();
        m_state = State::Restarting;
        m_wire->openStream();
    } else if (name == "failure") {
        fail("authentication of '" + m_login.user + "' failed: " + conditionOf(element));
    }
}

void Session::bindOrResume()
{
    if (m_wantResume && m_offersManagement) {
        m_state = State::Resuming;
        m_wire->nonza("<resume xmlns='" + std::string(smNamespace) + "' h='" + std::to_string(m_received) +
                      "' previd='" + escape(m_resumeId) + "'/>");
        return;
    }
    m_state = State::Binding;
    leaveUnacked();
    std::string bind = "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>";
    if (!m_login.resource.empty()) {
        bind += "<resource>" + escape(m_login.resource) + "</resource>";
    }
    m_wire->stanza(bind + "</bind></iq>");
    if (m_wire->acknowledges()) {
        // Such a wire counts from its beginning, XEP-0198 only from its own.
        m_unacked.push_back(untagged);
    }
}

void Session::onBound(std::string_view iq)
{
    if (attribute(iq, "id") != "bind") {
        return;
    }
    const std::string_view jid = descendant(iq, "jid");
    if (attribute(iq, "type") != "result" || jid.empty()) {
        const std::string_view error = descendant(iq, "error");
        fail("resource binding failed: " + conditionOf(error));
        return;
    }
    m_jid = unescape(textOf(jid));
    m_received = 0;
    m_sentAcked = 0;
    if (m_wire->acknowledges()) {
        m_managed = true;
    } else if (m_endpoint.streamManagement && m_offersManagement) {
        m_state = State::Enabling;
        m_wire->nonza("<enable xmlns='" + std::string(smNamespace) +
                      (m_endpoint.resumption ? "' resume='true'/>" : "'/>"));
        return;
    }
    becomeReady();
}

void Session::becomeReady()
{
    m_state = State::Ready;
    if (!m_resumed && !m_endpoint.presence.empty()) {
        send(m_endpoint.presence);
    }
    m_user->onReady(*this);
}

void Session::onManagement(std::string_view name, std::string_view element)
{
    if (name == "r") {
        ++m_ackRequests;
        m_wire->ack(m_received);
    } else if (name == "a") {
        takeAck(attribute(element, "h"));
    } else if (name == "enabled") {
        m_managed = true;
        m_resumeId = unescape(attribute(element, "id"));
        becomeReady();
    } else if (name == "failed") {
        fail("the server refused stream management: " + conditionOf(element));
    }
}

void Session::onResumption(std::string_view name, std::string_view element)
{
    if (name == "resumed") {
        m_managed = true;
        m_resumed = true;
        m_wantResume = false;
        takeAck(attribute(element, "h"));
        leaveUnacked();
        if (m_wire->isOpen()) {
            becomeReady();
        }
    } else if (name == "failed") {
        m_wantResume = false;
        if (const std::string_view h = attribute(element, "h"); !h.empty()) {
            takeAck(h);
        }
        m_resumeId.clear();
        if (m_wire->isOpen()) {
            bindOrResume();
        }
    }
}

// XEP-0198 §4: h counts modulo 2^32 what the server took responsibility for since the session was enabled.
void Session::takeAck(std::string_view h)
{
    const auto count = base::readNumber<std::uint32_t>(h);
    if (!count) {
        fail("the server sent an ack without a number");
        return;
    }
    const std::uint32_t fresh = *count - m_sentAcked;
    if (fresh > m_unacked.size()) {
        fail("the server acked h=" + std::string(h) + ", but only " +
             std::to_string(m_sentAcked + static_cast<std::uint32_t>(m_unacked.size())) + " stanzas were sent");
        return;
    }
    m_sentAcked = *count;
    accept(fresh);
}

void Session::accept(std::size_t count)
{
    for (std::size_t i = 0; i < count && !m_unacked.empty(); ++i) {
        const Tag tag = m_unacked.front();
        m_unacked.pop_front();
        if (tag != untagged) {
            m_user->onAccepted(*this, tag);
        }
    }
}

// Servers ping their clients; one that does not answer is taken for dead (XEP-0199).
void Session::answerQuery(std::string_view iq)
{
    const std::string_view type = attribute(iq, "type");
    if (type != "get" && type != "set") {
        return;
    }
    const std::string_view id = attribute(iq, "id");
    const std::string_view from = attribute(iq, "from");
    const bool ping = !descendant(iq, "ping").empty();
    std::string answer = "<iq id='" + std::string(id) + "' type='" + (ping ? "result" : "error") + "'";
    if (!from.empty()) {
        answer += " to='" + std::string(from) + "'";
    }
    answer += ping ? "/>"
                   : "><error type='cancel'><service-unavailable "
                     "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
    send(answer);
}

} // namespace godwit::load
