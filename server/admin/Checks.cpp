// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/Checks.h"

#include "admin/Reach.h"
#include "admin/Status.h"
#include "net/Descriptor.h"
#include "net/SocketAddress.h"
#include "store/sqlite/FolderLock.h"
#include "store/sqlite/Schema.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace godwit::admin
{

namespace
{

constexpr std::uint64_t mebibyte = 1'048'576;
/// Below this the store will soon refuse messages.
constexpr std::uint64_t diskFail = 64 * mebibyte;
constexpr std::uint64_t diskWarn = 1'024 * mebibyte;
/// One for each connection, and some for the store.
constexpr rlim_t descriptorsWanted = 20'000;

std::string folderOf(const config::Config &config)
{
    std::filesystem::path folder(config.sqlitePath());
    std::error_code error;
    while (!folder.empty() && !std::filesystem::exists(folder, error) && folder != folder.parent_path()) {
        folder = folder.parent_path();
    }
    return folder.empty() ? "." : folder.string();
}

Finding versionOf(const std::string &folder, const std::string &file, const store::Schema &schema)
{
    const std::string path = folder + "/" + file;
    auto database = store::Database::open(path, store::OpenMode::ReadOnly, {});
    if (!database) {
        return {Verdict::Fail, "store", path + " cannot be read: " + database.error().text()};
    }
    if (auto readable = database->exec("SELECT count(*) FROM sqlite_master"); !readable) {
        return {Verdict::Fail, "store", path + " does not read (" + readable.error().text() + "): restore a backup"};
    }
    if (database->number("PRAGMA application_id") != schema.applicationId) {
        return {Verdict::Fail, "store", path + " is no " + std::string(schema.name) + " file of godwitd: move it away"};
    }
    const auto version = static_cast<std::size_t>(database->number("PRAGMA user_version"));
    const std::size_t newest = schema.migrations.size();
    if (version > newest) {
        return {Verdict::Fail, "store",
                path + " has version " + std::to_string(version) + ", this godwitd knows up to " +
                    std::to_string(newest) + ": use the newer godwitd that wrote it"};
    }
    return {Verdict::Ok, "store",
            file + " has version " + std::to_string(version) +
                (version < newest ? "; the next start brings it to " + std::to_string(newest) : "")};
}

/// Binds as the server would, and lets go again.
Finding tryPort(const char *key, const config::ListenAddress &wanted)
{
    const std::string name = std::string(key) + " " + wanted.text();
    const auto address = net::SocketAddress::parse(wanted.host, wanted.port);
    if (!address) {
        return {Verdict::Fail, "port", name + ": " + address.error().text()};
    }
    const net::SocketAddress::Native native = address->native();
    const net::Descriptor socket(::socket(native.get()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    const int off = 0;
    ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (socket.isOpen() && ::bind(socket.number(), native.get(), native.size) == 0) {
        return {Verdict::Ok, "port", name + " is free"};
    }
    switch (errno) {
    case EADDRINUSE:
        return {Verdict::Fail, "port",
                name + " is taken by another program: stop it (ss -ltnp names it) or set listen." + std::string(key)};
    case EADDRNOTAVAIL:
        return {Verdict::Fail, "port", name + " is no address of this machine: set listen." + std::string(key)};
    case EACCES:
        return {Verdict::Warn, "port",
                name + " needs the right to use ports below 1024 (AmbientCapabilities="
                       "CAP_NET_BIND_SERVICE in the unit)"};
    default:
        return {Verdict::Fail, "port", name + " cannot be used: " + std::strerror(errno)};
    }
}

bool isListening(const config::ListenAddress &wanted, const char *key, const std::vector<StatusLine> &status)
{
    const auto address = net::SocketAddress::parse(wanted.host, wanted.port);
    return address && std::ranges::any_of(status, [&](const StatusLine &line) {
               return line.name == listenerLine && line.value == std::string(key) + " " + address->text();
           });
}

} // namespace

Findings checkFolder(const config::Config &config)
{
    struct stat folder{};
    if (::stat(config.dataDir.c_str(), &folder) != 0) {
        if (errno != ENOENT) {
            return {{Verdict::Fail, "data folder", config.dataDir + ": " + std::strerror(errno)}};
        }
        return {{Verdict::Warn, "data folder",
                 config.dataDir + " is not there yet; \"godwitd init\" or the first start "
                                  "makes it"}};
    }
    if (!S_ISDIR(folder.st_mode)) {
        return {{Verdict::Fail, "data folder", config.dataDir + " is no folder: set data_dir"}};
    }
    Findings findings;
    if (::faccessat(AT_FDCWD, config.dataDir.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) != 0) {
        findings.push_back({Verdict::Fail, "data folder",
                            config.dataDir + " cannot be written by this user (" + std::strerror(errno) +
                                "): chown it to the server's"});
    }
    if ((folder.st_mode & 077) != 0) {
        findings.push_back(
            {Verdict::Warn, "data folder", config.dataDir + " is open to other users: chmod 700 " + config.dataDir});
    }
    if (findings.empty()) {
        findings.push_back({Verdict::Ok, "data folder", config.dataDir + ", for its owner alone"});
    }
    return findings;
}

Findings checkDisk(const config::Config &config)
{
    struct statvfs disk{};
    const std::string folder = folderOf(config);
    if (::statvfs(folder.c_str(), &disk) != 0) {
        return {{Verdict::Warn, "disk", "cannot ask for the room in " + folder + ": " + std::strerror(errno)}};
    }
    const std::uint64_t free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
    const std::string words = formatBytes(free) + " free in " + folder;
    if (free < diskFail) {
        return {{Verdict::Fail, "disk", words + ": messages will be refused; make room"}};
    }
    if (free < diskWarn) {
        return {{Verdict::Warn, "disk", words + ": make room before messages are refused"}};
    }
    return {{Verdict::Ok, "disk", words}};
}

Findings checkStore(const config::Config &config, bool running)
{
    if (const auto known = checkStorage(config); !known) {
        return {{Verdict::Fail, "store", known.error().text()}};
    }
    if (!storeExists(config)) {
        return {{Verdict::Ok, "store", "there is none yet; the first start or account makes it"}};
    }
    const std::string folder = config.sqlitePath();
    Findings findings{versionOf(folder, "main.db", store::mainSchema), versionOf(folder, "log.db", store::logSchema)};
    std::error_code error;
    if (std::filesystem::exists(folder + "/index.db", error)) {
        findings.push_back(versionOf(folder, "index.db", store::indexSchema));
    } else {
        findings.push_back({Verdict::Warn, "store", "index.db is missing; the next start makes it again from log.db"});
    }
    if (running) {
        findings.push_back({Verdict::Ok, "store", "open in the running server"});
    } else if (const auto lock = store::FolderLock::take(folder); !lock) {
        findings.push_back({Verdict::Fail, "store",
                            lock.error().text() + ", and nobody answers on the local socket: wait until it has "
                                                  "started or ended, or stop it"});
    } else {
        findings.push_back({Verdict::Ok, "store", "not in use"});
    }
    return findings;
}

Findings checkPorts(const config::Config &config, const std::vector<StatusLine> &status)
{
    Findings findings;
    const auto check = [&](const char *key, const std::vector<config::ListenAddress> &addresses) {
        for (const config::ListenAddress &address : addresses) {
            if (address.port == 0) {
                findings.push_back(
                    {Verdict::Ok, "port", std::string(key) + " " + address.text() + " takes a free port"});
            } else if (isListening(address, key, status)) {
                findings.push_back({Verdict::Ok, "port",
                                    std::string(key) + " " + address.text() + " is served by the running server"});
            } else {
                findings.push_back(tryPort(key, address));
            }
        }
    };
    check("c2s", config.listen.c2s);
    check("c2s_tls", config.listen.c2sTls);
    check("http", config.listen.http);
    check("https", config.listen.https);
    if (findings.empty()) {
        findings.push_back(
            {Verdict::Warn, "port",
             "listen.c2s, listen.c2s_tls, listen.http and listen.https are empty: no client can connect"});
    }
    return findings;
}

Findings checkDescriptors()
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const std::string words = limit.rlim_max == RLIM_INFINITY ? std::string("no limit on connections")
                                                              : std::to_string(limit.rlim_max) + " descriptors at most";
    if (limit.rlim_max < descriptorsWanted) {
        return {{Verdict::Warn, "descriptors",
                 words + ", one is needed for each connection: raise it (LimitNOFILE= in "
                         "the unit, ulimit -n in a shell)"}};
    }
    return {{Verdict::Ok, "descriptors", words}};
}

Findings adviseDns(const config::Config &config)
{
    if (config.domain == "localhost" || config.domain.ends_with(".localhost")) {
        return {};
    }
    Findings findings;
    const auto record = [&](const char *service, const std::vector<config::ListenAddress> &addresses) {
        std::string text = std::string(service) + "." + config.domain + ". 3600 IN SRV ";
        // RFC 2782: the target "." says that the service is not offered here.
        text +=
            addresses.empty() ? "0 0 0 ." : "5 0 " + std::to_string(addresses.front().port) + " " + config.domain + ".";
        findings.push_back({Verdict::Note, "dns", text});
    };
    findings.push_back({Verdict::Note, "dns",
                        "records to set (this machine needs A or AAAA records under the name that "
                        "they end in; they may name another one than the domain):"});
    // The HTTPS port takes XMPP, too, when a client says so by ALPN (XEP-0368 wants that of clients).
    record("_xmpps-client._tcp", config.listen.c2sTls.empty() ? config.listen.https : config.listen.c2sTls);
    record("_xmpp-client._tcp", config.listen.c2s);
    if (!config.listen.https.empty() && config.listen.https.front().port != 443) {
        findings.push_back({Verdict::Note, "dns",
                            "clients in browsers ask https://" + config.domain +
                                "/.well-known/host-meta and host-meta.json (XEP-0156): let listen.https have port 443, "
                                "or have the web server of " +
                                config.domain + " serve what port " + std::to_string(config.listen.https.front().port) +
                                " has there"});
    }
    return findings;
}

} // namespace godwit::admin
