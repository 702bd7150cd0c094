// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/Reach.h"

#include "admin/SocketControl.h"
#include "admin/StoreControl.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <grp.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace godwit::admin
{

using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;

namespace
{

constexpr std::chrono::milliseconds startTime(3'000);
constexpr std::chrono::milliseconds retryTime(50);

Result<Reached> openStore(const config::Config &config)
{
    Reached reached;
    reached.mail = std::make_unique<StoreMail>();
    auto engine = store::openSqlite(config.sqlitePath());
    if (!engine) {
        return engine.error();
    }
    reached.engine = std::move(*engine);
    reached.control = std::make_unique<StoreControl>(*reached.engine, *reached.mail, config.domain, Surroundings());
    return reached;
}

} // namespace

Result<config::Config> configurationFor(const Arguments &arguments)
{
    const std::optional<std::string> file = arguments.configFile ? arguments.configFile : config::findConfigFile();
    return file ? config::loadConfig(*file) : Result<config::Config>(config::Config());
}

Result<Ok> workAsOwner(const config::Config &config)
{
    struct stat folder{};
    if (::geteuid() != 0 || ::stat(config.dataDir.c_str(), &folder) != 0 || folder.st_uid == 0) {
        return Ok{};
    }
    if (::setgroups(0, nullptr) != 0 || ::setegid(folder.st_gid) != 0 || ::seteuid(folder.st_uid) != 0) {
        return Error(ErrorCode::NotAuthorized, "cannot work as the owner of " + config.dataDir + ": " +
                                                   std::strerror(errno) + "; run this as that user");
    }
    return Ok{};
}

Result<Ok> checkStorage(const config::Config &config)
{
    if (!config.storage.url.starts_with("sqlite:")) {
        return Error(ErrorCode::InvalidInput,
                     "storage.url = \"" + config.storage.url + "\" is not built yet: use \"sqlite:\"");
    }
    return Ok{};
}

bool storeExists(const config::Config &config)
{
    std::error_code error;
    return std::filesystem::exists(std::filesystem::path(config.sqlitePath()) / "main.db", error);
}

Result<Ok> makeDataFolder(const config::Config &config)
{
    std::error_code error;
    if (std::filesystem::is_directory(config.dataDir, error)) {
        return Ok{};
    }
    std::filesystem::create_directories(config.dataDir, error);
    if (!error) {
        std::filesystem::permissions(config.dataDir, std::filesystem::perms::owner_all, error);
    }
    if (error) {
        return Error(ErrorCode::Io, "the data folder " + config.dataDir + " cannot be made: " + error.message());
    }
    return Ok{};
}

Result<Reached> reach(const config::Config &config, StoreNeed need)
{
    if (auto known = checkStorage(config); !known) {
        return known.error();
    }
    const std::string path = config.dataPath(config.admin.socket);
    const auto deadline = std::chrono::steady_clock::now() + startTime;
    for (;;) {
        auto socket = SocketControl::connect(path);
        if (socket) {
            Reached reached;
            reached.control = std::move(*socket);
            return reached;
        }
        if (socket.error().code() != ErrorCode::NotFound) {
            return socket.error();
        }
        if (need == StoreNeed::Existing && !storeExists(config)) {
            return Error(ErrorCode::NotFound, "there is no store in " + config.sqlitePath() +
                                                  ": is this the right configuration (--config FILE)?");
        }
        if (need == StoreNeed::Make) {
            if (config.file.empty() && !storeExists(config)) {
                return Error(ErrorCode::NotFound,
                             "there is no configuration: make one with \"godwitd init DOMAIN\", or name it with "
                             "--config FILE");
            }
            if (auto made = makeDataFolder(config); !made) {
                return made.error();
            }
        }
        auto store = openStore(config);
        if (store || store.error().code() != ErrorCode::Conflict) {
            return store;
        }
        if (std::chrono::steady_clock::now() > deadline) {
            return Error(ErrorCode::Conflict, store.error().text() + ", and nobody answers on " + path +
                                                  ": wait until it has started or ended, or stop it");
        }
        std::this_thread::sleep_for(retryTime);
    }
}

} // namespace godwit::admin
