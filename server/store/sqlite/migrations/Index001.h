// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <string_view>

namespace godwit::store::migrations
{

/// Version 1 of index.db. All of it can be made again from log.db. JIDs are numbers of log.db's table.
inline constexpr std::string_view index001 = R"sql(
CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE entry(
    account INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    peer INTEGER NOT NULL,
    bits INTEGER NOT NULL,       -- EntryBit
    PRIMARY KEY(account, seq)
) WITHOUT ROWID;
CREATE INDEX entry_by_peer ON entry(account, peer, seq, bits);
CREATE TABLE pending(
    account INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    peer INTEGER NOT NULL,
    PRIMARY KEY(account, seq)
) WITHOUT ROWID;
CREATE TABLE sent_key(
    account INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    dedup BLOB NOT NULL,
    PRIMARY KEY(account, seq)
) WITHOUT ROWID;
CREATE TABLE proof(
    account INTEGER NOT NULL,
    n INTEGER NOT NULL,
    device TEXT NOT NULL,
    lo INTEGER NOT NULL,
    hi INTEGER NOT NULL,
    ts INTEGER NOT NULL,
    PRIMARY KEY(account, n)
) WITHOUT ROWID;
CREATE TABLE device(
    account INTEGER NOT NULL,
    device TEXT NOT NULL,
    position INTEGER NOT NULL,
    ranges BLOB NOT NULL,        -- pairs of 8-byte big-endian numbers: proved ranges above the position
    seen INTEGER NOT NULL,
    PRIMARY KEY(account, device)
) WITHOUT ROWID;
CREATE TABLE late(
    seq INTEGER PRIMARY KEY,     -- a row that was pending when the retention passed it, and is no more
    since INTEGER NOT NULL
);
CREATE TABLE account_floor(
    account INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL         -- rows up to here belonged to an account of this name that was removed
);
)sql";

} // namespace godwit::store::migrations
