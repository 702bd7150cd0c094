// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "shard/ClientStream.h"

#include "base/Log.h"
#include "stream/StreamManagementNonzas.h"
#include "wire/XmlWire.h"

#include <utility>

namespace godwit::shard
{

using stream::StreamCondition;
using stream::StreamError;

namespace
{

/// Bytes that wait for a peer which is still answered its pings.
constexpr std::size_t repliesWaitingMax = 262'144;

/// What the peer is told about the end of its session; nothing for a stream that it ended itself.
std::optional<StreamError> errorOf(session::EndReason reason)
{
    switch (reason) {
    case session::EndReason::ClosedByPeer:
        return std::nullopt;
    case session::EndReason::ResumeTimeout:
    case session::EndReason::ConnectionDead:
        return StreamError{StreamCondition::ConnectionTimeout, {}, {}, {}};
    case session::EndReason::Replaced:
        return StreamError{StreamCondition::Conflict, "Replaced by a new session", {}, {}};
    case session::EndReason::Resumed:
        return StreamError{StreamCondition::Conflict, "The stream was resumed elsewhere", {}, {}};
    case session::EndReason::AckTooHigh:
        return StreamError{StreamCondition::UndefinedCondition, "More was acknowledged than was sent", {}, {}};
    case session::EndReason::PolicyViolation:
        return StreamError{StreamCondition::PolicyViolation, {}, {}, {}};
    case session::EndReason::ResourceConstraint:
        return StreamError{StreamCondition::ResourceConstraint, "Too much waits to be read", {}, {}};
    case session::EndReason::NotAuthorized:
        return StreamError{StreamCondition::NotAuthorized, {}, {}, {}};
    case session::EndReason::Shutdown:
        return StreamError{StreamCondition::SystemShutdown, {}, {}, {}};
    }
    return std::nullopt;
}

} // namespace

ClientStream::ClientStream(Shard &shard, Transport &transport, std::optional<stream::TlsInfo> tls)
    : ClientStream(shard, transport, std::make_unique<wire::XmlWire>(shard.parsers()), std::move(tls))
{
}

ClientStream::ClientStream(Shard &shard, Transport &transport, std::unique_ptr<wire::Wire> wire,
                           std::optional<stream::TlsInfo> tls)
    : m_shard(&shard)
    , m_transport(transport)
    , m_wire(std::move(wire))
{
    m_negotiation = std::make_unique<stream::Negotiation>(
        shard.negotiation(), *m_wire, static_cast<stream::NegotiationHost &>(*this), std::move(tls));
    ++shard.counters().streams;
}

ClientStream::~ClientStream() = default;

void ClientStream::flush()
{
    std::string &out = m_shard->scratch();
    if (!out.empty()) {
        const std::size_t open = m_wire->openBytes();
        m_wire->seal(out, open > 0 ? m_transport.unsent(open) : nullptr);
        m_transport.send(out);
        out.clear();
    }
}

void ClientStream::onBytes(std::string_view bytes)
{
    if (m_closing) {
        return;
    }
    if (m_negotiation) {
        m_negotiation->feed(bytes);
        takeReplies();
        afterNegotiation();
        afterReading();
        return;
    }
    readOn(bytes);
    afterReading();
}

void ClientStream::readOn(std::string_view bytes)
{
    m_wire->feed(bytes, *this);
    takeReplies();
    flush();
}

/// What the wire has to say by itself; not to a peer that only asks and reads nothing (RFC 6455 §5.5.3).
void ClientStream::takeReplies()
{
    if (m_transport.waitingBytes() > repliesWaitingMax) {
        m_wire->dropReplies();
    } else {
        m_wire->takeReplies(m_shard->scratch());
    }
}

/// The wire may have ended below the stream, which is as good as a lost connection: the session can be resumed.
void ClientStream::afterReading()
{
    if (m_wire->lost() && !m_closing) {
        closeTransport();
        if (m_session) {
            session::Session &session = *m_session;
            m_session = nullptr;
            session.onConnectionLost();
        }
    }
}

void ClientStream::afterNegotiation()
{
    flush();
    if (m_homeRequest && !m_closing) {
        const jid::Jid &account =
            m_homeRequest->bind ? m_homeRequest->bind->who.account : m_homeRequest->resume->who.account;
        const ledger::ShardIndex home = m_shard->link().homeOf(account.text());
        if (home != m_shard->link().self()) {
            m_transport.moveTo(home);
            return;
        }
        runHomeRequest();
    }
    if (m_closing || !m_negotiation || !m_negotiation->finished()) {
        return;
    }
    const std::string rest = m_negotiation->takeRest();
    m_negotiation.reset();
    m_transport.onBound();
    m_wire->setLimits(m_shard->limits());
    flush();
    if (!rest.empty() && !m_closing) {
        readOn(rest);
    }
}

void ClientStream::onTlsReady(stream::TlsInfo tls)
{
    if (m_negotiation && !m_closing) {
        m_negotiation->tlsEstablished(std::move(tls));
        afterNegotiation();
    }
}

bool ClientStream::reads() const noexcept
{
    return !m_closing && !m_homeRequest && !m_resuming && !(m_negotiation && m_negotiation->waiting());
}

void ClientStream::proved(std::uint32_t count)
{
    if (m_session) {
        m_session->proveWritten(count);
    }
}

void ClientStream::arrive(Shard &shard)
{
    m_shard = &shard;
    m_wire->moveTo(shard.parsers());
    afterNegotiation();
}

void ClientStream::onOutputDrained()
{
    if (m_session) {
        m_session->onOutputDrained();
    }
}

void ClientStream::onClosed()
{
    m_closing = true;
    if (m_resuming) {
        m_shard->router().cancelResume(static_cast<Resumer &>(*this));
        m_resuming = false;
    }
    if (m_session) {
        session::Session &session = *m_session;
        m_session = nullptr;
        session.onConnectionLost();
    }
}

void ClientStream::abort(const StreamError &error)
{
    if (m_negotiation && !m_closing) {
        m_negotiation->abort(error);
        flush();
    }
}

void ClientStream::closeTransport()
{
    if (!m_closing) {
        m_closing = true;
        flush();
        m_transport.close();
    }
}

void ClientStream::fail(const StreamError &error)
{
    if (m_closing) {
        return;
    }
    stream::writeStreamError(*m_wire, m_shard->scratch(), error);
    m_wire->close(m_shard->scratch());
    m_wire->stop();
    closeTransport();
    if (m_session) {
        session::Session &session = *m_session;
        m_session = nullptr;
        session.onConnectionLost();
    }
}

// What the negotiation asks -------------------------------------------------------------------------------------------

void ClientStream::startTls()
{
    flush();
    m_transport.startTls();
}

void ClientStream::closeStream(stream::CloseReason)
{
    closeTransport();
}

void ClientStream::fetchCredentials(stream::RequestId id, const jid::Jid &account)
{
    m_shard->accounts().credentials(
        account.text(), [this, alive = m_lifetime.watch(), id](base::Result<accounts::Credentials> credentials) {
            if (!alive.expired() && m_negotiation) {
                m_negotiation->answerCredentials(id, std::move(credentials));
                afterNegotiation();
            }
        });
}

void ClientStream::hashPassword(stream::RequestId id, stream::HashingRequest request)
{
    m_shard->hasher().derive(std::move(request),
                             [this, alive = m_lifetime.watch(), id](base::Result<accounts::ScramKeys> keys) {
                                 if (!alive.expired() && m_negotiation) {
                                     m_negotiation->answerHashing(id, std::move(keys));
                                     afterNegotiation();
                                 }
                             });
}

void ClientStream::fetchTokens(stream::RequestId id, const jid::Jid &account, const std::string &device)
{
    m_shard->accounts().tokens(account.text(), device,
                               [this, alive = m_lifetime.watch(), id](base::Result<accounts::TokenLogin> login) {
                                   if (!alive.expired() && m_negotiation) {
                                       m_negotiation->answerTokens(id, std::move(login));
                                       afterNegotiation();
                                   }
                               });
}

void ClientStream::changeTokens(stream::RequestId id, accounts::TokenChange change)
{
    m_shard->accounts().changeTokens(std::move(change),
                                     [this, alive = m_lifetime.watch(), id](base::Result<base::Ok> changed) {
                                         if (!alive.expired() && m_negotiation) {
                                             m_negotiation->answerTokenChange(id, std::move(changed));
                                             afterNegotiation();
                                         }
                                     });
}

void ClientStream::bind(stream::RequestId id, stream::BindRequest request)
{
    m_homeRequest = std::make_unique<HomeRequest>(HomeRequest{id, std::move(request), std::nullopt});
}

void ClientStream::resume(stream::RequestId id, stream::ResumptionRequest request)
{
    m_homeRequest = std::make_unique<HomeRequest>(HomeRequest{id, std::nullopt, std::move(request)});
}

void ClientStream::loginFailed(const jid::Jid &account, stream::SaslCondition condition)
{
    ++m_shard->counters().loginsFailed;
    base::log(base::LogLevel::Info, "shard", "a login failed",
              {{"account", account.text()}, {"condition", stream::name(condition)}});
}

void ClientStream::loginSucceeded(const stream::Authentication &)
{
    ++m_shard->counters().logins;
}

void ClientStream::runHomeRequest()
{
    const std::unique_ptr<HomeRequest> request = std::move(m_homeRequest);
    if (request->bind && request->bind->bind2 && !request->bind->who.anonymous) {
        const jid::Jid account = request->bind->who.account;
        auto waiting = std::make_shared<HomeRequest>(std::move(*request));
        m_shard->router().tellArchiveEnds(account, [this, alive = m_lifetime.watch(), waiting](std::string metadata) {
            if (!alive.expired() && m_negotiation && !m_closing) {
                runBind(waiting->id, std::move(*waiting->bind), std::move(metadata));
                afterNegotiation();
            }
        });
    } else if (request->bind) {
        runBind(request->id, std::move(*request->bind), {});
    } else {
        runResume(request->id, std::move(*request->resume));
    }
}

/// `results` is what <bound/> has to say so far.
void ClientStream::runBind(stream::RequestId id, stream::BindRequest request, std::string results)
{
    const bool chosen = request.origin == stream::ResourceOrigin::Chosen;
    std::string device = !request.who.device.empty() ? request.who.device
                         : chosen                    ? std::string(request.full.resource())
                                                     : std::string();
    // The answer goes out first: what the session writes when it is bound follows it.
    const router::AccountKind kind =
        request.who.anonymous ? router::AccountKind::Anonymous : router::AccountKind::Registered;
    base::Result<session::Session *> session =
        m_shard->router().bind(request.full, kind, std::move(device), static_cast<session::SessionOutput &>(*this));
    if (!session) {
        m_negotiation->answerBind(id, session.error());
        flush();
        return;
    }
    m_session = *session;
    stream::BindAnswer answer;
    answer.full = request.full;
    answer.results = std::move(results);
    if (request.bind2) {
        runBind2(**session, request, answer);
    }
    m_negotiation->answerBind(id, std::move(answer));
    flush();
}

/// What Bind 2 does besides binding. Nothing is written to the session before the answer.
void ClientStream::runBind2(session::Session &session, const stream::BindRequest &request, stream::BindAnswer &answer)
{
    const stream::Bind2Wishes &wishes = *request.bind2;
    router::Router &router = m_shard->router();
    if (!request.who.device.empty()) {
        router.replaceDevice(session, request.who.device);
    }
    modules::SessionPort *port = router.session(session.id());
    GW_ASSERT(port != nullptr);
    // Such a client reads what it missed in its archive (DELIVERY.md rule 13).
    port->setReadsArchive();
    for (const stream::Bind2Wishes::Feature &feature : wishes.features) {
        router.hooks().bindFeature(*port, feature.ns, feature.name);
    }
    session.setInactive(wishes.inactive);
    if (wishes.acks) {
        answer.results += session.enableInside({wishes.acks->resume, wishes.acks->max});
        answer.acks = true;
    }
}

void ClientStream::runResume(stream::RequestId id, stream::ResumptionRequest request)
{
    m_resuming = true;
    m_resumeRequest = id;
    m_shard->router().resume(request.who.account, request.resume.previousId, request.resume.handled,
                             static_cast<session::SessionOutput &>(*this), static_cast<Resumer &>(*this));
}

void ClientStream::opened(session::Session &session)
{
    m_resuming = false;
    ++m_shard->counters().resumptions;
    m_session = &session;
    m_negotiation->answerResume(m_resumeRequest, stream::ResumeAnswer{session.handled(), session.jid()});
    flush();
}

void ClientStream::replayed()
{
    afterNegotiation();
}

void ClientStream::failed(std::optional<std::uint32_t> handled)
{
    m_resuming = false;
    stream::ResumeRefused refused;
    refused.handled = handled;
    m_negotiation->answerResume(m_resumeRequest, std::move(refused));
    afterNegotiation();
}

// What the session writes ---------------------------------------------------------------------------------------------

void ClientStream::stanza(std::string_view bytes)
{
    m_wire->stanza(m_shard->scratch(), {bytes});
    flush();
}

void ClientStream::nonza(std::string_view bytes)
{
    m_wire->nonza(m_shard->scratch(), {bytes});
    flush();
}

std::string &ClientStream::beginStanza()
{
    flush();
    return m_shard->scratch();
}

void ClientStream::endStanza()
{
    m_wire->sealStanza(m_shard->scratch(), 0);
    flush();
}

void ClientStream::end(session::EndReason reason)
{
    const session::Session *session = std::exchange(m_session, nullptr);
    if (m_closing) {
        return;
    }
    std::optional<StreamError> error = errorOf(reason);
    if (reason == session::EndReason::AckTooHigh && session) {
        const session::Session::WrongAck wrong = session->wrongAck();
        error = stream::handledCountTooHigh({wrong.handled, wrong.sent});
    }
    if (error) {
        stream::writeStreamError(*m_wire, m_shard->scratch(), *error);
    }
    m_wire->close(m_shard->scratch());
    m_wire->stop();
    closeTransport();
}

std::size_t ClientStream::unacknowledgedBytes() const
{
    return m_transport.unacknowledgedBytes() + m_transport.waitingBytes();
}

// What a bound client sends -------------------------------------------------------------------------------------------

void ClientStream::onStreamOpen(xml::StreamHeader &&)
{
    fail(StreamError{StreamCondition::BadFormat, "The stream is open already", {}, {}});
}

void ClientStream::onStanza(xml::Stanza &&stanza)
{
    if (m_session) {
        m_session->receive(std::move(stanza));
    }
}

void ClientStream::onMalformedStanza(xml::MalformedStanza &&malformed)
{
    if (!m_session) {
        return;
    }
    malformed.stanza.from = m_session->jid();
    const std::optional<std::string> reply = stream::errorReply(
        malformed.stanza, stream::StanzaError(stream::StanzaCondition::JidMalformed, malformed.reason));
    m_session->refuse(malformed.stanza.bytes.size(), reply.value_or(std::string()));
}

void ClientStream::onNonza(xml::Nonza &&nonza)
{
    if (!m_session || m_session->receive(nonza)) {
        return;
    }
    fail(StreamError{StreamCondition::UnsupportedStanzaType, {}, {}, {}});
}

void ClientStream::onStreamClose()
{
    if (m_session) {
        m_session->onStreamClosed();
    } else {
        m_wire->close(m_shard->scratch());
        closeTransport();
    }
}

void ClientStream::onXmlFault(xml::XmlFault fault, std::string detail)
{
    fail(stream::toStreamError(fault, std::move(detail)));
}

} // namespace godwit::shard
