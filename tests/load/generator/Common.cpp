// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Common.h"

#include <algorithm>
#include <vector>

namespace godwit::load
{

void LoginFigures::merge(const LoginFigures &later)
{
    ready += later.ready;
    failed += later.failed;
    seconds += later.seconds;
    cpuSeconds += later.cpuSeconds;
    if (firstFailure.empty()) {
        firstFailure = later.firstFailure;
    }
    times = later.times;
}

LoginFigures logIn(Loop &loop, std::span<Session *const> sessions, const Options &options, const Meter &meter)
{
    struct Under {
        Session *session;
        Micros since;
    };
    LoginFigures figures;
    std::vector<Under> under;
    under.reserve(options.parallel);
    std::size_t next = 0;
    const double cpuBefore = meter.cpuSeconds();
    const Micros begin = now();
    const auto turn = [&] {
        const Micros time = now();
        std::erase_if(under, [&](const Under &entry) {
            if (entry.session->ready()) {
                ++figures.ready;
                figures.times.add(static_cast<std::uint64_t>(time - entry.since));
                return true;
            }
            if (entry.session->state() == Session::State::Closed) {
                ++figures.failed;
                if (figures.firstFailure.empty()) {
                    figures.firstFailure = "login " + std::to_string(entry.session->login().number) + " ('" +
                                           entry.session->login().user + "'): " + entry.session->failure();
                }
                return true;
            }
            return false;
        });
        while (figures.failed == 0 && next < sessions.size() && under.size() < options.parallel) {
            under.push_back({sessions[next], now()});
            sessions[next++]->connect();
        }
        return figures.failed > 0 || (next == sessions.size() && under.empty());
    };
    const Loop::Ended ended = loop.runUntil(turn, seconds(options.loginTimeout));
    figures.seconds = static_cast<double>(now() - begin) * 1e-6;
    figures.cpuSeconds = meter.cpuSeconds() - cpuBefore;
    if (ended != Loop::Ended::Done) {
        figures.failed += sessions.size() - figures.ready;
        figures.firstFailure = ended == Loop::Ended::Interrupted
                                   ? std::string("interrupted during the logins")
                                   : "only " + std::to_string(figures.ready) + " of " +
                                         std::to_string(sessions.size()) + " logins ended in the time allowed";
    }
    return figures;
}

Login loginNumber(const Options &options, unsigned number)
{
    return {options.users + std::to_string(options.first + number), options.password, options.resource, number};
}

std::string bareJid(std::string_view jid)
{
    return std::string(jid.substr(0, jid.find('/')));
}

Composer::Composer(const Options &options)
    : m_originId(options.originId)
{
    constexpr std::string_view words = "The bar-tailed godwit flies for eleven days without landing once. ";
    m_body.reserve(options.bodyLength);
    while (m_body.size() < options.bodyLength) {
        m_body.append(words.substr(0, options.bodyLength - m_body.size()));
    }
}

std::string_view Composer::message(std::string_view to, std::string_view id)
{
    m_text.clear();
    m_text.append("<message type='chat' to='").append(to).append("' id='").append(id).append("'><body>");
    m_text.append(m_body).append("</body>");
    if (m_originId) {
        m_text.append("<origin-id xmlns='urn:xmpp:sid:0' id='").append(id).append("'/>");
    }
    m_text.append("</message>");
    return m_text;
}

std::string_view stanzaIdBy(std::string_view message, std::string_view bareJid)
{
    std::string_view rest = message;
    while (!(rest = descendant(rest, "stanza-id")).empty()) {
        if (attribute(rest, "by") == bareJid) {
            return attribute(rest, "id");
        }
    }
    return {};
}

void reportLogins(Report &report, const LoginFigures &logins)
{
    const double count = static_cast<double>(std::max<std::size_t>(logins.ready, 1));
    report.count("sessions", "sessions", logins.ready);
    report.number("logins_per_s", "logins", count / std::max(logins.seconds, 1e-6), "/s");
    report.number("cpu_ms_per_login", "server CPU per login", logins.cpuSeconds * 1000.0 / count, "ms");
}

void reportBooks(Report &report, const Tally &tally)
{
    const Tally::Missing missing = tally.missing();
    report.count("sent", "messages sent", tally.sent());
    report.count("accepted", "accepted (acked)", tally.accepted());
    report.count("delivered", "delivered (distinct)", tally.delivered());
    report.count("lost", "accepted, never delivered", missing.lost);
    report.count("bounced", "accepted, came back as error", missing.bounced);
    report.count("refused", "errors in all", tally.bouncedTotal());
    report.count("copies", "delivered again, same id", tally.copies());
    report.count("doubled", "stored twice, two stanza-ids", tally.doubled());
    report.count("order_breaks", "order broken", tally.orderBreaks());
}

bool isClean(const Tally &tally)
{
    const Tally::Missing missing = tally.missing();
    return missing.lost == 0 && missing.bounced == 0 && tally.doubled() == 0 && tally.orderBreaks() == 0;
}

Outcome failed(std::string_view what)
{
    std::fprintf(stderr, "godwit-load: %.*s\n", static_cast<int>(what.size()), what.data());
    return Outcome::Failed;
}

} // namespace godwit::load
