// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/IndexFile.h"

#include "base/Log.h"
#include "store/StoreLimits.h"
#include "store/sqlite/Schema.h"

#include <sqlite3.h>

#include <cstring>
#include <filesystem>

namespace godwit::store
{

namespace
{

void throwAway(const std::string &path)
{
    for (const char *suffix : {"", "-wal", "-shm"}) {
        std::error_code ignored;
        std::filesystem::remove(path + suffix, ignored);
    }
}

void appendNumber(std::string &bytes, std::uint64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8) {
        bytes.push_back(static_cast<char>((number >> shift) & 0xff));
    }
}

std::uint64_t takeNumber(std::string_view &bytes)
{
    std::uint64_t number = 0;
    for (int at = 0; at < 8; ++at) {
        number = (number << 8) | static_cast<unsigned char>(bytes[static_cast<std::size_t>(at)]);
    }
    bytes.remove_prefix(8);
    return number;
}

std::string writeRanges(const RangeSet &set)
{
    std::string bytes;
    for (const auto &[low, high] : set.ranges()) {
        appendNumber(bytes, low.value);
        appendNumber(bytes, high.value);
    }
    return bytes;
}

RangeSet readRanges(std::string_view bytes)
{
    RangeSet set;
    while (bytes.size() >= 16) {
        const ledger::Seq low(takeNumber(bytes));
        set.insert(low, ledger::Seq(takeNumber(bytes)));
    }
    return set;
}

std::int64_t micros(base::WallTime time)
{
    return time.time_since_epoch().count();
}

} // namespace

base::Result<IndexFile> IndexFile::open(const std::string &folder, const std::string &logId, const std::string &vfs)
{
    IndexFile file;
    file.m_path = folder + "/index.db";
    for (int attempt = 0; attempt < 2; ++attempt) {
        base::Result<Database> database = openFile(file.m_path, indexSchema, Sync::Normal, vfs);
        if (!database.ok() && (database.error().code() != base::ErrorCode::Corrupt || attempt > 0)) {
            return std::move(database).error();
        }
        if (database.ok()) {
            file.m_database = std::move(database).value();
            file.prepare();
            bool known = false;
            bool ours = false;
            {
                const StatementScope scope(file.m_meta);
                file.m_meta.bindText(1, "log_id");
                known = file.m_meta.step();
                ours = known && file.m_meta.bytes(0) == logId;
            }
            if (ours) {
                return file;
            }
            if (!known) {
                file.m_setMeta.bindText(1, "log_id");
                file.m_setMeta.bindBlob(2, logId);
                file.must(file.m_setMeta);
                return file;
            }
        }
        base::log(base::LogLevel::Warning, "store", "index.db does not belong to this log or is damaged, rebuilding it",
                  {{"folder", folder}});
        file = IndexFile();
        file.m_path = folder + "/index.db";
        throwAway(file.m_path);
    }
    return base::Error(base::ErrorCode::Corrupt, file.m_path + " cannot be made anew");
}

