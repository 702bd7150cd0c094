// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The rules of DELIVERY.md as a bookkeeper who sees everything: what is on the disk, each element at the moment the
// server writes it, and what each device has and showed to have. It shares no code with what it checks, but for the
// cipher of stanza-ids, by which it knows a row when it sees one.
#pragma once

#include "Disk.h"
#include "Frames.h"
#include "crypto/StanzaIdCipher.h"

#include <map>
#include <memory>
#include <set>
#include <tuple>

namespace godwit::sim
{

/// A message that some client sent, from all sides.
struct Message {
    unsigned client = 0;
    bool read = false;      ///< by the server, at least once
    bool inFlight = false;  ///< read, and neither durable nor refused since
    unsigned session = 0;   ///< of that client, on which it was sent last; two of them overtake each other
    std::string sender;     ///< bare
    std::string recipient;  ///< bare
    std::string to;         ///< as addressed
    bool hasId = true;      ///< carries an origin-id: may be sent again, is stored once
    int answers = -1;       ///< an error that answers this message
    bool answered = false;  ///< by an error
    bool barred = false;    ///< read for the first time while one of the two blocked the other
    bool mayVanish = false; ///< an error that may have met a blocking, of which nobody is told
    bool dropped = false;   ///< it need not arrive: its recipient blocked its sender
    bool durable = false;
    bool accepted = false;            ///< a client saw an ack that covers it
    bool late = false;                ///< was refused once: what came after it may be in the log before it
    bool refused = false;             ///< the server wrote an error for it
    std::set<const void *> refusedOn; ///< the sessions that the error was written to
    bool received = false;            ///< a device of the recipient has it
    ledger::Seq seq;                  ///< of the first row, once durable
    bool isFull() const { return to.size() > recipient.size(); }
};

/// A session as its client knows it; it lives on over resumptions.
struct SessionBook {
    unsigned client = 0;
    std::string account; ///< bare
    std::string full;
    bool mute = false;
    std::string resumptionId;
    bool counting = false;          ///< XEP-0198 was enabled
    std::vector<int> sent;          ///< messages by their number on the stream, -1 for what is no message to be stored
    std::uint32_t told = 0;         ///< the newest count that the server told
    std::vector<int> owed;          ///< refused before <resumed/>: their errors must follow it at once
    bool ordered = true;            ///< its presence never changed, so that order can be judged
    std::set<ledger::Seq> proved;   ///< the server has this session's proof for them
    std::set<ledger::Seq> archived; ///< shown out of the archive, which takes no notice of what is shown live
    std::uint64_t boundAt = 0;      ///< on the checker's count of proofs
    std::set<ledger::Seq> shown;    ///< since the connection began
    std::map<std::string, ledger::Seq> newest; ///< by sender, since the connection began

    // As the server knows it, in numbers of stanzas since XEP-0198 was enabled.
    bool countsRead = false;
    bool countsWritten = false;
    std::uint32_t read = 0;
    std::uint32_t written = 0;
    std::uint32_t acked = 0; ///< the newest count that the client gave
    std::string barrier;     ///< the id of the newest ping
    std::uint32_t presencesRead = 0;
    std::uint32_t presencesEchoed = 0; ///< each comes back to the client, unless it is inactive or lags
    bool wants = false;                ///< the newest presence that was read is one that takes messages ...
    bool takes = false;                ///< ... and it surely has its effect
    bool everTook = false;
    bool carbonsOn = false;
    std::set<ledger::Seq> open;          ///< rows written and not proved
    std::set<ledger::Seq> expectDirect;  ///< rows that it must be shown as one that takes messages
    std::set<ledger::Seq> expectAnyForm; ///< rows that it must be shown, as themselves or as carbons
};

/// Who writes to whom: what the checker must know of a connection.
struct Conversation {
    unsigned client = 0;
    std::string account; ///< bare
    std::shared_ptr<SessionBook> session;
    std::uint64_t boundAt = 0; ///< when the server wrote that it is bound, on the checker's count of proofs
    std::uint64_t answers = 0; ///< acks that the server wrote
    std::uint32_t resumedAt = 0;
    bool impossible = false; ///< the client asked to resume at a count that cannot be
    bool tooHigh = false;    ///< the client acknowledged more than was sent ...
    bool mustEnd = false;    ///< ... and the server has read it
};

class Checker final : public DiskWatcher
{
public:
    Checker(Stage &stage, Disk &disk);

