// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The steps of the conversation.
#include "Conversation.h"

#include <utility>

namespace godwit::load
{

namespace
{

constexpr unsigned onlineFirst = 10; // contacts that are there when the phone comes
constexpr unsigned friendAccount = 1;
constexpr unsigned phoneAccount = 0;

} // namespace

void Conversation::plan()
{
    planPreparations();
    planLogin();
    for (unsigned turn = 0; turn < turns; ++turn) {
        // Twenty come, thirty go away, ten are back: sixty presences over forty turns.
        for (unsigned i = 0; i < 1 + turn % 2; ++i) {
            planContact(m_nextEvent++);
        }
        planMessages(turn == turns / 3 || turn == 2 * turns / 3);
    }
    planEnd();
}

void Conversation::step(const char *what, std::function<void()> act)
{
    m_steps.push_back({what, std::move(act), [this] { return arrived(); }});
}

void Conversation::stepOfPreparation(const char *what, unsigned prepared, std::function<void()> act)
{
    m_steps.push_back({what, std::move(act), [this, prepared] { return m_come.prepared >= prepared; }});
}

/// A few turns of the loop, in which everything leaves that was written.
void Conversation::breath()
{
    m_steps.push_back({"a breath", [this] { m_breaths = 0; },
                       [this] {
                           m_loop.after(1000, [] {});
                           return ++m_breaths > 5;
                       }});
}

/// The roster, made by the helper: every contact has a name, and both see each other.
void Conversation::planPreparations()
{
    stepOfPreparation("the roster", contacts, [this] {
        for (unsigned i = 1; i <= contacts; ++i) {
            m_helper->send("<iq type='set' id='name" + std::to_string(i) +
                           "'><query xmlns='jabber:iq:roster'><item jid='" + address(i) + "' name='Contact " +
                           std::to_string(i) + "'/></query></iq>");
            m_helper->send("<presence type='subscribe' to='" + address(i) + "'/>");
        }
    });
    stepOfPreparation("everybody's place", 2 * contacts + 1, [this] {
        for (unsigned i = 0; i < contacts; ++i) {
            m_contacts[i]->send(i < onlineFirst ? "<presence>" + capabilities(i) + "</presence>"
                                                : "<presence type='unavailable'/>",
                                place);
            m_contacts[i]->requestAck();
        }
        m_helper->send("<presence type='unavailable'/>", place);
        m_helper->requestAck();
    });
}

void Conversation::planLogin()
{
    step("the login", [this] {
        m_helper->leave();
        m_recording = true;
        m_wanted.phonePresences = onlineFirst;
        m_phone->connect();
    });
    step("the roster and carbons", [this] {
        m_wanted.phoneResults += 2;
        send("<iq type='get' id='q1'><query xmlns='jabber:iq:roster'/></iq>", untagged);
        send("<iq type='set' id='q2'><enable xmlns='urn:xmpp:carbons:2'/></iq>", untagged);
    });
}

void Conversation::planContact(unsigned event)
{
    const bool away = event >= contacts - onlineFirst && event < 2 * contacts - onlineFirst;
    const unsigned contact = event < contacts - onlineFirst ? onlineFirst + event
                             : away                         ? event - (contacts - onlineFirst)
                                                            : event - (2 * contacts - onlineFirst);
    step("a contact's presence", [this, away, contact] {
        ++m_wanted.phonePresences;
        m_contacts[contact]->send("<presence>" + std::string(away ? "<show>away</show>" : "") + capabilities(contact) +
                                  "</presence>");
    });
}

/// A message each way, with typing before it, a receipt and a marker behind it.
void Conversation::planMessages(bool absent)
{
    const auto receipt = [](const std::string &id) { return "<received xmlns='urn:xmpp:receipts' id='" + id + "'/>"; };
    const auto marker = [](const std::string &id) {
        return "<displayed xmlns='urn:xmpp:chat-markers:0' id='" + id + "'/>";
    };
    const std::string theirs = uuid();
    const std::string ours = uuid();
    const std::string received = message(phoneAccount, theirs, words());
    if (absent) {
        planAbsence(received);
    } else {
        friendSays("a friend's typing", typing(phoneAccount), untagged);
        friendSays("a friend's message", received, stored);
    }
    phoneSays("the phone's receipt", note(friendAccount, uuid(), receipt(theirs)), stored);
    phoneSays("the phone's marker", note(friendAccount, uuid(), marker(theirs)), stored);
    phoneSays("the phone's typing", typing(friendAccount), untagged);
    phoneSays("the phone's message", message(friendAccount, ours, words()), stored);
    friendSays("a friend's receipt", note(phoneAccount, uuid(), receipt(ours)), stored);
    friendSays("a friend's marker", note(phoneAccount, uuid(), marker(ours)), stored);
}

/// The connection is torn; a message comes meanwhile.
void Conversation::planAbsence(const std::string &message)
{
    const auto accepted = [this] { return m_come.friendAccepted >= m_wanted.friendAccepted; };
    m_steps.push_back({"a message while the phone is away",
                       [this, message] {
                           m_phone->tear();
                           ++m_wanted.friendAccepted;
                           m_contacts.front()->send(message, stored);
                           m_contacts.front()->requestAck();
                       },
                       accepted});
    step("the phone's return", [this] {
        ++m_wanted.phoneMessages;
        m_wanted.phoneAsked = m_phone->ackRequests() + 1;
        m_phone->comeBack();
    });
}

void Conversation::planEnd()
{
    breath();
    step("the end", [this] {
        m_whole = m_traffic;
        m_recording = false;
    });
    phoneSays("one message", message(friendAccount, uuid(), "Soft, what light is?"), stored);
    breath();
    step("the end of that",
         [this] { m_single = {m_traffic.sent - m_whole.sent, m_traffic.received - m_whole.received}; });
}

void Conversation::send(std::string_view stanza, Tag tag)
{
    if (m_recording) {
        m_said.push_back({true, std::string(stanza)});
    }
    m_phone->send(stanza, tag);
    // After every stanza, as QXmpp does it.
    m_phone->requestAck();
}

void Conversation::phoneSays(const char *what, std::string stanza, Tag tag)
{
    step(what, [this, stanza = std::move(stanza), tag] {
        ++m_wanted.friendMessages;
        send(stanza, tag);
        if (tag == stored) {
            ++m_wanted.phoneAccepted;
        }
    });
}

void Conversation::friendSays(const char *what, std::string stanza, Tag tag)
{
    step(what, [this, stanza = std::move(stanza), tag] {
        ++m_wanted.phoneMessages;
        m_contacts.front()->send(stanza, tag);
        if (tag == stored) {
            ++m_wanted.friendAccepted;
            m_wanted.phoneAsked = m_phone->ackRequests() + 1;
            m_contacts.front()->requestAck();
        }
    });
}

} // namespace godwit::load