void IndexFile::prepare()
{
    Database &db = m_database;
    // A fold touches the same few pages of many accounts again and again.
    if (db.run("PRAGMA cache_size=-16384") != DbFailure::None) {
        failed(db.failureText());
    }
    // This also turns automatic checkpoints off: the Checkpointer does them.
    sqlite3_wal_hook(
        db.handle(),
        [](void *pages, sqlite3 *, const char *, int now) {
            *static_cast<std::uint64_t *>(pages) = static_cast<std::uint64_t>(now);
            return SQLITE_OK;
        },
        m_walPages.get());
    m_begin = db.mustPrepare("BEGIN IMMEDIATE");
    m_commit = db.mustPrepare("COMMIT");
    m_meta = db.mustPrepare("SELECT value FROM meta WHERE name=?1");
    m_setMeta = db.mustPrepare("INSERT OR REPLACE INTO meta(name,value) VALUES(?1,?2)");
    m_putEntry = db.mustPrepare("INSERT OR IGNORE INTO entry(account,seq,peer,bits) VALUES(?1,?2,?3,?4)");
    m_putPending = db.mustPrepare("INSERT OR IGNORE INTO pending(account,seq,peer) VALUES(?1,?2,?3)");
    m_putSentKey = db.mustPrepare("INSERT OR IGNORE INTO sent_key(account,seq,dedup) VALUES(?1,?2,?3)");
    m_putProof = db.mustPrepare("INSERT OR REPLACE INTO proof(account,n,device,lo,hi,ts) VALUES(?1,?2,?3,?4,?5,?6)");
    m_erasePending = db.mustPrepare("DELETE FROM pending WHERE account=?1 AND seq BETWEEN ?2 AND ?3");
    m_erasePendingFrom = db.mustPrepare("DELETE FROM pending WHERE account=?1 AND seq<=?2 AND peer=?3");
    m_eraseEntry = db.mustPrepare("DELETE FROM entry WHERE account=?1 AND seq=?2");
    m_eraseSentKey = db.mustPrepare("DELETE FROM sent_key WHERE account=?1 AND seq=?2");
    m_sweep = db.mustPrepare("DELETE FROM entry WHERE account=?1 AND seq<=(SELECT max(seq) FROM (SELECT seq FROM entry "
                             "WHERE account=?1 AND seq<=?2 ORDER BY seq LIMIT ?3))");
    m_putFloor = db.mustPrepare("INSERT OR REPLACE INTO account_floor(account,seq) VALUES(?1,?2)");
    m_putLate = db.mustPrepare("INSERT OR IGNORE INTO late(seq,since) SELECT seq,?5 FROM pending WHERE account=?1 AND "
                               "seq BETWEEN ?2 AND min(?3,?4)");
    m_eraseLate = db.mustPrepare("DELETE FROM late WHERE seq=?1");
    m_late = db.mustPrepare("SELECT seq FROM late WHERE since<=?1 ORDER BY seq LIMIT ?2");
    m_putDevice = db.mustPrepare("INSERT OR REPLACE INTO device(account,device,position,ranges,seen) "
                                 "VALUES(?1,?2,?3,?4,?5)");
    m_eraseDevice = db.mustPrepare("DELETE FROM device WHERE account=?1 AND device=?2");
    m_devices = db.mustPrepare("SELECT device,position,ranges,seen FROM device WHERE account=?1 ORDER BY seen");
    m_proofs = db.mustPrepare("SELECT n,device,lo,hi,ts FROM proof WHERE account=?1 AND lo<=?2 AND hi>=?2 ORDER BY n");
    m_sentKeys = db.mustPrepare("SELECT seq,dedup FROM sent_key WHERE account=?1 AND seq BETWEEN ?2 AND ?3 "
                                "ORDER BY seq DESC LIMIT ?4");
    m_pending = db.mustPrepare("SELECT seq,peer,2 FROM pending WHERE account=?1 AND seq BETWEEN ?2 AND ?3 "
                               "ORDER BY seq LIMIT ?4");
    m_countPending = db.mustPrepare("SELECT count(*) FROM pending WHERE account=?1 AND seq BETWEEN ?2 AND ?3");
    const std::string columns = "SELECT seq,peer,bits FROM entry ";
    const std::string all = "WHERE account=?1 AND seq BETWEEN ?2 AND ?3 AND (bits & ?4)=?4 ";
    const std::string byPeer = "INDEXED BY entry_by_peer WHERE account=?1 AND peer=?6 AND seq BETWEEN ?2 AND ?3 "
                               "AND (bits & ?4)=?4 ";
    m_scan[0] = db.mustPrepare(columns + all + "ORDER BY seq LIMIT ?5");
    m_scan[1] = db.mustPrepare(columns + all + "ORDER BY seq DESC LIMIT ?5");
    m_scan[2] = db.mustPrepare(columns + byPeer + "ORDER BY seq LIMIT ?5");
    m_scan[3] = db.mustPrepare(columns + byPeer + "ORDER BY seq DESC LIMIT ?5");
    m_count[0] = db.mustPrepare("SELECT count(*) FROM entry " + all);
    m_count[1] = db.mustPrepare("SELECT count(*) FROM entry " + byPeer);
}

