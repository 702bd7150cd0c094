// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "runtime/BoshPeer.h"

#include "runtime/BoshHost.h"
#include "runtime/ShardThread.h"

#include <algorithm>
#include <utility>

namespace godwit::runtime
{

BoshPeer::BoshPeer(BoshHost &host, std::string sid, const net::SocketAddress &address,
                   std::optional<stream::TlsInfo> tls)
    : m_host(&host)
    , m_address(address)
    , m_binding(host.limits(), *this, host.thread().poller().clock(), std::move(sid))
    , m_secure(tls.has_value())
{
    shard::Shard &shard = host.thread().shard();
    auto wire = std::make_unique<wire::BoshWire>(shard.parsers());
    m_wire = wire.get();
    m_stream = std::make_unique<shard::ClientStream>(shard, *this, std::move(wire), std::move(tls));
    limitHandshake();
}

BoshPeer::~BoshPeer() = default;

void BoshPeer::limitHandshake()
{
    m_handshakeTimer = m_host->thread().poller().timers().start(m_host->thread().options().handshakeTime,
                                                                [this] { onHandshakeTimeout(); });
}

void BoshPeer::onHandshakeTimeout()
{
    m_handshakeTimer = {};
    m_stream->abort(
        stream::StreamError{stream::StreamCondition::ConnectionTimeout, "Logging in took too long", {}, {}});
    m_host->wantAdvance(*this);
}

void BoshPeer::abortNegotiation()
{
    if (!m_stream->bound()) {
        m_stream->abort(stream::StreamError{stream::StreamCondition::SystemShutdown, {}, {}, {}});
        m_host->wantAdvance(*this);
    }
}

void BoshPeer::begin(bosh::Body &&body, const bosh::Ticket &ticket)
{
    m_binding.begin(std::move(body), ticket);
    m_host->wantAdvance(*this);
}

void BoshPeer::request(bosh::Body &&body, const bosh::Ticket &ticket)
{
    if (m_secure && !ticket.secure) {
        // Whoever reads along may not end the session either (XEP-0124 §18.1).
        m_host->answer(ticket, {{}, {}, bosh::Reply::Status::Forbidden, true});
        return;
    }
    m_binding.request(std::move(body), ticket);
    m_host->wantAdvance(*this);
}

bool BoshPeer::advance()
{
    m_binding.advance();
    armTimer();
    if (!m_binding.over()) {
        return true;
    }
    lost();
    return false;
}

void BoshPeer::armTimer()
{
    net::Timers &timers = m_host->thread().poller().timers();
    timers.cancel(std::exchange(m_timer, {}));
    if (const std::optional<base::Instant> deadline = m_binding.deadline()) {
        const base::Duration delay =
            std::max(base::Duration::zero(), *deadline - m_host->thread().poller().clock().now());
        m_timer = timers.start(delay, [this] {
            m_timer = {};
            m_host->wantAdvance(*this);
        });
    }
}

void BoshPeer::leave()
{
    net::Timers &timers = m_host->thread().poller().timers();
    timers.cancel(std::exchange(m_timer, {}));
    timers.cancel(std::exchange(m_handshakeTimer, {}));
}

void BoshPeer::join(BoshHost &host)
{
    m_host = &host;
    m_moving = false;
    limitHandshake();
    m_stream->arrive(host.thread().shard());
    m_host->wantAdvance(*this);
}

void BoshPeer::send(std::string_view bytes)
{
    if (!m_wire->streamId().empty()) {
        m_binding.setStreamId(m_wire->streamId());
    }
    m_binding.write(bytes);
    m_host->wantAdvance(*this);
}

void BoshPeer::close()
{
    m_binding.end(m_wire->condition());
    m_host->wantAdvance(*this);
}

void BoshPeer::resumeReading()
{
    m_paused = false;
    m_host->wantAdvance(*this);
}

void BoshPeer::moveTo(ledger::ShardIndex shard)
{
    m_moving = true;
    m_host->moveAtTurnEnd(*this, shard);
}

void BoshPeer::onBound()
{
    m_host->thread().poller().timers().cancel(std::exchange(m_handshakeTimer, {}));
    m_progress = AddressGate::Progress::Passed;
    m_host->thread().gate().pass(m_address);
    m_host->wantAdvance(*this);
}

void BoshPeer::onResolved()
{
    m_host->wantAdvance(*this);
}

void BoshPeer::answer(const bosh::Ticket &ticket, bosh::Reply &&reply)
{
    m_host->answer(ticket, std::move(reply));
}

void BoshPeer::feed(std::string_view bytes)
{
    m_stream->onBytes(bytes);
}

void BoshPeer::lost()
{
    if (!m_closed) {
        m_closed = true;
        m_stream->onClosed();
    }
}

} // namespace godwit::runtime
