// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// One BOSH session (XEP-0124, XEP-0206) without I/O: requests in, in whatever order they come; a stream's bytes out of
// them in the order of their rids; answers back. What is promised (DELIVERY.md rule 14): a request is not answered, and
// no `ack` of ours covers it, before every payload up to it is durable; and what went out in an answer is proved only
// by what the client says or must have seen.
//
//   request ─► waits for its turn (rid) ─► is read, child by child, as the stream takes them ─► held until durable, and
//   until there is something to say, its time is over, or a later request is held ─► answered, kept for a repetition
#pragma once

#include "base/Clock.h"
#include "bosh/AnswerBook.h"
#include "bosh/Body.h"
#include "bosh/KeySequence.h"
#include "bosh/Reply.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::bosh
{

/// Where an answer goes: a request on one of the connections of one of the shards.
struct Ticket {
    std::uint64_t connection = 0;
    std::uint32_t exchange = 0;
    std::uint32_t shard = 0;
    bool secure = false; ///< the connection is encrypted, as far as anybody can tell
};

struct BindingLimits {
    std::uint32_t holdMax = 2;
    base::Duration waitMax = std::chrono::seconds(60);
    base::Duration inactivity = std::chrono::seconds(60);
    base::Duration pauseMax = std::chrono::seconds(120);
    base::Duration polling = std::chrono::seconds(2); ///< between two empty requests of a polling session
};

/// The stream above, and the way back to the client.
class BindingHost
{
public:
    virtual ~BindingHost() = default;
    virtual void answer(const Ticket &ticket, Reply &&reply) = 0;
    /// Bytes of an XML stream. The stream may call Binding::write() and end() from within.
    virtual void feed(std::string_view bytes) = 0;
    /// The stream takes more now. Binding::advance() is called when that changes.
    virtual bool reads() const = 0;
    /// How many stanzas it has taken, and whether the first `count` of them are durable, answered or refused.
    virtual std::uint32_t received() const = 0;
    virtual bool resolved(std::uint32_t count) const = 0;
    /// How much was written to the client so far, and that the client has all of the first `count`.
    virtual std::uint32_t written() const = 0;
    virtual void proved(std::uint32_t count) = 0;
    /// The client is gone, or broke the rules.
    virtual void lost() = 0;
};

class Binding
{
public:
    /// Limits, host and clock outlive it.
    Binding(const BindingLimits &limits, BindingHost &host, const base::Clock &clock, std::string sid);

    /// The request that creates the session.
    void begin(Body &&body, const Ticket &ticket);
    void request(Body &&body, const Ticket &ticket);
    /// What the stream has for the client.
    void write(std::string_view bytes) { m_out += bytes; }
    /// The stream said its last word; `condition` is empty when it ended in order.
    void end(std::string_view condition);
    /// Does what can be done; called when something may have changed, at the end of a turn.
    void advance();
    /// When to call advance() again, at the latest.
    std::optional<base::Instant> deadline() const;

    const std::string &sid() const noexcept { return m_sid; }
    /// Ended, and the client knows, or will not ask any more.
    bool over() const noexcept { return m_over; }
    std::size_t waitingBytes() const noexcept { return m_out.size(); }
    /// The id of the stream, told in the first answer.
    void setStreamId(std::string_view id) { m_streamId = id; }

private:
    struct Waiting {
        Body body;
        Ticket ticket;
        std::size_t nextChild = 0;
        bool judged = false;
    };
    struct Held {
        std::uint64_t rid = 0;
        Ticket ticket;
        std::string key;
        std::uint32_t mark = 0; ///< stanzas of the stream up to this request
        base::Instant until{};
        bool pause = false;
    };
    /// What is known of a rid that came before; `ticket` is null when it was answered.
    struct Known {
        const std::string *key = nullptr;
        const AnswerBook::Entry *answered = nullptr;
        Ticket *ticket = nullptr;
    };

    Known known(std::uint64_t rid);
    bool repeated(const Body &body, const Ticket &ticket);
    std::uint32_t outMax(const Body &body) const;
    bool lastWaits() const;
    void readNext();
    bool judge(Waiting &current);
    bool readCurrent();
    void takeProofs(const Body &body);
    void prove(std::uint64_t rid);
    bool pollsTooOften(const Body &body);
    void answerWhatCanBe();
    void sayFarewell();
    bool mustAnswer() const;
    void answerOldest();
    void give(const Ticket &ticket, std::string text);
    void refuse(const Ticket &ticket, std::string_view condition);
    std::string attributesFor(const Held &held);
    void creationAttributes(std::string &attributes) const;
    void breakOff(std::string_view condition);
    std::vector<Ticket> takeTickets();
    void terminateAll();
    void watchActivity();
    std::string streamHeader() const;

    const BindingLimits &m_limits;
    BindingHost &m_host;
    const base::Clock &m_clock;
    std::string m_sid;
    std::string m_to;
    std::string m_from;
    std::string m_language;
    std::string m_streamId;
    std::string m_version; ///< of BOSH, that both know
    std::string m_content; ///< the media type of answers, when the client wants another
    KeySequence m_keys;

    std::uint64_t m_next = 0; ///< the rid that is read next
    std::map<std::uint64_t, Waiting> m_waiting;
    std::deque<Held> m_held;
    AnswerBook m_answered;
    std::string m_out;
    std::uint32_t m_told = 0; ///< what of the stream was in answers, as BindingHost::written() counts
    std::string m_condition;

    std::uint32_t m_hold = 1;
    std::uint32_t m_requests = 2;
    base::Duration m_wait{};
    base::Instant m_idleSince{};
    base::Duration m_patience{}; ///< how long it may be idle
    base::Instant m_emptyAt{};   ///< the last request of a polling session that had nothing to say
    std::uint64_t m_createdBy = 0;
    bool m_acks = false;    ///< the client acknowledges (XEP-0124 §9)
    bool m_legacy = false;  ///< it is older than terminal conditions (XEP-0124 §17)
    bool m_leaving = false; ///< it said farewell; nothing is read behind it
    bool m_ended = false;   ///< the stream is over
    bool m_over = false;
    bool m_reading = false; ///< within feed()
};

} // namespace godwit::bosh
