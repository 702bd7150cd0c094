// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What a negotiation asks of its surroundings: effects and asynchronous requests. The shard implements it, tests and
// the simulator by a scripted fake.
//
// Every request is answered exactly once, by the answer function of Negotiation with the same RequestId, on the
// stream's thread; at once from within the call or any time later. Answers that come after the negotiation ended are
// ignored there.
#pragma once

#include "base/Random.h"
#include "base/StrongId.h"
#include "jid/Jid.h"
#include "stream/Sasl.h"
#include "stream/StreamError.h"
#include "stream/StreamManagementNonzas.h"

#include <optional>
#include <string>
#include <vector>

namespace godwit::stream
{

struct RequestTag;
/// Names a request of one negotiation.
using RequestId = base::StrongId<RequestTag, std::uint32_t>;

/// The TLS connection under the stream, as far as negotiation cares.
struct TlsInfo {
    std::string version;                  ///< "TLSv1.3", for the log
    std::string alpn;                     ///< "xmpp-client" on a direct TLS port that asks for it, else empty
    std::vector<ChannelBinding> bindings; ///< those that are safe on this connection, best first
};

/// Who the client proved to be.
struct Authentication {
    jid::Jid account; ///< bare
    SaslMechanism mechanism = SaslMechanism::Plain;
    bool anonymous = false;
    std::string device; ///< SASL2 user-agent id, in small letters; empty for RFC 6120 logins and without one
};

/// Whether the client named the resource itself; a chosen one names the device too (DELIVERY.md rule 12).
enum class ResourceOrigin : std::uint8_t { Chosen, Generated };

/// What Bind 2 (XEP-0386) switches on while it binds.
struct Bind2Wishes {
    struct Feature {
        std::string ns;
        std::string name; ///< of the element: "enable"
    };
    std::optional<EnableRequest> acks;
    bool inactive = false;         ///< XEP-0352
    std::vector<Feature> features; ///< of modules
};

/// RFC 6120 §7 or XEP-0386. The resource is prepared and never empty. A session that has it already is replaced: it
/// gets a <conflict/> stream error (§7.7.2.2).
struct BindRequest {
    Authentication who;
    jid::Jid full;
    ResourceOrigin origin = ResourceOrigin::Generated;
    std::optional<Bind2Wishes> bind2;
};
struct BindAnswer {
    jid::Jid full;
    std::string results; ///< what stands inside <bound/>: <enabled/>, for one
    bool acks = false;   ///< XEP-0198 is on
};

/// XEP-0198 §5.
struct ResumptionRequest {
    Authentication who;
    ResumeRequest resume;
};
struct ResumeAnswer {
    HandledCount handled = 0;
    jid::Jid full; ///< of the session that goes on
};

enum class CloseReason : std::uint8_t {
    PeerClosed, ///< the peer ended the stream properly
    Error,      ///< a stream error or a failed STARTTLS was sent
};

class NegotiationHost
{
public:
    virtual ~NegotiationHost() = default;

    /// Where bytes to the peer go; the host sends them later, in this order. Asked for anew for every write.
    virtual std::string &output() = 0;
    virtual base::Random &random() = 0;
    virtual base::WallTime now() const = 0;

    /// Send the output, then begin TLS as the server; Negotiation::tlsEstablished() follows, or the connection dies.
    virtual void startTls() = 0;
    /// Send the output, then close the connection. Nothing is asked or written afterwards. The host must not destroy
    /// the negotiation before the call that led here returns.
    virtual void closeStream(CloseReason reason) = 0;

    /// → answerCredentials(): the account's keys, NotFound, or what kept the store from answering.
    virtual void fetchCredentials(RequestId id, const jid::Jid &account) = 0;
    /// → answerHashing(): keys by the recipe, made off this thread.
    virtual void hashPassword(RequestId id, HashingRequest request) = 0;
    /// → answerTokens(): those of one installation, NotFound without such an account, or what kept the store from
    /// answering.
    virtual void fetchTokens(RequestId id, const jid::Jid &account, const std::string &device) = 0;
    /// → answerTokenChange(); Conflict when they changed meanwhile.
    virtual void changeTokens(RequestId id, accounts::TokenChange change) = 0;
    /// → answerBind(). The host may first move the stream to the account's home shard, once the call that led here
    /// has returned (Wire::moveTo, Negotiation::attach).
    virtual void bind(RequestId id, BindRequest request) = 0;
    /// → answerResume(). May move the stream like bind().
    virtual void resume(RequestId id, ResumptionRequest request) = 0;

    /// For the log, metrics and limits per address. `account` is empty when the client's words were no JID; it may name
    /// an account that does not exist.
    virtual void loginFailed(const jid::Jid &account, SaslCondition condition) = 0;
    virtual void loginSucceeded(const Authentication &who) = 0;
};

} // namespace godwit::stream
