// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The contacts of one account: its roster, who may see its presence, and the presence of its sessions (RFC 6121 §2 to
// §4). A state machine without I/O on the home shard of the account. Stanzas go in; what they cause goes to the
// ContactsHost; what must last goes to the AccountStore first. One step is done at a time and in the order of arrival:
// what comes while the roster loads or a write is under way waits in a queue.
#pragma once

#include "accounts/AccountStore.h"
#include "base/Lifetime.h"
#include "contacts/ContactsHost.h"
#include "contacts/ContactsLimits.h"
#include "contacts/OwnSessions.h"
#include "contacts/RosterText.h"
#include "contacts/StanzaReply.h"
#include "contacts/SubscriptionTable.h"

#include <deque>
#include <functional>
#include <memory>

namespace godwit::contacts
{

/// An account that can log in again, or one that is gone with its session (SASL ANONYMOUS) and never stores anything.
enum class AccountKind : std::uint8_t { Regular, Anonymous };

class Contacts
{
public:
    /// `account` is a bare JID. Store, host and limits must outlive the Contacts.
    Contacts(jid::Jid account, AccountKind kind, accounts::AccountStore &store, ContactsHost &host,
             const ContactsLimits &limits);
    ~Contacts();
    Contacts(const Contacts &) = delete;
    Contacts &operator=(const Contacts &) = delete;

    const jid::Jid &account() const noexcept { return m_account; }

    /// An iq get or set with a payload in jabber:iq:roster from an own session, without `to` or to the account's bare
    /// JID. `from` is the session's full JID.
    void onRosterIq(SessionKey session, xml::Stanza &&iq);
    /// An iq get or set in jabber:iq:roster to the account from anybody else: forbidden (RFC 6121 §2.3.3).
    void onForeignRosterIq(xml::Stanza &&iq);
    /// Every presence an own session sends, of any type, with or without `to`. `from` is the session's full JID.
    void onOutboundPresence(SessionKey session, xml::Stanza &&presence);
    /// Presence of any type to the account's bare JID; subscription presences and probes to a full JID, too. The
    /// presence's tree is not read and may be empty.
    void onInboundPresence(xml::Stanza &&presence);
    /// The session is over for good. Nothing is delivered to it from this call on; those who know it as available are
    /// told (RFC 6121 §4.5.2), directed presence included. A session that never came up here is no error.
    void onSessionEnded(SessionKey session);

    /// Those whom `covers` names, of contacts and of who got directed presence, see the sessions go (XEP-0191 §3.3),
    /// or see them again as they are and are asked how they are (§3.4). Not from within a step.
    using Covers = std::function<bool(const jid::Jid &)>;
    void hideFrom(const Covers &covers);
    void showTo(const Covers &covers);

    /// True when nothing is lost by destroying this object (see ContactsHost::becameIdle).
    bool idle() const noexcept;
    /// The roster as far as it is in memory; nullptr before it was loaded.
    const RosterBook *roster() const noexcept { return m_loading == Loading::Done ? &m_roster : nullptr; }
    /// True when `entity` (bare) may see the account's presence, as far as it is known now; own JID included.
    bool maySeePresence(const jid::Jid &entity) const;
    /// The sessions that sent a presence or asked for the roster.
    const OwnSessions &sessions() const noexcept { return m_sessions; }

private:
    enum class Loading : std::uint8_t { NotYet, Running, Done };
    enum class StepKind : std::uint8_t { RosterIq, Outbound, Inbound, Ended };
    struct Step {
        StepKind kind = StepKind::Inbound;
        SessionKey session;
        xml::Stanza stanza;
    };
    /// A change to one item: before it, and as it shall be.
    struct Edit {
        accounts::RosterItem before;
        accounts::RosterItem next;
    };
    /// What follows a write: no failure when it is durable and in the book, else nothing changed.
    using AfterWrite = std::function<void(const base::Error *failure)>;

