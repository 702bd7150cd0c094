// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A bound session: what remains of a stream when the connection below it is gone. It counts what comes in and says how
// far it is durable, keeps the window of what went out, and turns every client's way of acknowledging (XEP-0198, or a
// ping that comes back) into proofs. Without I/O; lives on the home shard of its account.
#pragma once

#include "ack/AckPrefix.h"
#include "base/Clock.h"
#include "base/Random.h"
#include "jid/Jid.h"
#include "ledger/AccountLedger.h"
#include "ledger/OutgoingWindow.h"
#include "xml/Stanza.h"
#include "xml/StreamParser.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::session
{

struct SessionTag;
/// Unique in the process; never used again.
using SessionId = base::StrongId<SessionTag>;

/// Why a session or its connection ends; the shard turns it into a stream error.
enum class EndReason : std::uint8_t {
    ClosedByPeer,       ///< </stream:stream>, or the connection was lost and the stream cannot be resumed
    ResumeTimeout,      ///< nobody came back in time
    Replaced,           ///< another session took the resource: conflict
    Resumed,            ///< the connection only: the stream goes on elsewhere
    AckTooHigh,         ///< undefined-condition with handled-count-too-high (XEP-0198 §4)
    ConnectionDead,     ///< a barrier was not answered and the kernel holds unacknowledged bytes
    PolicyViolation,    ///< a limit was broken
    ResourceConstraint, ///< our own budget is used up
    NotAuthorized,      ///< the account was removed or disabled
    Shutdown,           ///< the server stops: system-shutdown
};

/// The connection of a session as long as it has one. Calls append to its output; nothing is sent before the turn ends.
class SessionOutput
{
public:
    virtual ~SessionOutput() = default;
    /// A stanza in kept form.
    virtual void stanza(std::string_view bytes) = 0;
    /// An element that is no stanza, with its namespace.
    virtual void nonza(std::string_view bytes) = 0;
    /// For those who build a stanza in place: append kept form to what this returns, then call endStanza().
    virtual std::string &beginStanza() = 0;
    virtual void endStanza() = 0;
    /// Ends the stream with the error that fits, then the connection. The output is not used afterwards.
    virtual void end(EndReason reason) = 0;
    /// Bytes that the peer's kernel has not acknowledged, those not sent yet included.
    virtual std::size_t unacknowledgedBytes() const = 0;
    /// Bytes that wait in our own memory because the kernel takes no more.
    virtual std::size_t waitingBytes() const = 0;
    virtual void pauseReading() = 0;
    virtual void resumeReading() = 0;
    /// The connection itself learns what the client has (BOSH) and calls proveWritten(): no ping has to ask for it.
    virtual bool proves() const { return false; }
    /// More of what came in is durable.
    virtual void onResolved() {}
};

struct SessionLimits {
    std::size_t unprovedMax = 256;
    std::uint32_t uncommittedStanzasMax = 256;
    std::size_t uncommittedBytesMax = 262'144;
    std::size_t keptBytesMax = 262'144;     ///< of stanzas without a row, for a resumption
    std::size_t waitingBytesMax = 262'144;  ///< above it a session lags
    std::size_t outputBytesMax = 4'194'304; ///< above it a session ends
    std::size_t heldPresencesMax = 256;     ///< coalesced presence of a lagging or inactive session
    base::Duration ackRequestDelay = std::chrono::milliseconds(250);
    base::Duration ackAnswerDelayMax = std::chrono::milliseconds(500);
    base::Duration ackTimeout = std::chrono::seconds(60);
    base::Duration barrierTimeout = std::chrono::seconds(60);
    base::Duration idleProbeTime{0}; ///< silence after which the client is asked for a sign of life; 0: never
    base::Duration resumeTimeout = std::chrono::minutes(5);
    /// Where both counts of a stream begin: 0 (XEP-0198 §4). The simulator begins shortly before they wrap.
    std::uint32_t countFrom = 0;
};

class Session;

/// What a session tells its router.
class SessionHost
{
public:
    virtual ~SessionHost() = default;
    virtual void onStanza(Session &session, xml::Stanza &&stanza, std::uint32_t number) = 0;
    virtual void onProved(Session &session, const std::vector<ledger::SeqRange> &ranges) = 0;
    /// Rows can be written (again).
    virtual void onRoom(Session &session) = 0;
    /// The connection is gone; the session waits to be resumed.
    virtual void onDetached(Session &session) = 0;
    /// Over. The session is destroyed by the host, not before the current call into it has returned.
    virtual void onEnded(Session &session, EndReason reason) = 0;
    /// Calls endTurn() when this turn of the loop ends.
    virtual void atEndOfTurn(Session &session) = 0;
    /// Calls tick() at about that time. Asking again does not cancel the earlier wish.
    virtual void wakeAt(Session &session, base::Instant when) = 0;
};

/// How a stanza without a row may be treated when the session cannot take it at once.
enum class Weight : std::uint8_t {
    ChatState, ///< dropped when the session lags or is inactive
    Presence,  ///< only the newest of each sender is kept
    Must,      ///< iq, errors, groupchat: kept
};

class Session
{
public:
    Session(SessionId id, jid::Jid jid, SessionHost &host, const SessionLimits &limits, const base::Clock &clock,
            base::Random &random);

    SessionId id() const noexcept { return m_id; }
    const jid::Jid &jid() const noexcept { return m_jid; }
    bool attached() const noexcept { return m_output != nullptr; }
    bool ended() const noexcept { return m_ended; }
    bool resumable() const noexcept { return !m_resumptionId.empty(); }
    const std::string &resumptionId() const noexcept { return m_resumptionId; }
    SessionOutput *output() noexcept { return m_output; }

    // From the connection.
    void attach(SessionOutput &output);
    void receive(xml::Stanza &&stanza);
    /// XEP-0198 and XEP-0352 elements; false when it is neither (the stream then ends with unsupported-stanza-type).
    bool receive(const xml::Nonza &nonza);
    /// XEP-0198 as the stream is bound, before anything is written: gives <enabled/>, for the answer to the binding.
    struct AckWish {
        bool resume = false;
        std::optional<std::chrono::seconds> max;
    };
    std::string enableInside(const AckWish &wish);
    void setInactive(bool inactive);
    /// A stanza of `bytes` bytes that cannot be routed: counted, answered, resolved.
    void refuse(std::size_t bytes, std::string_view errorReply);
    /// The client took what had to wait for it: it lags no more, whether it acknowledges or not.
    void onOutputDrained();
    void onStreamClosed();
    void onConnectionLost();

    // From the router, inbound.
    /// Stanza `number` of `bytes` bytes is durable, answered or refused.
    void resolve(std::uint32_t number, std::size_t bytes);
    bool allResolved() const noexcept { return m_inbound.unresolved() == 0; }
    std::uint32_t handled() const noexcept;
    /// All that came in on this session, and whether the first `count` of that are resolved.
    std::uint32_t received() const noexcept { return m_inbound.received(); }
    bool resolvedUpTo(std::uint32_t count) const noexcept;
    /// How much was written; for an output that proves by itself, while there is no XEP-0198.
    std::uint32_t written() const noexcept { return m_window.sent(); }
    void proveWritten(std::uint32_t count);

    // From the router and the ledger, outbound.
    std::size_t room() const noexcept;
    /// Writes a row; `text` appends it to the output's buffer.
    template <class Text>
    void writeRow(ledger::Seq seq, ledger::RowForm form, ledger::Gap gap, Text &&text)
    {
        GW_ASSERT(m_output != nullptr);
        text(m_output->beginStanza());
        m_output->endStanza();
        pushedRow(seq, form, gap);
    }
    bool holdsRow(ledger::Seq seq) const { return m_window.holdsRow(seq) || (m_before && m_before->holdsRow(seq)); }
    ledger::Seq lowestRow() const;
    /// Writes a stanza without a row. `sender` coalesces presence. False when the session cannot take it.
    bool write(std::string_view bytes, Weight weight, std::string_view sender);
    /// Writes a stanza that shows a row to the client (an archive result): its proof proves the row.
    void writeProving(std::string_view bytes, ledger::Seq seq);

    // Resumption (XEP-0198 §5).
    enum class ResumeVerdict : std::uint8_t { Accepted, Impossible };
    /// The client says it handled `h` stanzas. Accepted: its proofs are taken; completeResume() follows when everything
    /// that came in is resolved and the rows of unprovedRows() were read.
    ResumeVerdict beginResume(std::uint32_t h);
    std::vector<ledger::Seq> unprovedRows() const;
    /// Stanzas without a row, errors among them, were not acknowledged: they are lost with this session.
    bool owesStanzas() const noexcept { return m_window.size() > m_window.rows(); }
    /// Those of them that are still known, in kept form and order; nothing when the client closed its stream itself.
    /// The window is empty afterwards.
    std::vector<std::string> takeOwedStanzas();
    /// Puts the stream on its new connection and writes again what was not proved; <resumed/> with handled() was
    /// written before. `rows` in any order; those that are
    /// missing are left out. `text(buffer, row, form)` appends a row.
    template <class Text>
    void completeResume(SessionOutput &output, const std::vector<ledger::LogRow> &rows, Text &&text)
    {
        std::vector<ledger::OutgoingWindow::Unproved> unproved = startReplay(output);
        for (ledger::OutgoingWindow::Unproved &entry : unproved) {
            if (!entry.what.isRow()) {
                replayKept(std::move(entry.kept));
                continue;
            }
            for (const ledger::LogRow &row : rows) {
                if (row.seq == entry.what.seq()) {
                    writeRow(row.seq, entry.what.form(), ledger::Gap::Before,
                             [&](std::string &buffer) { text(buffer, row, entry.what.form()); });
                    break;
                }
            }
        }
        finishReplay();
    }
    /// The connection that began a resumption was lost before it was complete.
    void abandonResume();

    void end(EndReason reason);
    void endTurn();
    void tick();
    void wakeAfter(base::Duration time) { m_host.wakeAt(*this, m_clock.now() + time); }

    // Memory (DELIVERY.md rule 16).
    /// What comes in waits below, as long as the process has too much to do.
    enum class Reading : std::uint8_t { Open, Held };
    void setReading(Reading reading);
    /// Bytes that go away by themselves: not durable yet, not taken by the client's kernel yet.
    std::size_t flowingBytes() const noexcept;
    /// Bytes that go away when the client acknowledges or becomes active.
    std::size_t keptBytes() const noexcept;

    /// What an ended session's client acknowledged although it had never been sent so much.
    struct WrongAck {
        std::uint32_t handled = 0;
        std::uint32_t sent = 0;
    };
    WrongAck wrongAck() const noexcept { return {m_wrongAck, m_window.sent()}; }

    bool inactive() const noexcept { return m_inactive; }
    bool acknowledges() const noexcept { return m_enabled; }

private:
    /// Random bytes of an id that nobody can guess.
    static constexpr std::size_t tokenBytes = 12;

    struct HeldPresence {
        std::string sender;
        std::string bytes;
    };

    void pushedRow(ledger::Seq seq, ledger::RowForm form, ledger::Gap gap);
    void pushKept(std::string_view bytes, ledger::Seq proves, Weight weight);
    void enable(xml::ElementView request);
    void refuseNonza();
    void onAck(xml::ElementView ack);
    void onAckRequest();
    void answerAckRequest();
    void holdPresence(std::string_view bytes, std::string_view sender);
    void flushHeld();
    void goOn();
    bool lags() const;
    void limitReading();
    ack::AckOutcome proveUpTo(std::uint32_t h);
    void proveBefore();
    void sendBarrier();
    bool takeBarrierAnswer(const xml::Stanza &stanza);
    void onBarrierTimeout();
    void requestAck();
    void expectAck();
    void onAckTimeout();
    void expectSign();
    void askForSign();
    void wantEndOfTurn();
    std::vector<ledger::OutgoingWindow::Unproved> startReplay(SessionOutput &output);
    void replayKept(ledger::OutgoingWindow::Kept &&kept);
    void finishReplay();
    void noteUnkept(std::uint32_t count);
    bool missesUnkept() const;

    SessionId m_id;
    jid::Jid m_jid;
    SessionHost &m_host;
    const SessionLimits &m_limits;
    const base::Clock &m_clock;
    base::Random &m_random;
    SessionOutput *m_output = nullptr;

    ack::AckPrefix m_inbound;
    std::uint32_t m_inboundBase = 0; ///< the number of the last stanza before XEP-0198 was enabled
    std::uint32_t m_answerUpTo = 0;  ///< the newest stanza that an unanswered <r/> asks about
    std::size_t m_uncommittedBytes = 0;

    ledger::OutgoingWindow m_window;
    std::unique_ptr<ledger::OutgoingWindow> m_before; ///< what was written before XEP-0198 was enabled
    std::unique_ptr<std::vector<HeldPresence>> m_held;
    std::uint32_t m_requestedUpTo = 0; ///< count of the window when an ack was last asked for
    std::uint32_t m_wrongAck = 0;
    std::string m_resumptionId;
    base::Duration m_resumeFor{}; ///< how long it waits for its client, of what both want the shorter
    std::string m_barrierId;      ///< of the ping that is out; empty when none is
    std::uint32_t m_barrierCount = 0;
    std::uint32_t m_unkeptUpTo = 0; ///< count of the window when the newest stanza was written that could not be kept
    base::Instant m_barrierDeadline{};
    base::Instant m_requestAt{}; ///< the next <r/> goes out with a row, and not before
    base::Instant m_requestBy{}; ///< or alone, then
    base::Instant m_answerBy{};
    base::Instant m_ackBy{};    ///< an <r/> is out and unanswered until then
    base::Instant m_ackWake{};  ///< when to look at m_ackBy next; one wish at a time, however many <r/> go out
    base::Instant m_heardAt{};  ///< when something came in last
    base::Instant m_silentAt{}; ///< when to look next whether anything did
    base::Instant m_detachedUntil{};

    bool m_enabled : 1 = false;
    bool m_ended : 1 = false;
    bool m_closedInOrder : 1 = false;
    bool m_inactive : 1 = false;
    bool m_resuming : 1 = false;
    bool m_readingPaused : 1 = false;
    bool m_readingHeld : 1 = false;
    bool m_answerWanted : 1 = false;
    bool m_requestWanted : 1 = false; ///< tick() is to send an <r/>
    bool m_baseResolved : 1 = false;  ///< everything that came before XEP-0198 was enabled is resolved
    bool m_weakProof : 1 = false;
    bool m_endOfTurnWanted : 1 = false;
    bool m_unkept : 1 = false; ///< a resumption would lose what m_unkeptUpTo counts, until that is acknowledged
    bool m_lagged : 1 = false; ///< at the end of a turn, before the system was given anything
};

} // namespace godwit::session
