// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A client's stream from its first byte until it is bound or resumed (RFC 6120 §4 to §7, XEP-0198 §5; XEP-0388, which
// authenticates, resumes and binds in one go). A state machine
// without I/O: bytes, TLS and answers in; bytes and requests out through NegotiationHost. It is destroyed once the
// stream is bound; a session has no trace of it.
//
//   Opening ─header─► Features ─starttls─► TlsHandshake ─tlsEstablished─► Opening
//                     Features ─auth─► Authenticating ─success─► Opening (who is known) ─header─► Binding
//                     Binding ─bind─► (request) ─► Bound        Binding ─resume─► (request) ─► Resumed | Binding
//                     Features ─authenticate─► Authenticating ─► (requests for what it asks) ─success─► Resumed | Bound
//                     | Binding
//   any ─error, </stream>─► Closed
//
// While a request is open nothing is read; what the peer sends meanwhile is held (bounded by handshakeBytesMax).
#pragma once

#include "stream/NegotiationHost.h"
#include "stream/NegotiationOptions.h"
#include "wire/Wire.h"
#include "xml/StreamParser.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace godwit::stream
{

/// The other answer to a resumption (XEP-0198 §5): why not, and what the old session had handled where that is known.
struct ResumeRefused {
    StanzaCondition condition = StanzaCondition::ItemNotFound;
    std::optional<HandledCount> handled;
};

class Negotiation final : private xml::StreamHandler
{
public:
    enum class Phase : std::uint8_t {
        Opening,
        Features,
        TlsHandshake,
        Authenticating,
        Binding,
        Bound,
        Resumed,
        Closed
    };

    /// `tls` is set on a connection that began with TLS (XEP-0368). `wire` and `host` outlive it. The options are
    /// shared because a reload replaces them under negotiations that still run.
    Negotiation(std::shared_ptr<const NegotiationOptions> options, wire::Wire &wire, NegotiationHost &host,
                std::optional<TlsInfo> tls);
    ~Negotiation() override;
    Negotiation(const Negotiation &) = delete;
    Negotiation &operator=(const Negotiation &) = delete;

    /// Bytes from the connection, of TLS's inside once it is up. Not during TlsHandshake: those are TLS's own.
    void feed(std::string_view bytes);
    void tlsEstablished(TlsInfo tls);

    void answerCredentials(RequestId id, base::Result<accounts::Credentials> credentials);
    void answerHashing(RequestId id, base::Result<accounts::ScramKeys> keys);
    void answerTokens(RequestId id, base::Result<accounts::TokenLogin> login);
    void answerTokenChange(RequestId id, base::Result<base::Ok> changed);
    /// The JID is the one asked for; an error leaves the stream unbound (Conflict, ResourceFull and LimitExceeded by
    /// §7.6.2 and §7.7.2, others by the table). What the host writes afterwards follows the answer.
    void answerBind(RequestId id, base::Result<BindAnswer> answer);
    /// Writes <resumed/>; what the host writes afterwards follows it.
    void answerResume(RequestId id, const ResumeAnswer &answer);
    void answerResume(RequestId id, ResumeRefused refused);

    /// Ends the stream from outside (handshake timeout, shutdown, see-other-host, a too high count at resumption).
    void abort(const StreamError &error);
    /// The stream moved to another thread: from now on that thread's host.
    void attach(NegotiationHost &host);

    Phase phase() const noexcept { return m_phase; }
    /// Bound, Resumed or Closed: nothing more will happen here. Before it destroys the negotiation of a stream that
    /// goes on, the host gives the wire the session's limits (those of the options were only lent).
    bool finished() const noexcept { return m_phase >= Phase::Bound; }
    /// A request is open: the connection need not be read.
    bool waiting() const noexcept { return m_request.has_value(); }
    /// Once bound or resumed: bytes behind the last element, for the session to feed. Empties it.
    std::string takeRest();
    /// Once authenticated.
    const std::optional<Authentication> &authentication() const noexcept { return m_who; }
    /// The domain of the stream; empty before its header.
    std::string_view domain() const noexcept;
    const std::optional<TlsInfo> &tls() const noexcept { return m_tls; }

private:
    enum class Expected : std::uint8_t { Credentials, Hashing, Tokens, TokenChange, Bind, Resume };
    struct Request {
        RequestId id;
        Expected expected;
    };

    void onStreamOpen(xml::StreamHeader &&header) override;
    void onStanza(xml::Stanza &&stanza) override;
    void onMalformedStanza(xml::MalformedStanza &&malformed) override;
    void onNonza(xml::Nonza &&nonza) override;
    void onStreamClose() override;
    void onXmlFault(xml::XmlFault fault, std::string detail) override;

    void read(std::string_view bytes);
    void pump();
    void stopReading();
    RequestId ask(Expected expected);
    bool answers(RequestId id, Expected expected);

    std::optional<StreamError> checkHeader(const xml::StreamHeader &header);
    void openStream();
    void sendFeatures();
    void fail(const StreamError &error);
    void close(CloseReason reason);

    void onStartTls();
    void beginTls();
    /// Whose elements frame the running exchange: RFC 6120 §6, or XEP-0388.
    enum class SaslProfile : std::uint8_t { One, Two };
    void onSasl(xml::ElementView element, SaslProfile profile);
    void onAuth(xml::ElementView auth);
    bool beginExchange(std::string_view mechanism);
    void askForFirstMessage();
    std::string_view saslNs() const noexcept;
    void respond(std::string_view base64);
    void perform(SaslStep step);
    void authenticated(SaslStep step);
    void refuse(SaslCondition condition, std::string_view text);

    // XEP-0388 (NegotiationSasl2.cpp).
    void onAuthenticate(xml::ElementView authenticate);
    bool readInside(xml::ElementView authenticate);
    void authenticated2(SaslStep step);
    void goOnInside();
    void bindInside();
    void onBoundInside(base::Result<BindAnswer> answer);

    // XEP-0484 (NegotiationTokens.cpp).
    std::vector<SaslMechanism> tokenMechanisms() const;
    void readFast(xml::ElementView authenticate);
    void askForTokens();
    void settleTokens();
    void decideTokens();
    void entered();

    void succeed(const jid::Jid &identity);

    std::vector<SaslMechanism> offeredMechanisms() const;
    bool loginAllowed() const noexcept;

    void onBind(const xml::Stanza &iq);
    void refuseBind(const StanzaError &error);
    void onManagement(xml::ElementView element);

    std::shared_ptr<const NegotiationOptions> m_options;
    wire::Wire &m_wire;
    NegotiationHost *m_host;
    Phase m_phase = Phase::Opening;
    bool m_opened = false;   ///< our header of the current stream is out
    bool m_feeding = false;  ///< within Wire::feed()
    bool m_restart = false;  ///< the next bytes begin a new stream
    bool m_startTls = false; ///< a <starttls/> was read; the bytes behind it are not known yet
    const ServedHost *m_served = nullptr;
    jid::Jid m_peerFrom; ///< what the client named in its header; empty for none
    std::string m_held;  ///< came in while a request was open
    std::size_t m_received = 0;
    std::optional<TlsInfo> m_tls;

    /// <fast/>: a token is used (XEP-0484 §3.4, §3.6).
    struct Fast {
        std::optional<std::uint32_t> count;
        bool invalidate = false;
    };
    /// What stands in <authenticate/> besides the exchange, and what came of it so far (XEP-0388 §2.6.1).
    struct Inside {
        std::string device;
        std::optional<ResumeRequest> resume;
        std::optional<ManagementFailed> notResumed; ///< a <resume/> that nobody need be asked about
        std::optional<Bind2Wishes> bind;
        std::string tag;
        std::optional<Fast> fast;
        std::optional<SaslMechanism> wantedToken; ///< <request-token/>
        std::optional<SaslStep> success;          ///< of the exchange, until its tokens are written down
        TokenUse tokens;
        std::string token;            ///< <token/>, once it is written down
        std::uint32_t tokenTries = 0; ///< how often they changed meanwhile
        std::string data;             ///< of the mechanism, for <success/>
        std::string results;          ///< elements for <success/>
        std::string notEnabled;       ///< <failed/>, for <bound/>
    };

    SaslProfile m_profile = SaslProfile::One;
    std::unique_ptr<Inside> m_inside;                 ///< from <authenticate/> to <success/> or <failure/>
    SaslMechanism m_mechanism = SaslMechanism::Plain; ///< of the running exchange
    SaslEnvironment m_environment;
    std::unique_ptr<SaslExchange> m_exchange;
    jid::Jid m_claimed; ///< account of the running exchange
    std::uint32_t m_failures = 0;
    std::optional<Authentication> m_who;

    std::optional<Request> m_request;
    std::uint32_t m_requests = 0;
    xml::Stanza m_bindIq; ///< of the open bind request
    std::string m_previousId;
};

} // namespace godwit::stream
