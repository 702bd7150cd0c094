// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "http/ServerConnection.h"

#include "base/Assert.h"
#include "http/HttpDate.h"

#include <algorithm>
#include <utility>

namespace godwit::http
{

ServerConnection::ServerConnection(const ConnectionLimits &limits, Site &site, ConnectionOutput &output,
                                   const base::Clock &clock)
    : m_limits(limits)
    , m_site(site)
    , m_output(output)
    , m_clock(clock)
    , m_parser(limits.request)
{
}

void ServerConnection::receive(std::string_view bytes)
{
    m_reading = true;
    while (!bytes.empty() && !m_noMore) {
        if (full()) {
            m_held = true;
            m_output.holdReading(bytes);
            break;
        }
        if (!readOne(bytes)) {
            break;
        }
    }
    m_reading = false;
    if (m_upgraded) {
        m_output.upgraded(bytes);
    }
}

bool ServerConnection::full() const
{
    return m_exchanges.size() >= m_limits.pipelinedMax || m_output.waitingBytes() > m_limits.outputBytesMax;
}

bool ServerConnection::readOne(std::string_view &bytes)
{
    RequestParser::Outcome outcome = m_parser.feed(bytes);
    if (outcome == RequestParser::Outcome::Head) {
        if (!onHead()) {
            return false;
        }
        // Without a body it is complete already.
        outcome = m_parser.feed(bytes);
    }
    if (outcome == RequestParser::Outcome::Complete) {
        onRequest();
    } else if (outcome == RequestParser::Outcome::Failed) {
        refuseRest(plainResponse(m_parser.failure()));
    }
    return outcome == RequestParser::Outcome::Complete;
}

/// Whoever is refused is refused before the body, which is not read: the connection ends behind the answer.
bool ServerConnection::onHead()
{
    if (std::optional<Response> refused = m_site.refuse(m_parser.request())) {
        refuseRest(*std::move(refused));
        return false;
    }
    m_inBody = true;
    // An answer to an earlier request must not come behind this word.
    if (m_parser.awaitsContinue() && m_exchanges.empty()) {
        m_output.send("HTTP/1.1 100 Continue\r\n\r\n");
    }
    return true;
}

ServerConnection::Exchange &ServerConnection::begin()
{
    m_inBody = false;
    Exchange exchange;
    exchange.id = ExchangeId(++m_lastId);
    m_exchanges.push_back(std::move(exchange));
    return m_exchanges.back();
}

void ServerConnection::onRequest()
{
    Request request = m_parser.takeRequest();
    Exchange &exchange = begin();
    exchange.headOnly = request.method == Method::Head;
    exchange.last = !request.keepAlive;
    exchange.asked = request.keepAlive && request.minorVersion == 0;
    m_noMore = exchange.last;
    m_site.serve(*this, exchange.id, std::move(request));
}

void ServerConnection::refuseRest(Response &&response)
{
    Exchange &exchange = begin();
    exchange.headOnly = m_parser.request().method == Method::Head;
    exchange.last = true;
    m_noMore = true;
    respond(exchange.id, std::move(response));
}

void ServerConnection::respond(ExchangeId id, Response &&response)
{
    const auto found = std::ranges::find(m_exchanges, id, &Exchange::id);
    if (found == m_exchanges.end() || found->response || m_closed) {
        return;
    }
    found->response = std::move(response);
    writeReady();
}

void ServerConnection::writeReady()
{
    while (!m_exchanges.empty() && m_exchanges.front().response && !m_closed) {
        Exchange &exchange = m_exchanges.front();
        Response &response = *exchange.response;
        response.close = response.close || exchange.last;
        if (exchange.asked && !response.close) {
            response.fields.push_back({"Connection", "keep-alive"});
        }
        std::string out;
        appendResponse(out, response, exchange.headOnly ? BodySent::No : BodySent::Yes, formatHttpDate(m_clock.wall()));
        m_output.send(out);
        if (response.close) {
            m_noMore = true;
            m_closed = true;
            m_output.close();
        }
        m_exchanges.pop_front();
    }
    onDrained();
}

void ServerConnection::onDrained()
{
    if (m_held && !m_noMore && !full()) {
        m_held = false;
        m_output.resumeReading();
    }
}

bool ServerConnection::mayUpgrade(ExchangeId id) const noexcept
{
    return m_reading && m_exchanges.size() == 1 && m_exchanges.front().id == id && !m_exchanges.front().last;
}

void ServerConnection::upgrade(ExchangeId id, Response &&response)
{
    GW_ASSERT(mayUpgrade(id) && response.status == Status::SwitchingProtocols);
    std::string out;
    appendResponse(out, response, BodySent::No, formatHttpDate(m_clock.wall()));
    m_output.send(out);
    m_exchanges.clear();
    m_noMore = true;
    m_upgraded = true;
}

ServerConnection::Patience ServerConnection::patience() const noexcept
{
    if (m_noMore) {
        return {Waits::No, m_lastId};
    }
    if (m_inBody) {
        return {Waits::Body, m_lastId};
    }
    if (m_parser.begun()) {
        return {Waits::Head, m_lastId};
    }
    return {m_exchanges.empty() ? Waits::Idle : Waits::No, m_lastId};
}

base::Duration ServerConnection::timeFor(Waits what) const noexcept
{
    switch (what) {
    case Waits::Head:
        return m_limits.headTime;
    case Waits::Body:
        return m_limits.bodyTime;
    case Waits::Idle:
        return m_limits.idleTime;
    case Waits::No:
        break;
    }
    return base::Duration::zero();
}

void ServerConnection::onTimeout()
{
    if (m_parser.begun() || m_inBody) {
        refuseRest(plainResponse(Status::RequestTimeout));
        return;
    }
    finish();
}

void ServerConnection::finish()
{
    m_noMore = true;
    if (!m_exchanges.empty()) {
        m_exchanges.back().last = true;
    } else if (!m_closed) {
        m_closed = true;
        m_output.close();
    }
}

} // namespace godwit::http
