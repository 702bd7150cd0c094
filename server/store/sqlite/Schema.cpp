// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/Schema.h"

#include "store/sqlite/migrations/Index001.h"
#include "store/sqlite/migrations/Log001.h"
#include "store/sqlite/migrations/Main001.h"
#include "store/sqlite/migrations/Main002.h"

#include <array>
#include <filesystem>

namespace godwit::store
{

namespace
{

constexpr std::array logSteps{migrations::log001};
constexpr std::array indexSteps{migrations::index001};
constexpr std::array mainSteps{migrations::main001, migrations::main002};

base::Result<base::Ok> check(const std::string &path, const Schema &schema, const std::string &vfs)
{
    std::error_code missing;
    if (const auto size = std::filesystem::file_size(path, missing); missing || size == 0) {
        return base::Ok{};
    }
    // Read-only, so that closing it again does not even move its WAL into it.
    base::Result<Database> probe = Database::open(path, OpenMode::ReadOnly, vfs);
    if (!probe.ok()) {
        return std::move(probe).error();
    }
    if (auto readable = probe->exec("SELECT count(*) FROM sqlite_master"); !readable.ok()) {
        return base::Error(readable.error().code(), path, readable.error());
    }
    const std::int64_t application = probe->number("PRAGMA application_id");
    const std::int64_t version = probe->number("PRAGMA user_version");
    const std::int64_t tables = probe->number("SELECT count(*) FROM sqlite_master");
    if (application == 0 && version == 0 && tables == 0) {
        return base::Ok{};
    }
    if (application != schema.applicationId) {
        return base::Error(base::ErrorCode::Corrupt,
                           path + " is not a " + std::string(schema.name) + " file of godwitd");
    }
    if (version > static_cast<std::int64_t>(schema.migrations.size())) {
        return base::Error(base::ErrorCode::TooNew, path + " has version " + std::to_string(version) +
                                                        ", this godwitd knows up to " +
                                                        std::to_string(schema.migrations.size()));
    }
    return base::Ok{};
}

base::Result<base::Ok> migrate(Database &database, const Schema &schema)
{
    auto version = static_cast<std::size_t>(database.number("PRAGMA user_version"));
    for (; version < schema.migrations.size(); ++version) {
        const std::string step = "BEGIN IMMEDIATE;" + std::string(schema.migrations[version]) +
                                 "PRAGMA application_id=" + std::to_string(schema.applicationId) +
                                 ";PRAGMA user_version=" + std::to_string(version + 1) + ";COMMIT;";
        if (auto done = database.exec(step); !done.ok()) {
            return done;
        }
    }
    return base::Ok{};
}

} // namespace

const Schema logSchema{"log", 0x47644c67, logSteps};       // "GdLg"
const Schema indexSchema{"index", 0x47644978, indexSteps}; // "GdIx"
const Schema mainSchema{"main", 0x47644d6e, mainSteps};    // "GdMn"

base::Result<Database> openFile(const std::string &path, const Schema &schema, Sync sync, const std::string &vfs)
{
    if (auto known = check(path, schema, vfs); !known.ok()) {
        return std::move(known).error();
    }
    base::Result<Database> database = Database::open(path, OpenMode::Create, vfs);
    if (!database.ok()) {
        return database;
    }
    const std::string pragmas = std::string("PRAGMA journal_mode=WAL;PRAGMA synchronous=") +
                                (sync == Sync::Full ? "FULL" : "NORMAL") + ";PRAGMA foreign_keys=ON;";
    if (auto done = database->exec(pragmas); !done.ok()) {
        return base::Error(done.error().code(), path, done.error());
    }
    if (auto done = migrate(*database, schema); !done.ok()) {
        return base::Error(done.error().code(), path, done.error());
    }
    return database;
}

} // namespace godwit::store
