// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <string_view>

namespace godwit::store::migrations
{

/// Version 1 of main.db: accounts and what belongs to them.
inline constexpr std::string_view main001 = R"sql(
CREATE TABLE account(
    id INTEGER PRIMARY KEY,
    jid TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,    -- microseconds since 1970
    disabled INTEGER NOT NULL
);
CREATE TABLE scram(
    account INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
    hash INTEGER NOT NULL,       -- accounts::ScramHash
    iterations INTEGER NOT NULL,
    salt BLOB NOT NULL,
    stored_key BLOB NOT NULL,
    server_key BLOB NOT NULL,
    PRIMARY KEY(account, hash)
) WITHOUT ROWID;
CREATE TABLE roster(
    owner TEXT NOT NULL,         -- bare JID
    jid TEXT NOT NULL,
    removed INTEGER NOT NULL,    -- a tombstone: only jid and version mean something
    name TEXT NOT NULL,
    subscription INTEGER NOT NULL,
    ask INTEGER NOT NULL,
    approved INTEGER NOT NULL,
    listed INTEGER NOT NULL,
    pending_in BLOB NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY(owner, jid)
) WITHOUT ROWID;
CREATE TABLE roster_group(
    owner TEXT NOT NULL,
    jid TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY(owner, jid, name)
) WITHOUT ROWID;
CREATE TABLE value(
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY(owner, kind, key)
) WITHOUT ROWID;
)sql";

} // namespace godwit::store::migrations
