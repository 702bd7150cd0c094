// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What commands ask of accounts and log, whether a server runs (then over its socket) or not (then of the store
// itself).
#pragma once

#include "accounts/AccountStore.h"
#include "base/Clock.h"
#include "base/Result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace godwit::admin
{

enum class PutMode : std::uint8_t {
    Add,     ///< AlreadyExists when there is the account
    Set,     ///< NotFound when there is none
    Replace, ///< made when there is none
};

/// An account with the keys of its password.
struct AccountKeys {
    std::string jid;
    accounts::Credentials credentials;
};

/// A line of `status`.
struct StatusLine {
    std::string name;
    std::string value;
};

/// Where a message is. Never its body.
struct MessageTrace {
    struct Proof {
        std::string device; ///< empty for a client that did not name itself
        base::WallTime time;
    };
    /// What one party's log says.
    struct Party {
        std::string stanzaId;
        bool archived = false;
        bool pending = false; ///< no client proved it yet
        std::vector<Proof> proofs;
    };
    std::string sender;    ///< bare JID
    std::string recipient; ///< bare JID
    base::WallTime stored;
    std::uint64_t bytes = 0;
    bool event = false;               ///< an error that answers an accepted message later
    std::optional<Party> atSender;    ///< when it has an account here
    std::optional<Party> atRecipient; ///< likewise
};

/// Blocks until the answer is there. One thread at a time.
class Control
{
public:
    virtual ~Control() = default;

    /// Which of them have accounts, in that order.
    virtual base::Result<std::vector<bool>> known(const std::vector<std::string> &accounts) = 0;
    /// Durable when it returns; one answer for each, in that order.
    virtual base::Result<std::vector<base::Result<base::Ok>>> put(const std::vector<AccountKeys> &accounts,
                                                                  PutMode mode) = 0;
    /// Ends its sessions, removes what belongs to it; NotFound when there is none.
    virtual base::Result<base::Ok> remove(const std::string &account) = 0;
    /// In order of the JIDs, behind `after`.
    virtual base::Result<std::vector<accounts::AccountInfo>> list(const std::string &after, std::size_t limit) = 0;
    virtual base::Result<std::vector<StatusLine>> status() = 0;
    /// InvalidInput when `id` is no id of this account, NotFound when it has no such message (any more).
    virtual base::Result<MessageTrace> trace(const std::string &account, const std::string &id) = 0;
};

/// Most accounts in one call of known(), put() and list(); bounds what a frame holds.
inline constexpr std::size_t accountsPerCallMax = 1'000;

} // namespace godwit::admin
