// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// Who takes part, what arrives, and how the steps follow each other; ConversationScript.cpp has the steps.
#include "Conversation.h"

#include <algorithm>
#include <array>

namespace godwit::load
{

namespace
{

constexpr Micros stepTime = 20'000'000; // nothing on loopback takes so long

} // namespace

Conversation::Conversation(Loop &loop, const Options &options, const Endpoint &phone, const Endpoint &others,
                           unsigned first)
    : m_loop(loop)
    , m_options(options)
    , m_first(first)
    , m_phoneEndpoint(phone)
    , m_helperEndpoint(others)
    , m_contactEndpoint(others)
{
    m_phoneEndpoint.traffic = &m_traffic;
    m_phoneEndpoint.presence = "<presence>" + capabilities(0) + "</presence>";
    Login login = loginNumber(options, first);
    login.resource = "Godwit.k3Xv";
    m_phone = std::make_unique<Session>(loop, m_phoneEndpoint, login, this);
    login.resource = "before";
    m_helper = std::make_unique<Session>(loop, m_helperEndpoint, login, this);
    constexpr std::string_view letters = "BCDFGHJKLMNPQRSTVWXZ";
    for (unsigned i = 1; i <= contacts; ++i) {
        Login contact = loginNumber(options, first + i);
        contact.resource = "phone.";
        while (contact.resource.size() < 10) {
            contact.resource += letters[m_dice() % letters.size()];
        }
        m_contacts.push_back(std::make_unique<Session>(loop, m_contactEndpoint, contact, this));
    }
    plan();
}

std::vector<Session *> Conversation::company()
{
    std::vector<Session *> all{m_helper.get()};
    for (const auto &contact : m_contacts) {
        all.push_back(contact.get());
    }
    return all;
}

bool Conversation::advance()
{
    while (m_failure.empty() && m_at < m_steps.size()) {
        Step &current = m_steps[m_at];
        if (!m_acted) {
            m_acted = true;
            m_since = now();
            current.act();
        }
        if (!m_failure.empty() || !current.done()) {
            if (m_failure.empty() && now() - m_since > stepTime) {
                m_failure = std::string(current.what) + ": what it leads to does not arrive";
            }
            return !m_failure.empty();
        }
        m_acted = false;
        ++m_at;
    }
    return true;
}

bool Conversation::arrived() const
{
    // On a wire with acks of its own nobody asks for any.
    const bool asked = m_phoneEndpoint.wire == WireKind::Bosh || m_phone->ackRequests() >= m_wanted.phoneAsked;
    return m_phone->ready() && asked && m_come.phoneMessages >= m_wanted.phoneMessages &&
           m_come.phonePresences >= m_wanted.phonePresences && m_come.phoneResults >= m_wanted.phoneResults &&
           m_come.friendMessages >= m_wanted.friendMessages && m_come.phoneAccepted >= m_wanted.phoneAccepted &&
           m_come.friendAccepted >= m_wanted.friendAccepted;
}

void Conversation::onStanza(Session &session, std::string_view stanza)
{
    const std::string_view name = elementName(stanza);
    const std::string_view type = attribute(stanza, "type");
    if (type == "error") {
        m_failure = "an error came back: " + std::string(stanza);
    }
    if (&session == m_phone.get()) {
        if (m_recording) {
            m_said.push_back({false, std::string(stanza)});
        }
        m_come.phoneMessages += name == "message" ? 1 : 0;
        m_come.phoneResults += name == "iq" && type == "result" ? 1 : 0;
        m_come.phonePresences += name == "presence" && bareJid(attribute(stanza, "from")) != address(0) ? 1 : 0;
        return;
    }
    if (name == "presence") {
        answerSubscription(session, stanza);
    }
    m_come.friendMessages += name == "message" && &session == m_contacts.front().get() ? 1 : 0;
}

/// Who is asked says yes; a contact that was asked asks back.
void Conversation::answerSubscription(Session &session, std::string_view presence)
{
    const std::string_view type = attribute(presence, "type");
    const std::string to = " to='" + bareJid(attribute(presence, "from")) + "'/>";
    if (type == "subscribe") {
        session.send("<presence type='subscribed'" + to);
        if (&session != m_helper.get()) {
            session.send("<presence type='subscribe'" + to);
        }
    } else if (type.empty() && attribute(presence, "from") == m_helper->jid() && &session != m_helper.get()) {
        // The answer to the contact's own question, which is the last of the four.
        ++m_come.prepared;
    }
}

void Conversation::onAccepted(Session &session, Tag tag)
{
    if (tag == place) {
        ++m_come.prepared;
        return;
    }
    m_come.phoneAccepted += &session == m_phone.get() ? 1 : 0;
    m_come.friendAccepted += &session == m_contacts.front().get() ? 1 : 0;
}

void Conversation::onClosed(Session &session)
{
    if (m_failure.empty()) {
        m_failure = (&session == m_phone.get() ? "the phone: " : session.login().user + ": ") + session.failure();
    }
}

std::string Conversation::address(unsigned account) const
{
    return loginNumber(m_options, m_first + account).user + "@" + m_phoneEndpoint.domain;
}

std::string Conversation::message(unsigned to, const std::string &id, const std::string &body) const
{
    return "<message type='chat' to='" + address(to) + "' id='" + id + "'><body>" + body +
           "</body><origin-id xmlns='urn:xmpp:sid:0' id='" + id +
           "'/><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"
           "<active xmlns='http://jabber.org/protocol/chatstates'/></message>";
}

std::string Conversation::note(unsigned to, const std::string &id, const std::string &about) const
{
    return "<message type='chat' to='" + address(to) + "' id='" + id + "'>" + about +
           "<store xmlns='urn:xmpp:hints'/></message>";
}

std::string Conversation::typing(unsigned to) const
{
    return "<message type='chat' to='" + address(to) +
           "'><composing xmlns='http://jabber.org/protocol/chatstates'/><no-store xmlns='urn:xmpp:hints'/></message>";
}

std::string Conversation::uuid()
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "xxxxxxxx-xxxx-4xxx-9xxx-xxxxxxxxxxxx";
    for (char &letter : text) {
        letter = letter == 'x' ? digits[m_dice() % digits.size()] : letter;
    }
    return text;
}

