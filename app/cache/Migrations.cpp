// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "cache/Migrations.h"

#include <array>

namespace godwit::cache
{

using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;

namespace
{

// From an empty file. `place` orders a chat and is unique in it; the partial indexes hold only what is looked for.
constexpr const char *versionOne = R"sql(
CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE chat (
  peer TEXT PRIMARY KEY,
  unread INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  draft TEXT NOT NULL DEFAULT '',
  known INTEGER NOT NULL DEFAULT 0,
  last_place INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE message (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  peer TEXT NOT NULL,
  own INTEGER NOT NULL,
  body TEXT NOT NULL,
  place INTEGER NOT NULL,
  time INTEGER NOT NULL,
  state INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  stanza_id TEXT,
  origin_id TEXT,
  archive_id TEXT,
  seen INTEGER NOT NULL DEFAULT 1,
  markable INTEGER NOT NULL DEFAULT 0,
  queued INTEGER NOT NULL DEFAULT 0,
  sent INTEGER NOT NULL DEFAULT 0,
  accepted INTEGER NOT NULL DEFAULT 0,
  delivered INTEGER NOT NULL DEFAULT 0,
  read INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX message_place ON message (peer, place);
CREATE INDEX message_origin ON message (origin_id) WHERE origin_id IS NOT NULL;
CREATE INDEX message_stanza ON message (stanza_id) WHERE stanza_id IS NOT NULL;
CREATE INDEX message_unseen ON message (peer, place) WHERE seen = 0;
CREATE INDEX message_failed ON message (peer) WHERE state = 6;

-- Every archive id under which a message was seen; a second one means that a server stored it twice.
CREATE TABLE archived (
  id TEXT PRIMARY KEY,
  message INTEGER NOT NULL REFERENCES message (key) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX archived_message ON archived (message);

CREATE TABLE outbox (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  kind INTEGER NOT NULL,
  origin_id TEXT NOT NULL UNIQUE,
  message INTEGER REFERENCES message (key) ON DELETE CASCADE,
  peer TEXT NOT NULL,
  stanza BLOB NOT NULL
);
CREATE INDEX outbox_message ON outbox (message);

CREATE TABLE span (
  row INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  low_id TEXT NOT NULL,
  high_id TEXT NOT NULL,
  low_place INTEGER NOT NULL,
  high_place INTEGER NOT NULL,
  from_beginning INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX span_scope ON span (scope, low_place);

CREATE TABLE contact (
  address TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  subscription TEXT NOT NULL,
  asked INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
)sql";

constexpr std::array<const char *, schemaVersion> steps = {versionOne};

int pragma(Database &database, const char *sql)
{
    Query query = database.query(sql);
    return query.next() ? static_cast<int>(query.number(0)) : 0;
}

} // namespace

Result<Ok> migrate(Database &database)
{
    const int version = pragma(database, "PRAGMA user_version");
    const int application = pragma(database, "PRAGMA application_id");
    const int tables = pragma(database, "SELECT count(*) FROM sqlite_schema");
    if (auto failure = database.takeFailure()) {
        return *failure;
    }
    if (tables > 0 && application != applicationId) {
        return Error(ErrorCode::Corrupt, "the file is not a cache of Godwit");
    }
    if (version > schemaVersion) {
        return Error(ErrorCode::TooNew, "the cache has version " + std::to_string(version) +
                                            ", this program knows versions up to " + std::to_string(schemaVersion));
    }
    if (version == schemaVersion) {
        return Ok();
    }
    std::string script = "BEGIN IMMEDIATE;";
    for (int step = version; step < schemaVersion; ++step) {
        script += steps[static_cast<std::size_t>(step)];
    }
    script += "PRAGMA application_id=" + std::to_string(applicationId) + ";";
    script += "PRAGMA user_version=" + std::to_string(schemaVersion) + ";COMMIT;";
    auto done = database.execute(script);
    if (!done) {
        // The failure that counts is the first one.
        static_cast<void>(database.execute("ROLLBACK").ok());
    }
    return done;
}

} // namespace godwit::cache