    const ledger::StanzaIds &stanzaIds() const noexcept { return m_ids; }
    int add(Message &&message);
    Message &message(int index) { return m_messages[static_cast<std::size_t>(index)]; }
    static std::string tokenOf(int index) { return 'm' + std::to_string(index); }
    /// -1 for a body that is no message to be stored.
    int indexOf(std::string_view token) const;
    ledger::Seq seqOf(const std::string &account, const std::string &id) const;

    // From the disk.
    void onDurable(const ledger::LogRow &row) override;
    void onRefused(const ledger::Append &row) override;
    void onProof(const ledger::Proof &proof) override;
    void onProofLost(const ledger::Proof &proof) override;
    void onDropped(const ledger::LogRow &row) override;
    /// Whose bytes the server is working on, so that a proof is known as that session's.
    void setActing(SessionBook *session) { m_acting = session; }

    void onServerCrash();

    // From the wire, just before the server reads it.
    void onRead(Conversation &conversation, std::string_view frame);

    // From the wire, when the server writes.
    void onWritten(Conversation &conversation, std::string_view frame);
    void onTurnEnd(Conversation &conversation);

    // From the clients.
    void onReceived(unsigned client, const std::string &account, ledger::Seq seq);
    void onShown(const std::string &account, ledger::Seq seq) { m_shown[account].insert(seq); }
    void onAccepted(Conversation &conversation, std::uint32_t h);
    void onSession(const std::shared_ptr<SessionBook> &session);

    /// Of the first `count` stanzas of the session all are durable, refused or no messages.
    bool settled(const SessionBook &session, std::uint32_t count) const;
    /// Empty when the session was shown everything that is for it; else what is missing.
    std::string unseen(const SessionBook &session) const;

    /// Empty when every accepted or stored message has arrived; else what is missing. Messages of `archiveReaders`
    /// may stay pending once they arrived: such a client does not fetch again what is in its cache (rule 13).
    std::string missing(const std::set<std::string> &archiveReaders) const;
    void summary(std::string &out) const;

private:
    /// Who wants nothing to do with whom: the newest wish that the server read, and whether it said that it holds.
    struct Wish {
        std::string id;
        bool blocks = false;
        bool holds = false;
    };
    using Pair = std::pair<std::string, std::string>; ///< who blocks, whom
    bool isBlocked(const std::string &owner, const std::string &peer) const;
    bool wishedBetween(const std::string &one, const std::string &other) const;
    void onBlockingRead(const SessionBook &session, std::string_view frame);
    void onBlockingDone(const SessionBook &session, std::string_view frame);
    void checkDropped(const Conversation &conversation, const Disk::Row &row);
    void onStanzaRead(SessionBook &session, std::string_view name, std::string_view frame);
    void onMessageRead(std::string_view frame);
    void onPresenceRead(SessionBook &session, std::string_view frame);
    void onAckRead(Conversation &conversation, std::string_view frame);
    void onResumeRead(Conversation &conversation, std::string_view frame);
    void expect(const ledger::LogRow &row, const Message &message);
    void onStanzaWritten(Conversation &conversation, std::string_view name, std::string_view frame);
    void checkUnmarked(std::string_view frame);
    void forgetOpen(const ledger::Proof &proof);
    void checkWindow(Conversation &conversation, ledger::Seq seq);
    void checkWhether(const Conversation &conversation, const Message &message) const;
    void checkAck(Conversation &conversation, std::string_view frame, bool resumed);
    bool covers(const SessionBook &session, int index) const;
    void checkCopy(Conversation &conversation, const Copy &copy, std::string_view frame);
    void checkOrder(Conversation &conversation, const Disk::Row &row, const Message &message);
    void checkError(Conversation &conversation, std::string_view frame);
    std::string describe(int index) const;

    Stage &m_stage;
    Disk &m_disk;
    crypto::StanzaIdCipher m_ids;
    std::vector<Message> m_messages;
    std::map<std::string, std::set<ledger::Seq>> m_shown; ///< by account: rows that a client showed to have
    std::map<std::string, std::map<ledger::Seq, std::uint64_t>> m_proved; ///< by account: when the server had the proof
    std::uint64_t m_proofCount = 0;
    std::map<std::tuple<unsigned, unsigned, std::string>, int> m_newest; ///< of a session to a recipient, in the log
    std::vector<std::weak_ptr<SessionBook>> m_sessions;
    std::map<std::string, std::set<ledger::Seq>> m_written; ///< by account: rows that were shown to some session
    std::map<Pair, Wish> m_wishes;
    std::map<ledger::Seq, std::uint64_t> m_dropped; ///< rows that no session bound later is shown, on our count
    SessionBook *m_acting = nullptr;
};

} // namespace godwit::sim
