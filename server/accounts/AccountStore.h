// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Accounts as the rooms above the store see them: who exists, how they prove who they are, their roster and their
// small private data. Ordinary tables (main.db), apart from the log. One AccountStore belongs to one shard: called on
// its thread, answers on its thread, each exactly once.
#pragma once

#include "base/Clock.h"
#include "base/Result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace godwit::accounts
{

template <class T>
using Callback = std::function<void(base::Result<T>)>;

enum class ScramHash : std::uint8_t { Sha1, Sha256, Sha512 };

/// RFC 5802 §3: what the server keeps instead of a password, for one hash.
struct ScramKeys {
    ScramHash hash = ScramHash::Sha256;
    std::uint32_t iterations = 0;
    std::string salt;      ///< raw bytes
    std::string storedKey; ///< raw bytes
    std::string serverKey; ///< raw bytes
};

/// The keys of one account; all hashes the server was configured for when the password was set.
struct Credentials {
    std::vector<ScramKeys> keys;
    bool disabled = false;
};

/// By which one installation of a client logs in without the password (XEP-0484).
struct Token {
    std::string mechanism; ///< the only one that it is good for: "HT-SHA-256-NONE"
    std::string secret;    ///< the text that the client was given
    base::WallTime expires{};
    std::uint32_t count = 0; ///< the highest that was used with it; 0: none was

    bool operator==(const Token &) const = default;
};

/// The tokens of one installation: `next` was given out, and takes the place of `current` when it is used.
struct DeviceTokens {
    std::optional<Token> current;
    std::optional<Token> next;

    bool operator==(const DeviceTokens &) const = default;
};

struct TokenLogin {
    DeviceTokens tokens;
    bool disabled = false; ///< the account is
};

struct TokenChange {
    std::string account;
    std::string device;
    DeviceTokens before;
    DeviceTokens after;
    std::size_t devicesMax = 0; ///< installations of the account that may have tokens
};

enum class Subscription : std::uint8_t { None, To, From, Both };

/// RFC 6121 §2.1.2 plus what the server must remember beside it (§3.1.3: a request not yet answered).
struct RosterItem {
    std::string jid; ///< bare
    std::string name;
    std::vector<std::string> groups;
    Subscription subscription = Subscription::None;
    bool ask = false;          ///< pending out
    bool approved = false;     ///< pre-approved (§3.4)
    bool listed = true;        ///< false: exists only because of a pending-in request, not part of the roster
    std::string pendingIn;     ///< bytes of the subscribe stanza that waits for an answer; empty for none
    std::uint64_t version = 0; ///< roster version at which the item changed last
};

/// A roster with its tombstones: items removed are known by jid and version for XEP-0237.
struct Roster {
    std::uint64_t version = 0;
    std::vector<RosterItem> items;
    std::vector<std::pair<std::string, std::uint64_t>> removed;
};

struct AccountInfo {
    std::string jid;
    base::WallTime created;
    bool disabled = false;
};

class AccountStore
{
public:
    virtual ~AccountStore() = default;

    virtual void exists(std::string account, Callback<bool> done) = 0;
    /// NotFound when there is no such account.
    virtual void credentials(std::string account, Callback<Credentials> done) = 0;
    /// AlreadyExists when it does.
    virtual void create(std::string account, Credentials credentials, Callback<base::Ok> done) = 0;
    /// Whoever had a token has to know the new password: all tokens of the account are forgotten.
    virtual void setCredentials(std::string account, Credentials credentials, Callback<base::Ok> done) = 0;
    /// Removes the account with tokens, roster and private data; NotFound when there is none.
    virtual void remove(std::string account, Callback<base::Ok> done) = 0;
    /// Accounts in order of their JID behind `after` (empty: from the first).
    virtual void list(std::string after, std::size_t limit, Callback<std::vector<AccountInfo>> done) = 0;
    virtual void count(Callback<std::uint64_t> done) = 0;

    /// What an installation has; nothing at all is an answer, too. NotFound when there is no such account.
    virtual void tokens(std::string account, std::string device, Callback<TokenLogin> done) = 0;
    /// Durable before the answer. Conflict when they are not `before` any more. Of too many installations those lose
    /// their tokens first whose tokens expire first, but not the one that gets some.
    virtual void changeTokens(TokenChange change, Callback<base::Ok> done) = 0;

    virtual void roster(std::string account, Callback<Roster> done) = 0;
    /// Writes one item (its version is the roster's new version) durably before it answers.
    virtual void putRosterItem(std::string account, RosterItem item, Callback<base::Ok> done) = 0;
    virtual void removeRosterItem(std::string account, std::string jid, std::uint64_t version,
                                  Callback<base::Ok> done) = 0;

    /// Small values by kind and key (preferences, private XML, vCards, block list), durable before the answer.
    virtual void getValue(std::string account, std::string kind, std::string key, Callback<std::string> done) = 0;
    virtual void putValue(std::string account, std::string kind, std::string key, std::string value,
                          Callback<base::Ok> done) = 0;
    virtual void removeValue(std::string account, std::string kind, std::string key, Callback<base::Ok> done) = 0;
    virtual void listValues(std::string account, std::string kind,
                            Callback<std::vector<std::pair<std::string, std::string>>> done) = 0;
};

} // namespace godwit::accounts