void IndexFile::failed(const std::string &text)
{
    throwAway(m_path);
    storageFailed("index.db (thrown away, the next start rebuilds it)", text);
}

void IndexFile::must(Statement &statement)
{
    if (m_full) {
        return;
    }
    const DbFailure failure = statement.run();
    if (failure == DbFailure::Full) {
        m_full = true;
    } else if (failure != DbFailure::None) {
        failed(m_database.failureText());
    }
}

void IndexFile::checked(const Statement &statement)
{
    if (statement.failure() != DbFailure::None) {
        failed(statement.failureText());
    }
}

std::uint64_t IndexFile::meta(std::string_view name)
{
    const StatementScope scope(m_meta);
    m_meta.bindText(1, name);
    const std::uint64_t value = m_meta.step() ? m_meta.unsignedNumber(0) : 0;
    checked(m_meta);
    return value;
}

void IndexFile::setMeta(std::string_view name, std::uint64_t value)
{
    m_setMeta.bindText(1, name);
    m_setMeta.bind(2, value);
    must(m_setMeta);
}

void IndexFile::begin()
{
    m_full = false;
    must(m_begin);
}

bool IndexFile::commit()
{
    must(m_commit);
    if (m_full && m_database.inTransaction() && m_database.run("ROLLBACK") != DbFailure::None) {
        failed(m_database.failureText());
    }
    return !m_full;
}

void IndexFile::putEntry(JidId account, const Entry &entry)
{
    m_putEntry.bind(1, account.value);
    m_putEntry.bind(2, entry.seq.value);
    m_putEntry.bind(3, entry.peer.value);
    m_putEntry.bind(4, std::int64_t(entry.bits));
    must(m_putEntry);
}

void IndexFile::putPending(JidId account, const Entry &entry)
{
    m_putPending.bind(1, account.value);
    m_putPending.bind(2, entry.seq.value);
    m_putPending.bind(3, entry.peer.value);
    must(m_putPending);
}

void IndexFile::putSentKey(JidId account, ledger::Seq seq, const base::Hash128 &key)
{
    std::array<char, 16> bytes{};
    std::memcpy(bytes.data(), &key.low, 8);
    std::memcpy(bytes.data() + 8, &key.high, 8);
    m_putSentKey.bind(1, account.value);
    m_putSentKey.bind(2, seq.value);
    m_putSentKey.bindBlob(3, std::string_view(bytes.data(), bytes.size()));
    must(m_putSentKey);
}

void IndexFile::putProof(JidId account, const ProofNote &proof)
{
    m_putProof.bind(1, account.value);
    m_putProof.bind(2, proof.number);
    m_putProof.bindText(3, proof.device);
    m_putProof.bind(4, proof.low.value);
    m_putProof.bind(5, proof.high.value);
    m_putProof.bind(6, micros(proof.time));
    must(m_putProof);
}

void IndexFile::erasePending(JidId account, ledger::Seq low, ledger::Seq high)
{
    m_erasePending.bind(1, account.value);
    m_erasePending.bind(2, low.value);
    m_erasePending.bind(3, high.value);
    must(m_erasePending);
}

void IndexFile::erasePendingFrom(JidId account, JidId peer, ledger::Seq upTo)
{
    m_erasePendingFrom.bind(1, account.value);
    m_erasePendingFrom.bind(2, upTo.value);
    m_erasePendingFrom.bind(3, peer.value);
    must(m_erasePendingFrom);
}

