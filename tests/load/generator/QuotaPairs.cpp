// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "QuotaPairs.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace godwit::load
{

QuotaPairs::QuotaPairs(Loop &loop, const Options &options, const Meter &meter, Tally tally)
    : m_loop(loop)
    , m_options(options)
    , m_meter(meter)
    , m_receiverEndpoint(options.endpoint)
    , m_pairs(tally.pairs())
    , m_tally(std::move(tally))
    , m_composer(options)
{
    m_receiverEndpoint.streamManagement = options.receiverManagement;
    unsigned number = 0;
    for (Pair &pair : m_pairs) {
        pair.sender = std::make_unique<Session>(loop, options.endpoint, loginNumber(options, number++), this);
        const Login login = loginNumber(options, number++);
        pair.receiverJid = login.user + "@" + options.endpoint.domain;
        pair.receiver = std::make_unique<Session>(loop, m_receiverEndpoint, login, this);
    }
    m_tally.measure(true);
}

LoginFigures QuotaPairs::senders()
{
    std::vector<Session *> sessions;
    for (const Pair &pair : m_pairs) {
        sessions.push_back(pair.sender.get());
    }
    m_logged = false;
    LoginFigures figures = logIn(m_loop, sessions, m_options, m_meter);
    if (figures.complete() && !sessions.front()->managed()) {
        figures.failed = 1;
        figures.firstFailure = "the server does not offer stream management, so nothing can be accepted";
    }
    m_logged = figures.complete();
    return figures;
}

LoginFigures QuotaPairs::receivers(const std::string &resource)
{
    std::vector<Session *> sessions;
    for (const Pair &pair : m_pairs) {
        pair.receiver->setResource(resource);
        sessions.push_back(pair.receiver.get());
    }
    m_firstReady = 0;
    m_logged = false;
    LoginFigures figures = logIn(m_loop, sessions, m_options, m_meter);
    m_logged = figures.complete();
    return figures;
}

void QuotaPairs::startSending(unsigned perPair)
{
    for (std::size_t i = 0; i < m_pairs.size(); ++i) {
        m_pairs[i].quota += perPair;
        refill(i);
    }
}

double QuotaPairs::send(unsigned perPair)
{
    const Micros begin = now();
    Micros moved = begin;
    std::uint64_t last = progress();
    startSending(perPair);
    const auto done = [&] {
        if (const std::uint64_t current = progress(); current != last) {
            last = current;
            moved = now();
        }
        return allAccepted() || !m_failure.empty() || now() - moved > seconds(m_options.stall);
    };
    (void)m_loop.runUntil(done, seconds(86'400));
    return static_cast<double>(moved - begin) * 1e-6;
}

bool QuotaPairs::allAccepted() const
{
    for (std::size_t i = 0; i < m_pairs.size(); ++i) {
        if (m_pairs[i].quota > m_tally.sentIn(i) || m_tally.acceptedIn(i) < m_tally.sentIn(i)) {
            return false;
        }
    }
    return true;
}

std::uint64_t QuotaPairs::progress() const
{
    return m_tally.accepted() + m_tally.delivered() + m_tally.bouncedTotal() + m_tally.copies();
}

void QuotaPairs::waitForDelivery(double quiet)
{
    Micros moved = now();
    std::uint64_t last = progress();
    const auto done = [&] {
        if (const std::uint64_t current = progress(); current != last) {
            last = current;
            moved = now();
        }
        bool open = false;
        for (std::size_t i = 0; i < m_pairs.size() && !open; ++i) {
            open = m_tally.openIn(i) > m_tally.sentIn(i) - m_tally.acceptedIn(i);
        }
        return !open || !m_failure.empty() || now() - moved > seconds(quiet);
    };
    (void)m_loop.runUntil(done, seconds(86'400));
}

void QuotaPairs::refill(std::size_t index)
{
    Pair &pair = m_pairs[index];
    while (pair.sender->ready() && m_tally.sentIn(index) < pair.quota &&
           m_tally.sentIn(index) - m_tally.acceptedIn(index) < m_options.window) {
        const MessageName name = m_tally.add(index, now());
        pair.sender->send(m_composer.message(pair.receiverJid, m_tally.idOf(name)), name.seq);
        pair.sender->requestAck();
    }
}

void QuotaPairs::hangReceivers()
{
    for (const Pair &pair : m_pairs) {
        pair.receiver->setReading(false);
    }
}

void QuotaPairs::cutReceivers()
{
    for (const Pair &pair : m_pairs) {
        pair.receiver->cut();
    }
}

void QuotaPairs::leaveSenders()
{
    for (const Pair &pair : m_pairs) {
        pair.sender->leave();
    }
}

void QuotaPairs::onReady(Session &session)
{
    // Not interesting here: a receiver has nothing to resend, and a sender logs in once.
    (void)session.takeUnacked();
    if (session.login().number % 2 == 1 && m_firstReady == 0) {
        m_firstReady = now();
        m_lastArrival = m_firstReady;
    }
}

void QuotaPairs::onStanza(Session &session, std::string_view stanza)
{
    if (elementName(stanza) != "message") {
        return;
    }
    const std::string_view id = attribute(stanza, "id");
    if (attribute(stanza, "type") == "error") {
        m_tally.bounced(id);
        return;
    }
    const std::uint32_t number = session.login().number;
    if (number % 2 == 1) {
        m_lastArrival = now();
        m_tally.received(id, stanzaIdBy(stanza, m_pairs[number / 2].receiverJid), m_lastArrival);
    }
}

void QuotaPairs::onAccepted(Session &session, Tag tag)
{
    const std::uint32_t pair = session.login().number / 2;
    m_tally.accepted({pair, static_cast<std::uint32_t>(tag)}, now());
    refill(pair);
}

void QuotaPairs::onClosed(Session &session)
{
    if (m_logged && m_failure.empty()) {
        m_failure = "session " + std::to_string(session.login().number) + " ended: " + session.failure();
    }
}

} // namespace godwit::load
