// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A client's stream over whatever carries it: first a negotiation, then a session of the router. It joins the three
// rooms and decides nothing by itself; it has no I/O, which is its Transport's.
#pragma once

#include "session/Session.h"
#include "shard/Shard.h"
#include "shard/Transport.h"
#include "stream/Negotiation.h"
#include "wire/Wire.h"

#include <memory>
#include <optional>
#include <string>

namespace godwit::shard
{

class ClientStream final : private stream::NegotiationHost,
                           private session::SessionOutput,
                           private router::Router::Resumer,
                           private xml::StreamHandler
{
public:
    /// `tls` is set when the connection began with TLS. Shard and transport outlive the stream.
    ClientStream(Shard &shard, Transport &transport, std::optional<stream::TlsInfo> tls);
    /// Over another wire than XML on the transport itself.
    ClientStream(Shard &shard, Transport &transport, std::unique_ptr<wire::Wire> wire,
                 std::optional<stream::TlsInfo> tls);
    ~ClientStream() override;
    ClientStream(const ClientStream &) = delete;
    ClientStream &operator=(const ClientStream &) = delete;

    void onBytes(std::string_view bytes);
    void onTlsReady(stream::TlsInfo tls);
    /// Output that had to wait for the client has all been taken.
    void onOutputDrained();
    /// The connection is gone. The stream is destroyed afterwards.
    void onClosed();
    /// It moved: from now on it belongs to `shard`, on that shard's thread.
    void arrive(Shard &shard);
    /// Ends the stream from outside: shutdown before binding, the handshake's time limit.
    void abort(const stream::StreamError &error);

    /// For a transport that proves by itself: what the stream takes now, has taken, has made durable and has written.
    bool reads() const noexcept;
    std::uint32_t received() const noexcept { return m_session ? m_session->received() : 0; }
    bool resolved(std::uint32_t count) const noexcept { return !m_session || m_session->resolvedUpTo(count); }
    std::uint32_t written() const noexcept { return m_session ? m_session->written() : 0; }
    void proved(std::uint32_t count);

    bool bound() const noexcept { return m_negotiation == nullptr; }
    bool closing() const noexcept { return m_closing; }

private:
    // stream::NegotiationHost
    std::string &output() override { return m_shard->scratch(); }
    base::Random &random() override { return m_shard->random(); }
    base::WallTime now() const override { return m_shard->router().clock().wall(); }
    void startTls() override;
    void closeStream(stream::CloseReason reason) override;
    void fetchCredentials(stream::RequestId id, const jid::Jid &account) override;
    void hashPassword(stream::RequestId id, stream::HashingRequest request) override;
    void fetchTokens(stream::RequestId id, const jid::Jid &account, const std::string &device) override;
    void changeTokens(stream::RequestId id, accounts::TokenChange change) override;
    void bind(stream::RequestId id, stream::BindRequest request) override;
    void resume(stream::RequestId id, stream::ResumptionRequest request) override;
    void loginFailed(const jid::Jid &account, stream::SaslCondition condition) override;
    void loginSucceeded(const stream::Authentication &who) override;

    // session::SessionOutput
    void stanza(std::string_view bytes) override;
    void nonza(std::string_view bytes) override;
    std::string &beginStanza() override;
    void endStanza() override;
    void end(session::EndReason reason) override;
    std::size_t unacknowledgedBytes() const override;
    std::size_t waitingBytes() const override { return m_transport.waitingBytes(); }
    void pauseReading() override { m_transport.pauseReading(); }
    void resumeReading() override { m_transport.resumeReading(); }
    bool proves() const override { return m_transport.proves(); }
    void onResolved() override { m_transport.onResolved(); }

    // router::Router::Resumer
    void opened(session::Session &session) override;
    void replayed() override;
    void failed(std::optional<std::uint32_t> handled) override;

    // xml::StreamHandler, once bound
    void onStreamOpen(xml::StreamHeader &&header) override;
    void onStanza(xml::Stanza &&stanza) override;
    void onMalformedStanza(xml::MalformedStanza &&malformed) override;
    void onNonza(xml::Nonza &&nonza) override;
    void onStreamClose() override;
    void onXmlFault(xml::XmlFault fault, std::string detail) override;

    using Resumer = router::Router::Resumer;
    void afterNegotiation();
    void runHomeRequest();
    void runBind(stream::RequestId id, stream::BindRequest request, std::string results);
    void runBind2(session::Session &session, const stream::BindRequest &request, stream::BindAnswer &answer);
    void runResume(stream::RequestId id, stream::ResumptionRequest request);
    void flush();
    void readOn(std::string_view bytes);
    void afterReading();
    void takeReplies();
    void fail(const stream::StreamError &error);
    void closeTransport();

    /// What must be done on the home shard of the account.
    struct HomeRequest {
        stream::RequestId id;
        std::optional<stream::BindRequest> bind;
        std::optional<stream::ResumptionRequest> resume;
    };

    Shard *m_shard;
    Transport &m_transport;
    std::unique_ptr<wire::Wire> m_wire;
    std::unique_ptr<stream::Negotiation> m_negotiation;
    std::unique_ptr<HomeRequest> m_homeRequest;
    session::Session *m_session = nullptr; ///< owned by the router; it says when it ends
    stream::RequestId m_resumeRequest;
    bool m_closing : 1 = false;
    bool m_resuming : 1 = false;
    base::Lifetime m_lifetime;
};

} // namespace godwit::shard
