// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// Ten minutes of a phone: it logs in, talks with a friend, sees thirty contacts come and go, and loses its connection
// twice. The minutes are compressed: each step begins when everything that the one before leads to has arrived, so
// nothing is gathered that would not be in the time that it stands for. Only the phone's bytes are counted; friend and
// contacts are on XML over TCP whatever the phone is on.
#pragma once

#include "Common.h"

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace godwit::load
{

class Conversation final : public SessionUser
{
public:
    static constexpr unsigned contacts = 30; ///< the friend is the first of them
    static constexpr unsigned accounts = contacts + 1;
    static constexpr unsigned turns = 40;

    /// `phone` says the wire; its bytes are counted here. `others` is TCP. Accounts are taken from `first` on.
    Conversation(Loop &loop, const Options &options, const Endpoint &phone, const Endpoint &others, unsigned first);

    /// Everybody but the phone, to be logged in before the first advance().
    [[nodiscard]] std::vector<Session *> company();
    /// Does what can be done now. True when the conversation is over, or failed.
    [[nodiscard]] bool advance();

    [[nodiscard]] const std::string &failure() const { return m_failure; }
    /// Of the ten minutes, and of one message of 20 characters with its ack behind them.
    [[nodiscard]] const Traffic &traffic() const { return m_whole; }
    [[nodiscard]] const Traffic &oneMessage() const { return m_single; }

    /// The stanzas that the phone sent and received in the ten minutes, in their order.
    struct Said {
        bool byPhone = false;
        std::string stanza;
    };
    [[nodiscard]] const std::vector<Said> &said() const { return m_said; }

    void onReady(Session &) override {}
    void onStanza(Session &session, std::string_view stanza) override;
    void onAccepted(Session &session, Tag) override;
    void onClosed(Session &session) override;

private:
    struct Step {
        const char *what;
        std::function<void()> act;
        std::function<bool()> done;
    };
    /// How much of what the parties wait for has come, or is to come.
    struct Counts {
        unsigned phoneMessages = 0;
        unsigned phonePresences = 0;
        unsigned phoneResults = 0;
        unsigned friendMessages = 0;
        unsigned phoneAccepted = 0;
        unsigned friendAccepted = 0;
        unsigned prepared = 0;        // contacts that agreed, then those that took their places
        std::uint64_t phoneAsked = 0; // for acks
    };
    /// Why a stanza is sent, as its tag.
    static constexpr Tag stored = 1; ///< to be acknowledged
    static constexpr Tag place = 2;  ///< a contact takes its place

    void plan();
    void planPreparations();
    void planLogin();
    void planContact(unsigned event);
    void planMessages(bool absent);
    void planAbsence(const std::string &message);
    void planEnd();
    void step(const char *what, std::function<void()> act);
    void stepOfPreparation(const char *what, unsigned prepared, std::function<void()> act);
    void breath();
    void phoneSays(const char *what, std::string stanza, Tag tag);
    void friendSays(const char *what, std::string stanza, Tag tag);
    void send(std::string_view stanza, Tag tag);
    [[nodiscard]] bool arrived() const;
    void answerSubscription(Session &session, std::string_view presence);

    [[nodiscard]] std::string address(unsigned account) const;
    [[nodiscard]] std::string message(unsigned to, const std::string &id, const std::string &body) const;
    [[nodiscard]] std::string note(unsigned to, const std::string &id, const std::string &about) const;
    [[nodiscard]] std::string typing(unsigned to) const;
    [[nodiscard]] std::string uuid();
    [[nodiscard]] std::string words();
    /// What a client says of itself (XEP-0115); contacts have one of four.
    [[nodiscard]] static std::string capabilities(unsigned client);

    Loop &m_loop;
    const Options &m_options;
    unsigned m_first;
    Traffic m_traffic;
    Endpoint m_phoneEndpoint;
    Endpoint m_helperEndpoint;
    Endpoint m_contactEndpoint;
    std::unique_ptr<Session> m_phone;
    std::unique_ptr<Session> m_helper; // of the phone's account, before the ten minutes
    std::vector<std::unique_ptr<Session>> m_contacts;
    std::vector<Step> m_steps;
    std::size_t m_at = 0;
    Micros m_since = 0;
    bool m_acted = false;
    bool m_recording = false;
    unsigned m_nextEvent = 0;
    unsigned m_breaths = 0;
    Counts m_come;
    Counts m_wanted;
    Traffic m_whole;
    Traffic m_single;
    std::vector<Said> m_said;
    std::mt19937 m_dice{7};
    std::string m_failure;
};

} // namespace godwit::load
