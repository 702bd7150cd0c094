// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A client that comes by BOSH: the binding of its requests with the stream above. Owned by the BoshHost of the shard it
// is on, and handed to another when the stream moves to its account's home.
#pragma once

#include "bosh/Binding.h"
#include "net/SocketAddress.h"
#include "net/Timers.h"
#include "runtime/AddressGate.h"
#include "shard/ClientStream.h"
#include "shard/Transport.h"
#include "wire/BoshWire.h"

#include <memory>

namespace godwit::runtime
{

class BoshHost;

class BoshPeer final : public shard::Transport, private bosh::BindingHost
{
public:
    BoshPeer(BoshHost &host, std::string sid, const net::SocketAddress &address, std::optional<stream::TlsInfo> tls);
    ~BoshPeer() override;

    void begin(bosh::Body &&body, const bosh::Ticket &ticket);
    void request(bosh::Body &&body, const bosh::Ticket &ticket);
    /// At the end of a turn in which something happened. False when the session is over.
    bool advance();
    /// Leaves its shard; join() follows on the other one.
    void leave();
    void join(BoshHost &host);
    /// For good: the server stops.
    void stopReading() { m_stopped = true; }
    /// A login that did not end yet is told that the server stops.
    void abortNegotiation();

    const std::string &sid() const noexcept { return m_binding.sid(); }
    const net::SocketAddress &address() const noexcept { return m_address; }
    AddressGate::Progress progress() const noexcept { return m_progress; }
    bool queued = false; ///< advance() is asked for

    // shard::Transport
    void send(std::string_view bytes) override;
    void startTls() override {}
    void close() override;
    void pauseReading() override { m_paused = true; }
    void resumeReading() override;
    std::size_t unacknowledgedBytes() const override { return 0; }
    std::size_t waitingBytes() const override { return m_binding.waitingBytes(); }
    void moveTo(ledger::ShardIndex shard) override;
    void onBound() override;
    bool proves() const override { return true; }
    void onResolved() override;

private:
    // bosh::BindingHost
    void answer(const bosh::Ticket &ticket, bosh::Reply &&reply) override;
    void feed(std::string_view bytes) override;
    bool reads() const override { return !m_paused && !m_stopped && !m_moving && m_stream->reads(); }
    std::uint32_t received() const override { return m_stream->received(); }
    bool resolved(std::uint32_t count) const override { return m_stream->resolved(count); }
    std::uint32_t written() const override { return m_stream->written(); }
    void proved(std::uint32_t count) override { m_stream->proved(count); }
    void lost() override;

    void armTimer();
    void onHandshakeTimeout();
    void limitHandshake();

    BoshHost *m_host;
    net::SocketAddress m_address;
    bosh::Binding m_binding;
    wire::BoshWire *m_wire; ///< the stream's
    std::unique_ptr<shard::ClientStream> m_stream;
    net::TimerId m_timer;
    net::TimerId m_handshakeTimer;
    AddressGate::Progress m_progress = AddressGate::Progress::Handshake;
    bool m_secure; ///< the session began on an encrypted connection
    bool m_paused = false;
    bool m_stopped = false;
    bool m_moving = false;
    bool m_closed = false; ///< the stream was told
};

} // namespace godwit::runtime
