// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A feature of the server: one file, one class, switched by configuration. What it declares of itself as data is what
// disco, `godwitd modules` and the table in README.md show.
#pragma once

#include "accounts/AccountStore.h"
#include "base/Clock.h"
#include "base/Random.h"
#include "ledger/LogStore.h"
#include "modules/Hooks.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::modules
{

/// What a module is. `xep` is "XEP-0199" or an RFC section; `version` the version of that text it was written to.
struct ModuleInfo {
    std::string_view name; ///< its name in the configuration: "ping"
    std::string_view xep;
    std::string_view version;
    std::string_view status; ///< "complete" or what is missing
    std::string_view summary;
};

/// What a shard offers to its modules. Lives as long as they do.
class Services
{
public:
    virtual ~Services() = default;
    virtual const base::Clock &clock() const = 0;
    virtual base::Random &random() = 0;
    virtual ledger::LogStore &log() = 0;
    virtual accounts::AccountStore &accounts() = 0;
    virtual const ledger::StanzaIds &stanzaIds() const = 0;
    /// The first served domain: the server's own address.
    virtual const std::string &domain() const = 0;
    /// Sends a stanza to wherever its `to` says.
    virtual void route(xml::Stanza &&stanza) = 0;
    /// A session of this shard, or null when it is gone.
    virtual SessionPort *session(session::SessionId id) = 0;
    /// The bound sessions of an account whose home is this shard.
    virtual std::vector<SessionPort *> sessionsOf(std::string_view account) = 0;
    /// Makes the sessions of an account look unavailable to those of its contacts, and of those who got directed
    /// presence, whom `covers` names; or as they are again. On the account's home shard.
    using Covers = std::function<bool(const jid::Jid &)>;
    virtual void hideFrom(const std::string &account, const Covers &covers) = 0;
    virtual void showTo(const std::string &account, const Covers &covers) = 0;
    /// Messages that waited for an account were dropped (LogStore::dropPending): there may be room for others. On the
    /// account's home shard.
    virtual void pendingDropped(const std::string &account) = 0;
    /// A module is at work on a loaded account: it is not forgotten until it was released as often, however long its
    /// sessions are gone.
    virtual void holdAccount(const std::string &account) = 0;
    virtual void releaseAccount(const std::string &account) = 0;
    /// The module's own table of the configuration: key → value as text.
    virtual const std::map<std::string, std::string> &settings(std::string_view module) const = 0;
};

class Module
{
public:
    virtual ~Module() = default;
    virtual ModuleInfo info() const = 0;
    /// Called once, before the first session.
    virtual void start(Services &services, Hooks &hooks) = 0;
};

/// The built-in modules with `plugins` among them, in the order in which they start. Made anew for each shard.
std::vector<std::unique_ptr<Module>> allModules(std::vector<std::unique_ptr<Module>> plugins);

} // namespace godwit::modules
