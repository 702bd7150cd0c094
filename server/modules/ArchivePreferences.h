// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What an account wants to have in its archive (XEP-0441). The preferences are kept with its other values and known in
// memory before a message of the account passes, so that each message is judged at once.
#pragma once

#include "modules/Module.h"

#include <set>
#include <unordered_map>

namespace godwit::modules
{

class ArchivePreferences
{
public:
    void start(Services &services, Hooks &hooks);
    /// Answers `<prefs/>` get and set.
    void answer(const IqRequest &request, IqReply reply);

private:
    using Addresses = std::set<std::string, std::less<>>;
    enum class Default : std::uint8_t { Always, Never, Roster };
    /// Kept only for accounts that want something else than everything.
    struct Wishes {
        Default otherwise = Default::Always;
        Addresses always;
        Addresses never;
        Addresses contacts; ///< with Default::Roster: bare JIDs of the roster
    };

    static base::Result<Wishes> read(const std::string &text);
    bool keeps(std::string_view account, const jid::Jid &other) const;
    void load(const std::string &account, Hooks::LoadDone done);
    void takeOver(const std::string &account, const std::string &text, Hooks::LoadDone done);
    void set(const IqRequest &request, const std::shared_ptr<IqReply> &reply);

    Services *m_services = nullptr;
    std::unordered_map<std::string, Wishes> m_wishes;
};

} // namespace godwit::modules
