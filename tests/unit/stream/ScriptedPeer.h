// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A client's script against a Negotiation: strings in, strings out, a host that answers from a table.
#pragma once

#include "crypto/ScramKeys.h"
#include "stream/Negotiation.h"
#include "wire/XmlWire.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace godwit::stream::test
{

/// When the host answers: within the request, or when it is told to.
enum class Answers { AtOnce, Later };

class ScriptedPeer : public NegotiationHost
{
public:
    explicit ScriptedPeer(NegotiationOptions options, std::optional<TlsInfo> tls = std::nullopt,
                          Answers answers = Answers::Later);

    /// Gives the bytes to the negotiation, lets the host answer everything, returns what came out. The random parts of
    /// a stream header are written as id='ID'.
    std::string say(std::string_view bytes);
    /// The same without letting the host answer.
    std::string sayOnly(std::string_view bytes);
    void settle();
    std::string takeOutput();
    /// Opens a stream to example.com (or another host), returns what comes behind the server's header.
    std::string openStream(std::string_view to = "example.com");
    /// A whole login by PLAIN and the header after it; returns the features.
    std::string login(std::string_view user = "romeo", std::string_view password = "pencil");

    std::string &output() override { return m_out; }
    base::Random &random() override { return m_random; }
    void startTls() override { events.emplace_back("startTls"); }
    void closeStream(CloseReason reason) override;
    void fetchCredentials(RequestId id, const jid::Jid &account) override;
    void hashPassword(RequestId id, HashingRequest request) override;
    base::WallTime now() const override { return time; }
    void fetchTokens(RequestId id, const jid::Jid &account, const std::string &device) override;
    void changeTokens(RequestId id, accounts::TokenChange change) override;
    void bind(RequestId id, BindRequest request) override;
    void resume(RequestId id, ResumptionRequest request) override;
    void loginFailed(const jid::Jid &account, SaslCondition condition) override;
    void loginSucceeded(const Authentication &who) override;

    Negotiation &negotiation() { return *m_negotiation; }
    void destroy() { m_negotiation.reset(); }

    std::vector<std::string> events; ///< effects other than bytes, in order
    std::optional<base::Error> storeError;
    std::optional<base::Error> hashingError;
    std::optional<base::Error> bindError;
    std::optional<base::Error> tokenError; ///< of changing them
    base::WallTime time{std::chrono::hours(24 * 20'000)};
    std::map<std::string, accounts::DeviceTokens> tokens; ///< by "account device"
    /// Called before tokens are changed: another login of the same client may come in between.
    std::function<void()> beforeChange;
    std::string boundResults;              ///< what the host switched on while it bound
    std::optional<HandledCount> resumable; ///< what a resumption is answered with; nothing: refused
    ResumeRefused refusal;
    std::optional<BindRequest> bound;
    std::optional<ResumptionRequest> resumption;

private:
    void answer(std::function<void()> work);

    base::SeededRandom m_random{7};
    std::string m_out;
    Answers m_answers;
    std::deque<std::function<void()>> m_work;
    xml::ParserPool m_pool;
    wire::XmlWire m_wire{m_pool};
    std::unique_ptr<Negotiation> m_negotiation;
};

/// example.com with accounts, anon.example.com without; TLS optional; few iterations, so that tests are quick.
NegotiationOptions testOptions(TlsPolicy tls = TlsPolicy::Off);
/// A TLS 1.3 connection with both channel bindings.
TlsInfo testTls();
/// The credentials of the table: romeo and juliet ("pencil"), tybalt (disabled), paris (SHA-1 only), rosaline (none).
const std::map<std::string, accounts::Credentials> &testAccounts();

std::string header(std::string_view to = "example.com");
/// The server's header for a stream to `from`, id written as ID.
std::string serverHeader(std::string_view from = "example.com");
std::string plainAuth(std::string_view user, std::string_view password, std::string_view authzid = {});
std::string saslFailure(std::string_view condition);
std::string streamError(std::string_view condition);

/// The client's side of SCRAM.
class ScramClient
{
public:
    struct Binding {
        std::string gs2 = "n,,";
        std::string data;
    };
    ScramClient(crypto::Hash hash, std::string user, std::string password, Binding binding);
    ScramClient(crypto::Hash hash, std::string user, std::string password)
        : ScramClient(hash, std::move(user), std::move(password), Binding())
    {
    }

    std::string auth() const; ///< the <auth/>, mechanism by hash and gs2 header
    std::string first() const;
    /// The <response/> to a <challenge/>.
    std::string response(std::string_view challenge);
    /// True when <success/> carries the server's signature.
    bool verifies(std::string_view success) const;
    std::string serverFirst; ///< decoded, of the last challenge
    std::string extraBeforeProof;
    std::string nonceSuffix; ///< put behind the nonce, to break it

private:
    std::string bare() const;

    crypto::Hash m_hash;
    std::string m_user;
    std::string m_password;
    Binding m_binding;
    std::string m_authMessage;
    accounts::ScramKeys m_keys;
};

} // namespace godwit::stream::test