std::string Conversation::capabilities(unsigned client)
{
    constexpr std::array<std::string_view, 4> known{
        "node='https://conversations.im' ver='y3yg4OyF8jWyiKzmLz1FmHvD/BE='",
        "node='https://dino.im' ver='zNJDRB8D4Ja1Tf2cEOgLvFqzjHw='",
        "node='https://gajim.org' ver='fX6PdNJzxQeLgt6qDpLpfFCwpmU='",
        "node='https://monal-im.org/' ver='nGfSV1Mmi2Jk3mCJmB2P0Zx7E5w='",
    };
    return "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' " + std::string(known[client % known.size()]) +
           "/>";
}

/// A line of a chat, of 30 characters in the mean.
std::string Conversation::words()
{
    constexpr std::array<std::string_view, 48> known{
        "shall", "we",    "meet", "at",    "the",   "station", "tonight", "or",      "later", "not",
        "quite", "there", "yes",  "I",     "know",  "that",    "train",   "was",     "late",  "again",
        "sorry", "see",   "you",  "soon",  "how",   "about",   "lunch",   "with",    "Anna",  "never",
        "mind",  "home",  "by",   "seven", "bring", "bread",   "and",     "milk",    "okay",  "why",
        "then",  "call",  "me",   "when",  "it",    "rains",   "happy",   "birthday"};
    const std::size_t length = 12 + m_dice() % 33;
    std::string text;
    while (text.size() < length) {
        text += text.empty() ? "" : " ";
        text += known[m_dice() % known.size()];
    }
    return text;
}

} // namespace godwit::load
