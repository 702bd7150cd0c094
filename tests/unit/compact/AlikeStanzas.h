// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Random.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::test
{

/// Kept bytes of stanzas that are alike but for a few values, which are of many kinds.
class AlikeStanzas
{
public:
    explicit AlikeStanzas(std::uint64_t seed)
        : m_random(seed)
    {
    }

    std::string next()
    {
        switch (m_random.below(6)) {
        case 0:
        case 1:
            return message();
        case 2:
            return presence();
        case 3:
            return "<iq" + attribute("from", address()) + attribute("to", address()) + attribute("id", id()) +
                   " type='" + pick<4>({"get", "set", "result", "error"}) + "'><query xmlns='jabber:iq:roster'" +
                   attribute("ver", value()) + "><item" + attribute("jid", address()) + attribute("name", value()) +
                   attribute("subscription", subscription()) + "><group>" + text() + "</group></item></query></iq>";
        case 4:
            return "<message" + attribute("from", address()) + attribute("id", id()) +
                   "><result xmlns='urn:xmpp:mam:2'" + attribute("id", value()) + attribute("queryid", id()) +
                   "><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='" + time() +
                   "'/><message xmlns='jabber:client'" + attribute("to", address()) + attribute("id", id()) +
                   " type='chat'><body>" + text() + "</body></message></forwarded></result></message>";
        default:
            return "<message" + attribute("to", address()) + attribute("unheard", value()) + "><x xmlns='urn:x'" +
                   attribute("y", value()) + ">" + text() + "</x>" + text() + "</message>";
        }
    }

private:
    std::string message()
    {
        const std::string said = id();
        std::string out = "<message" + attribute("from", address()) + attribute("to", address()) +
                          attribute("id", said) + " type='" + pick<3>({"chat", "groupchat", "odd"}) + "'" +
                          (chance(4) ? attribute("xml:lang", pick<2>({"de", "fr"})) : "") + '>';
        if (chance(2)) {
            const std::string body = text();
            out += body.empty() && chance(2) ? "<body/>" : "<body>" + body + "</body>";
        }
        if (chance(2)) {
            out += "<origin-id xmlns='urn:xmpp:sid:0'" + attribute("id", chance(3) ? id() : said) + "/>";
        }
        if (chance(3)) {
            out += "<thread>" + text() + "</thread>";
        }
        out += pick<4>({"", "<active xmlns='http://jabber.org/protocol/chatstates'/>",
                        "<request xmlns='urn:xmpp:receipts'/>", "<store xmlns=\"urn:xmpp:hints\" />"});
        if (chance(3)) {
            out += "<received xmlns='urn:xmpp:receipts'" + attribute("id", id()) + "/>";
        }
        return out + "</message>";
    }

    std::string presence()
    {
        std::string out = "<presence" + attribute("from", address()) + attribute("id", id());
        out += chance(3) ? pick<2>({" type='unavailable'>", " type='odd'>"}) : ">";
        if (chance(2)) {
            out += "<show>" + pick<3>({"away", "xa", "busy"}) + "</show>";
        }
        if (chance(2)) {
            out += "<status>" + text() + "</status>";
        }
        if (chance(2)) {
            out += "<delay xmlns='urn:xmpp:delay' stamp='" + time() + "'" + attribute("from", address()) + "/>";
        }
        out += "<priority>" + pick<3>({"5", "-1", "true"}) + "</priority>";
        return out + "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='" + value() + "' ver='" + value() +
               "'/></presence>";
    }

    bool chance(std::uint64_t in) { return m_random.below(in) == 0; }
    template <std::size_t Size>
    std::string pick(std::array<std::string_view, Size> from)
    {
        return std::string(from[m_random.below(Size)]);
    }
    static std::string attribute(std::string_view name, std::string_view written)
    {
        return written == "-" ? std::string() : " " + std::string(name) + "='" + std::string(written) + "'";
    }
    std::string uuid()
    {
        std::string text = "xxxxxxxx-xxxx-4xxx-9xxx-xxxxxxxxxxxx";
        for (char &letter : text) {
            letter = letter == 'x' ? "0123456789abcdef"[m_random.below(16)] : letter;
        }
        if (m_ids.size() < 8) {
            m_ids.push_back(text);
        }
        m_ids[m_random.below(m_ids.size())] = text;
        return text;
    }
    std::string id()
    {
        switch (m_random.below(8)) {
        case 0:
            return "-";
        case 1:
            return pick<6>({"", "17", "a", "a&amp;b&lt;c, long", "größe-12345678", "0123456789abcdef"});
        case 2:
        case 3:
            return m_ids.empty() ? "x" : m_ids[m_random.below(m_ids.size())];
        default:
            return uuid();
        }
    }
    std::string address()
    {
        if (chance(3)) {
            // Hardly ever one that was there before.
            const std::string number = std::to_string(m_random.below(100'000));
            return pick<5>({"user@example.org/", "example.org/", "example.net/", "user@", ""}) + "new" + number;
        }
        return pick<9>({"-", "-", "romeo@example.org", "romeo@example.org/phone", "juliet@example.net", "example.org",
                        "Romeo@Example.org/A b", "a@example.org/x&amp;y&lt;z", "größe@example.org/ß"});
    }
    std::string value()
    {
        return pick<9>({"-", "", "x", "true", "4711", "aGFsbG8gd2VsdCBoYWxsbw==", "a &lt; b", "say \"so\"",
                        "8bd3a61e-0c37-4c4a-9a5d-6a0d6ed3dd0e"});
    }
    std::string subscription() { return pick<4>({"both", "to", "none", "odd"}); }
    std::string text()
    {
        return pick<9>({"", "x", "true", "shall we meet at the station", "a &lt; b &amp; c", "two\nlines, \ttab",
                        "8bd3a61e-0c37-4c4a-9a5d-6a0d6ed3dd0e", "ß🐦 und so weiter", "it's \"so\""});
    }
    std::string time() { return pick<3>({"2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678Z", "odd"}); }

    base::SeededRandom m_random;
    std::vector<std::string> m_ids;
};

} // namespace godwit::test