    // The queue (Contacts.cpp).
    void take(Step &&step);
    bool waits() const noexcept;
    bool needsRoster(const Step &step) const;
    void work();
    void perform(Step &step);
    void refuse(const Step &step, Condition condition);
    void failWaiting(const base::Error &failure);
    void loadRoster();
    void onRosterLoaded(base::Result<accounts::Roster> &&answer);
    void store(const Edit &edit, AfterWrite after);
    void erase(std::string jid, std::uint64_t version, AfterWrite after);
    void onWritten(const base::Result<base::Ok> &answer, const std::function<void()> &enter, const AfterWrite &after);
    jid::Jid fullJid(const OwnSession &session) const;
    void deliver(SessionKey session, std::string_view bytes);

    // Roster requests (RosterSteps.cpp).
    void performRosterIq(SessionKey session, const xml::Stanza &iq);
    void answerRosterGet(OwnSession &session, const xml::Stanza &iq);
    void putItem(SessionKey session, const Request &request, RosterPut &&wish);
    void removeItem(SessionKey session, const Request &request, const std::string &jid);
    void afterRemoval(const accounts::RosterItem &removed);
    void push(const RosterChange &change);
    void pushIfSeen(const Edit &edit);

    // Subscriptions (SubscriptionSteps.cpp).
    void performOutboundSubscription(SessionKey session, xml::Stanza &presence);
    bool editOutbound(const xml::Stanza &presence, Edit &edit, Reaction reaction) const;
    void afterOutbound(xml::Stanza &presence, const Edit &edit, Reaction reaction);
    void performInboundSubscription(xml::Stanza &presence);
    void grantAtOnce(xml::Stanza &presence, Edit &&edit);
    void keepRequest(xml::Stanza &presence, Edit &&edit);
    void changeInbound(xml::Stanza &presence, Edit &&edit);
    Edit editOf(const std::string &jid) const;
    void setAddresses(xml::Stanza &presence, const jid::Jid &from, const jid::Jid &to) const;
    void refuseInbound(const Request &request, Condition condition);
    void deliverToInterested(std::string_view bytes);

    // Presence (PresenceSteps.cpp).
    void performOutboundPresence(SessionKey session, xml::Stanza &presence);
    void performAvailable(OwnSession &session, xml::Stanza &presence);
    void performUnavailable(OwnSession &session, const xml::Stanza &presence);
    void performDirected(OwnSession &session, xml::Stanza &presence);
    void performInboundPresence(xml::Stanza &presence);
    void answerProbe(const xml::Stanza &probe);
    void answerStrangersProbe(const xml::Stanza &probe);
    void performEnded(SessionKey session);
    void becomeAvailable(OwnSession &session, xml::Stanza &presence);
    void introduce(OwnSession &session);
    void broadcast(const OwnSession &session, xml::StanzaType type, std::string_view bytes);
    void leave(OwnSession &session, std::string_view bytes);
    void sendPresenceTo(const jid::Jid &to);
    void sendUnavailableTo(const jid::Jid &to);
    void deliverToAvailable(std::string_view bytes, std::string_view sender);
    void presenceError(SessionKey session, const xml::Stanza &presence, Condition condition);
    void routePlain(const jid::Jid &from, const jid::Jid &to, xml::StanzaType type, std::string_view id = {});
    void routePresence(xml::StanzaType type, const jid::Jid &from, const jid::Jid &to, std::string bytes);

    jid::Jid m_account;
    accounts::AccountStore &m_store;
    ContactsHost &m_host;
    const ContactsLimits &m_limits;
    RosterBook m_roster;
    OwnSessions m_sessions;
    std::unique_ptr<std::deque<Step>> m_waiting; ///< none while nothing waits
    base::Lifetime m_lifetime;
    AccountKind m_kind;
    Loading m_loading = Loading::NotYet;
    bool m_writing = false; ///< a write is under way; the next step waits for it
    bool m_working = false; ///< a step is being performed; what it causes here waits
};

} // namespace godwit::contacts
