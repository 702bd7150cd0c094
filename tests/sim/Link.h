// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// One connection between a client and the server, with all that can happen to it: cut at any byte in either direction,
// late, stalled, half open. It is the Transport of a ClientStream on the server's side and a pair of functions on the
// client's. Towards the server it carries bytes; towards the client it counts them, and the frames that they make up
// come out whole when their last byte has arrived.
#pragma once

#include "Checker.h"
#include "shard/ClientStream.h"

namespace godwit::sim
{

class Client;
class ServerProcess;

class Link final : public shard::Transport, public std::enable_shared_from_this<Link>
{
public:
    Link(Stage &stage, ServerProcess &server, Checker &checker, Client &client, std::string account);
    ~Link() override;

    // The client's side.
    void sendToServer(std::string_view bytes);
    /// The client closes after what it sent, or is gone without a word.
    void closeByClient();
    void vanish();

    // The network.
    void cut();
    void stall(Duration time);

    // The server's side.
    void open(ledger::ShardIndex shard);
    bool served() const noexcept { return m_stream != nullptr; }
    shard::ClientStream &stream() { return *m_stream; }
    ledger::ShardIndex shard() const noexcept { return m_shard; }
    /// The stream sees the end of its connection; its memory goes at the end of the turn.
    void serverSideClosed();
    void dropServerSide() { m_stream.reset(); }
    void onServerCrash();
    void onTurnEnd();
    void arriveAt(ledger::ShardIndex shard);

    void send(std::string_view bytes) override;
    void startTls() override {}
    void close() override;
    void pauseReading() override;
    void resumeReading() override;
    std::size_t unacknowledgedBytes() const override { return m_flushed - m_delivered; }
    std::size_t waitingBytes() const override { return m_written - m_flushed; }
    void moveTo(ledger::ShardIndex shard) override;
    void onBound() override { m_bound = true; }

    Conversation conversation;

private:
    /// The server serves the client's session on this connection.
    bool lives() const { return m_stream && !m_closing && !m_ended; }
    void readUp(const std::string &chunk);
    void awaitAnswer();
    void awaitFollowUp(std::uint32_t upTo, bool settled);
    void seeWhereCut();
    void scheduleUp();
    void deliverUp();
    void scheduleDown();
    void deliverDown();
    void flush();
    void endServerSide(Duration delay);
    void endClientSide(Duration delay);
    Duration latency();

    Stage &m_stage;
    ServerProcess &m_server;
    Checker &m_checker;
    Client *m_client; ///< null when it is gone or knows that the connection is
    std::unique_ptr<shard::ClientStream> m_stream;
    ledger::ShardIndex m_shard = 0;

    std::string m_up; ///< on its way to the server
    FrameCutter m_upCutter;
    std::deque<Frame> m_upFrames; ///< read by the server in this turn
    FrameCutter m_cutter;
    std::deque<Frame> m_frames;
    std::uint64_t m_lastEnd = 0;            ///< of the last frame that arrived
    std::uint64_t m_written = 0;            ///< by the server, in all
    std::uint64_t m_flushed = 0;            ///< taken by its kernel
    std::uint64_t m_delivered = 0;          ///< arrived at the client
    std::uint64_t m_arrivable = UINT64_MAX; ///< nothing behind this byte arrives any more
    base::Instant m_stalledUntil{};
    bool m_upScheduled = false;
    bool m_downScheduled = false;
    bool m_upEnds = false; ///< the client closed behind what is on its way
    bool m_upDead = false; ///< nothing reaches the server any more
    bool m_paused = false;
    bool m_moving = false;
    bool m_lagging = false;
    bool m_waited = false;  ///< not all that was written was taken
    bool m_closing = false; ///< the server closes behind what it wrote
    bool m_bound = false;
    bool m_ended = false; ///< the end of the server's side is under way
};

} // namespace godwit::sim
