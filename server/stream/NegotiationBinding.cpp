// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The last step of Negotiation: resource binding (RFC 6120 §7) or resumption (XEP-0198 §5).
#include "stream/Negotiation.h"

#include "stream/Namespaces.h"
#include "xml/XmlWriter.h"

namespace godwit::stream
{

void Negotiation::onStanza(xml::Stanza &&stanza)
{
    if (finished()) {
        return;
    }
    // §7.1: until then nothing is for anybody but the server and the account.
    const bool forUs = stanza.to.empty() || (m_who && (stanza.to == m_who->account || stanza.to.text() == domain()));
    if (m_phase != Phase::Binding || !forUs || stanza.kind != xml::StanzaKind::Iq ||
        stanza.type != xml::StanzaType::Set || !stanza.payload().is("bind", ns::bind)) {
        fail({StreamCondition::NotAuthorized, {}, {}, {}});
        return;
    }
    onBind(stanza);
}

void Negotiation::onMalformedStanza(xml::MalformedStanza &&)
{
    if (!finished()) {
        fail({StreamCondition::NotAuthorized, {}, {}, {}});
    }
}

void Negotiation::onBind(const xml::Stanza &iq)
{
    m_bindIq = iq;
    BindRequest request;
    request.who = *m_who;
    std::string resource = iq.payload().child("resource", ns::bind).text();
    if (resource.empty()) {
        resource = m_host->random().token(12);
    } else {
        request.origin = ResourceOrigin::Chosen;
    }
    base::Result<jid::Jid> full = m_who->account.withResource(resource);
    if (!full) {
        refuseBind({StanzaCondition::BadRequest, "The resource is not allowed"});
        return;
    }
    request.full = std::move(full).value();
    const RequestId id = ask(Expected::Bind);
    m_host->bind(id, std::move(request));
}

void Negotiation::refuseBind(const StanzaError &error)
{
    if (const std::optional<std::string> reply = errorReply(m_bindIq, error)) {
        m_wire.stanza(m_host->output(), {*reply});
    }
    m_bindIq = {};
}

void Negotiation::answerBind(RequestId id, base::Result<BindAnswer> answer)
{
    if (!answers(id, Expected::Bind)) {
        return;
    }
    if (m_inside) {
        onBoundInside(std::move(answer));
        pump();
        return;
    }
    if (answer) {
        std::string payload;
        xml::XmlWriter(payload).open("bind", ns::bind).textElement("jid", answer->full.text()).close();
        m_wire.stanza(m_host->output(), {resultReply(m_bindIq, payload)});
        m_bindIq = {};
        m_phase = Phase::Bound;
        stopReading();
        return;
    }
    switch (answer.error().code()) {
    case base::ErrorCode::LimitExceeded:
    case base::ErrorCode::ResourceFull:
        refuseBind(StanzaCondition::ResourceConstraint); // §7.6.2.1
        break;
    case base::ErrorCode::NotAuthorized:
        refuseBind(StanzaCondition::NotAllowed); // §7.6.2.2
        break;
    default:
        refuseBind(toStanzaError(answer.error()));
        break;
    }
    pump();
}

void Negotiation::onManagement(xml::ElementView element)
{
    const auto refuse = [this](StanzaCondition condition) {
        writeFailed(m_wire, m_host->output(), {condition, {}, {}});
    };
    const base::Result<ManagementNonza> nonza = parseManagement(element);
    if (!nonza) {
        refuse(StanzaCondition::BadRequest);
        return;
    }
    if (std::holds_alternative<AckRequest>(*nonza) || std::holds_alternative<Ack>(*nonza)) {
        fail({StreamCondition::NotAuthorized, {}, {}, {}});
        return;
    }
    const ResumeRequest *const resume = std::get_if<ResumeRequest>(&*nonza);
    if (m_phase != Phase::Binding || !resume) {
        refuse(StanzaCondition::UnexpectedRequest);
        return;
    }
    if (!m_options->streamManagement) {
        refuse(StanzaCondition::FeatureNotImplemented);
        return;
    }
    m_previousId = resume->previousId;
    const RequestId id = ask(Expected::Resume);
    m_host->resume(id, {*m_who, *resume});
}

void Negotiation::answerResume(RequestId id, const ResumeAnswer &answer)
{
    if (!answers(id, Expected::Resume)) {
        return;
    }
    const Resumed resumed{m_previousId, answer.handled};
    if (m_inside) {
        m_inside->results += resumedElement(resumed);
        succeed(answer.full);
    } else {
        writeResumed(m_wire, m_host->output(), resumed);
    }
    m_phase = Phase::Resumed;
    stopReading();
}

void Negotiation::answerResume(RequestId id, ResumeRefused refused)
{
    if (!answers(id, Expected::Resume)) {
        return;
    }
    const ManagementFailed failed{refused.condition, refused.handled, {}};
    if (m_inside) {
        m_inside->results += failedElement(failed);
        bindInside();
    } else {
        writeFailed(m_wire, m_host->output(), failed);
    }
    pump();
}

} // namespace godwit::stream