void IndexFile::putLate(JidId account, ledger::Seq low, ledger::Seq high, ledger::Seq passed, base::WallTime now)
{
    if (passed < low) {
        return;
    }
    m_putLate.bind(1, account.value);
    m_putLate.bind(2, low.value);
    m_putLate.bind(3, high.value);
    m_putLate.bind(4, passed.value);
    m_putLate.bind(5, micros(now));
    must(m_putLate);
}

void IndexFile::eraseLate(ledger::Seq seq)
{
    m_eraseLate.bind(1, seq.value);
    must(m_eraseLate);
}

std::vector<ledger::Seq> IndexFile::late(base::WallTime until, std::size_t limit)
{
    const StatementScope scope(m_late);
    m_late.bind(1, micros(until));
    m_late.bind(2, std::int64_t(limit));
    std::vector<ledger::Seq> seqs;
    while (m_late.step()) {
        seqs.emplace_back(m_late.unsignedNumber(0));
    }
    checked(m_late);
    return seqs;
}

void IndexFile::eraseEntry(JidId account, ledger::Seq seq)
{
    m_eraseEntry.bind(1, account.value);
    m_eraseEntry.bind(2, seq.value);
    must(m_eraseEntry);
}

void IndexFile::eraseSentKey(JidId account, ledger::Seq seq)
{
    m_eraseSentKey.bind(1, account.value);
    m_eraseSentKey.bind(2, seq.value);
    must(m_eraseSentKey);
}

void IndexFile::removeAccount(JidId account, ledger::Seq upTo)
{
    m_putFloor.bind(1, account.value);
    m_putFloor.bind(2, upTo.value);
    must(m_putFloor);
    erasePending(account, ledger::Seq(), upTo);
    for (const char *table : {"sent_key", "proof", "device"}) {
        Statement erase = m_database.mustPrepare("DELETE FROM " + std::string(table) + " WHERE account=?1");
        erase.bind(1, account.value);
        must(erase);
    }
}

bool IndexFile::sweepAccount(JidId account, ledger::Seq upTo)
{
    m_sweep.bind(1, account.value);
    m_sweep.bind(2, upTo.value);
    m_sweep.bind(3, std::int64_t{limits::foldSliceRows});
    must(m_sweep);
    return !m_full && m_database.changes() > 0;
}

void IndexFile::putDevice(JidId account, const DeviceState &state)
{
    const std::string ranges = writeRanges(state.above);
    m_putDevice.bind(1, account.value);
    m_putDevice.bindText(2, state.device);
    m_putDevice.bind(3, state.position.value);
    m_putDevice.bindBlob(4, ranges);
    m_putDevice.bind(5, micros(state.seen));
    must(m_putDevice);
}

void IndexFile::eraseDevice(JidId account, const std::string &device)
{
    m_eraseDevice.bind(1, account.value);
    m_eraseDevice.bindText(2, device);
    must(m_eraseDevice);
}

std::vector<Entry> IndexFile::scan(const ScanSpec &spec, Direction direction, std::size_t limit)
{
    Statement &statement = m_scan[(spec.peer ? 2U : 0U) + (direction == Direction::Backward ? 1U : 0U)];
    const StatementScope scope(statement);
    statement.bind(1, spec.account.value);
    statement.bind(2, spec.low.value);
    statement.bind(3, spec.high.value);
    statement.bind(4, std::int64_t(spec.bits));
    statement.bind(5, std::int64_t(limit));
    if (spec.peer) {
        statement.bind(6, spec.peer->value);
    }
    std::vector<Entry> entries;
    while (statement.step()) {
        entries.push_back({ledger::Seq(statement.unsignedNumber(0)), JidId(statement.number(1)),
                           static_cast<std::uint8_t>(statement.number(2))});
    }
    checked(statement);
    return entries;
}

std::uint64_t IndexFile::count(const ScanSpec &spec)
{
    Statement &statement = m_count[spec.peer ? 1U : 0U];
    const StatementScope scope(statement);
    statement.bind(1, spec.account.value);
    statement.bind(2, spec.low.value);
    statement.bind(3, spec.high.value);
    statement.bind(4, std::int64_t(spec.bits));
    if (spec.peer) {
        statement.bind(6, spec.peer->value);
    }
    const std::uint64_t number = statement.step() ? statement.unsignedNumber(0) : 0;
    checked(statement);
    return number;
}

