// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// Pairs whose senders fill a quota of messages, as the modes with absent receivers use them: a window of unaccepted
// messages a sender, and books of what arrives.
#pragma once

#include "Common.h"

#include <memory>
#include <string>
#include <vector>

namespace godwit::load
{

class QuotaPairs final : public SessionUser
{
public:
    QuotaPairs(Loop &loop, const Options &options, const Meter &meter, Tally tally);

    [[nodiscard]] LoginFigures senders();
    /// Logs the receivers in, anew if they were there before; with another resource where it is given.
    [[nodiscard]] LoginFigures receivers(const std::string &resource);

    /// Lets each sender send so many more messages and waits until all are accepted or refused, or nothing moves.
    /// Returns the seconds that took.
    double send(unsigned perPair);
    /// The same without waiting.
    void startSending(unsigned perPair);
    /// Waits until every accepted message has arrived or bounced, or nothing has moved for `quiet` seconds.
    void waitForDelivery(double quiet);
    [[nodiscard]] bool allAccepted() const;

    void hangReceivers();
    void cutReceivers();
    void leaveSenders();

    [[nodiscard]] Tally &tally() { return m_tally; }
    /// Why a session ended that was not meant to; empty when none did.
    [[nodiscard]] const std::string &failure() const { return m_failure; }
    [[nodiscard]] Micros firstReceiverReady() const { return m_firstReady; }
    [[nodiscard]] Micros lastArrival() const { return m_lastArrival; }

    void onReady(Session &session) override;
    void onStanza(Session &session, std::string_view stanza) override;
    void onAccepted(Session &session, Tag tag) override;
    void onClosed(Session &session) override;

private:
    struct Pair {
        std::unique_ptr<Session> sender;
        std::unique_ptr<Session> receiver;
        std::string receiverJid;
        std::uint32_t quota = 0;
    };
    void refill(std::size_t pair);
    [[nodiscard]] std::uint64_t progress() const;

    Loop &m_loop;
    const Options &m_options;
    const Meter &m_meter;
    Endpoint m_receiverEndpoint;
    std::vector<Pair> m_pairs;
    Tally m_tally;
    Composer m_composer;
    bool m_logged = false;
    Micros m_firstReady = 0;
    Micros m_lastArrival = 0;
    std::string m_failure;
};

} // namespace godwit::load
