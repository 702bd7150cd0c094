// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// JIDs as numbers: the table `jid` of log.db with a memory in front of it. Each connection has its own.
#pragma once

#include "store/LogEntry.h"
#include "store/sqlite/Database.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace godwit::store
{

class JidTable
{
public:
    void prepare(Database &database);

    /// The number of a JID, or 0 when no row ever named it.
    JidId find(std::string_view jid);
    /// The same, made when it is missing (writer only, inside its transaction).
    JidId intern(std::string_view jid, DbFailure &failure);
    /// The JID of a number; empty when there is none.
    std::string text(JidId id);

    /// A transaction that may have made JIDs was undone: what is remembered may be wrong.
    void forget() { m_ids.clear(); }

private:
    struct Hash {
        using is_transparent = void; // NOLINT(readability-identifier-naming): the name is the standard's
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    void makeRoom();

    Database *m_database = nullptr;
    Statement m_find, m_insert, m_text;
    std::unordered_map<std::string, JidId, Hash, std::equal_to<>> m_ids;
    std::unordered_map<JidId, std::string> m_texts;
};

} // namespace godwit::store
