// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The server's side of one HTTP/1.1 connection, without I/O: bytes in, requests to a Site, responses out in the order
// of the requests (RFC 9112 §9.3.2) whenever each is there. Reads on while earlier requests are unanswered, as far as
// the pipeline's bound allows.
#pragma once

#include "base/Clock.h"
#include "base/StrongId.h"
#include "http/RequestParser.h"
#include "http/Response.h"

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace godwit::http
{

struct ExchangeTag;
/// Names a request on its connection until it is answered.
using ExchangeId = base::StrongId<ExchangeTag, std::uint32_t>;

struct ConnectionLimits {
    RequestLimits request;
    std::size_t pipelinedMax = 8; ///< requests without an answer; further ones are not read
    /// Answers that the peer has not taken; with more waiting no further request is read.
    std::size_t outputBytesMax = 262'144;
    base::Duration headTime = std::chrono::seconds(15);
    base::Duration bodyTime = std::chrono::seconds(30);
    base::Duration idleTime = std::chrono::seconds(75); ///< between two requests
};

class ServerConnection;

/// What answers.
class Site
{
public:
    virtual ~Site() = default;
    /// The head of a request is here: a response refuses it before its body is read.
    virtual std::optional<Response> refuse(const Request &head) = 0;
    /// A whole request. ServerConnection::respond() follows, now or later, or upgrade(), now.
    virtual void serve(ServerConnection &connection, ExchangeId exchange, Request &&request) = 0;
};

/// The transport below. Nothing calls back into the connection from within these.
class ConnectionOutput
{
public:
    virtual ~ConnectionOutput() = default;
    virtual void send(std::string_view bytes) = 0;
    /// Send what waits, then close.
    virtual void close() = 0;
    /// What waits to be sent.
    virtual std::size_t waitingBytes() const = 0;
    /// Bytes that are not read yet, to be given again with resumeReading(). ServerConnection::onDrained() follows when
    /// nothing waits to be sent.
    virtual void holdReading(std::string_view unread) = 0;
    virtual void resumeReading() = 0;
    /// The connection speaks another protocol from these bytes on.
    virtual void upgraded(std::string_view unread) = 0;
};

class ServerConnection
{
public:
    /// All four outlive the connection.
    ServerConnection(const ConnectionLimits &limits, Site &site, ConnectionOutput &output, const base::Clock &clock);

    void receive(std::string_view bytes);
    void respond(ExchangeId exchange, Response &&response);
    /// From within Site::serve(), where mayUpgrade(): the response with status 101 goes out, and HTTP ends.
    void upgrade(ExchangeId exchange, Response &&response);
    /// No request before this one waits for its answer, and nothing was promised to the ones behind it.
    bool mayUpgrade(ExchangeId exchange) const noexcept;

    /// What of the peer is waited for, and of which request: whenever this changes, its time begins anew.
    enum class Waits : std::uint8_t { No, Head, Body, Idle };
    struct Patience {
        Waits what = Waits::No;
        std::uint32_t request = 0;
        friend bool operator==(const Patience &, const Patience &) = default;
    };
    Patience patience() const noexcept;
    /// How long it may take; `No` has no bound, for then it is the peer who waits.
    base::Duration timeFor(Waits what) const noexcept;
    /// The time is over.
    void onTimeout();

    /// There may be room again: what was held is read.
    void onDrained();
    /// Reads no more; the connection ends behind the answers that are owed.
    void finish();

    /// Requests without an answer.
    std::size_t waiting() const noexcept { return m_exchanges.size(); }

private:
    struct Exchange {
        ExchangeId id;
        bool headOnly = false; ///< HEAD
        bool last = false;     ///< the client sends no more behind it, or we read no more
        bool asked = false;    ///< the connection stays open because the client asked for it (HTTP/1.0)
        std::optional<Response> response;
    };

    bool readOne(std::string_view &bytes);
    bool onHead();
    void onRequest();
    Exchange &begin();
    void refuseRest(Response &&response);
    void writeReady();
    bool full() const;

    const ConnectionLimits &m_limits;
    Site &m_site;
    ConnectionOutput &m_output;
    const base::Clock &m_clock;
    RequestParser m_parser;
    std::deque<Exchange> m_exchanges;
    std::uint32_t m_lastId = 0;
    bool m_inBody : 1 = false;
    bool m_noMore : 1 = false;   ///< nothing is read any more
    bool m_held : 1 = false;     ///< the pipeline or the output is full
    bool m_closed : 1 = false;   ///< told the output
    bool m_upgraded : 1 = false; ///< likewise
    bool m_reading : 1 = false;  ///< within receive()
};

} // namespace godwit::http