std::vector<Entry> IndexFile::pending(JidId account, ledger::Seq low, ledger::Seq high, std::size_t limit)
{
    const StatementScope scope(m_pending);
    m_pending.bind(1, account.value);
    m_pending.bind(2, low.value);
    m_pending.bind(3, high.value);
    m_pending.bind(4, std::int64_t(limit));
    std::vector<Entry> entries;
    while (m_pending.step()) {
        entries.push_back({ledger::Seq(m_pending.unsignedNumber(0)), JidId(m_pending.number(1)), entry_bit::incoming});
    }
    checked(m_pending);
    return entries;
}

std::uint64_t IndexFile::countPending(JidId account, ledger::Seq low, ledger::Seq high)
{
    const StatementScope scope(m_countPending);
    m_countPending.bind(1, account.value);
    m_countPending.bind(2, low.value);
    m_countPending.bind(3, high.value);
    const std::uint64_t number = m_countPending.step() ? m_countPending.unsignedNumber(0) : 0;
    checked(m_countPending);
    return number;
}

bool IndexFile::isPending(JidId account, ledger::Seq seq)
{
    return countPending(account, seq, seq) > 0;
}

std::vector<ledger::SentKey> IndexFile::sentKeys(JidId account, ledger::Seq low, ledger::Seq high, std::size_t limit)
{
    const StatementScope scope(m_sentKeys);
    m_sentKeys.bind(1, account.value);
    m_sentKeys.bind(2, low.value);
    m_sentKeys.bind(3, high.value);
    m_sentKeys.bind(4, std::int64_t(limit));
    std::vector<ledger::SentKey> keys;
    while (m_sentKeys.step()) {
        const std::string_view bytes = m_sentKeys.bytes(1);
        if (bytes.size() == 16) {
            ledger::SentKey key{{}, ledger::Seq(m_sentKeys.unsignedNumber(0))};
            std::memcpy(&key.key.low, bytes.data(), 8);
            std::memcpy(&key.key.high, bytes.data() + 8, 8);
            keys.push_back(key);
        }
    }
    checked(m_sentKeys);
    return keys;
}

std::vector<ProofNote> IndexFile::proofsOf(JidId account, ledger::Seq seq)
{
    const StatementScope scope(m_proofs);
    m_proofs.bind(1, account.value);
    m_proofs.bind(2, seq.value);
    std::vector<ProofNote> proofs;
    while (m_proofs.step()) {
        proofs.push_back({0, m_proofs.number(0), std::string(m_proofs.bytes(1)),
                          ledger::Seq(m_proofs.unsignedNumber(2)), ledger::Seq(m_proofs.unsignedNumber(3)),
                          base::WallTime(base::Duration(m_proofs.number(4)))});
    }
    checked(m_proofs);
    return proofs;
}

std::vector<DeviceState> IndexFile::devices(JidId account)
{
    const StatementScope scope(m_devices);
    m_devices.bind(1, account.value);
    std::vector<DeviceState> devices;
    while (m_devices.step()) {
        devices.push_back({std::string(m_devices.bytes(0)), ledger::Seq(m_devices.unsignedNumber(1)),
                           readRanges(m_devices.bytes(2)), base::WallTime(base::Duration(m_devices.number(3)))});
    }
    checked(m_devices);
    return devices;
}

std::unordered_map<JidId, ledger::Seq> IndexFile::floors()
{
    std::unordered_map<JidId, ledger::Seq> floors;
    Statement select = m_database.mustPrepare("SELECT account,seq FROM account_floor");
    while (select.step()) {
        floors.emplace(JidId(select.number(0)), ledger::Seq(select.unsignedNumber(1)));
    }
    checked(select);
    return floors;
}

} // namespace godwit::store
