// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The books of the generator: every message it sent, what became of it, and the times in between. It is what the
// figures of loss, order and doubles are read from, so it believes nothing that a server says but the ids that arrive.
#pragma once

#include "Histogram.h"
#include "Loop.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace godwit::load
{

/// One message: the pair that it is sent in, and its place in the pair, from 0.
struct MessageName {
    std::uint32_t pair = 0;
    std::uint32_t seq = 0;
};

enum class Arrival {
    Fresh,   ///< seen for the first time
    Copy,    ///< seen before, with the same stanza-id: delivered again
    Doubled, ///< seen before, but with another stanza-id: the server stored it twice
    Foreign, ///< not of this run
};

class Tally
{
public:
    Tally(std::size_t pairs, std::string run);

    /// Name of the run; part of each id.
    [[nodiscard]] const std::string &run() const { return m_run; }
    [[nodiscard]] std::size_t pairs() const { return m_pairs.size(); }

    /// Opens the record of the pair's next message.
    MessageName add(std::size_t pair, Micros time);
    void accepted(MessageName name, Micros time);
    /// `id` is the message's id attribute, `stanzaId` its XEP-0359 id by the receiver's account where there is one.
    Arrival received(std::string_view id, std::string_view stanzaId, Micros time);
    /// An error came back for this id.
    void bounced(std::string_view id);

    [[nodiscard]] std::string idOf(MessageName name) const;
    [[nodiscard]] std::optional<MessageName> named(std::string_view id) const;
    [[nodiscard]] bool isReceived(MessageName name) const;

    /// Times are put into the histograms only while this is on.
    void measure(bool on) { m_measuring = on; }

    [[nodiscard]] std::uint32_t sentIn(std::size_t pair) const;
    [[nodiscard]] std::uint32_t acceptedIn(std::size_t pair) const { return m_pairs[pair].accepted; }
    [[nodiscard]] std::uint32_t deliveredIn(std::size_t pair) const { return m_pairs[pair].delivered; }
    /// Messages of the pair that are not both accepted and delivered (or bounced).
    [[nodiscard]] std::uint32_t openIn(std::size_t pair) const;

    [[nodiscard]] std::uint64_t sent() const { return m_sent; }
    [[nodiscard]] std::uint64_t accepted() const { return m_accepted; }
    [[nodiscard]] std::uint64_t delivered() const { return m_delivered; }
    [[nodiscard]] std::uint64_t bouncedTotal() const { return m_bounced; }
    [[nodiscard]] std::uint64_t copies() const { return m_copies; }
    [[nodiscard]] std::uint64_t doubled() const { return m_doubled; }
    [[nodiscard]] std::uint64_t orderBreaks() const { return m_orderBreaks; }
    [[nodiscard]] std::uint64_t foreign() const { return m_foreign; }

    /// Accepted messages that have not arrived; those that came back as an error are the second figure's.
    struct Missing {
        std::uint64_t lost = 0;
        std::uint64_t bounced = 0;
    };
    [[nodiscard]] Missing missing() const;

    /// Send to received, and send to ack, since they were taken last.
    [[nodiscard]] Histogram takeDeliveryTimes() { return std::exchange(m_deliveryTimes, Histogram()); }
    [[nodiscard]] Histogram takeAcceptTimes() { return std::exchange(m_acceptTimes, Histogram()); }

    /// A file that a later process continues the books from (store now, drain later). Empty string or the error.
    [[nodiscard]] std::string save(const std::string &path) const;
    [[nodiscard]] static std::optional<Tally> load(const std::string &path);

private:
    struct Record {
        Micros sentAt = 0;
        std::uint32_t stanzaId = 0;
        bool accepted = false;
        bool received = false;
        bool bounced = false;
    };
    struct Pair {
        std::vector<Record> records;
        std::uint32_t accepted = 0;
        std::uint32_t delivered = 0;
        std::uint32_t settled = 0; // accepted, and delivered or bounced
        std::uint32_t highest = 0; // one above the highest seq received
    };
    Record *find(std::string_view id, MessageName &name);
    static bool isSettled(const Record &record) { return record.accepted && (record.received || record.bounced); }

    std::string m_run;
    std::vector<Pair> m_pairs;
    bool m_measuring = false;
    std::uint64_t m_sent = 0;
    std::uint64_t m_accepted = 0;
    std::uint64_t m_delivered = 0;
    std::uint64_t m_bounced = 0;
    std::uint64_t m_copies = 0;
    std::uint64_t m_doubled = 0;
    std::uint64_t m_orderBreaks = 0;
    std::uint64_t m_foreign = 0;
    Histogram m_deliveryTimes;
    Histogram m_acceptTimes;
};

} // namespace godwit::load
