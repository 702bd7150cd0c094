// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "BoshWire.h"

#include "Scanner.h"
#include "Session.h"
#include "WebSocketWire.h"
#include "base/Number.h"

#include <algorithm>
#include <utility>

namespace godwit::load
{

namespace
{

constexpr unsigned triesMax = 3;
constexpr std::size_t chunkBytesMax = 60'000;
constexpr std::size_t backlogBytesMax = 16'384; // with more a sender is held back, as by a full socket

std::uint64_t numberOf(std::string_view text, std::uint64_t otherwise)
{
    return base::readNumber<std::uint64_t>(text).value_or(otherwise);
}

} // namespace

BoshWire::BoshWire(Loop &loop, const Endpoint &endpoint, WireUser &user)
    : m_endpoint(endpoint)
    , m_user(user)
    , m_lines{Line(loop, endpoint, *this), Line(loop, endpoint, *this)}
{
}

void BoshWire::start(unsigned number)
{
    m_number = number;
    m_open = true;
    m_opening = true;
    m_torn = false;
    m_restart = false;
    m_create = false;
    m_sid.clear();
    m_requestsMax = 1;
    // XEP-0124 §14.1: unpredictable, and far below what a double holds exactly.
    m_rid = 1 + std::hash<std::string>()(randomToken(12)) % 1'000'000'000;
    m_answered = m_rid;
    m_chunks.clear();
    m_out.clear();
    m_asked = 0;
    m_taken = 0;
    m_wanted = 0;
    for (Line &line : m_lines) {
        line.rid = 0;
        line.http.reset();
    }
    m_lines[0].link.open(number);
}

void BoshWire::openStream()
{
    (m_sid.empty() ? m_create : m_restart) = true;
    m_lines[0].link.wantFlush();
}

BoshWire::Chunk &BoshWire::chunk(std::string_view next)
{
    if (m_chunks.empty() || m_chunks.back().text.size() + next.size() > chunkBytesMax) {
        m_chunks.emplace_back();
    }
    m_lines[0].link.wantFlush();
    return m_chunks.back();
}

void BoshWire::stanza(std::string_view element)
{
    Chunk &to = chunk(element);
    to.text += withClientNamespace(element);
    ++to.stanzas;
}

void BoshWire::nonza(std::string_view element)
{
    chunk(element).text += element;
}

/// A request is acknowledged by its answer, which comes at once when there is another one to hold.
void BoshWire::requestAck()
{
    m_wanted = m_asked;
    for (const Chunk &waiting : m_chunks) {
        m_wanted += waiting.stanzas;
    }
    m_lines[0].link.wantFlush();
}

void BoshWire::leave()
{
    if (m_open && !m_sid.empty() && freeLine() != nullptr) {
        const std::string last = m_chunks.empty() ? std::string() : std::move(m_chunks.front().text);
        ask(" type='terminate'", last);
        for (Line &line : m_lines) {
            line.link.send();
        }
    }
    close(false);
}

void BoshWire::close(bool reset)
{
    m_open = false;
    for (Line &line : m_lines) {
        line.link.close(reset);
    }
}

void BoshWire::setReading(bool reading)
{
    for (Line &line : m_lines) {
        line.link.setReading(reading);
    }
}

bool BoshWire::congested() const
{
    return m_lines[0].link.congested() || m_lines[1].link.congested() || backlog() > backlogBytesMax;
}

std::size_t BoshWire::backlog() const
{
    std::size_t bytes = m_lines[0].link.backlog() + m_lines[1].link.backlog();
    for (const Chunk &waiting : m_chunks) {
        bytes += waiting.text.size();
    }
    return bytes;
}

bool BoshWire::tear()
{
    m_torn = true;
    for (Line &line : m_lines) {
        line.link.close(true);
    }
    return true;
}

void BoshWire::goOn()
{
    m_torn = false;
    for (Line &line : m_lines) {
        if (line.rid != 0) {
            askAgain(line, {});
        }
    }
    m_lines[0].link.wantFlush();
}

void BoshWire::onLinkUp(Link &)
{
    if (std::exchange(m_opening, false)) {
        m_user.onWireUp();
    }
}

void BoshWire::onLinkDown(Link &link, std::string why)
{
    Line &line = lineOf(link);
    if (m_opening) {
        fail(std::move(why));
    } else if (m_open && line.rid != 0) {
        askAgain(line, std::move(why));
    }
    // Else it was idle, and is made anew when it is wanted.
}

/// The request that the line had is asked again over a new connection (XEP-0124 §14.3).
void BoshWire::askAgain(Line &line, std::string why)
{
    const auto request = std::find_if(m_out.begin(), m_out.end(), [&](const Request &r) { return r.rid == line.rid; });
    line.rid = 0;
    if (request == m_out.end()) {
        return;
    }
    if (++request->tries > triesMax) {
        fail(std::move(why));
        return;
    }
    put(line, *request);
}

bool BoshWire::fail(std::string why)
{
    close(false);
    m_user.onWireDown(std::move(why));
    return false;
}

BoshWire::Line *BoshWire::freeLine()
{
    const auto line = std::find_if(m_lines.begin(), m_lines.end(), [](const Line &l) { return l.rid == 0; });
    return line == m_lines.end() ? nullptr : &*line;
}

std::string BoshWire::creation() const
{
    return " to='" + escape(m_endpoint.domain) +
           "' xml:lang='en' ver='1.6' wait='60' hold='1' content='text/xml; charset=utf-8' "
           "xmlns:xmpp='urn:xmpp:xbosh' xmpp:version='1.0'" +
           (m_endpoint.streamManagement ? " ack='1'" : "");
}

/// Sends what may be sent now: what there is to say, or an empty request for the server to answer when it likes.
void BoshWire::pump()
{
    while (m_open && !m_torn && m_out.size() < m_requestsMax && freeLine() != nullptr) {
        if (std::exchange(m_create, false)) {
            ask(creation(), {});
        } else if (m_sid.empty()) {
            return;
        } else if (!m_chunks.empty()) {
            const Chunk next = std::move(m_chunks.front());
            m_chunks.pop_front();
            m_asked += next.stanzas;
            ask({}, next.text);
        } else if (std::exchange(m_restart, false)) {
            ask(" to='" + escape(m_endpoint.domain) + "' xml:lang='en' xmpp:restart='true' xmlns:xmpp='urn:xmpp:xbosh'",
                {});
        } else if (m_out.empty() || m_taken < m_wanted) {
            ask({}, {});
        } else {
            return;
        }
    }
}

void BoshWire::ask(std::string_view attributes, std::string_view content)
{
    Request request;
    request.rid = ++m_rid;
    request.stanzas = m_asked;
    std::string body = "<body xmlns='http://jabber.org/protocol/httpbind' rid='" + std::to_string(request.rid) + "'";
    if (!m_sid.empty()) {
        body += " sid='" + m_sid + "'";
        // XEP-0124 §9.1: said when it is not the request before this one.
        if (acknowledges() && m_answered + 1 != request.rid) {
            body += " ack='" + std::to_string(m_answered) + "'";
        }
    }
    body.append(attributes);
    if (content.empty()) {
        body += "/>";
    } else {
        body.append(">").append(content).append("</body>");
    }
    request.text = "POST /http-bind HTTP/1.1\r\nHost: " + m_endpoint.domain +
                   "\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: " + std::to_string(body.size()) +
                   "\r\n\r\n" + body;
    m_out.push_back(std::move(request));
    put(*freeLine(), m_out.back());
}

void BoshWire::put(Line &line, Request &request)
{
    line.rid = request.rid;
    line.http.reset();
    const std::string text = request.text;
    if (!line.link.isOpen()) {
        line.link.open(m_number);
    }
    // Opening may have failed at once.
    if (line.link.isOpen()) {
        line.link.write(text);
    }
}

void BoshWire::onLinkBytes(Link &link, std::string_view bytes)
{
    Line &line = lineOf(link);
    while (m_open && !bytes.empty()) {
        const HttpReader::Outcome outcome = line.http.feed(bytes);
        if (outcome == HttpReader::Outcome::NeedMore) {
            return;
        }
        const HttpResponse &response = line.http.response();
        if (outcome == HttpReader::Outcome::Broken || response.status != 200 || line.rid == 0) {
            fail("the server refused a BOSH request: " + response.head.substr(0, response.head.find("\r\n")));
            return;
        }
        std::string body = response.body;
        if (response.field("connection") == "close") {
            line.link.close(false);
        }
        if (!onAnswer(line, std::move(body))) {
            return;
        }
    }
}

/// Answers are read in the order of their rids, whichever comes first (XEP-0124 §14.2).
bool BoshWire::onAnswer(Line &line, std::string body)
{
    const auto request = std::find_if(m_out.begin(), m_out.end(), [&](const Request &r) { return r.rid == line.rid; });
    if (elementName(body) != "body" || request == m_out.end()) {
        return fail("the server's answer to a BOSH request is no <body/>: " + body.substr(0, 80));
    }
    if (attribute(body, "type") == "error") {
        askAgain(line, "the server asks for a BOSH request again and again");
        return m_open;
    }
    line.rid = 0;
    request->answer = std::move(body);
    while (m_open && !m_out.empty() && m_out.front().answer) {
        const Request done = std::move(m_out.front());
        m_out.pop_front();
        m_answered = done.rid;
        if (!readAnswer(done)) {
            return false;
        }
    }
    m_lines[0].link.wantFlush();
    return m_open;
}

bool BoshWire::readAnswer(const Request &request)
{
    const std::string_view body = *request.answer;
    if (m_sid.empty()) {
        m_sid = attribute(body, "sid");
        m_requestsMax = std::clamp<std::size_t>(numberOf(attribute(body, "requests"), 2), 1, m_lines.size());
    }
    if (acknowledges()) {
        // What is acknowledged is this request, or a later one that is named.
        const std::uint64_t up = std::max(request.rid, numberOf(attribute(body, "ack"), 0));
        std::size_t stanzas = request.stanzas;
        for (const Request &out : m_out) {
            stanzas = out.rid <= up ? out.stanzas : stanzas;
        }
        const std::size_t before = std::exchange(m_taken, std::max(m_taken, stanzas));
        if (m_taken > before && !m_user.onStanzasTaken(m_taken - before)) {
            return false;
        }
    }
    Scanner scanner;
    const auto take = [this](Piece piece, std::string_view text) {
        return piece != Piece::Element || m_user.onElement(text);
    };
    if (!scanner.feed(contentOf(body), take)) {
        return fail("the content of a BOSH answer is no XML: " + std::string(body.substr(0, 80)));
    }
    if (m_open && attribute(body, "type") == "terminate") {
        const std::string_view condition = attribute(body, "condition");
        return condition.empty() ? m_user.onStreamEnd()
                                 : fail("the server ended the BOSH session: " + std::string(condition));
    }
    return m_open;
}

} // namespace godwit::load
