// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// SASL2 (XEP-0388) in Negotiation: <authenticate/> with all that a client wants to be done in one go, its requests in
// their order (resume, else bind), and the one answer to all of it.
#include "stream/Negotiation.h"

#include "base/Base64.h"
#include "compact/Forms.h"
#include "crypto/Digest.h"
#include "stream/Namespaces.h"
#include "stream/StreamFeatures.h"
#include "xml/XmlWriter.h"

#include <cctype>

namespace godwit::stream
{

namespace
{

constexpr std::size_t resourceBytes = 12;

/// XEP-0388 §2.3: a UUID, by which an installation is known; in small letters. Nothing when it is none.
std::optional<std::string> uuidIn(std::string_view text)
{
    std::string uuid;
    for (const char letter : text) {
        uuid += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    }
    return compact::uuidOf(uuid) ? std::optional(std::move(uuid)) : std::nullopt;
}

Bind2Wishes wishesIn(xml::ElementView bind)
{
    Bind2Wishes wishes;
    for (const xml::ElementView child : children(bind)) {
        if (isStreamManagement(child)) {
            const base::Result<ManagementNonza> nonza = parseManagement(child);
            const EnableRequest *const enable = nonza ? std::get_if<EnableRequest>(&*nonza) : nullptr;
            if (enable) {
                wishes.acks = *enable;
            }
        } else if (child.ns() == ns::clientState) {
            wishes.inactive = child.name() == "inactive";
        } else if (child.ns() != ns::bind2) {
            wishes.features.push_back({std::string(child.ns()), std::string(child.name())});
        }
    }
    return wishes;
}

} // namespace

void Negotiation::onAuthenticate(xml::ElementView authenticate)
{
    if (m_exchange) {
        refuse(SaslCondition::MalformedRequest, "Another exchange is under way");
        return;
    }
    m_inside = std::make_unique<Inside>();
    if (!readInside(authenticate)) {
        refuse(SaslCondition::MalformedRequest, "The id of a user agent is a UUID");
        return;
    }
    if (!beginExchange(authenticate.attribute("mechanism"))) {
        return;
    }
    if (const xml::ElementView initial = authenticate.child("initial-response", ns::sasl2)) {
        respond(initial.text());
    } else {
        askForFirstMessage();
    }
}

/// False when it is wrong.
bool Negotiation::readInside(xml::ElementView authenticate)
{
    if (const xml::ElementView agent = authenticate.child("user-agent", ns::sasl2); agent && agent.hasAttribute("id")) {
        std::optional<std::string> device = uuidIn(agent.attribute("id"));
        if (!device) {
            return false;
        }
        m_inside->device = std::move(*device);
    }
    if (const xml::ElementView resume = authenticate.child("resume", ns::streamManagement)) {
        const base::Result<ManagementNonza> nonza = parseManagement(resume);
        if (!m_options->streamManagement) {
            m_inside->notResumed = {StanzaCondition::FeatureNotImplemented, {}, {}};
        } else if (!nonza) {
            m_inside->notResumed = {StanzaCondition::BadRequest, {}, {}};
        } else {
            m_inside->resume = std::get<ResumeRequest>(*nonza);
        }
    }
    if (const xml::ElementView bind = authenticate.child("bind", ns::bind2)) {
        m_inside->bind = wishesIn(bind);
        m_inside->tag = bind.child("tag", ns::bind2).text();
    }
    readFast(authenticate);
    return true;
}

void Negotiation::authenticated2(SaslStep step)
{
    // §2.3 wants this of an authorization identity. Without one the account speaks for itself, and there is no stream
    // restart at which RFC 6120 would compare.
    if (!step.anonymous && !m_peerFrom.empty() && m_peerFrom.bare() != step.account) {
        refuse(SaslCondition::InvalidAuthzid, "The stream is from somebody else");
        return;
    }
    m_inside->success = std::move(step);
    settleTokens();
}

void Negotiation::entered()
{
    SaslStep &step = *m_inside->success;
    m_who = Authentication{std::move(step.account), m_mechanism, step.anonymous, m_inside->device};
    m_inside->data = std::move(step.data);
    m_exchange.reset();
    m_claimed = {};
    m_phase = Phase::Binding;
    m_host->loginSucceeded(*m_who);
    goOnInside();
}

/// XEP-0386 §3.2: what can be resumed is resumed, and nothing is bound then.
void Negotiation::goOnInside()
{
    if (m_inside->resume) {
        m_previousId = m_inside->resume->previousId;
        const RequestId id = ask(Expected::Resume);
        m_host->resume(id, {*m_who, *m_inside->resume});
        return;
    }
    if (m_inside->notResumed) {
        m_inside->results += failedElement(*m_inside->notResumed);
    }
    bindInside();
}

void Negotiation::bindInside()
{
    if (!m_inside->bind) {
        succeed(m_who->account);
        m_wire.streamElement(m_host->output(), {"features", sessionFeatures(*m_options, SessionStage::Unbound)});
        return;
    }
    BindRequest request;
    request.who = *m_who;
    request.bind2 = std::move(m_inside->bind);
    if (request.bind2->acks && !m_options->streamManagement) {
        request.bind2->acks.reset();
        m_inside->notEnabled = failedElement({StanzaCondition::FeatureNotImplemented, {}, {}});
    }
    // §3.2.1: the same for a client whenever it comes, and nothing that tells its id.
    std::string made;
    if (m_who->device.empty()) {
        made = m_host->random().token(resourceBytes);
    } else {
        std::string input = "resource";
        for (std::string_view part : {std::string_view(m_who->account.text()), std::string_view(m_inside->tag),
                                      std::string_view(m_who->device)}) {
            input += '\0';
            input += part;
        }
        const std::string digest = crypto::hmac(crypto::Hash::Sha256, {m_options->decoySecret}, input);
        const auto *bytes = reinterpret_cast<const std::uint8_t *>(digest.data());
        made = base::encodeBase64Url({bytes, resourceBytes});
    }
    base::Result<jid::Jid> full =
        m_who->account.withResource(m_inside->tag.empty() ? made : m_inside->tag + '/' + made);
    if (!full) {
        // A tag that cannot stand in a resource is left out.
        full = m_who->account.withResource(made);
    }
    request.full = std::move(full).value();
    const RequestId id = ask(Expected::Bind);
    m_host->bind(id, std::move(request));
}

void Negotiation::onBoundInside(base::Result<BindAnswer> answer)
{
    SessionStage stage = SessionStage::Unbound;
    if (answer) {
        xml::XmlWriter writer(m_inside->results);
        writer.open("bound", ns::bind2).raw(m_inside->notEnabled).raw(answer->results).close();
        succeed(answer->full);
        stage = answer->acks ? SessionStage::BoundWithAcks : SessionStage::Bound;
        m_phase = Phase::Bound;
    } else {
        // XEP-0386 has no word for this. The login itself succeeded; who asks again in the old way hears the reason.
        succeed(m_who->account);
    }
    m_wire.streamElement(m_host->output(), {"features", sessionFeatures(*m_options, stage)});
    if (finished()) {
        stopReading();
    }
}

/// §2.6.1: the end of <authenticate/>. Features follow but for a resumed stream (XEP-0198 §9.2).
void Negotiation::succeed(const jid::Jid &identity)
{
    const std::unique_ptr<Inside> inside = std::move(m_inside);
    std::string text;
    xml::XmlWriter writer(text);
    writer.open("success", ns::sasl2);
    if (!inside->data.empty()) {
        writer.textElement("additional-data", base::encodeBase64(inside->data));
    }
    writer.textElement("authorization-identifier", identity.text());
    writer.raw(inside->results).raw(inside->token).close();
    m_wire.nonza(m_host->output(), {text});
}

} // namespace godwit::stream
