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
    unsigned session = 0;  ///< of that client, on which it was sent last; two of them overtake each other
    std::string sender;    ///< bare
    std::string recipient; ///< bare
    std::string to;        ///< as addressed
    bool hasId = true;     ///< carries an origin-id: may be sent again, is stored once
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
};

/// Who writes to whom: what the checker must know of a connection.
struct Conversation {
    unsigned client = 0;
    std::string account; ///< bare
    std::shared_ptr<SessionBook> session;
    std::uint64_t boundAt = 0; ///< when the server wrote that it is bound, on the checker's count of proofs
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
    /// Whose bytes the server is working on, so that a proof is known as that session's.
    void setActing(SessionBook *session) { m_acting = session; }

    // From the wire, when the server writes.
    void onWritten(Conversation &conversation, std::string_view frame);
    void onTurnEnd(Conversation &conversation);

    // From the clients.
    void onReceived(unsigned client, const std::string &account, ledger::Seq seq);
    void onShown(const std::string &account, ledger::Seq seq) { m_shown[account].insert(seq); }
    void onAccepted(Conversation &conversation, std::uint32_t h);

    /// Empty when every accepted or stored message has arrived; else what is missing. Messages of `archiveReaders`
    /// may stay pending once they arrived: such a client does not fetch again what is in its cache (rule 13).
    std::string missing(const std::set<std::string> &archiveReaders) const;
    void summary(std::string &out) const;

private:
    void checkAck(Conversation &conversation, std::string_view frame, bool resumed);
    void checkCopy(Conversation &conversation, const Copy &copy);
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
    SessionBook *m_acting = nullptr;
};

} // namespace godwit::sim
