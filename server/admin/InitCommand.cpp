// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/Commands.h"
#include "admin/Reach.h"
#include "net/Descriptor.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace godwit::admin
{

using base::Error;
using base::ErrorCode;
using base::Ok;
using base::Result;

namespace
{

std::string configPath(const Arguments &arguments)
{
    if (arguments.configFile) {
        return *arguments.configFile;
    }
    if (arguments.folder) {
        return (std::filesystem::path(*arguments.folder) / "godwitd.toml").string();
    }
    // The file that the other commands will look for.
    const char *named = std::getenv("GODWITD_CONFIG");
    return named && *named ? named : "godwitd.toml";
}

/// Readable by the user that will run the server, whoever that is: there are no secrets in it.
Result<Ok> writeNew(const std::string &path, const std::string &text)
{
    const net::Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!file.isOpen()) {
        return Error(errno == EEXIST ? ErrorCode::AlreadyExists : ErrorCode::Io,
                     "cannot write " + path + ": " + std::strerror(errno));
    }
    ::fchmod(file.number(), 0644);
    if (::write(file.number(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(file.number()) != 0) {
        const std::string reason = std::strerror(errno);
        ::unlink(path.c_str());
        return Error(ErrorCode::Io, "cannot write " + path + ": " + reason);
    }
    return Ok{};
}

void printNextSteps(const config::Config &config)
{
    const std::string option = "--config " + config.file;
    std::printf("\nNext:\n");
    if (config.tls.require && config.tls.certificate.empty() && config.domain != "localhost" &&
        !config.domain.ends_with(".localhost")) {
        std::printf("  set tls.certificate and tls.key in %s\n", config.file.c_str());
    }
    std::printf("  godwitd %s user add NAME@%s\n  godwitd %s check\n  godwitd %s serve\n", option.c_str(),
                config.domain.c_str(), option.c_str(), option.c_str());
}

} // namespace

Exit initCommand(const Arguments &arguments)
{
    const std::string &given = arguments.operands.front();
    const std::optional<std::string> domain = config::prepareDomain(given);
    if (!domain) {
        return fail(Error(ErrorCode::InvalidInput, "\"" + given + "\" is no domain name like example.org"),
                    Exit::Usage);
    }
    if (arguments.folder && arguments.configFile) {
        return fail(
            Error(ErrorCode::InvalidInput, "--dir and --config both say where the configuration goes: give one"),
            Exit::Usage);
    }
    const std::string path = configPath(arguments);
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (!folder.empty()) {
        // The server's user must get to the configuration; the data folder is closed by itself.
        const mode_t before = ::umask(022);
        std::filesystem::create_directories(folder, error);
        ::umask(before);
        if (error) {
            return fail(Error(ErrorCode::Io, "the folder " + folder.string() + " cannot be made: " + error.message()));
        }
    }
    const Result<Ok> written = writeNew(path, config::defaultConfigText(*domain));
    const bool kept = !written && written.error().code() == ErrorCode::AlreadyExists;
    if (!written && !kept) {
        return fail(written.error());
    }
    const auto config = config::loadConfig(path);
    if (!config) {
        return fail(config.error());
    }
    if (config->domain != *domain) {
        return fail(Error(ErrorCode::AlreadyExists, path + " is there, for the domain " + config->domain +
                                                        ": nothing is overwritten; remove it or name another file with "
                                                        "--config"));
    }
    if (kept && std::filesystem::exists(config->dataDir, error)) {
        return fail(Error(ErrorCode::AlreadyExists,
                          path + " and its data folder " + config->dataDir + " are there: nothing is overwritten"));
    }
    if (auto made = makeDataFolder(*config); !made) {
        return fail(made.error());
    }
    std::printf("configuration  %s%s\ndata folder    %s\n", config->file.c_str(), kept ? " (was there, is kept)" : "",
                config->dataDir.c_str());
    printNextSteps(*config);
    return Exit::Done;
}

} // namespace godwit::admin
