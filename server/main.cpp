// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Serve.h"
#include "admin/AdminSocket.h"
#include "admin/Commands.h"
#include "admin/Reach.h"
#include "admin/Status.h"
#include "admin/StoreControl.h"
#include "base/Log.h"
#include "base/StandardStreams.h"

#include <sys/stat.h>
#include <unistd.h>

namespace
{

using namespace godwit;

admin::ServerStatus statusOf(Server &server, base::Instant began)
{
    const ServerFigures figures = server.figures();
    admin::ServerStatus status;
    status.uptime = std::chrono::duration_cast<std::chrono::seconds>(base::SystemClock().now() - began);
    status.listeners = server.addresses();
    status.sessions = figures.sessions;
    status.streams = figures.streams;
    status.logins = figures.logins;
    status.loginsFailed = figures.loginsFailed;
    status.resumptions = figures.resumptions;
    status.stanzasIn = figures.stanzasIn;
    status.stored = figures.stored;
    status.refused = figures.refused;
    status.resends = figures.resends;
    status.inFlight = figures.inFlight;
    status.store = figures.store;
    return status;
}

base::Result<std::shared_ptr<void>> attachSocket(Server &server, admin::StoreMail &mail)
{
    // What a reload may change is copied: the socket's thread asks the server for figures only.
    const config::Config &config = server.config();
    admin::Surroundings surroundings;
    surroundings.endSessions = [&server](const std::string &account) { server.accountRemoved(account); };
    surroundings.status = [&server, began = base::SystemClock().now(), domain = config.domain,
                           folder = config.sqlitePath()] {
        admin::ServerStatus status = statusOf(server, began);
        status.domain = domain;
        status.dataDir = folder;
        return admin::describe(status);
    };
    auto control = std::make_unique<admin::StoreControl>(server.engine(), mail, config.domain, std::move(surroundings));
    auto socket = admin::AdminSocket::start(config.dataPath(config.admin.socket), std::move(control));
    if (!socket) {
        return socket.error();
    }
    return std::shared_ptr<void>(std::move(*socket));
}

int runServer(const admin::Arguments &arguments)
{
    const auto config = admin::configurationFor(arguments);
    if (!config) {
        return static_cast<int>(admin::fail(config.error()));
    }
    if (auto known = admin::checkStorage(*config); !known) {
        return static_cast<int>(admin::fail(known.error()));
    }
    if (auto made = admin::makeDataFolder(*config); !made) {
        return static_cast<int>(admin::fail(made.error()));
    }
    struct stat folder{};
    if (::geteuid() == 0 && ::stat(config->dataDir.c_str(), &folder) == 0 && folder.st_uid != 0) {
        base::log(base::LogLevel::Warning, "server",
                  "running as root on the data folder of another user, who cannot use it afterwards",
                  {{"folder", config->dataDir}});
    }
    // The engine posts to it until its end, which is after the socket's.
    admin::StoreMail mail;
    return serve(*config, [&mail](Server &server) { return attachSocket(server, mail); });
}

} // namespace

int main(int argc, char **argv)
{
    base::holdStandardStreams();
    // What godwitd writes is for its user alone, unless a mode is set on purpose.
    ::umask(077);
    const std::vector<std::string_view> words(argv + 1, argv + argc);
    const auto arguments = admin::parseArguments(words);
    if (!arguments) {
        return static_cast<int>(admin::fail(arguments.error(), admin::Exit::Usage));
    }
    if (arguments->command == admin::Command::Serve) {
        return runServer(*arguments);
    }
    return static_cast<int>(admin::runCommand(*arguments));
}
