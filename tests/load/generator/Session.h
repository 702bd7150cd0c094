// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// One XMPP client session over one of the wires: negotiation, XEP-0198 with resumption, and nothing of what it is used
// for.
//
//   Idle -connect-> Connecting -> Opening -> Authenticating -> Restarting -> Binding -> Enabling -> Ready
//                                                                  `-> Resuming -> Ready, or back to Binding
//   any of them -cut, leave, error-> Closed -connect-> ...
#pragma once

#include "Endpoint.h"
#include "Loop.h"
#include "Sasl.h"
#include "Wire.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::load
{

class Session;

/// Names a stanza in the caller's books; untagged ones (presence) are counted for XEP-0198 and reported to nobody.
using Tag = std::uint64_t;
constexpr Tag untagged = ~Tag(0);

/// What a session tells its user. Calls come from within the loop; a session is never destroyed during one.
class SessionUser
{
public:
    virtual ~SessionUser() = default;
    /// Logged in, or resumed when session.resumed().
    virtual void onReady(Session &session) = 0;
    virtual void onStanza(Session &session, std::string_view stanza) = 0;
    /// The server's h covers this stanza now; in the order of sending.
    virtual void onAccepted(Session &session, Tag tag) = 0;
    /// The connection ended without being asked to; session.failure() says why.
    virtual void onClosed(Session &session) = 0;
};

struct Login {
    std::string user;
    std::string password;
    std::string resource;
    unsigned number = 0; ///< spreads source addresses, so that many sessions do not run out of ports
};

class Session final : private WireUser
{
public:
    enum class State {
        Idle,
        Connecting,
        Opening,
        Authenticating,
        Restarting,
        Binding,
        Resuming,
        Enabling,
        Ready,
        Closed
    };

    Session(Loop &loop, const Endpoint &endpoint, Login login, SessionUser *user);
    ~Session() override;
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;

    /// Starts a login as a new session.
    void connect();
    /// Starts a login that asks for the resumption of the session before; ends as a new one where that is refused.
    void connectResuming();
    /// Ends the connection at once with a reset, as a torn network would look to the server's next write.
    void cut();
    /// The same as cut(), then comes back: with the session of the wire where it has its own, else by a resumption.
    void tear();
    void comeBack();
    /// Says goodbye and closes.
    void leave();
    /// Stops or starts reading from the socket: a receiver that hangs.
    void setReading(bool reading);

    /// Queues a stanza; it leaves at the end of the loop's turn. Ready sessions only.
    void send(std::string_view stanza, Tag tag = untagged);
    /// Queues an <r/>.
    void requestAck();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool ready() const { return m_state == State::Ready; }
    [[nodiscard]] bool resumed() const { return m_resumed; }
    [[nodiscard]] const std::string &failure() const { return m_failure; }
    [[nodiscard]] const std::string &jid() const { return m_jid; }
    [[nodiscard]] const Login &login() const { return m_login; }
    void setResource(std::string resource) { m_login.resource = std::move(resource); }
    /// The kernel took not all of what was written; it has no room.
    [[nodiscard]] bool congested() const { return m_wire->congested(); }
    /// Bytes written here that the kernel has not taken yet.
    [[nodiscard]] std::size_t backlog() const { return m_wire->backlog(); }
    /// How often the server asked for an ack, over all connections.
    [[nodiscard]] std::uint64_t ackRequests() const { return m_ackRequests; }
    [[nodiscard]] std::size_t unacked() const { return m_unacked.size(); }
    /// What is sent is acknowledged: by XEP-0198, or by the wire itself.
    [[nodiscard]] bool managed() const { return m_managed; }
    /// In onReady: tags of what the connection before left unaccepted, in order; the caller sends them again.
    [[nodiscard]] std::vector<Tag> takeUnacked();

private:
    void onWireUp() override;
    bool onElement(std::string_view element) override;
    bool onStreamEnd() override;
    bool onStanzasTaken(std::size_t count) override;
    void onWireDown(std::string why) override;

    void start();
    void fail(std::string why);
    void close(bool reset);
    void onFeatures(std::string_view features);
    void authenticate(std::string_view features);
    void onAuthentication(std::string_view element);
    void bindOrResume();
    void onBound(std::string_view iq);
    void onManagement(std::string_view name, std::string_view element);
    void onResumption(std::string_view name, std::string_view element);
    void becomeReady();
    void takeAck(std::string_view h);
    void accept(std::size_t count);
    void answerQuery(std::string_view iq);
    void leaveUnacked();

    const Endpoint &m_endpoint;
    Login m_login;
    SessionUser *m_user;
    State m_state = State::Idle;
    bool m_wantResume = false;
    bool m_resumed = false;
    bool m_managed = false;
    bool m_offersManagement = false;
    std::uint32_t m_received = 0;
    std::uint32_t m_sentAcked = 0;
    std::uint64_t m_ackRequests = 0;
    std::string m_resumeId;
    std::string m_jid;
    std::string m_failure;
    std::unique_ptr<SaslClient> m_sasl;
    std::deque<Tag> m_unacked;
    std::vector<Tag> m_left; // unacked of earlier connections
    std::unique_ptr<Wire> m_wire;
};

/// An unpredictable token of letters and digits, for nonces and run names.
[[nodiscard]] std::string randomToken(std::size_t length);

} // namespace godwit::load
