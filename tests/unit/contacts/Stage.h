// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The stage for plays about contacts: one account (romeo@montague.lit), its Contacts, and a world that writes down all
// that it is told. Time stands still at 1970, so roster versions count 1, 2, 3.
#pragma once

#include "contacts/Contacts.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::contacts::test
{

using Lines = std::vector<std::string>;

/// A store for the roster of one account. It answers at once, or when told to while it is slow.
class FakeStore final : public accounts::AccountStore
{
public:
    accounts::Roster kept;
    bool slow = false;
    /// The next requests fail with these codes.
    std::deque<base::ErrorCode> failures;
    int loads = 0;
    int writes = 0;

    /// Answers the oldest request that waits; false when none does.
    bool answer();
    std::size_t waiting() const { return m_waiting.size(); }
    accounts::RosterItem *item(std::string_view jid);
    void add(accounts::RosterItem item);

    void roster(std::string account, accounts::Callback<accounts::Roster> done) override;
    void putRosterItem(std::string account, accounts::RosterItem item, accounts::Callback<base::Ok> done) override;
    void removeRosterItem(std::string account, std::string jid, std::uint64_t version,
                          accounts::Callback<base::Ok> done) override;

    void exists(std::string, accounts::Callback<bool>) override {}
    void credentials(std::string, accounts::Callback<accounts::Credentials>) override {}
    void create(std::string, accounts::Credentials, accounts::Callback<base::Ok>) override {}
    void setCredentials(std::string, accounts::Credentials, accounts::Callback<base::Ok>) override {}
    void remove(std::string, accounts::Callback<base::Ok>) override {}
    void tokens(std::string, std::string, accounts::Callback<accounts::TokenLogin>) override {}
    void changeTokens(accounts::TokenChange, accounts::Callback<base::Ok>) override {}
    void list(std::string, std::size_t, accounts::Callback<std::vector<accounts::AccountInfo>>) override {}
    void count(accounts::Callback<std::uint64_t>) override {}
    void getValue(std::string, std::string, std::string, accounts::Callback<std::string>) override {}
    void putValue(std::string, std::string, std::string, std::string, accounts::Callback<base::Ok>) override {}
    void removeValue(std::string, std::string, std::string, accounts::Callback<base::Ok>) override {}
    void listValues(std::string, std::string,
                    accounts::Callback<std::vector<std::pair<std::string, std::string>>>) override
    {
    }

private:
    template <class T>
    void later(accounts::Callback<T> done, std::function<T()> work);

    std::deque<std::function<void()>> m_waiting;
};

/// Writes down what happens: "-> bytes" for what is routed, "orchard: bytes" for what a session gets, and words.
class FakeHost final : public ContactsHost
{
public:
    Lines lines;
    Lines roster; ///< "+contact" and "-contact", as the roster changed
    std::map<SessionKey, std::string> sessions;
    base::WallTime time{};
    std::function<void()> onRoute; ///< called once for the next routed stanza

    void route(xml::Stanza &&stanza) override;
    void deliver(SessionKey session, std::string_view bytes) override;
    void deliverPresence(SessionKey session, std::string_view bytes, std::string_view sender) override;
    void becameAvailable(SessionKey session, int priority, Announcement announcement) override;
    void becameUnavailable(SessionKey session) override;
    void becameIdle(const jid::Jid &account) override;
    void rosterChanged(const std::string &contact, Listing listing) override;
    base::WallTime now() const override { return time; }
};

class Stage
{
public:
    explicit Stage(AccountKind kind = AccountKind::Regular);

    FakeStore store;
    FakeHost host;
    ContactsLimits limits;
    std::unique_ptr<Contacts> contacts;

    /// A session sends a presence or a roster iq (without `from`); a new resource is a new session.
    void sends(const std::string &resource, const std::string &bytes);
    /// Somebody else's presence comes in.
    void comes(const std::string &bytes);
    void ends(const std::string &resource);

    /// What happened since the last time it was asked.
    Lines happened() { return std::exchange(host.lines, {}); }
    void forget() { host.lines.clear(); }

    /// The resource asked for its roster / is available; what that caused is forgotten.
    void interested(const std::string &resource);
    void available(const std::string &resource);

    /// An item in the store.
    void contact(const std::string &jid, accounts::Subscription subscription);

private:
    SessionKey key(const std::string &resource);
    std::uint64_t m_nextKey = 1;
};

/// "one\ntwo" for a readable difference.
std::string text(const Lines &lines);

} // namespace godwit::contacts::test

/// Compares what happened with the lines that follow.
#define HAPPENS(stage, ...)                                                                                            \
    do {                                                                                                               \
        const std::string seen = godwit::contacts::test::text((stage).happened());                                     \
        const std::string wanted = godwit::contacts::test::text(godwit::contacts::test::Lines{__VA_ARGS__});           \
        QVERIFY2(seen == wanted, ("\nseen:\n" + seen + "\nwanted:\n" + wanted).c_str());                               \
    } while (false)
