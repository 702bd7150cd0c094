// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Link.h"

#include "Client.h"
#include "ServerProcess.h"

#include <algorithm>

namespace godwit::sim
{

namespace
{

constexpr Duration closeTimeout = std::chrono::seconds(5);
constexpr Duration handshakeTime = std::chrono::seconds(30);
/// Rule 5 asks for 500 ms.
constexpr Duration answerTimeMax = std::chrono::milliseconds(510);
/// In which a shard has surely heard from the disk.
constexpr Duration followTimeMax = std::chrono::seconds(1);

} // namespace

Link::Link(Stage &stage, ServerProcess &server, Checker &checker, Client &client, std::string account)
    : m_stage(stage)
    , m_server(server)
    , m_checker(checker)
    , m_client(&client)
{
    conversation.client = client.index();
    conversation.account = std::move(account);
}

Link::~Link() = default;

Duration Link::latency()
{
    return m_stage.delay(Duration(20), m_stage.faults ? m_stage.options.latencyMax : Duration(1'000));
}

// To the server -------------------------------------------------------------------------------------------------------

void Link::sendToServer(std::string_view bytes)
{
    if (!m_upDead && !m_upEnds) {
        m_up += bytes;
        scheduleUp();
    }
}

void Link::scheduleUp()
{
    if (m_upScheduled) {
        return;
    }
    m_upScheduled = true;
    m_stage.timeline.after(latency(), [self = shared_from_this()] {
        self->m_upScheduled = false;
        self->deliverUp();
    });
}

void Link::deliverUp()
{
    if (!m_stream || m_moving || m_paused || m_upDead) {
        return;
    }
    if (!m_up.empty()) {
        const std::size_t some = m_stage.options.fragments ? m_stage.between(1, m_up.size()) : m_up.size();
        const std::string chunk = m_up.substr(0, some);
        m_up.erase(0, some);
        readUp(chunk);
    }
    if (!m_up.empty()) {
        scheduleUp();
    } else if (m_upEnds) {
        endServerSide(Duration(0));
    }
}

void Link::readUp(const std::string &chunk)
{
    m_upFrames.clear();
    m_upCutter.feed(chunk, m_upFrames);
    if (lives()) {
        for (const Frame &frame : m_upFrames) {
            m_checker.onRead(conversation, frame.text);
            if (nameOf(frame.text) == "r" && conversation.session) {
                awaitAnswer();
                awaitFollowUp(conversation.session->read, false);
            }
        }
    }
    m_checker.setActing(conversation.session.get());
    m_server.turn(m_shard, [&] { m_stream->onBytes(chunk); });
    m_checker.setActing(nullptr);
    conversation.mustEnd = conversation.tooHigh;
}

void Link::awaitAnswer()
{
    m_stage.timeline.after(answerTimeMax, [self = shared_from_this(), answers = conversation.answers] {
        if (self->lives() && self->conversation.answers == answers) {
            self->m_stage.report.fail("rule 5 (answered in time)", "an <r/> of client " +
                                                                       std::to_string(self->conversation.client) +
                                                                       " was not answered for half a second");
        }
    });
}

void Link::awaitFollowUp(std::uint32_t upTo, bool settled)
{
    m_stage.timeline.after(followTimeMax, [self = shared_from_this(), upTo, settled, session = conversation.session] {
        if (!self->lives() || self->conversation.session != session || session->told >= upTo) {
            return;
        }
        // A resend may be durable long before the server has read that it is.
        const bool now = self->m_stage.readsPromptly() && self->m_checker.settled(*session, upTo);
        if (now && settled) {
            self->m_stage.report.fail("rule 5 (an ack follows)", "client " + std::to_string(self->conversation.client) +
                                                                     " was told of " + std::to_string(session->told) +
                                                                     " stanzas where " + std::to_string(upTo) +
                                                                     " are durable");
            return;
        }
        self->awaitFollowUp(upTo, now);
    });
}

void Link::pauseReading()
{
    m_stage.saw(Event::ReadingPaused);
    m_paused = true;
}

void Link::resumeReading()
{
    m_paused = false;
    scheduleUp();
}

// To the client -------------------------------------------------------------------------------------------------------

void Link::send(std::string_view bytes)
{
    m_written += bytes.size();
    const std::size_t before = m_frames.size();
    m_cutter.feed(bytes, m_frames);
    for (std::size_t i = before; i < m_frames.size(); ++i) {
        m_stage.report.note("server to client ", conversation.client, ": ", m_frames[i].text);
        m_checker.onWritten(conversation, m_frames[i].text);
    }
    m_server.touch(*this);
}

void Link::onTurnEnd()
{
    m_checker.onTurnEnd(conversation);
    flush();
    scheduleDown();
}

void Link::flush()
{
    m_flushed = std::max(m_flushed, std::min<std::uint64_t>(m_written, m_delivered + m_stage.options.kernelBytes));
    const bool lags = waitingBytes() > m_stage.options.session.waitingBytesMax;
    m_stage.saw(Event::Lagging, lags && !m_lagging ? 1 : 0);
    m_lagging = lags;
    if (m_flushed < m_written) {
        m_waited = true;
    } else if (m_waited) {
        m_waited = false;
        m_stage.timeline.after(Duration(0), [self = shared_from_this()] {
            if (self->m_stream && !self->m_moving) {
                self->m_server.turn(self->m_shard, [&] { self->m_stream->onOutputDrained(); });
            }
        });
    }
    if (m_closing && m_flushed == m_written) {
        endServerSide(Duration(100));
    }
}

void Link::scheduleDown()
{
    if (m_downScheduled || !m_client || m_delivered >= std::min(m_flushed, m_arrivable)) {
        return;
    }
    m_downScheduled = true;
    const Duration stalled = std::max(Duration(0), m_stalledUntil - m_stage.timeline.now());
    m_stage.timeline.after(latency() + stalled, [self = shared_from_this()] {
        self->m_downScheduled = false;
        self->deliverDown();
    });
}

void Link::deliverDown()
{
    if (m_stalledUntil > m_stage.timeline.now()) {
        scheduleDown();
        return;
    }
    const std::uint64_t most = std::min(m_flushed, m_arrivable);
    if (m_delivered < most) {
        m_delivered = m_stage.options.fragments ? m_stage.between(m_delivered + 1, most) : most;
    }
    flush();
    while (m_client && !m_frames.empty() && m_frames.front().end <= m_delivered) {
        const Frame frame = std::move(m_frames.front());
        m_frames.pop_front();
        m_lastEnd = frame.end;
        m_client->onFrame(*this, frame.text);
    }
    scheduleDown();
    if (!m_stream && m_delivered >= std::min(m_flushed, m_arrivable)) {
        endClientSide(Duration(0));
    }
}

// Ends ----------------------------------------------------------------------------------------------------------------

void Link::closeByClient()
{
    m_client = nullptr;
    m_upEnds = true;
    m_arrivable = std::min(m_arrivable, m_delivered);
    scheduleUp();
}

void Link::vanish()
{
    m_client = nullptr;
    cut();
}

void Link::cut()
{
    if (m_upDead) {
        return;
    }
    m_stage.report.note("the connection of client ", conversation.client, " is cut");
    // What is on its way arrives up to some byte.
    m_up.resize(m_stage.between(0, m_up.size()));
    if (!m_up.empty()) {
        deliverUp();
    }
    m_upDead = true;
    m_arrivable = m_stage.between(m_delivered, m_flushed);
    seeWhereCut();
    const bool late = m_stage.faults && m_stage.options.halfOpen && m_stage.chance(60);
    m_stage.saw(Event::HalfOpen, late ? 1 : 0);
    endServerSide(late ? m_stage.delay(std::chrono::seconds(1), std::chrono::seconds(90))
                       : m_stage.delay(Duration(0), std::chrono::milliseconds(300)));
    endClientSide(m_stage.delay(Duration(0), std::chrono::milliseconds(600)));
}

void Link::seeWhereCut()
{
    m_stage.saw(Event::Cut);
    m_stage.saw(Event::CutInsideElementUp, m_upCutter.inside() ? 1 : 0);
    std::uint64_t whole = m_lastEnd;
    for (const Frame &frame : m_frames) {
        whole = frame.end <= m_arrivable ? frame.end : whole;
    }
    m_stage.saw(Event::CutInsideElementDown, m_arrivable > whole ? 1 : 0);
}

void Link::stall(Duration time)
{
    m_stalledUntil = m_stage.timeline.now() + time;
    m_stage.report.note("client ", conversation.client, " does not read");
}

void Link::endServerSide(Duration delay)
{
    m_stage.timeline.after(delay, [self = shared_from_this()] { self->serverSideClosed(); });
}

void Link::endClientSide(Duration delay)
{
    m_stage.timeline.after(delay, [self = shared_from_this()] {
        if (self->m_client) {
            Client &client = *self->m_client;
            self->m_client = nullptr;
            client.onLinkClosed(*self);
        }
    });
}

void Link::serverSideClosed()
{
    if (!m_stream || m_ended) {
        return;
    }
    if (m_moving) {
        endServerSide(std::chrono::milliseconds(5));
        return;
    }
    m_ended = true;
    m_stage.report.note("server: the connection of client ", conversation.client, " is closed");
    m_upDead = true;
    m_arrivable = std::min(m_arrivable, m_flushed);
    m_server.turn(m_shard, [&] { m_stream->onClosed(); });
    m_server.forget(*this);
    if (m_delivered >= m_arrivable) {
        endClientSide(latency());
    } else {
        scheduleDown();
    }
}

void Link::onServerCrash()
{
    m_stream.reset();
    m_upDead = true;
    m_moving = false;
    if (m_arrivable > m_flushed) {
        m_arrivable = m_stage.between(m_delivered, m_flushed);
    }
    endClientSide(m_stage.delay(Duration(0), std::chrono::milliseconds(500)));
}

// The stream's wishes -------------------------------------------------------------------------------------------------

void Link::open(ledger::ShardIndex shard)
{
    m_shard = shard;
    m_stream = std::make_unique<shard::ClientStream>(m_server.shard(shard), *this, std::nullopt);
    m_stage.timeline.after(handshakeTime, [self = shared_from_this()] {
        if (self->m_stream && !self->m_bound && !self->m_moving) {
            self->m_server.turn(self->m_shard, [&] {
                self->m_stream->abort(stream::StreamError{stream::StreamCondition::ConnectionTimeout, {}, {}, {}});
            });
            self->close();
        }
    });
}

void Link::close()
{
    if (m_closing) {
        return;
    }
    m_closing = true;
    m_server.touch(*this);
    m_stage.timeline.after(closeTimeout, [self = shared_from_this()] { self->serverSideClosed(); });
}

void Link::moveTo(ledger::ShardIndex shard)
{
    m_moving = true;
    m_stage.saw(Event::ConnectionMoved);
    m_server.move(*this, shard);
}

void Link::arriveAt(ledger::ShardIndex shard)
{
    m_shard = shard;
    m_moving = false;
    m_checker.setActing(conversation.session.get());
    m_server.turn(shard, [&] { m_stream->arrive(m_server.shard(shard)); });
    m_checker.setActing(nullptr);
    scheduleUp();
}

} // namespace godwit::sim
