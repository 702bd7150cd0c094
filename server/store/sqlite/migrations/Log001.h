// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <string_view>

namespace godwit::store::migrations
{

/// Version 1 of log.db. Both `msg` and `journal` only grow at their end; neither has a second index.
inline constexpr std::string_view log001 = R"sql(
CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE jid(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE msg(
    seq INTEGER PRIMARY KEY,
    ts INTEGER NOT NULL,         -- microseconds since 1970, never falling
    sender INTEGER NOT NULL,     -- jid.id
    recipient INTEGER NOT NULL,  -- jid.id
    flags INTEGER NOT NULL,      -- ledger::RowFlag
    dedup BLOB,                  -- 16 bytes, or null
    stanza BLOB NOT NULL         -- kept form; empty when the body was purged and only the key is still wanted
);
CREATE TABLE journal(
    n INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,       -- JournalKind
    account INTEGER NOT NULL,    -- jid.id
    peer INTEGER NOT NULL,       -- jid.id, or 0
    device TEXT NOT NULL,
    lo INTEGER NOT NULL,
    hi INTEGER NOT NULL,
    ts INTEGER NOT NULL
);
)sql";

} // namespace godwit::store::migrations
