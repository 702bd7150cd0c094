// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/LogMeta.h"

#include "base/Random.h"
#include "ledger/LogStore.h"

#include <algorithm>

namespace godwit::store
{

namespace
{

/// A value of 16 random bytes, made at the first look.
base::Result<std::string> secret(Database &database, std::string_view name)
{
    std::array<std::uint8_t, 16> fresh{};
    base::SystemRandom().fill(fresh);
    auto insert = database.prepare("INSERT OR IGNORE INTO meta(name,value) VALUES(?1,?2)");
    if (!insert.ok()) {
        return std::move(insert).error();
    }
    insert->bindText(1, name);
    insert->bindBlob(2, std::string_view(reinterpret_cast<const char *>(fresh.data()), fresh.size()));
    if (insert->run() != DbFailure::None) {
        return base::Error(base::ErrorCode::Io, insert->failureText());
    }
    auto select = database.prepare("SELECT value FROM meta WHERE name=?1");
    if (!select.ok()) {
        return std::move(select).error();
    }
    select->bindText(1, name);
    if (!select->step() || select->bytes(0).size() != fresh.size()) {
        return base::Error(base::ErrorCode::Corrupt, "meta value " + std::string(name));
    }
    return std::string(select->bytes(0));
}

std::array<std::uint8_t, 16> toArray(const std::string &bytes)
{
    std::array<std::uint8_t, 16> array{};
    std::copy(bytes.begin(), bytes.end(), array.begin());
    return array;
}

} // namespace

base::Result<LogMeta> loadLogMeta(Database &database)
{
    LogMeta meta;
    base::Result<std::string> logId = secret(database, "log_id");
    base::Result<std::string> stanzaIdKey = secret(database, "stanza_id_key");
    base::Result<std::string> dedupKey = secret(database, "dedup_key");
    for (const auto *value : {&logId, &stanzaIdKey, &dedupKey}) {
        if (!value->ok()) {
            return value->error();
        }
    }
    meta.logId = *logId;
    meta.stanzaIdKey = toArray(*stanzaIdKey);
    meta.dedupKey = toArray(*dedupKey);
    const auto incarnation =
        static_cast<std::uint64_t>(database.number("SELECT value FROM meta WHERE name='incarnation'"));
    const auto purged = static_cast<std::uint64_t>(database.number("SELECT value FROM meta WHERE name='last_seq'"));
    const auto newest = static_cast<std::uint64_t>(database.number("SELECT max(seq) FROM msg"));
    meta.lastSeq = std::max({newest, purged, incarnation << ledger::seqCounterBits});
    const std::int64_t time = std::max(database.number("SELECT value FROM meta WHERE name='last_time'"),
                                       database.number("SELECT ts FROM msg ORDER BY seq DESC LIMIT 1"));
    meta.lastTime = base::WallTime(base::Duration(time));
    return meta;
}

base::Result<base::Ok> raiseIncarnation(Database &database)
{
    const std::uint64_t newest =
        std::max(static_cast<std::uint64_t>(database.number("SELECT max(seq) FROM msg")),
                 static_cast<std::uint64_t>(database.number("SELECT value FROM meta WHERE name='last_seq'")));
    const std::uint64_t next =
        std::max(newest >> ledger::seqCounterBits,
                 static_cast<std::uint64_t>(database.number("SELECT value FROM meta WHERE name='incarnation'"))) +
        1;
    if (next >> (ledger::seqBits - ledger::seqCounterBits) != 0) {
        return base::Error(base::ErrorCode::LimitExceeded, "the store was restored too often");
    }
    return database.exec("INSERT OR REPLACE INTO meta(name,value) VALUES('incarnation'," + std::to_string(next) + ")");
}

} // namespace godwit::store
