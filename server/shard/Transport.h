// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "ledger/LogStore.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace godwit::shard
{

/// The connection below a client's stream: a socket in the server, a fake network in the simulator. Called on the
/// stream's thread; nothing calls back into the stream from within these.
class Transport
{
public:
    virtual ~Transport() = default;
    /// Goes out at the end of the turn.
    virtual void send(std::string_view bytes) = 0;
    /// What send() took and nobody has seen yet, when the last `bytes` bytes are all in it, else null. These may be
    /// changed, until the next call.
    virtual std::string *unsent(std::size_t bytes)
    {
        static_cast<void>(bytes);
        return nullptr;
    }
    /// Send what waits, then begin TLS as the server; ClientStream::onTlsReady() follows.
    virtual void startTls() = 0;
    /// Send what waits, then close. ClientStream::onClosed() follows.
    virtual void close() = 0;
    virtual void pauseReading() = 0;
    virtual void resumeReading() = 0;
    virtual std::size_t unacknowledgedBytes() const = 0;
    virtual std::size_t waitingBytes() const = 0;
    /// Move the stream to another shard once the call that led here has returned; ClientStream::arrive() follows there.
    virtual void moveTo(ledger::ShardIndex shard) = 0;
    /// The stream is bound: the time limit of the handshake is over.
    virtual void onBound() = 0;
    /// It learns by itself what the client has, and tells ClientStream::proved().
    virtual bool proves() const { return false; }
    /// More of what the client sent is durable.
    virtual void onResolved() {}
};

} // namespace godwit::shard
