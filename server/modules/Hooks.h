// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The places where a module takes part, each with a type of its own. The hooks of a shard are filled once, when the
// shard is built, and called on its thread only; a module's object exists once for each shard.
#pragma once

#include "jid/Jid.h"
#include "ledger/LogStore.h"
#include "session/Session.h"
#include "stream/StanzaError.h"
#include "xml/Stanza.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::modules
{

/// A session of an account on this shard, as modules may use it. Valid during the call it was given to; later it is
/// looked up again by its id (Services::session).
class SessionPort
{
public:
    virtual ~SessionPort() = default;
    virtual session::SessionId id() const = 0;
    virtual const jid::Jid &jid() const = 0;
    virtual bool anonymous() const = 0;
    virtual bool carbons() const = 0;
    virtual void setCarbons(bool on) = 0;
    /// The client reads its archive by itself: pending messages are not pushed to it (DELIVERY.md rule 13).
    virtual void setReadsArchive() = 0;
    /// Writes a stanza in kept form to the client.
    virtual void write(std::string_view bytes) = 0;
    /// The same for a stanza that shows the row at `seq`: when it is proved, so is the row.
    virtual void writeProving(std::string_view bytes, ledger::Seq seq) = 0;
};

/// What the asker of an iq request gets, exactly once. Movable and may be answered later, on the same thread; one that
/// is dropped unanswered answers internal-server-error.
class IqReply
{
public:
    using Send = std::function<void(std::string bytes)>;
    /// `request` is copied as far as an answer needs it.
    IqReply(const xml::Stanza &request, Send send);
    ~IqReply();
    IqReply(IqReply &&) noexcept;
    IqReply &operator=(IqReply &&) noexcept;

    /// `payload` is XML with its own xmlns, or empty.
    void result(std::string_view payload = {});
    void error(const stream::StanzaError &error);

private:
    struct Request;
    std::unique_ptr<Request> m_request;
};

/// Whom an iq is for: the server (its domain), or an account (its bare JID; also when `to` is absent).
enum class IqTarget : std::uint8_t { Server, Account };

/// An iq get or set that a module is to answer.
struct IqRequest {
    const xml::Stanza &iq;
    IqTarget target;
    jid::Jid account;     ///< of target Account: whose, bare
    bool byOwner = false; ///< sent by a session of that account
    SessionPort *session; ///< the sender's session when it lives on this shard, else null
};

/// What a hook decides about a stanza.
enum class Verdict : std::uint8_t {
    Continue, ///< as if the module were not there
    Handled,  ///< the module took care of it: it goes no further and counts as accepted
    Refuse,   ///< it goes back with `refusal`
};
struct MessageEvent {
    xml::Stanza &stanza;      ///< may be changed
    SessionPort *session;     ///< of a message from a client here: its session
    std::string_view account; ///< bare JID of the account at whose side the hook runs
    bool archive = true;      ///< a module may take the message out of this account's archive
    std::optional<stream::StanzaError> refusal;
};

/// A stanza of any kind between an account here and somebody else, before anything else is done with it.
struct Passage {
    const xml::Stanza &stanza; ///< addresses, kind and type; its tree may be empty
    const std::string &account;
    const jid::Jid &other;
    std::optional<stream::StanzaError> refusal;
};

/// One identity of XEP-0030.
struct Identity {
    std::string category;
    std::string type;
    std::string name;
};

class Hooks
{
public:
    using IqHandler = std::function<void(const IqRequest &, IqReply)>;
    using MessageHook = std::function<Verdict(MessageEvent &)>;
    using SessionHook = std::function<void(SessionPort &)>;
    using BindFeature = std::function<void(SessionPort &, std::string_view name)>;
    using AccountHook = std::function<void(const std::string &account)>;
    using PassageHook = std::function<Verdict(Passage &)>;
    using LoadDone = std::function<void(base::Result<base::Ok>)>;
    using AccountLoader = std::function<void(const std::string &account, LoadDone done)>;
    enum class Listing : std::uint8_t { Listed, Unlisted };
    using RosterHook = std::function<void(const std::string &account, const std::string &contact, Listing listing)>;

    /// Requests whose payload is in namespace `ns`. A second handler for the same target and namespace replaces the
    /// first.
    void onIq(IqTarget target, std::string ns, IqHandler handler);
    /// Messages that a client here sends, before they are routed. Lower priority first.
    void onMessageSent(int priority, MessageHook hook);
    /// Messages to an account here, before they are stored or delivered, on the account's home shard.
    void onMessageReceived(int priority, MessageHook hook);
    /// Stanzas to an account here from somebody else, and from its sessions (and its server on their behalf) to
    /// somebody else. Refuse answers what may be answered; Handled drops silently.
    void onIncoming(PassageHook hook);
    void onOutgoing(PassageHook hook);
    /// What a module has to know of an account before stanzas of it pass: called on its home shard when the first one
    /// does; all of them wait until `done` was called, once. Not for anonymous accounts, which keep nothing.
    void onAccountNeeded(AccountLoader loader);
    /// The account has nothing to do here for now; what was loaded is loaded again when it has.
    void onAccountForgotten(AccountHook hook);
    /// A contact (bare JID) was written to the roster of an account here, or removed from it.
    void onRosterChanged(RosterHook hook);
    void onSessionBound(SessionHook hook);
    /// A session that is bound by Bind 2 (XEP-0386) and asks for an element in namespace `ns` at once; `name` is that
    /// element's. Stream features say so.
    void onBindFeature(std::string ns, BindFeature feature);
    void onSessionEnded(SessionHook hook);
    void onAccountRemoved(AccountHook hook);

    /// For disco#info and caps.
    void addFeature(IqTarget target, std::string feature);
    void addIdentity(IqTarget target, Identity identity);
    /// XML with its own xmlns that stream features show after login.
    void addStreamFeature(std::string xml);

    /// False when nobody handles it.
    bool dispatchIq(const IqRequest &request, IqReply &reply) const;
    Verdict dispatchSent(MessageEvent &event) const { return dispatch(m_sent, event); }
    Verdict dispatchReceived(MessageEvent &event) const { return dispatch(m_received, event); }
    Verdict dispatchIncoming(Passage &passage) const { return dispatch(m_incoming, passage); }
    Verdict dispatchOutgoing(Passage &passage) const { return dispatch(m_outgoing, passage); }
    /// Calls every loader, then `done` once with the first failure if there was one.
    void loadAccount(const std::string &account, LoadDone done) const;
    void accountForgotten(const std::string &account) const;
    void rosterChanged(const std::string &account, const std::string &contact, Listing listing) const;
    void sessionBound(SessionPort &session) const;
    /// Nothing for a namespace of which no module knows.
    void bindFeature(SessionPort &session, std::string_view ns, std::string_view name) const;
    std::vector<std::string> bindFeatures() const;
    void sessionEnded(SessionPort &session) const;
    void accountRemoved(const std::string &account) const;
    const std::vector<std::string> &features(IqTarget target) const;
    const std::vector<Identity> &identities(IqTarget target) const;
    const std::string &streamFeatures() const noexcept { return m_streamFeatures; }

private:
    using Chain = std::multimap<int, MessageHook>;
    struct ForTarget {
        std::map<std::string, IqHandler, std::less<>> handlers;
        std::vector<std::string> features;
        std::vector<Identity> identities;
    };
    static Verdict dispatch(const Chain &chain, MessageEvent &event);
    static Verdict dispatch(const std::vector<PassageHook> &hooks, Passage &passage);
    ForTarget &of(IqTarget target) { return m_targets[static_cast<std::size_t>(target)]; }
    const ForTarget &of(IqTarget target) const { return m_targets[static_cast<std::size_t>(target)]; }

    ForTarget m_targets[2];
    Chain m_sent;
    Chain m_received;
    std::vector<PassageHook> m_incoming;
    std::vector<PassageHook> m_outgoing;
    std::vector<AccountLoader> m_loaders;
    std::vector<AccountHook> m_forgotten;
    std::vector<RosterHook> m_rosterChanged;
    std::vector<SessionHook> m_bound;
    std::map<std::string, BindFeature, std::less<>> m_bindFeatures;
    std::vector<SessionHook> m_ended;
    std::vector<AccountHook> m_removed;
    std::string m_streamFeatures;
};

} // namespace godwit::modules
