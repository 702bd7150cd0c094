// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A device of a person: logs in, announces itself, sends, receives, acknowledges, resumes, and forgets everything but
// its outbox and its cache when it crashes. It behaves as the RFCs and XEPs want it to and as badly as they allow.
#pragma once

#include "Link.h"

namespace godwit::sim
{

class ServerProcess;

/// What kind of client it is; drawn once.
struct ClientTraits {
    std::string account;  ///< bare
    std::string resource; ///< empty: the server makes one up
    int priority = 0;
    bool manages = true; ///< XEP-0198
    bool resumes = true;
    bool carbons = false;
    bool archive = false;       ///< asks its archive before it announces itself
    bool mute = false;          ///< answers no ping (only without XEP-0198)
    bool lazy = false;          ///< acknowledges less than it has, and the rest later
    bool presenceFirst = false; ///< announces itself before it enables XEP-0198
    bool withoutIds = false;
    bool delays = false; ///< says now and then how late a message is
    bool lies = false;   ///< acknowledges what it was not sent, or less than before
};

class Client
{
public:
    Client(Stage &stage, ServerProcess &server, Checker &checker, unsigned index, ClientTraits traits);

    unsigned index() const noexcept { return m_index; }
    const ClientTraits &traits() const noexcept { return m_traits; }
    /// The full JID it has or had; empty before the first login.
    const std::string &fullJid() const noexcept { return m_full; }
    bool online() const noexcept { return m_step == Step::Online; }
    Link *link() noexcept { return m_link.get(); }
    const SessionBook *session() const noexcept { return m_session.get(); }
    /// Everything that it wants to send was accepted, refused, or is out of its hands.
    bool settled() const;

    void connect();
    void reconnectAfter(Duration delay);
    /// Loses what it has not stored: received and unacknowledged messages, the stream.
    void crash();
    /// Says goodbye properly.
    void closeStream();
    /// Gives the connection up although it looks alive, and opens another one.
    void race();

    void say(const std::string &to);
    /// Answers a message that came by an error, and goes on talking.
    void bounce();
    enum class Wish : std::uint8_t { Block, Unblock };
    void wish(Wish wish, const std::string &peer);
    void sayUnstored(const std::string &to, unsigned kind);
    void changePresence(int priority);
    void leavePresence();
    void changeActivity(bool active);
    void askForAck();
    /// Acknowledges what it was never sent, or less than before, if it is one that does so.
    void lie();
    /// What a client does by itself now and then: its acknowledgements, complete.
    void acknowledge();
    /// The last part of a schedule: from now on it takes messages, if it is told to.
    void settleDown(bool takesMessages);

    void onFrame(Link &link, std::string_view frame);
    void onLinkClosed(Link &link);

private:
    enum class Step { Offline, Opening, Authenticating, Opening2, Resuming, Binding, Catching, Online };
    enum class Fate : std::uint8_t { Waiting, Sent, Done };
    struct Draft {
        int index = -1;
        std::string bytes;
        Fate fate = Fate::Waiting;
    };
    /// A stanza that came in and was not acknowledged.
    struct Arrival {
        ledger::Seq seq; ///< 0 when it shows no row
        bool archived = false;
        std::string id;
    };

    /// A message that came: its number and its sender.
    struct Answerable {
        int index = -1;
        std::string from;
    };

    void send(std::string_view bytes);
    void post(Draft &&draft);
    std::string bytesOf(const Draft &draft);
    void resume();
    void forgetSession();
    void sendCounted(std::string_view bytes, int index);
    void onFeatures();
    void onBound(std::string_view frame);
    void beginSession();
    void enable();
    void announce();
    void askArchive();
    void onArchiveEnd(std::string_view frame);
    void sendOutbox();
    void onResumed(std::string_view frame);
    void onResumeFailed(std::string_view frame);
    void accept(SessionBook &session, std::uint32_t h);
    void onManagement(std::string_view name, std::string_view frame);
    void onStanza(std::string_view frame);
    void onIq(std::string_view frame);
    void onMessage(std::string_view frame, Arrival &arrival);
    void answerAck();
    void sendAck(std::size_t count);
    void take(const Arrival &arrival, bool shown);
    void takeAll(bool shown);
    void lose();
    std::string bindIq() const;

    Stage &m_stage;
    ServerProcess &m_server;
    Checker &m_checker;
    unsigned m_index;
    ClientTraits m_traits;
    std::string m_full;
    Step m_step = Step::Offline;
    std::shared_ptr<Link> m_link;
    std::uint64_t m_attempt = 0; ///< names a plan to connect; a newer one makes it void

    // Lost at a crash.
    std::shared_ptr<SessionBook> m_session;
    bool m_catching = false;        ///< the archive was not read to its end
    bool m_enabled = false;         ///< <enabled/> came: arrivals are counted
    std::uint32_t m_handled = 0;    ///< the count that we told last
    std::deque<Arrival> m_early;    ///< before <enabled/>
    std::deque<Arrival> m_arrivals; ///< behind what we told
    std::string m_archiveTip;       ///< the last id of the page that comes in
    bool m_settling = false;
    bool m_takesMessages = false;

    // Survives it.
    unsigned m_sessions = 0;
    unsigned m_wishes = 0;
    unsigned m_archiveQueries = 0;
    std::string m_archiveId; ///< of the newest query
    std::deque<Draft> m_outbox;
    std::vector<Answerable> m_answerable;
    std::string m_archiveFrom; ///< everything up to this id is in the cache
};

} // namespace godwit::sim
