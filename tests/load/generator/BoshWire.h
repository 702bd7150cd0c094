// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// BOSH (XEP-0124, XEP-0206): a stream in the bodies of HTTP requests and answers, over two connections that stay. One
// request is always out for the server to answer; what is said meanwhile goes into a second one. Requests are known by
// their rids, which is also how either side acknowledges (§9), so a session outlives its connections: what was out when
// one was torn is asked again with the same rid.
#pragma once

#include "HttpReader.h"
#include "Link.h"
#include "Wire.h"

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace godwit::load
{

class BoshWire final : public Wire, private LinkUser
{
public:
    BoshWire(Loop &loop, const Endpoint &endpoint, WireUser &user);

    void start(unsigned number) override;
    void openStream() override;
    void stanza(std::string_view element) override;
    void nonza(std::string_view element) override;
    void requestAck() override;
    void leave() override;
    void close(bool reset) override;
    void setReading(bool reading) override;
    bool tear() override;
    void goOn() override;
    [[nodiscard]] bool isOpen() const override { return m_open; }
    [[nodiscard]] bool congested() const override;
    [[nodiscard]] std::size_t backlog() const override;
    [[nodiscard]] bool acknowledges() const override { return m_endpoint.streamManagement; }

private:
    struct Line {
        Line(Loop &loop, const Endpoint &endpoint, LinkUser &user)
            : link(loop, endpoint, user)
        {
        }
        Link link;
        HttpReader http;
        std::uint64_t rid = 0; // of the request that it waits for, or 0
    };
    struct Chunk {
        std::string text;
        std::size_t stanzas = 0;
    };
    struct Request {
        std::uint64_t rid = 0;
        std::string text;
        std::size_t stanzas = 0; // of the session, up to the end of this request
        unsigned tries = 0;
        std::optional<std::string> answer;
    };

    void onLinkUp(Link &link) override;
    void onLinkBytes(Link &link, std::string_view bytes) override;
    void onLinkDown(Link &link, std::string why) override;
    void onLinkFlush(Link &) override { pump(); }

    void pump();
    void ask(std::string_view attributes, std::string_view content);
    void put(Line &line, Request &request);
    [[nodiscard]] Line *freeLine();
    [[nodiscard]] Line &lineOf(Link &link) { return &link == &m_lines[0].link ? m_lines[0] : m_lines[1]; }
    [[nodiscard]] std::string creation() const;
    [[nodiscard]] Chunk &chunk(std::string_view next);
    bool onAnswer(Line &line, std::string body);
    bool readAnswer(const Request &request);
    void askAgain(Line &line, std::string why);
    bool fail(std::string why);

    const Endpoint &m_endpoint;
    WireUser &m_user;
    std::array<Line, 2> m_lines;
    unsigned m_number = 0;
    bool m_open = false;
    bool m_opening = false; // the first connection is being made
    bool m_torn = false;
    bool m_restart = false;
    bool m_create = false;
    std::string m_sid;
    std::size_t m_requestsMax = 1;
    std::uint64_t m_rid = 0;      // of the latest request
    std::uint64_t m_answered = 0; // up to it all answers have been read
    std::deque<Chunk> m_chunks;
    std::deque<Request> m_out;
    std::size_t m_asked = 0;  // stanzas in requests
    std::size_t m_taken = 0;  // of them, acknowledged
    std::size_t m_wanted = 0; // so many are to be acknowledged
};

} // namespace godwit::load
