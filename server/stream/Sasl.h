// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The server's side of one SASL exchange (RFC 4422), apart from how its messages are framed, by RFC 6120 §6 or by SASL2
// (XEP-0388). An exchange does no I/O: where it needs stored keys or hashing
// it says so in its step and gets the answer in another call.
//
//   respond(message) ──► Challenge ──► respond(...)
//                    ──► NeedCredentials ──► credentialsReady(...) ──► any step
//                    ──► NeedHashing ──► hashingReady(...) ──► any step
//                    ──► NeedTokens ──► tokensReady(...) ──► any step
//                    ──► Success | Failure          (the end)
#pragma once

#include "accounts/AccountStore.h"
#include "base/Random.h"
#include "base/Result.h"
#include "crypto/ScramKeys.h"
#include "jid/Jid.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::stream
{

enum class SaslMechanism : std::uint8_t {
    ScramSha512Plus,
    ScramSha256Plus,
    ScramSha1Plus,
    ScramSha512,
    ScramSha256,
    ScramSha1,
    Plain,
    Anonymous,
    HtSha256Exporter, ///< HT: with a token of XEP-0484, and only there
    HtSha256EndPoint,
    HtSha256,
};
/// The registered name, "SCRAM-SHA-256-PLUS".
std::string_view name(SaslMechanism mechanism);
std::optional<SaslMechanism> saslMechanism(std::string_view name);
bool bindsChannel(SaslMechanism mechanism);
/// Those that prove a token. Their channel binding is named by the mechanism: empty for the one without.
std::string_view tokenBinding(SaslMechanism mechanism);
bool provesToken(SaslMechanism mechanism);

/// RFC 6120 §6.5, in its order.
enum class SaslCondition : std::uint8_t {
    Aborted,
    AccountDisabled,
    CredentialsExpired,
    EncryptionRequired,
    IncorrectEncoding,
    InvalidAuthzid,
    InvalidMechanism,
    MalformedRequest,
    MechanismTooWeak,
    NotAuthorized,
    TemporaryAuthFailure,
};
std::string_view name(SaslCondition condition);

/// A channel binding that the TLS connection offers (RFC 5056): "tls-exporter" (RFC 9266) or "tls-server-end-point"
/// (RFC 5929) and its raw bytes.
struct ChannelBinding {
    std::string type;
    std::string data;
};

/// The asked-for hashing of a PLAIN password.
struct HashingRequest {
    crypto::Password password;
    crypto::ScramRecipe recipe;
};

/// What a login by a token makes of the tokens of its client.
struct TokenUse {
    accounts::DeviceTokens before;
    accounts::DeviceTokens after;
};

struct SaslStep {
    enum class Kind : std::uint8_t { Challenge, Success, Failure, NeedCredentials, NeedHashing, NeedTokens };
    Kind kind = Kind::Failure;
    std::string data;       ///< Challenge, Success: the message to the client, not yet in base64
    jid::Jid account;       ///< NeedCredentials, NeedTokens: whose; Success: who it is (bare)
    bool anonymous = false; ///< Success: a temporary identity
    SaslCondition condition = SaslCondition::NotAuthorized; ///< Failure
    std::string text;                      ///< Failure: for people; says nothing that tells whether an account exists
    std::optional<HashingRequest> hashing; ///< NeedHashing
    std::optional<TokenUse> tokens;        ///< Success by a token; holds once it is written down

    static SaslStep challenge(std::string data);
    static SaslStep success(jid::Jid account, std::string data);
    static SaslStep failure(SaslCondition condition, std::string text);
    static SaslStep needCredentials(jid::Jid account);
    static SaslStep needHashing(HashingRequest request);
    static SaslStep needTokens(jid::Jid account);
};

/// What every exchange is given; must outlive it.
struct SaslEnvironment {
    std::string_view host;                    ///< the domain the client logs in to
    std::span<const ChannelBinding> bindings; ///< those advertised to this client; empty without TLS
    bool plusOffered = false;                 ///< a -PLUS mechanism was advertised to this client
    std::string_view decoySecret;             ///< makes the salts of accounts that do not exist
    std::uint32_t decoyIterations = crypto::scramIterationsDefault;
    base::Random *random = nullptr;
    std::string_view device; ///< of the client; empty when it does not say
    base::WallTime now{};
    std::optional<std::uint32_t> tokenCount; ///< of <fast/>
};

class SaslExchange
{
public:
    virtual ~SaslExchange() = default;

    /// The client's next message, decoded. Every mechanism here begins with the client: where its first message did
    /// not come with the request, the framing asks for it by an empty challenge (RFC 6120 §6.4.2).
    virtual SaslStep respond(std::string_view message) = 0;
    /// NotFound is an unknown account; another error is a store that cannot answer.
    virtual SaslStep credentialsReady(base::Result<accounts::Credentials> credentials) = 0;
    virtual SaslStep hashingReady(base::Result<accounts::ScramKeys> keys) = 0;
    /// May be called again when the tokens changed before the use of one was written down.
    virtual SaslStep tokensReady(base::Result<accounts::TokenLogin> login);
};

/// An exchange of its own for each attempt.
std::unique_ptr<SaslExchange> makeSaslExchange(SaslMechanism mechanism, const SaslEnvironment &environment);

} // namespace godwit::stream
